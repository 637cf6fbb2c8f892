/** Keeps what was typed into a long form until it has been sent, in this tab only.
 *
 * `<form id="…" data-draft>` is kept; a form `data-forget-drafts` (sign out) drops all of them.
 * Passwords, files and hidden fields are never kept.
 */
const PREFIX = "linli-draft:";
const SENT = "linli-draft-sent";

const keyOf = (form) => `${PREFIX}${location.pathname}#${form.id}`;

function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name && !["password", "file", "hidden", "submit", "button"].includes(field.type));
}

function isChoice(field) {
  return field.type === "checkbox" || field.type === "radio";
}

function save(form) {
  const kept = fieldsOf(form)
    .filter((field) => !isChoice(field) || field.checked)
    .map((field) => [field.name, field.value]);
  sessionStorage.setItem(keyOf(form), JSON.stringify(kept));
}

/** Put kept values back where the server sent nothing; its own answer always wins. */
function restore(form) {
  const kept = JSON.parse(sessionStorage.getItem(keyOf(form)) ?? "[]");
  for (const field of fieldsOf(form)) {
    const values = kept.filter(([name]) => name === field.name).map(([, value]) => value);
    if (!values.length) continue;
    if (isChoice(field)) field.checked = values.includes(field.value);
    else if (!field.value) [field.value] = values;
  }
}

export function forget() {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  }
}

/** A draft is over when the page after it arrived; coming back to the form means that it did not. */
function dropSent() {
  const sent = sessionStorage.getItem(SENT);
  const [visit] = performance.getEntriesByType("navigation");
  if (sent && visit?.type === "navigate") sessionStorage.removeItem(sent);
  sessionStorage.removeItem(SENT);
}

export function start() {
  dropSent();
  for (const form of document.querySelectorAll("form[data-draft][id]")) {
    restore(form);
    form.addEventListener("input", () => save(form));
    form.addEventListener("submit", () => sessionStorage.setItem(SENT, keyOf(form)));
  }
  for (const form of document.querySelectorAll("form[data-forget-drafts]")) form.addEventListener("submit", forget);
}
