/** What public pages do beyond links and forms: go to a tapped place, copy a private link. */

/** A tap on the map of “find my grid” asks for the grid of that place; on a report it takes the place of the address. */
function onPick(event) {
  const form = event.target.closest("form");
  if (form?.matches("[data-find-at]")) form.requestSubmit();
  if (!form?.matches("[data-report]")) return;
  form.elements.namedItem("address").value = "";
  const told = form.querySelector("[data-place]");
  told.textContent = told.dataset.picked;
}

/** `<button data-copy="TEXT" data-copied="WORDS">` copies its text and says so in its own words. */
async function onClick(event) {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.querySelector("span").textContent = button.dataset.copied;
}

document.addEventListener("linli:pick", onPick);
document.addEventListener("click", onClick);
// Without a clipboard (plain http) the link stays on the page to be copied by hand.
if (navigator.clipboard) for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
