// Trusted types: text becomes markup on the archive's pages in one way alone, as an answer of this server that htmx was given.
// htmx hands each answer to the browser's parser as it came, or between these two.
const BEFORE = '<body><template class="internal-htmx-wrapper">';
const AFTER = "</template></body>";

let answer = null;

const take = (request) => {
  answer = new URL(request.responseURL).origin === location.origin ? request.responseText : null;
};

document.addEventListener("htmx:beforeSwap", (event) => take(event.detail.xhr));
document.addEventListener("htmx:historyCacheMissLoad", (event) => take(event.detail.xhr));

const parsers = ["Document parseHTMLUnsafe", "DOMParser parseFromString"];

if (window.trustedTypes) {
  window.trustedTypes.createPolicy("default", {
    createHTML(text, _type, sink) {
      const isAnswer = answer !== null && (text === answer || text === BEFORE + answer + AFTER);
      answer = null;
      return isAnswer && parsers.includes(sink) ? text : null;
    },
  });
}
