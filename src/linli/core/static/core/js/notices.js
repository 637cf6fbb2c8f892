/** Says so when a request did not arrive, and offers to send it again; nothing typed is lost. */
import { say } from "./words.js";

const SHOWN = "linli-notice";

function build(title, text, retry) {
  const notice = document.createElement("div");
  notice.id = SHOWN;
  notice.className = "l-notice l-notice-offline";
  const told = document.createElement("div");
  const head = document.createElement("b");
  head.textContent = title;
  const body = document.createElement("p");
  body.textContent = text;
  told.append(head, body);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn";
  button.textContent = say("retry");
  button.addEventListener("click", retry);
  notice.append(told, button);
  return notice;
}

/** Send again what `element` sent: a form is submitted, a link or button pressed. */
function sendAgain(element) {
  document.getElementById(SHOWN)?.remove();
  if (element instanceof HTMLFormElement) element.requestSubmit();
  else element.click();
}

function show(event, kind) {
  // Behind an open dialog nothing can be pressed.
  const dialog = document.querySelector("dialog[open]");
  const place = dialog ?? document.querySelector("[data-toasts]");
  if (!place) return;
  document.getElementById(SHOWN)?.remove();
  place.append(build(say(`${kind}Title`), say(`${kind}Text`), () => sendAgain(event.detail.elt)));
  document.getElementById(SHOWN).scrollIntoView({ block: "nearest" });
}

export function start() {
  document.addEventListener("htmx:sendError", (event) => show(event, "offline"));
  document.addEventListener("htmx:timeout", (event) => show(event, "offline"));
  document.addEventListener("htmx:responseError", (event) => show(event, "failed"));
}
