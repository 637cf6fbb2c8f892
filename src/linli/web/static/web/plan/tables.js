/** What stands beside the map: the grids with their households, the figures, and what is to be looked at before applying. */
import { button, icon, make, say, spell } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 96;
const HEIGHT = 12;
const MOST_CHECKS = 40;
const LEVELS = { must: ["alert-circle", "late"], explain: ["alert-triangle", "soon"], fine: ["check", "fine"] };
// Name → how it is written, and whether less is better.
const FIGURES = {
  grids: [spell, null],
  mean_deviation: [(value) => `${(100 * value).toFixed(1)}%`, true],
  out_of_band: [spell, true],
  crossings_avoidable: [spell, true],
  compounds_split: [spell, true],
  compactness: [(value) => value.toFixed(2), false],
  defects_per_100: [(value) => value.toFixed(1), true],
};

function shape(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** Draw the band with a hollow dot for the present and a full one for the draft. */
function bandOf({ households, present_households: present, band: [low, high] }) {
  const at = (value) => 6 + (WIDTH - 12) * Math.min(value / (1.4 * high), 1);
  const middle = HEIGHT / 2;
  const svg = shape("svg", { class: "l-plan-band", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" });
  svg.append(shape("rect", { class: "l-plan-rail", x: 0, y: middle - 2, width: WIDTH, height: 4, rx: 2 }));
  svg.append(shape("rect", { class: "l-plan-allowed", x: at(low), y: middle - 2, width: at(high) - at(low), height: 4 }));
  if (present !== null && present !== households) {
    svg.append(shape("line", { class: "l-plan-way", x1: at(present), x2: at(households), y1: middle, y2: middle }));
    svg.append(shape("circle", { class: "l-plan-hollow", cx: at(present), cy: middle, r: 4 }));
  }
  svg.append(shape("circle", { class: "l-plan-full", cx: at(households), cy: middle, r: 4.5 }));
  return svg;
}

export class GridTable {
  constructor(table, draft, open) {
    Object.assign(this, { table, draft, open, place: "", focus: "", bodies: new Map() });
  }

  /** Draw the rows of some communities anew, or all of them. */
  draw(changed = null) {
    for (const { code, name } of this.draft.communities) {
      if (changed && !changed.includes(code) && this.bodies.has(code)) continue;
      const body = make("tbody");
      if (this.draft.communities.length > 1) {
        body.append(make("tr", { class: "l-group" }, make("th", { colspan: 4, scope: "rowgroup" }, name)));
      }
      body.append(...this.draft.grids.filter((grid) => grid.community === code).map((grid) => this.row(grid)));
      if (this.bodies.has(code)) this.bodies.get(code).replaceWith(body);
      else this.table.tFoot.before(body);
      this.bodies.set(code, body);
    }
    this.narrow(this.place);
    this.show(this.focus);
    this.sum();
  }

  row(grid) {
    const { key, name, worker, households, present_households: present, band, locked, remarks } = grid;
    const swatch = make("span", { class: "l-plan-swatch", "data-colour": this.draft.colours.get(key) });
    const told = make("span", { class: "l-plan-told" }, name, worker ? make("small", {}, worker) : null);
    const opener = make("button", { type: "button", class: "l-plan-name", "data-grid": key }, swatch, told);
    if (locked) opener.append(make("span", { class: "l-plan-lock", title: say("locked") }, icon("lock"), make("span", { class: "visually-hidden" }, say("locked"))));
    if (remarks.some(({ level, explained }) => level === "must" || (level === "explain" && !explained))) {
      opener.append(make("span", { class: "l-plan-lock l-tone-soon" }, icon("alert-triangle"), make("span", { class: "visually-hidden" }, say("toSee"))));
    }
    opener.addEventListener("click", () => this.open(key, opener));
    const last = band ? bandOf(grid) : make("small", {}, say("noBand"));
    const range = band ? make("span", { class: "visually-hidden" }, say("range", { low: band[0], high: band[1] })) : null;
    return make(
      "tr",
      { "data-row": key },
      make("td", {}, opener),
      make("td", { class: "l-number" }, present === null ? say("new") : spell(present)),
      make("td", { class: "l-number" }, make("b", {}, spell(households))),
      make("td", { class: "l-plan-last" }, last, range),
    );
  }

  sum() {
    const { grids, state } = this.draft;
    const add = (field) => spell(grids.reduce((sum, grid) => sum + (grid[field] ?? 0), 0));
    const { moved_buildings: buildings, moved_households: households } = state.figures.draft;
    this.table.tFoot.replaceChildren(
      make(
        "tr",
        {},
        make("th", { scope: "row" }, say("total", { count: grids.length })),
        make("td", { class: "l-number" }, add("present_households")),
        make("td", { class: "l-number" }, make("b", {}, add("households"))),
        make("td", { class: "l-plan-last" }, make("small", {}, buildings ? say("moved", { buildings, households: spell(households) }) : say("nothingMoved"))),
      ),
    );
  }

  /** Show the rows of one community, or of all. */
  narrow(place) {
    this.place = place;
    for (const [code, body] of this.bodies) body.hidden = Boolean(place) && code !== place;
  }

  show(key) {
    this.focus = key;
    for (const row of this.table.querySelectorAll("[data-row]")) {
      row.classList.toggle("l-plan-on", row.dataset.row === key);
    }
    for (const opener of this.table.querySelectorAll("[data-grid]")) {
      opener.setAttribute("aria-expanded", String(opener.dataset.grid === key));
    }
  }
}

/** Write the figures of the draft beside those of the present. */
export function drawFigures(body, { draft, present }) {
  const rows = Object.entries(FIGURES).map(([name, [write, less]]) => {
    const [before, now] = [present?.[name] ?? null, draft[name]];
    const better = before === null || less === null || write(before) === write(now) ? "" : say(less === now < before ? "better" : "worse");
    return make(
      "tr",
      {},
      make("th", { scope: "row" }, say(`figure_${name}`)),
      make("td", { class: "l-number" }, before === null ? "—" : write(before)),
      make("td", { class: "l-number" }, make("b", {}, write(now))),
      make("td", {}, make("small", {}, better)),
    );
  });
  body.replaceChildren(...rows);
}

export class Checks {
  /**
   * @param {HTMLElement} card
   * @param {{step: Function, building: Function, grid: Function, explain: Function}} deeds
   */
  constructor(card, deeds) {
    Object.assign(this, { card, deeds, all: false });
    this.list = card.querySelector("[data-checks]");
    this.counts = card.querySelector("[data-counts]");
  }

  draw(checks, editable) {
    const order = Object.keys(LEVELS);
    const sorted = [...checks].sort((one, other) => order.indexOf(one.level) - order.indexOf(other.level));
    const shown = this.all ? sorted : sorted.slice(0, MOST_CHECKS);
    this.list.replaceChildren(...shown.map((check) => this.row(check, editable)));
    if (shown.length < sorted.length) {
      const more = button(say("allChecks", { count: sorted.length }), { class: "btn btn-text" }, () => {
        this.all = true;
        this.draw(checks, editable);
      });
      this.list.append(make("li", {}, more));
    }
    const pills = order.slice(0, 2).map((level) => {
      const count = checks.filter((check) => check.level === level).length;
      return count ? make("span", { class: `l-pill l-pill-${LEVELS[level][1]}` }, say(`${level}Count`, { count })) : null;
    });
    this.counts.replaceChildren(...pills.filter(Boolean));
  }

  row(check, editable) {
    const [drawing, tone] = LEVELS[check.level];
    const title = check.grid ? button(check.text, { class: "l-plan-title" }, () => this.deeds.grid(check.grid, title)) : make("b", {}, check.text);
    const what = make("div", { class: "l-plan-what" }, title, check.detail ? make("p", {}, check.detail) : null);
    const ways = make("div", { class: "l-plan-fixes" });
    for (const fix of check.fixes) {
      if (fix.step && !editable) continue;
      const way = button(fix.words, { class: "btn btn-text btn-small" }, () => this.take(fix, what, way));
      ways.append(way);
    }
    if (ways.childElementCount) what.append(ways);
    return make("li", { class: `l-plan-check l-plan-${tone}` }, icon(drawing), what);
  }

  take(fix, what, way) {
    if (fix.step?.action === "explain") return this.deeds.explain(fix.step, what, way);
    if (fix.step) return this.deeds.step(fix.step, what);
    return fix.building === null ? undefined : this.deeds.building(fix.building);
  }
}
