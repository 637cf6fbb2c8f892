/** Dialogs open from links; menus close when the page behind them is touched; notices can be put away. */

function open(dialog) {
  for (const button of dialog.querySelectorAll("[data-close]")) button.hidden = false;
  if (!dialog.open) dialog.showModal();
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu !== except) menu.open = false;
  }
}

function onClick(event) {
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog) {
    event.preventDefault();
    open(dialog);
    return;
  }
  const inside = event.target.closest("dialog");
  if (inside && (event.target.closest("[data-close]") || isBackdrop(event, inside))) inside.close();
  event.target.closest("[data-dismiss]")?.closest(".l-toast, .l-notice")?.remove();
  closeMenus(event.target.closest("details[data-menu]"));
}

/** A click on the dialog element itself but outside its box fell on the backdrop. */
function isBackdrop(event, dialog) {
  if (event.target !== dialog) return false;
  const box = dialog.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

function onKey(event) {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details[data-menu][open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
}

/** Open dialogs that came with an answer, and show the buttons that only work with scripts. */
function prepare(root) {
  for (const dialog of root.querySelectorAll("dialog[data-opened]")) open(dialog);
  for (const button of root.querySelectorAll("[data-dismiss]")) button.hidden = false;
}

export function start() {
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("htmx:afterSwap", (event) => prepare(event.detail.target));
  prepare(document);
}
