// Makes the hours quicker to fill in: draw over boxes with the mouse, move with the arrow keys.
let drawing = null;

for (const table of document.querySelectorAll(".week")) {
  const rows = [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("input")]);
  const boxes = rows.flat();
  const enter = (box) => {
    for (const other of boxes) other.tabIndex = other === box ? 0 : -1;
  };
  enter(boxes[0]);

  const arrows = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  table.addEventListener("keydown", (event) => {
    const step = arrows[event.key];
    if (!step || !event.target.matches("input")) return;
    event.preventDefault();
    const row = rows.findIndex((each) => each.includes(event.target));
    const next = rows[row + step[0]]?.[rows[row].indexOf(event.target) + step[1]];
    if (!next) return;
    if (event.shiftKey) next.checked = event.target.checked;
    next.focus();
  });
  table.addEventListener("focusin", (event) => {
    if (event.target.matches("input")) enter(event.target);
  });

  table.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch" || event.button !== 0 || !event.target.matches("input")) return;
    drawing = { box: event.target, tick: !event.target.checked };
  });
  table.addEventListener("pointerover", (event) => {
    if (!drawing || !event.target.matches("input") || event.target === drawing.box) return;
    drawing.box.checked = event.target.checked = drawing.tick;
  });
}

document.addEventListener("pointerup", () => { drawing = null; });
document.getElementById("week-help").hidden = false;
