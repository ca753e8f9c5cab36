// Leaves at once: hides the page, signs out, and takes this page's place in the history.
document.getElementById("quick-exit").addEventListener("click", (event) => {
  event.preventDefault();
  const elsewhere = event.currentTarget.href;
  document.documentElement.hidden = true;
  fetch("/session/end", { method: "POST", keepalive: true, redirect: "manual" }).catch(() => {});
  location.replace(elsewhere);
});
