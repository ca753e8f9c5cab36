// Lets a coordinator decide by key: j and k move between proposals, a approves. A switch turns the keys off.
const cards = [...document.querySelectorAll(".card")];
const keys = document.getElementById("keys");
const PLACE = "alongside.place";
const OFF = "alongside.keys-off";

if (keys) {
  const isOn = document.getElementById("keys-on");
  isOn.checked = localStorage.getItem(OFF) === null;
  isOn.addEventListener("change", () => {
    if (isOn.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "off");
  });
  keys.hidden = false;

  const current = () => cards.findIndex((card) => card.contains(document.activeElement));
  const move = (step) => {
    const next = current() < 0 ? 0 : current() + step;
    cards[Math.min(Math.max(next, 0), cards.length - 1)].focus();
  };
  const approve = () => cards[current()]?.querySelector(".approve button")?.click();
  const acts = { j: () => move(1), k: () => move(-1), a: approve };

  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input:not([type=checkbox]), textarea, select");
    if (!isOn.checked || isTyping || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    acts[event.key]?.();
  });
}

// After a decision the next proposal stands where the decided one was.
for (const form of document.querySelectorAll(".card form")) {
  form.addEventListener("submit", () => {
    sessionStorage.setItem(PLACE, cards.indexOf(form.closest(".card")));
  });
}
const place = sessionStorage.getItem(PLACE);
sessionStorage.removeItem(PLACE);
if (place !== null && cards.length && !document.querySelector("[role=alert]")) cards[Math.min(Number(place), cards.length - 1)].focus();
