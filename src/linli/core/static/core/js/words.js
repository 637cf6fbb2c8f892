/** What the scripts say, written into the page by the server in the page's language. */
const words = document.querySelector('meta[name="linli-words"]')?.dataset ?? {};

/**
 * Return a sentence; `{name}` in it is replaced by its value.
 * @param {string} name  key of the sentence, as in `data-NAME`, in camel case
 * @param {Object<string, string|number>} values
 */
export function say(name, values = {}) {
  return (words[name] ?? "").replace(/\{(\w+)\}/g, (whole, key) => String(values[key] ?? whole));
}

/**
 * Say a length of time in its two largest units, as the server does.
 * @param {number} minutes  whole minutes
 */
export function sayDuration(minutes) {
  const values = { days: Math.floor(minutes / 1440), hours: Math.floor(minutes / 60) % 24, minutes: minutes % 60 };
  if (values.days) return say("days", values);
  return values.hours ? say("hours", values) : say("minutes", values);
}
