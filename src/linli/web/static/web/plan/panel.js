/** The panel beside where one works: what is selected and where it is to go, or one grid and what can be done with it. */
import { button, icon, make, say, spell } from "./words.js";

const MOST_NAMES = 4;

/** Write what was refused next to the thing. */
export function tellWrong(place, messages) {
  place.querySelector(":scope > .l-plan-wrong")?.remove();
  if (!messages.length) return;
  place.append(make("div", { class: "l-plan-wrong", role: "alert" }, ...messages.map((text) => make("p", { class: "l-error" }, icon("alert-circle"), text))));
}

/** A field with its label. */
function field(label, control) {
  const id = `plan-field-${(field.count = (field.count ?? 0) + 1)}`;
  control.id = id;
  return make("div", { class: "l-plan-field" }, make("label", { for: id }, label), control);
}

export function explanation(step, text, send, close) {
  const area = make("textarea", { class: "form-control", rows: 2, maxlength: 300 });
  area.value = text;
  const keep = button(say("keepReason"), { class: "btn btn-primary btn-small" }, () => send({ ...step, text: area.value }));
  const form = make("div", { class: "l-plan-explain" }, field(say("reason"), area), make("div", { class: "l-actions" }, keep, button(say("notNow"), { class: "btn btn-small" }, close)));
  queueMicrotask(() => area.focus());
  return form;
}

export class Panel {
  /**
   * @param {HTMLElement} element
   * @param {{map: HTMLElement, list: HTMLElement}} homes  where it can stand
   * @param {import("./draft.js").Draft} draft
   * @param {{step: Function, clear: Function, select: Function, close: Function}} deeds
   */
  constructor(element, homes, draft, deeds) {
    Object.assign(this, { element, homes, draft, deeds, target: "" });
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      deeds.close();
    });
  }

  /** Stand where somebody works: over the map, or below the list. */
  standIn(where) {
    const home = this.homes[where];
    if (this.element.parentElement !== home) home.append(this.element);
  }

  hide() {
    this.element.hidden = true;
    this.element.replaceChildren();
  }

  focus() {
    this.element.querySelector("h2")?.focus();
  }

  put(title, close, ...inside) {
    const shut = make("button", { type: "button", class: "l-icon-button", "aria-label": say("close") }, icon("x"));
    shut.addEventListener("click", close);
    this.element.replaceChildren(make("div", { class: "l-plan-panel-head" }, make("h2", { tabindex: -1 }, title), shut), ...inside.filter(Boolean));
    this.element.hidden = false;
  }

  wrong(messages) {
    tellWrong(this.element, messages);
  }

  /** Say what is selected, and offer the grids that it may go to. */
  showSelection(selection) {
    const { draft } = this;
    const houses = [...selection].map((id) => draft.buildings.get(id));
    const households = houses.reduce((sum, house) => sum + house.households, 0);
    const names = houses.slice(0, MOST_NAMES).map(({ name }) => name).join(say("comma"));
    const told = houses.length > MOST_NAMES ? say("andMore", { names, count: houses.length }) : names;
    const from = [...new Set(houses.map(({ id }) => draft.gridOf(id)))].filter(Boolean);
    const lying = from.length ? say("inGrids", { names: from.map(({ name }) => name).join(say("comma")) }) : say("inNoGrid");
    const places = new Set(houses.map(({ community }) => community));
    const parts = [make("p", {}, told), make("p", { class: "l-second" }, lying)];
    if (draft.may("edit")) parts.push(...(places.size > 1 ? [make("p", { class: "l-error" }, icon("alert-circle"), say("twoPlaces"))] : this.moving(houses, from, households)));
    this.put(say("selected", { count: houses.length, households: spell(households) }), () => this.deeds.clear(), ...parts);
  }

  moving(houses, from, households) {
    const { draft } = this;
    const only = from.length === 1 ? from[0].key : "";
    const near = new Set(from.flatMap(({ key }) => [...(draft.neighbours.get(key) ?? []), key]));
    const possible = draft.grids.filter(({ key, community, locked }) => community === houses[0].community && key !== only && !locked);
    const gain = (grid) => grid.households + houses.reduce((sum, house) => sum + (draft.assignment.get(house.id) === grid.key ? 0 : house.households), 0);
    const option = (grid) => make("option", { value: grid.key }, say("target", { name: grid.name, worker: grid.worker, households: spell(gain(grid)) }));
    const [beside, others] = [possible.filter(({ key }) => near.has(key)), possible.filter(({ key }) => !near.has(key))];
    if (!possible.length) return [make("p", { class: "l-second" }, say("noTarget"))];
    const choice = make("select", { class: "form-select" });
    if (beside.length) choice.append(make("optgroup", { label: say("beside") }, ...beside.map(option)));
    if (others.length) choice.append(make("optgroup", { label: say("others") }, ...others.map(option)));
    if (possible.some(({ key }) => key === this.target)) choice.value = this.target;
    choice.addEventListener("change", () => (this.target = choice.value));
    const buildings = houses.map(({ id }) => id);
    const go = button(say("move"), { class: "btn btn-primary", "data-edit": true }, () => this.deeds.step({ action: "move", buildings, to: choice.value }));
    const back = this.wayBack(houses);
    const ways = make("div", { class: "l-actions" }, go, back, button(say("clear"), { class: "btn btn-text" }, () => this.deeds.clear()));
    return [field(say("moveTo"), choice), ways];
  }

  /** The way back to where all of them are now, when that is one grid. */
  wayBack(houses) {
    const codes = new Set(houses.map(({ id }) => this.draft.presentOf.get(id)));
    const home = codes.size === 1 ? this.draft.grids.find(({ code }) => code && codes.has(code)) : null;
    if (!home || home.locked || houses.every(({ id }) => this.draft.assignment.get(id) === home.key)) return null;
    const step = { action: "move", buildings: houses.map(({ id }) => id), to: home.key };
    return button(say("putBack", { name: home.name }), { class: "btn btn-text", "data-edit": true }, () => this.deeds.step(step));
  }

  /** Show one grid and what can be done with it. */
  showGrid(key) {
    const grid = this.draft.grid(key);
    const { name, worker, households, present_households: present, buildings, locked, remarks, community } = grid;
    const facts = say(present === null ? "gridFactsNew" : "gridFacts", { households: spell(households), buildings, present: spell(present ?? 0) });
    const place = this.draft.communities.length > 1 ? `${this.draft.communityName(community)} ` : "";
    const parts = [make("p", {}, facts), worker ? make("p", { class: "l-second" }, say("worker", { name: worker })) : null];
    if (remarks.length) parts.push(make("ul", { class: "l-plan-remarks" }, ...remarks.map((remark) => this.remark(remark))));
    const ways = make("div", { class: "l-actions" }, button(say("selectAll"), { class: "btn btn-small" }, () => this.deeds.select(this.draft.buildingsOf(key).map(({ id }) => id))));
    const room = make("div", { class: "l-plan-room" });
    if (this.draft.may("edit")) ways.append(...this.deedsOf(grid, room));
    this.put(`${place}${name}${locked ? say("lockedMark") : ""}`, () => this.deeds.close(), ...parts, ways, room);
  }

  remark({ level, text, explained }) {
    const tone = { must: "late", explain: explained ? "" : "soon", fine: "" }[level];
    return make("li", { class: tone ? `l-tone-${tone}` : null }, text, explained ? make("small", {}, say("explained", { text: explained })) : null);
  }

  deedsOf(grid, room) {
    const { key, locked, remarks } = grid;
    const small = { class: "btn btn-small", "data-edit": true };
    const open = (draw) => () => room.replaceChildren(draw());
    const lock = button(say(locked ? "unlock" : "lock"), small, () => this.deeds.step({ action: locked ? "unlock" : "lock", grid: key }));
    lock.prepend(icon(locked ? "lock-open" : "lock"));
    const rename = button(say("rename"), small, open(() => this.renaming(grid, room)));
    rename.prepend(icon("pencil"));
    const reason = remarks.find(({ level }) => level === "explain");
    const words = reason && button(say("explain"), small, open(() => explanation({ action: "explain", grid: key }, reason.explained, this.deeds.step, () => room.replaceChildren())));
    if (locked) return [lock, rename, ...(words ? [words] : [])];
    const merge = button(say("merge"), small, open(() => this.merging(grid, room)));
    merge.prepend(icon("arrows-join"));
    const split = button(say("split"), small, () => this.deeds.step({ action: "split", grid: key }));
    split.prepend(icon("arrows-split"));
    return [rename, lock, merge, split, ...(words ? [words] : [])];
  }

  renaming({ key, name }, room) {
    const input = make("input", { class: "form-control", maxlength: 60, autocomplete: "off" });
    input.value = name;
    const send = () => this.deeds.step({ action: "rename", grid: key, text: input.value });
    input.addEventListener("keydown", (event) => event.key === "Enter" && send());
    queueMicrotask(() => input.select());
    return make("div", { class: "l-plan-explain" }, field(say("newName"), input), this.ends(say("keepName"), send, room));
  }

  merging({ key, name, households }, room) {
    const near = this.draft.grids.filter((other) => this.draft.neighbours.get(key)?.has(other.key) && other.community === this.draft.grid(key).community && !other.locked);
    if (!near.length) return make("p", { class: "l-second" }, say("noNeighbour"));
    const choice = make("select", { class: "form-select" }, ...near.map((other) => make("option", { value: other.key }, say("target", { name: other.name, worker: other.worker, households: spell(other.households + households) }))));
    queueMicrotask(() => choice.focus());
    const send = () => this.deeds.step({ action: "merge", grid: key, to: choice.value });
    return make("div", { class: "l-plan-explain" }, field(say("mergeInto", { name }), choice), this.ends(say("mergeGo"), send, room));
  }

  ends(words, send, room) {
    return make("div", { class: "l-actions" }, button(words, { class: "btn btn-primary btn-small", "data-edit": true }, send), button(say("notNow"), { class: "btn btn-small" }, () => room.replaceChildren()));
  }
}
