/** Loaded by every page. Pages work without it; it makes them quicker and keeps what was typed. */
import * as dialogs from "./dialogs.js";
import * as drafts from "./drafts.js";
import * as notices from "./notices.js";
import * as reveal from "./reveal.js";

/** The key / goes to the search field, unless somebody is typing. */
function onSlash(event) {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  const search = document.querySelector("[data-search]");
  if (event.key !== "/" || typing || !search || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  search.focus();
}

/** A form is sent once; its button shows that it is on its way. */
function onSubmit(event) {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "1";
  event.submitter?.setAttribute("aria-busy", "true");
}

/** Coming back to a page, or an answer that stays on it, frees its forms again. */
function freeForms() {
  for (const form of document.querySelectorAll("form[data-sending]")) {
    delete form.dataset.sending;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  }
}

document.addEventListener("keydown", onSlash);
document.addEventListener("submit", onSubmit);
document.addEventListener("htmx:afterRequest", freeForms);
window.addEventListener("pageshow", freeForms);
dialogs.start();
drafts.start();
notices.start();
reveal.start();
