// Comfort for every page; without it they work the same.

// Empty fields say nothing, and an address without them is one to keep. Where htmx sends a form it leaves them out itself.
document.addEventListener("submit", (event) => {
  if (window.htmx || event.target.method !== "get") return;
  for (const field of event.target.elements) {
    if (field.name && field.value === "") field.disabled = true;
  }
});
window.addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("form[method=get] :disabled")) field.disabled = false;
});

// The words that an address leads to, wherever they are cut by others inside them.
const showTarget = () => {
  const wanted = location.hash.slice(1);
  for (const piece of document.querySelectorAll("mark[data-passages]")) {
    piece.classList.toggle("is-target", wanted !== "" && piece.dataset.passages.split(" ").includes(wanted));
  }
};
showTarget();
window.addEventListener("hashchange", showTarget);
