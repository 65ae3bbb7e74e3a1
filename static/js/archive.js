// Comfort for the filters of a list; without it the same form works.

const wide = window.matchMedia("(min-width: 60rem)");
const panel = document.querySelector("details.filters");

if (panel) {
  const unfold = () => {
    if (wide.matches) panel.open = true;
  };
  unfold();
  wide.addEventListener("change", unfold);
  panel.querySelector("form").addEventListener("submit", (event) => {
    // Empty fields say nothing, and an address without them is one to keep.
    for (const field of event.target.elements) {
      if (field.name && field.value === "") field.disabled = true;
    }
  });
  window.addEventListener("pageshow", () => {
    for (const field of panel.querySelectorAll(":disabled")) field.disabled = false;
  });
}

// A long list of choices gets a box that narrows it.
const LONG = 8;
for (const list of document.querySelectorAll(".choices__list")) {
  const choices = [...list.querySelectorAll(".choice")];
  if (choices.length < LONG) continue;
  const box = document.createElement("input");
  box.type = "search";
  box.className = "narrow";
  box.placeholder = list.dataset.narrow;
  box.setAttribute("aria-label", list.dataset.narrow);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  box.addEventListener("input", () => {
    const wanted = plain(box.value);
    for (const choice of choices) choice.hidden = !plain(choice.textContent).includes(wanted);
  });
  list.before(box);
}

// The words that an address leads to, wherever they are cut by others inside them.
const showTarget = () => {
  const wanted = location.hash.slice(1);
  for (const piece of document.querySelectorAll("mark[data-passages]")) {
    piece.classList.toggle("is-target", wanted !== "" && piece.dataset.passages.split(" ").includes(wanted));
  }
};
showTarget();
window.addEventListener("hashchange", showTarget);
