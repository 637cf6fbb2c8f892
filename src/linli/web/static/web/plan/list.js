/** The buildings as a list with boxes to tick: the way without a map. */
import { make, say } from "./words.js";

const MOST = 150;
const MOVED = "moved";

export class BuildingList {
  constructor(card, draft, toggle) {
    Object.assign(this, { draft, toggle, selection: new Set() });
    this.choice = card.querySelector("[data-list-grid]");
    this.text = card.querySelector("[data-list-text]");
    this.list = card.querySelector("[data-list]");
    this.told = card.querySelector("[data-list-told]");
    this.choice.addEventListener("change", () => this.fill());
    this.text.addEventListener("input", () => this.fill());
    this.list.addEventListener("change", (event) => this.toggle(Number(event.target.value)));
  }

  /** The grids changed: offer them anew, and keep what was chosen. */
  draw() {
    const { value } = this.choice;
    const options = this.draft.grids.map((grid) => make("option", { value: grid.key }, this.nameOf(grid)));
    this.choice.replaceChildren(make("option", { value: "" }, say("everyGrid")), make("option", { value: MOVED }, say("movedOnes")), ...options);
    this.choice.value = value === MOVED || this.draft.grid(value) ? value : "";
    this.fill();
  }

  /** Grids of several communities can be called the same. */
  nameOf({ community, name }) {
    return this.draft.communities.length > 1 ? `${this.draft.communityName(community)} ${name}` : name;
  }

  /** Show the buildings of a grid. */
  show(key) {
    if (!key || this.choice.value === key) return;
    this.choice.value = key;
    this.fill();
  }

  fill() {
    const wanted = this.text.value.trim().toLowerCase();
    const { value } = this.choice;
    const from = value && value !== MOVED ? this.draft.buildingsOf(value) : [...this.draft.buildings.values()];
    const fits = ({ id, name }) => (value !== MOVED || this.draft.moves(id)) && (!wanted || name.toLowerCase().includes(wanted));
    const found = from.filter(fits);
    this.list.replaceChildren(...found.slice(0, MOST).map((house) => this.row(house)));
    const left = found.length - MOST;
    this.told.textContent = left > 0 ? say("listMore", { count: left }) : found.length ? "" : say("listNone");
  }

  row({ id, name, households }) {
    const box = make("input", { type: "checkbox", class: "form-check-input", value: id });
    box.checked = this.selection.has(id);
    const own = this.draft.gridOf(id);
    const grid = own ? this.nameOf(own) : say("noGrid");
    const moved = this.draft.moves(id) ? make("span", { class: "l-pill l-pill-accent" }, say("movedMark")) : null;
    return make("li", {}, make("label", { class: "form-check" }, box, make("span", { class: "l-grow" }, name, make("small", {}, say("houseFacts", { households, grid }))), moved));
  }

  select(selection) {
    this.selection = selection;
    for (const box of this.list.querySelectorAll("input")) box.checked = selection.has(Number(box.value));
  }
}
