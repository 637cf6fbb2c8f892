/** The emergency clock: the only thing on a page that moves. */
import { say, sayDuration } from "./words.js";

const two = (number) => String(number).padStart(2, "0");

/** Time since an ISO moment as HH:MM:SS. */
function elapsed(since) {
  const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(since)) / 1000));
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

function showLeft(element) {
  const minutes = Math.floor((Date.parse(element.dataset.clockUntil) - Date.now()) / 60000);
  element.textContent = sayDuration(Math.abs(minutes));
  if (minutes < 0) element.nextElementSibling.textContent = say("reportLate");
}

function tick() {
  for (const element of document.querySelectorAll("[data-clock-since]")) {
    element.textContent = elapsed(element.dataset.clockSince);
  }
  document.querySelectorAll("[data-clock-until]").forEach(showLeft);
}

tick();
setInterval(tick, 1000);
