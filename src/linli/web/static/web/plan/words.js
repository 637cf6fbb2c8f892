/** The words and icons of the plan page, written into it by the server in the page's language. */
const words = document.getElementById("plan-words").dataset;
const icons = document.getElementById("plan-icons").content;

/** Return a sentence; `{name}` in it is replaced by its value. */
export function say(name, values = {}) {
  return (words[name] ?? "").replace(/\{(\w+)\}/g, (whole, key) => String(values[key] ?? whole));
}

/** A number with its thousands apart, as the server writes it. */
export const spell = (value) => value.toLocaleString("en-US");

/** Return a copy of an icon of the page. */
export function icon(name) {
  return icons.querySelector(`[data-icon="${name}"]`).firstElementChild.cloneNode(true);
}

/**
 * Make an element.
 * @param {string} tag
 * @param {Object<string, string|boolean|number|null>} attributes  `class`, `aria-…`, `data-…`; true sets an empty one, false and null none
 * @param {...(Node|string|null)} inside
 */
export function make(tag, attributes = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...inside.filter((part) => part !== null && part !== ""));
  return element;
}

/** Make a button that does something. */
export function button(text, attributes, deed) {
  const made = make("button", { type: "button", class: "btn", ...attributes }, text);
  made.addEventListener("click", deed);
  return made;
}
