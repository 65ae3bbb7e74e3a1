// A double click sends a form once: of two requests the server would make two records, and the page would show the answer to the second.

const PAUSE = 5000; // milliseconds after which a page that has got no answer may be sent again
let sent = new WeakMap();

// At the window: whoever takes the sending over has done so by then.
addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.target === "_blank") return;
  if (Date.now() - (sent.get(form) ?? 0) < PAUSE) {
    event.preventDefault();
  } else {
    sent.set(form, Date.now());
  }
});
addEventListener("pageshow", () => {
  sent = new WeakMap();
});
