// What an editor types is kept in this browser until it is stored: a session that ends or a window that closes loses nothing.
// Kept by person and page, for three days, and gone when that person signs out. A kept form is never put into a page unasked:
// it is offered, sent to the server as it was, and shown by it with what others have changed since. It is not saved by that.

const BEGINNING = "desk:kept:";
const LEFT = "desk:left:";
const LIFETIME = 3 * 24 * 3600 * 1000; // milliseconds
const PAUSE = 600; // milliseconds without a key
const ANSWER = 200; // milliseconds in which other windows say that they hold a form
const NOT_TYPED = /^(csrfmiddlewaretoken|kept_id|_bring_back|opened_version|initial-.*|differs-.*|.*-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS)$/;

const template = document.getElementById("kept");
const user = template.dataset.user;
const marker = document.getElementById("kept-form");
const form = marker?.closest("form");
const began = Date.now();
const channel = new BroadcastChannel("desk-kept");

// The browser's storage, which may be full or forbidden

function readKept(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function allKept() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(BEGINNING));
  } catch {
    return [];
  }
}

function drop(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing is kept where storage is forbidden.
  }
}

function page(address) {
  const incoming = address.searchParams.get("incoming");
  return address.pathname + (incoming ? `?incoming=${incoming}` : "");
}

for (const key of allKept()) {
  const kept = readKept(key);
  if (!kept || !(Date.now() - kept.at < LIFETIME)) drop(key);
}

// After a save the address names what is stored now.
const stored = /^#kept-([0-9a-f]{32})$/.exec(location.hash);
if (stored) {
  if (user) drop(`${BEGINNING}${user}:${stored[1]}`);
  history.replaceState(history.state, "", location.pathname + location.search);
}

document.getElementById("logout-form")?.addEventListener("submit", () => {
  stopKeeping?.();
  for (const key of allKept()) if (key.startsWith(`${BEGINNING}${user}:`)) drop(key);
  try {
    localStorage.setItem(`${LEFT}${user}`, String(Date.now()));
  } catch {
    // As above.
  }
  channel.postMessage({ left: user });
});

// The page for signing in says what waits behind it.
const next = document.querySelector("#login-form input[name=next]");
if (next && next.value.startsWith("/")) {
  const wanted = page(new URL(next.value, location.origin));
  if (allKept().some((key) => readKept(key)?.page === wanted)) {
    document.getElementById("login-form").before(document.getElementById("kept-waiting").content.cloneNode(true));
  }
}

let stopKeeping = null;
if (form && user) keep();

function keep() {
  const here = page(new URL(location.href));
  const name = /^[0-9a-f]{32}$/.test(marker.dataset.shown) ? marker.dataset.shown : crypto.getRandomValues(new Uint8Array(16)).reduce((hex, byte) => hex + byte.toString(16).padStart(2, "0"), "");
  const key = `${BEGINNING}${user}:${name}`;
  const isShown = marker.dataset.bound === "yes"; // the server shows what was sent: all of it is unsaved
  // A browser that goes back or reloads puts what was typed into the fields again, beside the version that is stored today: a save
  // would undo what others have changed since. What was not saved is offered below instead.
  if (performance.getEntriesByType("navigation")[0]?.type !== "navigate") {
    form.reset();
    // They do it at different moments. Fields that offer names show what is chosen by a script of their own.
    addEventListener("pageshow", () => {
      form.reset();
      window.django?.jQuery?.(form).find("select").trigger("change.select2");
    }, { once: true });
  }
  const opened = JSON.stringify(read());
  let isStopped = false;
  let isFull = false;
  let timer = 0;

  function read() {
    const fields = [];
    for (const [field, value] of new FormData(form)) {
      if (typeof value !== "string" || field.includes("__prefix__") || field.startsWith("choose-")) continue;
      if (field === "csrfmiddlewaretoken" || field === "kept_id" || field === "_bring_back") continue;
      fields.push([field, value.replace(/\r\n/g, "\n")]);
    }
    return fields;
  }

  // The words of what is chosen: a page that is opened anew may not have them.
  function chosenWords() {
    const found = {};
    for (const select of form.querySelectorAll("select")) {
      for (const option of select.selectedOptions) if (option.value) found[`${select.name}=${option.value}`] = option.textContent;
    }
    return found;
  }

  function hasLeft() {
    try {
      return Number(localStorage.getItem(`${LEFT}${user}`)) > began;
    } catch {
      return false;
    }
  }

  function write() {
    clearTimeout(timer);
    timer = 0;
    if (isStopped || hasLeft()) return;
    const fields = read();
    if (!isShown && JSON.stringify(fields) === opened) return drop(key);
    try {
      localStorage.setItem(key, JSON.stringify({ page: here, at: Date.now(), version: Number(marker.dataset.version), fields, chosen: chosenWords() }));
    } catch {
      if (!isFull) marker.before(document.getElementById("kept-full").content.cloneNode(true));
      isFull = true;
    }
  }

  function writeSoon() {
    clearTimeout(timer);
    timer = setTimeout(write, PAUSE);
  }

  stopKeeping = () => {
    isStopped = true;
    clearTimeout(timer);
  };

  form.addEventListener("input", writeSoon);
  form.addEventListener("change", writeSoon);
  document.addEventListener("formset:added", writeSoon);
  document.addEventListener("formset:removed", writeSoon);
  // Fields that offer names tell jQuery alone.
  window.django?.jQuery?.(form).on("change", writeSoon);
  addEventListener("pagehide", () => timer && write());
  document.addEventListener("visibilitychange", () => document.hidden && timer && write());
  form.addEventListener("submit", () => {
    const field = form.querySelector("input[name=kept_id]") ?? document.createElement("input");
    Object.assign(field, { type: "hidden", name: "kept_id", value: name });
    form.append(field);
    write();
  });
  if (isShown) write();

  // Other windows: each says which form it holds, so that nobody is offered what is being typed elsewhere.
  const held = new Set([name]);
  channel.addEventListener("message", ({ data }) => {
    if (data.ask === user) channel.postMessage({ held: name });
    if (data.held) held.add(data.held);
    if (data.left === user) {
      stopKeeping();
      marker.before(document.getElementById("kept-left").content.cloneNode(true));
    }
  });
  channel.postMessage({ ask: user });
  setTimeout(() => {
    for (const other of allKept()) {
      const kept = readKept(other);
      const isMine = other.startsWith(`${BEGINNING}${user}:`) && !held.has(other.slice(other.lastIndexOf(":") + 1));
      if (isMine && kept?.page === here) offer(other, kept);
    }
  }, ANSWER);

  function offer(other, kept) {
    const differences = compare(kept);
    if (differences.length === 0 && kept.version === Number(marker.dataset.version)) return drop(other);
    const banner = template.content.cloneNode(true).firstElementChild;
    const heading = banner.querySelector("h2");
    heading.id = `kept-${other.slice(other.lastIndexOf(":") + 1)}`;
    banner.setAttribute("aria-labelledby", heading.id);
    const time = banner.querySelector("time");
    time.dateTime = new Date(kept.at).toISOString();
    time.textContent = new Date(kept.at).toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
    banner.querySelector(".kept-changed").hidden = kept.version === Number(marker.dataset.version);
    const list = document.createElement("dl");
    banner.querySelector("details").append(list);
    for (const [label, now, then] of differences) {
      const row = document.createElement("div");
      for (const [tag, inner, text] of [["dt", null, label], ["dd", "del", now], ["dd", "ins", then]]) {
        const cell = document.createElement(tag);
        const shown = inner ? cell.appendChild(document.createElement(inner)) : cell;
        shown.textContent = text;
        if (text) row.append(cell);
      }
      list.append(row);
    }
    banner.querySelector("details").hidden = differences.length === 0;
    banner.addEventListener("click", ({ target }) => {
      if (target.dataset.act === "drop") {
        drop(other);
        banner.remove();
        form.querySelector("input:not([type=hidden]), select, textarea")?.focus();
      }
      if (target.dataset.act !== "bring") return;
      const warning = banner.querySelector(".kept-typed");
      if (warning.hidden && (isShown || JSON.stringify(read()) !== opened)) {
        warning.hidden = false;
        return;
      }
      bringBack(other, kept);
    });
    // Beside the form, not in it: Enter in a field presses the form's own button.
    form.before(banner);
    document.getElementById("kept-said").textContent = heading.textContent; // whoever does not see the note hears of it
  }

  function bringBack(other, kept) {
    if (timer) write();
    const sent = document.createElement("form");
    sent.method = "post";
    sent.enctype = "multipart/form-data";
    sent.action = location.pathname + location.search;
    sent.hidden = true;
    const token = form.elements.csrfmiddlewaretoken.value;
    const extra = [["csrfmiddlewaretoken", token], ["_bring_back", "1"], ["kept_id", other.slice(other.lastIndexOf(":") + 1)]];
    for (const [field, value] of [...kept.fields, ...extra]) {
      const input = document.createElement("textarea"); // keeps line breaks
      input.name = field;
      input.value = value;
      sent.append(input);
    }
    document.body.append(sent);
    sent.submit();
  }

  // What differs: [label, text now, text kept]; rows by their table and number.
  function compare({ fields, chosen = {} }) {
    const words = (field, side) => {
      const control = form.elements[field];
      const texts = (side.get(field) ?? []).map((value) => {
        const option = control?.tagName === "SELECT" ? [...control.options].find((one) => one.value === value) : null;
        return chosen[`${field}=${value}`] ?? option?.textContent ?? value;
      });
      return texts.join(", ");
    };
    // Of two long texts what differs, with a little of what stands around it.
    const around = (one, two) => {
      if (Math.max(one.length, two.length) <= 160) return [one, two];
      const shorter = Math.min(one.length, two.length);
      let start = 0;
      while (start < shorter && one[start] === two[start]) start += 1;
      let end = 0;
      while (end < shorter - start && one[one.length - 1 - end] === two[two.length - 1 - end]) end += 1;
      const first = Math.max(0, start - 30);
      return [one, two].map((text) => {
        const last = Math.min(text.length, text.length - end + 30);
        const part = text.slice(first, last);
        const cut = part.length > 240 ? `${part.slice(0, 120)} […] ${part.slice(-100)}` : part;
        return `${first > 0 ? "[…] " : ""}${cut}${last < text.length ? " […]" : ""}`;
      });
    };
    const group = (pairs) => {
      const found = new Map();
      for (const [field, value] of pairs) {
        if (NOT_TYPED.test(field) || field.startsWith("choose-")) continue;
        found.set(field, [...(found.get(field) ?? []), value]);
      }
      return found;
    };
    const now = group(read());
    const then = group(fields);
    const found = new Map();
    for (const field of new Set([...then.keys(), ...now.keys()])) {
      const texts = [now, then].map((side) => (side.get(field) ?? []).join("\n"));
      if (texts[0] === texts[1]) continue;
      const row = /^(.+)-(\d+)-([^-]+)$/.exec(field);
      if (row) {
        const blank = form.elements[`${row[1]}-__prefix__-${row[3]}`];
        if (!now.has(field) && blank?.type !== "checkbox" && texts[1] === (blank?.value ?? "")) continue;
        const heading = document.getElementById(`${row[1]}-heading`)?.textContent.trim() ?? row[1];
        found.set(`${row[1]}-${row[2]}`, [`${heading} ${Number(row[2]) + 1}`, "", [found.get(`${row[1]}-${row[2]}`)?.[2], around("", words(field, then))[1]].filter(Boolean).join(" · ")]);
      } else {
        found.set(field, [label(field), ...around(words(field, now), words(field, then))]);
      }
    }
    return [...found.values()];
  }

  function label(field) {
    const control = form.elements[field];
    const text = (control?.labels?.[0] ?? control?.[0]?.labels?.[0])?.textContent ?? field;
    return text.trim().replace(/:$/, "");
  }
}
