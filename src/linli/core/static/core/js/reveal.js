/** A revealed number goes away by itself: out of the dialog and out of the page. */
import { say } from "./words.js";

function watch(dialog) {
  let left = Number(dialog.dataset.revealSeconds);
  const told = dialog.querySelector("[data-reveal-left]");
  const tick = setInterval(() => {
    left -= 1;
    if (left <= 0) dialog.close();
    else if (told) told.textContent = say("secondsLeft", { seconds: left });
  }, 1000);
  dialog.addEventListener("close", () => {
    clearInterval(tick);
    dialog.remove();
  });
}

function find(root) {
  for (const dialog of root.querySelectorAll("dialog[data-reveal-seconds]")) watch(dialog);
}

export function start() {
  document.addEventListener("htmx:afterSwap", (event) => find(event.detail.target));
  find(document);
}
