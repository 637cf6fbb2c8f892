/** Chooses the way that a category usually goes, until somebody chooses a way by hand.
 *
 * Enhances `<form data-usual-way>` with the fields `category` (each choice tells its way in `data-way`), `mechanism`
 * (radios) and `done`: what is done already went the way "on the spot". Without scripts the server takes the usual way.
 */
const ON_SPOT = "on_spot";

/** Return the chosen option of a list or of radios. */
function chosen(field) {
  return field instanceof RadioNodeList ? [...field].find((radio) => radio.checked) : field.selectedOptions[0];
}

class UsualWay {
  constructor(form) {
    this.fields = form.elements;
    // A page that comes back keeps its way: one that is not the usual one was chosen by hand.
    this.byHand = !["", this.usual()].includes(this.fields.mechanism.value);
    this.following = false;
    form.addEventListener("input", (event) => this.onInput(event));
    this.follow();
  }

  usual() {
    if (this.fields.done.value.trim()) return ON_SPOT;
    return chosen(this.fields.category)?.dataset.way ?? "";
  }

  onInput(event) {
    if (this.following) return;
    if (event.target.name === "mechanism") this.byHand = true;
    else this.follow();
  }

  follow() {
    const way = this.usual();
    if (this.byHand || this.fields.mechanism.value === way) return;
    const radio = [...this.fields.mechanism].find((one) => one.value === way);
    if (!radio) return;
    radio.checked = true;
    // The draft of the form listens too.
    this.following = true;
    radio.dispatchEvent(new Event("input", { bubbles: true }));
    this.following = false;
  }
}

for (const form of document.querySelectorAll("form[data-usual-way]")) new UsualWay(form);
