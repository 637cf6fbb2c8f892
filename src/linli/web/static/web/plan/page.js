/** The plan page: what people do on the map, in the tables and by keys becomes steps that the server takes and keeps. */
import { Draft } from "./draft.js";
import { overlap } from "./geometry.js";
import { BuildingList } from "./list.js";
import { PlanMap } from "./map.js";
import { Panel, explanation, tellWrong } from "./panel.js";
import { read, send, Unanswered } from "./server.js";
import { Checks, drawFigures, GridTable } from "./tables.js";
import { button, icon, make, say } from "./words.js";

const POLL = 1000;
const WORKING = ["waiting", "running"];
const find = (name, within = document) => within.querySelector(`[data-${name}]`);
const typing = (event) => event.target.closest("input:not([type=checkbox]), textarea, select");

class Page {
  constructor(root) {
    this.root = root;
    this.selection = new Set();
    this.focus = "";
    this.busy = false;
    this.shown = find("work", root);
  }

  async start() {
    const answer = await this.ask(() => read(this.root.dataset.draft));
    if (!answer) return undefined;
    if (WORKING.includes(answer.state)) return this.wait(answer);
    // The work ended between the page and the draft: what can be done with it is on the page of now.
    if (WORKING.includes(this.root.dataset.state)) return location.reload();
    const ground = await this.ask(() => read(this.root.dataset.ground));
    return ground ? this.open(ground, answer) : undefined;
  }

  /** Ask, and where no answer comes say so and offer to ask again. */
  async ask(question) {
    try {
      return await question();
    } catch (problem) {
      if (!(problem instanceof Unanswered)) throw problem;
      this.notice(problem.why === "offline" ? "offline" : "failed", () => this.start());
      return null;
    }
  }

  /** The draft is being worked out: show how far, until there is something else to see. */
  wait({ progress }) {
    const bar = find("progress", this.root);
    if (bar) {
      bar.hidden = false;
      const share = progress?.share ?? null;
      const line = bar.querySelector("progress");
      if (share === null) line.removeAttribute("value");
      else line.value = share;
      find("progress-words", bar).textContent = progress?.words ?? "";
      find("progress-share", bar).textContent = share === null ? "" : `${Math.round(100 * share)}%`;
    }
    setTimeout(async () => {
      const answer = await this.ask(() => read(this.root.dataset.draft));
      if (!answer) return undefined;
      return WORKING.includes(answer.state) ? this.wait(answer) : location.reload();
    }, POLL);
  }

  open(ground, answer) {
    this.notice("");
    this.shown.hidden = false;
    this.draft = new Draft(ground);
    this.draft.take(answer);
    const homes = { map: find("pane-draft", this.root), list: find("list-body", this.root) };
    this.panel = new Panel(find("panel", this.root), homes, this.draft, {
      step: (step) => this.step(step),
      clear: () => this.choose(new Set()),
      select: (ids) => this.choose(new Set(ids)),
      close: () => this.close(),
    });
    this.table = new GridTable(find("grids", this.root), this.draft, (key, opener) => this.openGrid(key, opener));
    this.checks = new Checks(find("check-card", this.root), {
      step: (step, what) => this.step(step, (messages) => tellWrong(what, messages)),
      building: (id) => this.showBuilding(id),
      grid: (key, opener) => this.openGrid(key, opener),
      explain: (step, what, way) => this.explain(step, what, way),
    });
    this.list = new BuildingList(find("list-card", this.root), this.draft, (id) => this.toggle(id, "list"));
    find("place", this.root)?.append(...this.draft.communities.map(({ code, name }) => make("option", { value: code }, name)));
    this.maps = [];
    this.drawMap("draft");
    this.bind();
    this.draw();
  }

  /** A map that can't be drawn leaves the lists, which do the same. */
  drawMap(side) {
    const place = find(`map-${side}`, this.root);
    try {
      const map = new PlanMap(place, side, this.draft, {
        building: (id) => this.toggle(Number(id)),
        grid: (key) => this.point(key),
        shape: (ids) => this.circle(ids),
      });
      map.focus = this.focus;
      map.selection = this.selection;
      map.byLoad = this.byLoad ?? false;
      this.maps.push(map);
      return map;
    } catch {
      place.replaceChildren(make("p", { class: "l-map-alternative" }, say("noMap")));
      return null;
    }
  }

  bind() {
    const { root } = this;
    root.addEventListener("click", (event) => {
      const tool = event.target.closest("[data-tool]");
      if (tool) this.use(tool.dataset.tool);
    });
    find("undo", root).addEventListener("click", () => this.step({ action: "undo" }));
    find("redo", root).addEventListener("click", () => this.step({ action: "redo" }));
    find("compare", root).addEventListener("click", () => this.compare());
    for (const way of root.querySelectorAll("button[data-side]")) way.addEventListener("click", () => this.side(way.dataset.side));
    find("by-load", root).addEventListener("change", (event) => this.colour(event.target.value === "load"));
    find("present-lines", root).addEventListener("change", (event) => this.maps.forEach((map) => map.showPresent(event.target.checked)));
    find("place", root)?.addEventListener("change", (event) => this.goTo(event.target.value));
    document.addEventListener("keydown", (event) => this.key(event));
  }

  key(event) {
    if (event.key === "Escape" && !event.target.closest("dialog")) return this.selection.size ? this.choose(new Set()) : this.close();
    if (!(event.ctrlKey || event.metaKey) || typing(event) || event.altKey) return undefined;
    const key = event.key.toLowerCase();
    const action = key === "z" ? (event.shiftKey ? "redo" : "undo") : key === "y" ? "redo" : "";
    if (!action) return undefined;
    event.preventDefault();
    return this.draft.may(action) ? this.step({ action }) : undefined;
  }

  /** Draw what a step may have changed. */
  draw(changed = null) {
    const { draft, root } = this;
    const { state } = draft;
    this.table.draw(changed);
    drawFigures(find("figures", root), state.figures);
    this.checks.draw(state.checks, draft.may("edit"));
    this.list.draw();
    this.maps.forEach((map) => map.redraw());
    for (const action of ["undo", "redo"]) {
      const way = find(action, root);
      way.disabled = !draft.may(action);
      way.title = state[action] ? say(`${action}What`, { what: state[action] }) : "";
    }
    for (const way of root.querySelectorAll("[data-can]")) way.hidden = !draft.may(way.dataset.can);
    if (this.focus && !draft.grid(this.focus)) this.focus = "";
    this.showFocus();
    this.fillPanel();
  }

  /** Let the server take a step; what it answers is what holds. */
  async step(step, wrong = (messages) => this.wrong(messages)) {
    if (this.busy) return;
    this.occupy(true);
    try {
      const answer = await send(this.root.dataset.steps, this.root.dataset.token, { version: this.draft.state.version, ...step });
      this.notice("");
      this.draft.merge(answer);
      if (step.action === "move") this.selection = new Set();
      this.choose(this.selection, false);
      this.draw(answer.changed_communities);
      this.saved(answer, step);
    } catch (problem) {
      if (!(problem instanceof Unanswered)) throw problem;
      await this.refused(problem, step, wrong);
    } finally {
      this.occupy(false);
    }
  }

  async refused(problem, step, wrong) {
    if (problem.why === "refused") return wrong(problem.errors.map(({ message }) => message));
    if (problem.why !== "stale") return this.notice(problem.why === "offline" ? "offline" : "failed", () => this.step(step, wrong));
    const answer = await this.ask(() => read(this.root.dataset.draft));
    if (!answer) return undefined;
    this.draft.take(answer);
    this.draw();
    return this.notice("stale");
  }

  occupy(busy) {
    this.busy = busy;
    this.root.setAttribute("aria-busy", String(busy));
    for (const way of this.root.querySelectorAll("[data-edit]")) way.setAttribute("aria-busy", String(busy));
  }

  wrong(messages) {
    if (this.panel.element.hidden) this.notice("refused", null, messages.join(" "));
    else this.panel.wrong(messages);
  }

  saved(answer, { action }) {
    const time = new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
    const undone = { undo: answer.redo, redo: answer.undo }[action] ?? answer.undo ?? "";
    find("saved", this.root).textContent = say(action === "undo" ? "undone" : "saved", { time, what: undone });
  }

  /** Say something about the whole page above it; an empty name takes it away. */
  notice(name, again = null, text = "") {
    const place = find("notice", this.root);
    place.replaceChildren();
    if (!name) return;
    const tone = name === "offline" ? "offline" : "soon";
    const said = make("div", {}, make("b", {}, say(`${name}Title`)), make("p", {}, text || say(`${name}Text`)));
    const box = make("div", { class: `l-notice l-notice-${tone}`, role: "alert" }, icon(tone === "offline" ? "wifi-off" : "alert-triangle"), said);
    if (again) box.append(button(say("again"), { class: "btn btn-small" }, again));
    const shut = make("button", { type: "button", class: "l-icon-button", "aria-label": say("close") }, icon("x"));
    shut.addEventListener("click", () => this.notice(""));
    box.append(shut);
    place.append(box);
  }

  // What is selected, and which grid is brought out.

  toggle(id, where = "map") {
    this.panel.standIn(where);
    const next = new Set(this.selection);
    if (!next.delete(id)) next.add(id);
    this.choose(next);
  }

  /** A box or a loop was drawn around buildings. */
  circle(ids) {
    this.panel.standIn("map");
    this.choose(new Set([...this.selection, ...ids]));
  }

  choose(selection, fill = true) {
    this.selection = selection;
    this.maps.forEach((map) => map.select(selection));
    this.list.select(selection);
    if (fill) this.fillPanel();
  }

  /** A grid was pointed at on the map: where something is selected, that is where it is to go. */
  point(key) {
    if (!key) return;
    if (!this.selection.size) return this.openGrid(key);
    this.panel.target = key;
    this.fillPanel();
  }

  openGrid(key, opener = null) {
    this.panel.standIn("map");
    this.opener = opener;
    this.focus = this.focus === key && opener ? "" : key;
    if (this.selection.size) this.choose(new Set(), false);
    this.showFocus();
    this.fillPanel();
    if (!opener || !this.focus) return;
    this.panel.focus();
    const shape = this.draft.shapes.get(key);
    if (shape) this.maps.forEach((map) => map.goToShape(shape));
  }

  close() {
    this.focus = "";
    this.showFocus();
    this.fillPanel();
    if (this.opener?.isConnected) this.opener.focus();
  }

  showFocus() {
    this.table.show(this.focus);
    this.list.show(this.focus);
    this.maps.forEach((map) => map.show(this.focus));
  }

  fillPanel() {
    if (this.selection.size) this.panel.showSelection(this.selection);
    else if (this.focus) this.panel.showGrid(this.focus);
    else this.panel.hide();
  }

  showBuilding(id) {
    const house = this.draft.buildings.get(id);
    if (!house) return;
    this.panel.standIn("map");
    this.choose(new Set([id]));
    if (house.middle) this.maps.forEach((map) => map.goTo([...house.middle, ...house.middle], 17));
    this.panel.focus();
  }

  explain(step, what, way) {
    const explained = this.draft.grid(step.grid)?.remarks.find(({ level }) => level === "explain")?.explained ?? "";
    what.querySelector(".l-plan-explain")?.remove();
    const close = () => {
      form.remove();
      way.focus();
    };
    const form = explanation(step, explained, (full) => this.step(full, (messages) => tellWrong(form, messages)), close);
    what.append(form);
  }

  // The map.

  use(tool) {
    for (const way of this.root.querySelectorAll("[data-tool]")) way.setAttribute("aria-pressed", String(way.dataset.tool === tool));
    this.maps.forEach((map) => map.use(tool));
    this.tool = tool;
  }

  colour(byLoad) {
    this.byLoad = byLoad;
    this.maps.forEach((map) => map.colourByLoad(byLoad));
    find("legend-load", this.root).hidden = !byLoad;
  }

  compare() {
    const way = find("compare", this.root);
    const open = way.getAttribute("aria-pressed") !== "true";
    const [first] = this.maps;
    const seen = first?.seen();
    way.setAttribute("aria-pressed", String(open));
    find("maps", this.root).classList.toggle("l-plan-beside", open);
    find("sides", this.root).hidden = !open;
    find("pane-present", this.root).hidden = !open;
    if (open && !this.present) {
      this.present = this.drawMap("present");
      this.present?.use(this.tool ?? "point");
      if (this.present && first !== this.present) this.present.follow(first);
    }
    this.side("draft");
    // What was in sight stays in sight, in half the room.
    if (seen) first.goTo(overlap(seen, this.draft.ground.bounds));
  }

  /** Where there is no room for two maps: the one that is to be seen. */
  side(name) {
    find("maps", this.root).dataset.side = name;
    for (const way of this.root.querySelectorAll("button[data-side]")) way.setAttribute("aria-pressed", String(way.dataset.side === name));
    this.maps.forEach((map) => map.resize());
  }

  goTo(code) {
    this.table.narrow(code);
    const place = this.draft.communities.find((one) => one.code === code);
    this.maps.forEach((map) => map.goTo(place?.bounds ?? this.draft.ground.bounds));
  }
}

const root = document.getElementById("plan");
if (root) new Page(root).start();
