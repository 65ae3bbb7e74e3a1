// What htmx leaves to do on a list: where the focus is, what is heard, what is said when something fails.

const form = () => document.getElementById("filters");
const heading = () => document.getElementById("results");
const panel = () => document.querySelector("details.filters");
const wide = window.matchMedia("(min-width: 60rem)");

let opened = new Map(); // which parts of the panel the reader has open, by id
let goesToResults = false; // the next answer takes the focus to its heading

// Fields without a word say nothing, and have no place in an address.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  const said = [...detail.formData].filter(([, value]) => value.trim() !== "");
  for (const name of new Set(detail.formData.keys())) detail.formData.delete(name);
  for (const [name, value] of said) detail.formData.append(name, value);
  const elt = detail.elt;
  goesToResults = Boolean(elt.closest(".pages")) || detail.triggeringEvent?.type === "submit";
});

document.addEventListener("htmx:beforeRequest", () => {
  document.getElementById("found").setAttribute("aria-busy", "true");
});

document.addEventListener("htmx:beforeSwap", () => {
  opened = new Map([...document.querySelectorAll("#filters details[id]")].map((part) => [part.id, part.open]));
});

document.addEventListener("htmx:afterSettle", ({ target, detail }) => {
  if (target.id !== "found") return;
  document.getElementById("trouble").hidden = true;
  if (detail.elt !== form()) showAddress();
  if (goesToResults) {
    if (!wide.matches) panel().open = false;
    heading().focus();
    heading().scrollIntoView({ block: "start" });
  } else {
    if (document.activeElement === document.body) heading().focus({ preventScroll: true });
    document.getElementById("announced").textContent = heading().textContent;
  }
  goesToResults = false;
});

// The parts that a reader opened stay open when their content is new.
document.addEventListener("htmx:oobAfterSwap", keepParts);

function keepParts() {
  for (const [id, open] of opened) {
    const part = document.getElementById(id);
    if (part) part.open = open;
  }
}

// Fields that no answer replaces, since somebody may be typing there, follow the address.
function showAddress() {
  const said = new URLSearchParams(location.search);
  for (const name of ["q", "from", "to", "sort"]) {
    const field = form().elements.namedItem(name);
    if (!field) continue;
    if (field instanceof HTMLSelectElement) field.value = said.get(name) ?? field.options[0].value;
    else field.value = said.get(name) ?? "";
  }
}

// Whatever fails, the list stands as it was, and it is said.
const tell = (kind, address) => {
  const found = document.getElementById("found");
  found.removeAttribute("aria-busy");
  const trouble = document.getElementById("trouble");
  trouble.querySelector("p").textContent = trouble.dataset[kind];
  trouble.querySelector("a").href = address;
  trouble.hidden = false;
  if (!wide.matches) trouble.scrollIntoView({ block: "nearest" });
};
const addressOf = ({ detail }) => detail.pathInfo.finalRequestPath;
document.addEventListener("htmx:sendError", (event) => tell("unreachable", addressOf(event)));
document.addEventListener("htmx:timeout", (event) => tell("unreachable", addressOf(event)));
document.addEventListener("htmx:responseError", (event) => tell("failed", addressOf(event)));

// Back and forward ask the server: only the last step counts, and a request of the form under way does not.
let restoring = null;
document.addEventListener("htmx:historyCacheMiss", ({ detail }) => {
  restoring?.abort();
  restoring = detail.xhr;
  form()?.dispatchEvent(new Event("htmx:abort"));
  restoring.addEventListener("error", () => tell("unreachable", detail.path));
  document.getElementById("found").setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:historyCacheMissLoadError", ({ detail }) => tell("failed", detail.path));
document.addEventListener("htmx:historyRestore", () => {
  panel().classList.add("is-live");
  unfold();
  document.getElementById("announced").textContent = heading().textContent;
});

// The panel stands open where there is room; where there is little, its parts are folded until somebody wants them.
function unfold() {
  if (wide.matches) {
    panel().open = true;
    return;
  }
  for (const part of document.querySelectorAll(".facet")) part.open = Boolean(part.querySelector(".is-chosen"));
}
if (window.htmx) panel().classList.add("is-live");
unfold();
wide.addEventListener("change", unfold);

// Years: a click or Enter on a bar fills in the two fields; with Shift it goes on from the range that stands there.
const bars = () => [...document.querySelectorAll("#years .years__year")];

document.addEventListener("click", (event) => {
  const link = event.target.closest("#years a[data-first]");
  if (!link || event.ctrlKey || event.metaKey || event.altKey || event.button) return;
  event.preventDefault();
  choose(Number(link.dataset.first), Number(link.dataset.last), event.shiftKey);
});

function choose(first, last, goesOn) {
  const from = form().elements.namedItem("from");
  const to = form().elements.namedItem("to");
  const years = [from.value, to.value].map((text) => Number.parseInt(text, 10)).filter((year) => year > 0);
  if (goesOn && years.length) {
    [first, last] = [Math.min(first, ...years), Math.max(last, ...years)];
  } else if (from.value === String(first) && to.value === String(last)) {
    first = last = "";
  }
  from.value = first;
  to.value = last;
  to.dispatchEvent(new Event("change", { bubbles: true }));
}

// Of many bars one is a stop for the Tab key; the arrows lead from one to the next.
function rove() {
  const all = bars();
  const stop = all.find((bar) => bar === document.activeElement) ?? all.find((bar) => bar.matches(".is-chosen")) ?? all[0];
  for (const bar of all) bar.setAttribute("tabindex", bar === stop ? "0" : "-1");
  for (const hint of document.querySelectorAll(".years__hint")) hint.hidden = false;
}
rove();
document.addEventListener("htmx:afterSettle", rove);
document.addEventListener("htmx:historyRestore", rove);
document.addEventListener("focusin", (event) => {
  if (event.target.matches?.(".years__year")) rove();
});
document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.(".years__year")) return;
  const all = bars();
  const place = all.indexOf(event.target);
  const next = { ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0, End: all.length - 1 }[event.key];
  if (next === undefined) {
    if (event.key === "Enter" && event.shiftKey) {
      event.preventDefault();
      choose(Number(event.target.dataset.first), Number(event.target.dataset.last), true);
    }
    return;
  }
  event.preventDefault();
  all[Math.min(Math.max(next, 0), all.length - 1)].focus();
});
