// The fields in which a record is chosen by typing its name: select2 draws them, and gives them no name for those who hear the page.

function nameOf(select) {
  const label = select.id && document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
  return (select.getAttribute("aria-label") || label?.textContent || "").trim().replace(/:$/, "");
}

function tell(container) {
  const select = container.previousElementSibling;
  const name = select?.matches("select") ? nameOf(select) : "";
  if (!name) return;
  const box = container.querySelector(".select2-selection");
  box?.removeAttribute("aria-labelledby"); // its own words, which are empty where nothing is chosen
  box?.setAttribute("aria-label", name);
  const shown = box?.querySelector("span.select2-selection__rendered"); // called a field of its own, which it is not
  shown?.removeAttribute("role");
  shown?.removeAttribute("aria-readonly");
  container.querySelector(".select2-search__field")?.setAttribute("aria-label", name);
}

function tellSearch(field) {
  const open = document.querySelector(".select2-container--open.select2");
  const select = open?.previousElementSibling;
  if (select?.matches("select")) field.setAttribute("aria-label", nameOf(select));
}

new MutationObserver((changes) => {
  for (const change of changes) {
    for (const node of change.addedNodes) {
      if (!(node instanceof Element)) continue;
      const found = node.matches(".select2-container.select2") ? [node] : node.querySelectorAll(".select2-container.select2");
      found.forEach(tell);
      node.querySelectorAll(".select2-dropdown .select2-search__field").forEach(tellSearch);
    }
  }
}).observe(document.documentElement, { childList: true, subtree: true });
