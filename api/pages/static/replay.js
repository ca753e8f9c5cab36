// Shows the number of the event while the slider moves.
const slider = document.getElementById("event");
slider?.addEventListener("input", () => { document.getElementById("event-number").value = slider.value; });
