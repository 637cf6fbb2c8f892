/** The draft as the page knows it: the ground, which never changes, and grids, shapes and assignment, which steps change. */
import { boundsOf, inside, middleOf } from "./geometry.js";

const CALM = 6;

export class Draft {
  /** @param {object} ground  the answer of ground.json */
  constructor(ground) {
    this.ground = ground;
    this.communities = ground.communities.features.map(({ properties, geometry }) => ({ ...properties, bounds: boundsOf([{ geometry }]) }));
    // Names on the map, where there are several communities.
    const named = ground.communities.features.map(({ properties, geometry }) => ({ name: properties.name, middle: middleOf(geometry) }));
    this.places = named.length > 1 ? named : [];
    this.buildings = new Map();
    for (const { geometry, properties } of ground.buildings.features) {
      this.buildings.set(properties.id, { ...properties, middle: geometry ? middleOf(geometry) : null });
    }
    this.presentOf = this.findPresent();
  }

  /** Where a building lies now: building → code of its present grid. */
  findPresent() {
    const grids = this.ground.present.features.map((feature) => ({ feature, bounds: boundsOf([feature]) }));
    const found = new Map();
    for (const { id, middle, present } of this.buildings.values()) {
      const [x, y] = middle ?? [NaN, NaN];
      const near = ({ bounds, feature }) =>
        x >= bounds[0] && x <= bounds[2] && y >= bounds[1] && y <= bounds[3] && inside(middle, feature.geometry);
      found.set(id, present ?? grids.find(near)?.feature.properties.code ?? "");
    }
    return found;
  }

  /** Take a whole answer of draft.json. */
  take(answer) {
    this.assignment = new Map();
    this.shapes = new Map();
    this.grids = [];
    this.merge(answer, this.communities.map(({ code }) => code));
  }

  /** Take the answer to a step, in which only some communities stand. */
  merge(answer, changed = answer.changed_communities ?? []) {
    this.state = answer;
    const gone = this.grids.filter((grid) => changed.includes(grid.community)).map(({ key }) => key);
    gone.forEach((key) => this.shapes.delete(key));
    const byPlace = new Map(this.communities.map(({ code }) => [code, []]));
    const stays = this.grids.filter((grid) => !changed.includes(grid.community));
    for (const grid of [...stays, ...answer.grids]) byPlace.get(grid.community)?.push(grid);
    this.grids = [...byPlace.values()].flat();
    for (const feature of answer.shapes.features) this.shapes.set(feature.properties.key, feature);
    for (const [id, key] of Object.entries(answer.assignment)) this.assignment.set(Number(id), key);
    this.byKey = new Map(this.grids.map((grid) => [grid.key, grid]));
    this.members = this.gather();
    this.neighbours = this.findNeighbours();
    this.colours = this.giveColours();
  }

  may(what) {
    return this.state.can.includes(what);
  }

  grid(key) {
    return this.byKey.get(key);
  }

  gridOf(id) {
    return this.byKey.get(this.assignment.get(id));
  }

  /** Whether a building changes its grid by the draft. */
  moves(id) {
    const grid = this.gridOf(id);
    return Boolean(grid) && grid.code !== this.presentOf.get(id);
  }

  buildingsOf(key) {
    return this.members.get(key) ?? [];
  }

  gather() {
    const members = new Map();
    for (const building of this.buildings.values()) {
      const key = this.assignment.get(building.id);
      if (!members.has(key)) members.set(key, []);
      members.get(key).push(building);
    }
    return members;
  }

  /** Which grids have a border in common: their shapes are drawn from one set of lines, so its corners are the same. */
  findNeighbours() {
    const corners = new Map();
    for (const [key, { geometry }] of this.shapes) {
      for (const [x, y] of cornersOf(geometry)) {
        const place = `${x},${y}`;
        if (!corners.has(place)) corners.set(place, new Set());
        corners.get(place).add(key);
      }
    }
    const found = new Map(this.grids.map(({ key }) => [key, new Set()]));
    for (const keys of corners.values()) {
      if (keys.size < 2) continue;
      for (const key of keys) keys.forEach((other) => other !== key && found.get(key)?.add(other));
    }
    return found;
  }

  /** Calm colours, so that no two neighbours look alike; a grid keeps its colour while that holds. */
  giveColours() {
    const before = this.colours ?? new Map();
    const given = new Map();
    this.grids.forEach(({ key }, at) => {
      const taken = new Set([...(this.neighbours.get(key) ?? [])].map((other) => given.get(other)));
      const wished = before.get(key) ?? at % CALM;
      const free = [wished, ...Array(CALM).keys()].find((colour) => !taken.has(colour));
      given.set(key, free ?? wished);
    });
    return given;
  }

  /** Where the label of a grid stands: in its middle, or at the building nearest to it where the middle lies outside. */
  labelPlace(key) {
    const { geometry } = this.shapes.get(key);
    const middle = middleOf(geometry);
    if (inside(middle, geometry)) return middle;
    const far = ([x, y]) => (x - middle[0]) ** 2 + (y - middle[1]) ** 2;
    const places = this.buildingsOf(key).flatMap((building) => (building.middle ? [building.middle] : []));
    return places.sort((one, other) => far(one) - far(other))[0] ?? middle;
  }

  communityName(code) {
    return this.communities.find((place) => place.code === code)?.name ?? "";
  }
}

function* cornersOf(geometry) {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  for (const rings of polygons) for (const ring of rings) yield* ring;
}

/** How a number of households stands to the band: a tone of the map. */
export function toneOf(households, band) {
  if (!band) return "within";
  const [low, high] = band;
  if (households < low) return households < 0.75 * low ? "far-below" : "below";
  if (households > high) return households > 1.25 * high ? "far-above" : "well-above";
  return "within";
}
