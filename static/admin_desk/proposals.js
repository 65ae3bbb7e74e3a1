// Decide proposals without leaving the page: keys, words selected in the text, and the server's answer in place.
// Without it the same forms and links work. Nothing changes here before the server has answered.

const list = document.getElementById("proposals-cards");
const source = document.getElementById("proposals-text");
const decide = document.getElementById("decide");
const announcement = document.getElementById("proposals-announcement");
const notice = document.getElementById("proposals-notice");
const keys = document.getElementById("keys");
document.documentElement.classList.add("has-script");

const cards = () => [...list.querySelectorAll(".proposal")].filter((card) => card.offsetParent !== null);
const cardOf = (number) => document.getElementById(`proposal-${number}`);
let active = null;
let busy = false;
const decided = []; // on this page, the last one at the end: the key that undoes finds it from the next card

function say(text, level = "success", reload = false) {
  announcement.textContent = text;
  notice.textContent = text;
  notice.className = `proposals-notice is-${level}`;
  notice.hidden = text === "";
  if (reload) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = list.dataset.reload;
    button.addEventListener("click", () => location.replace(location.pathname));
    notice.append(" ", button);
  }
}

// The text

function showWords(number) {
  const pieces = [...source.querySelectorAll("mark[data-keys]")];
  for (const piece of pieces) {
    piece.classList.toggle("is-active", piece.dataset.keys.split(" ").includes(number));
  }
  const first = pieces.find((piece) => piece.classList.contains("is-active"));
  if (!first) return;
  const within = first.getBoundingClientRect().top - source.getBoundingClientRect().top;
  source.scrollTop += within - source.clientHeight / 3;
}

function markDecisions(decisions) {
  for (const [number, decision] of Object.entries(decisions)) {
    const label = document.getElementById(`words-${number}`);
    if (label) label.dataset.decision = decision;
    for (const piece of source.querySelectorAll("mark[data-keys]")) {
      if (!piece.dataset.keys.split(" ").includes(number)) continue;
      const classes = piece.dataset.keys.split(" ").map((key) => {
        const card = cardOf(key);
        return `${[...card.classList].find((name) => name.startsWith("proposal--")).slice(10)}--${card.dataset.decision}`;
      });
      const isActive = piece.classList.contains("is-active");
      piece.className = classes.join(" ");
      piece.classList.toggle("is-active", isActive);
    }
  }
}

// Offsets count code points from the beginning of the text; the numbers of the proposals are no part of it.
function offset(node, at) {
  const paragraph = (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement).closest("p[data-start]");
  if (!paragraph) return null;
  const range = document.createRange();
  range.selectNodeContents(paragraph);
  range.setEnd(node, at);
  const before = range.cloneContents();
  for (const number of before.querySelectorAll(".words-number")) number.remove();
  return Number(paragraph.dataset.start) + [...before.textContent].length;
}

function selectedWords() {
  const selection = getSelection();
  if (selection.rangeCount === 0 || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!source.contains(range.startContainer) || !source.contains(range.endContainer)) return null;
  const start = offset(range.startContainer, range.startOffset);
  let end = offset(range.endContainer, range.endOffset);
  if (end === null && range.endContainer === source) end = start;
  if (start === null || end === null || start >= end) return null;
  const words = range.cloneContents();
  for (const number of words.querySelectorAll(".words-number")) number.remove();
  return { start, end, words: words.textContent.trim() };
}

// A click on the button would take the selection away.
let remembered = null;
document.addEventListener("selectionchange", () => {
  remembered = selectedWords() ?? remembered;
});

// The cards

function activate(card, { focus = true } = {}) {
  if (active && active !== card) {
    active.classList.remove("is-active");
    active.removeAttribute("aria-current");
  }
  active = card;
  if (!card) return;
  card.classList.add("is-active");
  card.setAttribute("aria-current", "true");
  showWords(card.dataset.number);
  if (focus) {
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
  }
}

function step(by) {
  const shown = cards();
  if (shown.length === 0) return;
  const at = shown.indexOf(active);
  const wanted = at === -1 ? (by > 0 ? 0 : shown.length - 1) : at + by;
  if (shown[wanted]) activate(shown[wanted]);
}

function replace(number, html) {
  const old = cardOf(number);
  if (!old) return;
  const template = document.createElement("template");
  template.innerHTML = html;
  const card = template.content.querySelector(".proposal");
  old.replaceWith(card);
  if (active === old) active = null;
  prepare(card);
}

function prepare(card) {
  const button = card.querySelector(".proposal-select");
  if (button) button.hidden = false;
  const { jQuery } = window.django ?? {};
  if (!jQuery) return;
  jQuery(card).find(".admin-autocomplete:not(.select2-hidden-accessible)").djangoAdminSelect2();
  for (const select of card.querySelectorAll(".admin-autocomplete")) {
    // The box that takes the place of the list is named by what is chosen alone.
    const label = card.querySelector(`label[for="${select.id}"]`);
    const box = select.nextElementSibling;
    for (const part of box?.querySelectorAll("[role=combobox], [role=textbox], [role=searchbox]") ?? []) {
      part.setAttribute("aria-label", label.textContent);
      if (part.getAttribute("role") === "combobox") part.removeAttribute("aria-labelledby");
    }
  }
}

async function ask(address, options = {}) {
  if (busy) return null;
  busy = true;
  active?.classList.add("is-busy");
  try {
    const answer = await fetch(address, { ...options, headers: { Accept: "application/json" } });
    if (!answer.headers.get("Content-Type")?.startsWith("application/json")) {
      say(answer.redirected ? list.dataset.signedOut : list.dataset.lost, "error", true);
      return null;
    }
    return await answer.json();
  } catch {
    say(list.dataset.lost, "error", true);
    return null;
  } finally {
    busy = false;
    active?.classList.remove("is-busy");
  }
}

function show(answer, number) {
  for (const [changed, html] of Object.entries(answer.cards)) replace(changed, html);
  markDecisions(answer.decisions);
  document.querySelector(".proposals-progress").innerHTML = answer.progress;
  for (const [noun, state] of Object.entries(answer.groups)) {
    const line = list.querySelector(`[data-group="${noun}"]`);
    if (line) line.textContent = state;
  }
  say(answer.message, answer.level, answer.reload);
  const here = cardOf(number);
  if (here) activate(here);
}

async function send(data, number) {
  const answer = await ask(decide.action, { method: "POST", body: data });
  if (!answer) return;
  show(answer, number);
  if (!answer.done) {
    const wrong = cardOf(number)?.querySelector("[aria-invalid=true], .errorlist ~ input, form input:not([type=hidden])");
    wrong?.focus();
    return;
  }
  if (decided.includes(number)) decided.splice(decided.indexOf(number), 1);
  if (data.get("decide").startsWith("reopen")) return;
  decided.push(number);
  const next = answer.next === null ? null : cardOf(answer.next);
  if (next) {
    activate(next);
    announcement.textContent += ` ${list.dataset.next} ${next.querySelector("h3").textContent}`;
  } else {
    announcement.textContent += ` ${list.dataset.all}`;
    document.querySelector(".proposals-progress a")?.focus();
  }
}

const cardAddress = (what, number) => `?${new URLSearchParams({ [what]: number, source: decide.elements.source.value })}`;

async function correct(card) {
  const number = card.dataset.number;
  const answer = await ask(cardAddress("correct", number));
  if (!answer) return;
  show(answer, number);
  cardOf(number)?.querySelector("textarea, .proposal-form input:not([type=hidden]), .select2-selection")?.focus();
}

async function leave(card) {
  const number = card.dataset.number;
  const answer = await ask(cardAddress("show", number));
  if (answer) show(answer, number);
}

list?.addEventListener("focusin", (event) => {
  const card = event.target.closest(".proposal");
  if (card && card !== active) activate(card, { focus: false });
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a, button");
  if (!link || !list) return;
  const card = link.closest(".proposal");
  if (link.matches(".words-number") || link.matches(".proposal-number")) {
    event.preventDefault();
    const wanted = cardOf(link.dataset.number ?? card.dataset.number);
    wanted.closest("details")?.setAttribute("open", "");
    activate(wanted);
  } else if (card && link.matches("a[data-key=e]")) {
    event.preventDefault();
    correct(card);
  } else if (link.matches(".proposal-cancel")) {
    event.preventDefault();
    leave(card);
  } else if (link.matches(".proposal-select")) {
    const found = selectedWords() ?? remembered;
    if (!found) return say(list.dataset.nothingSelected, "warning");
    card.querySelector("[name=start]").value = found.start;
    card.querySelector("[name=end]").value = found.end;
    card.querySelector("[name=words]").value = found.words;
    announcement.textContent = found.words;
  }
});

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button?.name !== "decide") return;
  event.preventDefault();
  send(new FormData(event.target, button), button.value.split(" ")[1]);
});

document.addEventListener("keydown", (event) => {
  if (!list || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  const { target } = event;
  const typing = target.closest("input, textarea, select, [contenteditable], .select2-container");
  if (event.key === "Escape" && active?.querySelector(".proposal-form") && !keys.open) {
    if (document.querySelector(".select2-container--open")) return;
    event.preventDefault();
    leave(active);
    return;
  }
  if (typing || keys.open) return;
  const onControl = target.closest("a, button, summary, details.proposals-source");
  const actions = {
    j: () => step(1),
    k: () => step(-1),
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    "?": () => keys.showModal(),
    Enter: () => press("a"),
    a: () => press("a"),
    e: () => press("e"),
    x: () => press("x"),
    u: () => press("u") || undoLast(),
  };
  if ((event.key === "Enter" || event.key.startsWith("Arrow")) && onControl) return;
  let action = actions[event.key];
  if (/^[1-9]$/.test(event.key)) action = () => choose(Number(event.key) - 1);
  if (!action || event.repeat && !["j", "k", "ArrowDown", "ArrowUp"].includes(event.key)) return;
  event.preventDefault();
  action();
});

function press(key) {
  const button = active?.querySelector(`[data-key="${key}"]`);
  button?.click();
  return Boolean(button);
}

function undoLast() {
  const card = cardOf(decided.at(-1));
  card?.closest("details")?.setAttribute("open", "");
  card?.querySelector('[data-key="u"]')?.click();
}

function choose(at) {
  active?.querySelectorAll('button[value^="accept "]:not([data-key])')[at]?.click();
}

if (list) {
  const button = document.getElementById("keys-button");
  button.hidden = false;
  button.addEventListener("click", () => keys.showModal());
  const opened = list.querySelector(".proposal:has(.proposal-form)");
  // Django's own script makes its boxes when the page is ready; ours are named after that.
  if (opened && window.django) window.django.jQuery(() => prepare(opened));
  const asked = location.hash.startsWith("#proposal-") ? document.querySelector(location.hash) : null;
  activate(opened ?? asked ?? list.querySelector(".proposal.is-waiting"), { focus: !opened });
}
