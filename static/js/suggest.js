// Suggestions below a search box, as an ARIA combobox with a list: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/
//
// <input data-suggest> leads to the record that is chosen; <input data-suggest-for="participant" data-suggest-name="speaker"> adds it to
// the filter of that name in its form.

const BOXES = "input[data-suggest], input[data-suggest-for]";
const PAUSE = 120; // milliseconds without a key before the server is asked
const told = document.getElementById("suggest").dataset;
const ready = new WeakSet();

const status = document.createElement("p");
status.className = "visually-hidden";
status.setAttribute("role", "status");
document.body.append(status);

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function prepare(box) {
  if (ready.has(box)) return;
  ready.add(box);
  const list = element("ul", "suggest");
  list.id = `${box.id || "suggest_box"}_list`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", told.label);
  list.hidden = true;
  box.after(list);
  for (const [name, value] of Object.entries({
    role: "combobox",
    autocomplete: "off",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
  })) {
    box.setAttribute(name, value);
  }

  let found = [];
  let active = -1;
  let timer = 0;
  let request = null;

  const stop = () => {
    clearTimeout(timer);
    request?.abort();
  };
  const close = () => {
    stop();
    list.hidden = true;
    active = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  };
  const point = (place) => {
    active = place;
    [...list.children].forEach((option, number) => {
      option.setAttribute("aria-selected", String(number === active));
      if (number === active) option.scrollIntoView({ block: "nearest" });
    });
    if (active < 0) box.removeAttribute("aria-activedescendant");
    else box.setAttribute("aria-activedescendant", list.children[active].id);
  };
  const show = (suggestions) => {
    found = suggestions;
    list.replaceChildren(
      ...found.map((one, number) => {
        const option = element("li", "suggest__option");
        option.id = `${list.id}_${number}`;
        option.setAttribute("role", "option");
        const label = element("span", "suggest__label", one.label);
        label.dir = "auto";
        option.append(label);
        if (one.matched) {
          const matched = element("span", "suggest__matched", one.matched);
          matched.dir = "auto";
          option.append(" ", matched);
        }
        if (one.note) option.append(" ", element("span", "suggest__note", one.note));
        option.addEventListener("click", () => choose(one));
        return option;
      }),
    );
    list.hidden = found.length === 0;
    box.setAttribute("aria-expanded", String(!list.hidden));
    point(-1);
    status.textContent = { 0: told.none, 1: told.one }[found.length] ?? told.many.replace("%n", found.length);
  };
  const ask = async () => {
    const asked = new URLSearchParams({ q: box.value });
    if (box.dataset.suggestFor) asked.append("noun", box.dataset.suggestFor);
    request = new AbortController();
    const { signal } = request;
    try {
      const answer = await fetch(`${told.address}?${asked}`, { signal });
      const { suggestions } = answer.ok ? await answer.json() : { suggestions: [] };
      if (!signal.aborted && box.isConnected) show(suggestions);
    } catch {
      // Without an answer the box is a box: what is typed can be sent as it is.
    }
  };
  const choose = (one) => {
    close();
    if (!box.dataset.suggestFor) {
      location.assign(one.address);
      return;
    }
    box.value = "";
    const known = document.getElementById(`id_${box.dataset.suggestName}_${one.number}`);
    const value = known ?? element("input", "");
    if (!known) {
      value.type = "checkbox";
      value.hidden = true;
      value.name = box.dataset.suggestName;
      value.value = one.number;
      box.after(value);
    }
    value.checked = true;
    value.dispatchEvent(new Event("change", { bubbles: true }));
  };

  box.addEventListener("input", () => {
    stop();
    if (box.value.trim().length < 2) {
      close();
      return;
    }
    timer = setTimeout(ask, PAUSE);
  });
  box.addEventListener("keydown", (event) => {
    const last = found.length - 1;
    if (event.key === "ArrowDown" && !list.hidden) point(active === last ? 0 : active + 1);
    else if (event.key === "ArrowUp" && !list.hidden) point(active <= 0 ? last : active - 1);
    else if (event.key === "Enter" && active >= 0 && !list.hidden) choose(found[active]);
    else if (event.key === "Enter" && box.dataset.suggestFor) close();
    else if (event.key === "Escape" && !list.hidden) close();
    else return;
    event.preventDefault();
  });
  // What is typed here is no filter yet, so the form need not hear of it.
  if (box.dataset.suggestFor) box.addEventListener("change", (event) => event.stopPropagation());
  box.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the box
}

// Boxes that do nothing without this script are hidden until it runs.
function reveal() {
  for (const box of document.querySelectorAll("input[data-suggest-for][hidden]")) box.hidden = false;
}
reveal();
document.addEventListener("htmx:afterSettle", reveal);
document.addEventListener("htmx:historyRestore", reveal);
document.addEventListener("focusin", ({ target }) => {
  if (target.matches(BOXES)) prepare(target);
});
if (document.activeElement?.matches(BOXES)) prepare(document.activeElement);
