/** One map of the plan page: the draft, or what is there now. It draws and says what was pointed at; it decides nothing. */
import * as maplibre from "maplibre-gl";
import { say as sayOfMaps } from "linli/words.js";
import { toneOf } from "./draft.js";
import { boundsOf } from "./geometry.js";
import { fillOf, pillOf, styleOf } from "./style.js";
import { Sheet } from "./sheet.js";
import { say } from "./words.js";

maplibre.setWorkerUrl("/static/vendor/maplibre/maplibre-gl-worker.mjs");

const ROOM = { top: 28, right: 28, bottom: 28, left: 72 };
const collection = (features) => ({ type: "FeatureCollection", features });
const feature = (geometry, properties) => ({ type: "Feature", geometry, properties });

export class PlanMap {
  /**
   * @param {HTMLElement} place  where it stands
   * @param {"draft"|"present"} side
   * @param {import("./draft.js").Draft} draft
   * @param {{building: Function, grid: Function, shape: Function}} told  what to do with what was pointed at
   */
  constructor(place, side, draft, told) {
    Object.assign(this, { place, side, draft, told, data: {}, focus: "", byLoad: false, selection: new Set(), marked: new Map() });
    const { ground } = draft;
    Object.assign(this.data, { communities: ground.communities, roads: ground.roads, present: ground.present, buildings: ground.buildings });
    this.data.names = collection(draft.places.map(({ name, middle }) => feature({ type: "Point", coordinates: middle }, { text: name })));
    this.gatherGrids();
    this.map = new maplibre.Map({
      container: place,
      style: styleOf(place, side, this.data),
      bounds: ground.bounds,
      fitBoundsOptions: { padding: ROOM },
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      boxZoom: false,
      doubleClickZoom: false,
      localIdeographFontFamily: getComputedStyle(document.body).fontFamily,
      fadeDuration: 0,
      locale: { "Map.Title": place.dataset.label, "NavigationControl.ZoomIn": sayOfMaps("zoomIn"), "NavigationControl.ZoomOut": sayOfMaps("zoomOut") },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.addControl(new maplibre.NavigationControl({ showCompass: false }), side === "draft" ? "bottom-left" : "top-left");
    this.map.getCanvas().setAttribute("aria-label", `${place.dataset.label}. ${say("mapHint")}`);
    this.listen();
  }

  listen() {
    this.map.on("style.load", () => this.dress());
    this.map.on("click", (event) => this.point(event.point));
    this.map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.point(this.map.project(this.map.getCenter()));
    });
    this.sheet = new Sheet(this.map, (ring) => this.told.shape(this.within(ring)), (point) => this.point(point));
    this.darkness = matchMedia("(prefers-color-scheme: dark)");
    this.darkness.addEventListener("change", () => this.map.setStyle(styleOf(this.place, this.side, this.data)));
  }

  /** After a style was loaded: images, fills and marks, which are no part of it. */
  dress() {
    for (const [name, chosen] of [["pill", false], ["pill-on", true]]) {
      if (!this.map.hasImage(name)) this.map.addImage(name, ...pillOf(this.place, chosen));
    }
    this.map.setPaintProperty("grids", "fill-color", fillOf(this.place, this.byLoad));
    this.marked.clear();
    this.mark();
    this.showPresent(this.presentShown ?? true);
  }

  /** What lies under a point of the map: a building first, then a label, then a grid. */
  point(point) {
    const layers = ["buildings", "building-points", "labels", "grids"].filter((layer) => this.map.getLayer(layer));
    const found = this.map.queryRenderedFeatures(point, { layers });
    const label = found.find(({ layer }) => layer.id === "labels");
    const building = found.find(({ layer }) => layer.id.startsWith("building"));
    if (label) return this.told.grid(label.properties.key);
    if (building) return this.told.building(building.properties.id);
    const [grid] = found;
    return grid ? this.told.grid(grid.properties.key) : undefined;
  }

  /** The buildings whose middle lies within a ring of points. */
  within(ring) {
    const [west, north, east, south] = [Math.min, Math.min, Math.max, Math.max].map((most, at) => most(...ring.map((place) => place[at % 2])));
    const found = [];
    for (const { id, middle } of this.draft.buildings.values()) {
      if (!middle) continue;
      const { x, y } = this.map.project(middle);
      if (x >= west && x <= east && y >= north && y <= south && Sheet.holds([x, y], ring)) found.push(id);
    }
    return found;
  }

  /** The grids changed: draw them anew. */
  redraw() {
    this.gatherGrids();
    for (const name of ["grids", "labels"]) this.map.getSource(name)?.setData(this.data[name]);
    this.mark();
  }

  gatherGrids() {
    const [shapes, labels] = this.side === "draft" ? this.draftGrids() : this.presentGrids();
    this.data.grids = collection(shapes);
    this.data.labels = collection(labels);
  }

  draftGrids() {
    const { draft } = this;
    const known = draft.grids.filter(({ key }) => draft.shapes.has(key));
    const shape = ({ key, households, band }) =>
      feature(draft.shapes.get(key).geometry, { key, colour: draft.colours.get(key), tone: toneOf(households, band), focus: key === this.focus });
    const label = ({ key, name, households, locked }) => {
      const text = say(locked ? "labelLocked" : "label", { name, households });
      return feature({ type: "Point", coordinates: draft.labelPlace(key) }, { key, text, focus: key === this.focus });
    };
    return [known.map(shape), known.map(label)];
  }

  presentGrids() {
    const { draft } = this;
    const byCode = new Map(draft.grids.map((grid) => [grid.code, grid]));
    const band = draft.grids.find((grid) => grid.band)?.band ?? null;
    const rows = draft.ground.present.features.map(({ geometry, properties }, at) => {
      const now = byCode.get(properties.code);
      const key = now?.key ?? "";
      const limits = now ? now.band : band;
      return { geometry, key, name: properties.name, households: properties.households, colour: now ? draft.colours.get(key) : at % 6, limits };
    });
    return [
      rows.map(({ geometry, key, colour, households, limits }) =>
        feature(geometry, { key, colour, tone: toneOf(households, limits), focus: Boolean(key) && key === this.focus })),
      rows.map(({ geometry, key, name, households }) =>
        feature(geometry, { key, text: say("label", { name, households }), focus: Boolean(key) && key === this.focus })),
    ];
  }

  /** Bring a grid out. */
  show(key) {
    if (key === this.focus) return;
    this.focus = key;
    this.redraw();
  }

  colourByLoad(byLoad) {
    this.byLoad = byLoad;
    if (this.map.getLayer("grids")) this.map.setPaintProperty("grids", "fill-color", fillOf(this.place, byLoad));
  }

  showPresent(shown) {
    this.presentShown = shown;
    const hidden = this.side === "draft" && !shown;
    if (this.map.getLayer("present-lines")) this.map.setLayoutProperty("present-lines", "visibility", hidden ? "none" : "visible");
  }

  select(selection) {
    this.selection = selection;
    this.mark();
  }

  /** Say of each building whether it is selected and whether it moves; only what changed is told. */
  mark() {
    if (!this.map.getSource("buildings")) return;
    for (const id of this.draft.buildings.keys()) {
      const [selected, moved] = [this.selection.has(id), this.draft.moves(id)];
      const state = Number(selected) + 2 * Number(moved);
      if ((this.marked.get(id) ?? 0) === state) continue;
      this.marked.set(id, state);
      this.map.setFeatureState({ source: "buildings", id }, { selected, moved });
    }
  }

  goTo(bounds, zoom = 18) {
    this.map.fitBounds(bounds, { padding: ROOM, duration: 0, maxZoom: zoom });
  }

  /** What is in sight within the room that is kept free around: west, south, east, north. */
  seen() {
    const { clientWidth, clientHeight } = this.place;
    const low = this.map.unproject([ROOM.left, clientHeight - ROOM.bottom]);
    const high = this.map.unproject([clientWidth - ROOM.right, ROOM.top]);
    return [low.lng, low.lat, high.lng, high.lat];
  }

  /** Show a grid: nearer only when it is small on the screen or out of it. */
  goToShape(shape) {
    const [west, south, east, north] = boundsOf([shape]);
    const seen = this.map.getBounds();
    const out = !seen.contains([west, south]) || !seen.contains([east, north]);
    if (out || (east - west) * 6 < seen.getEast() - seen.getWest()) this.goTo([west, south, east, north], 16.5);
  }

  /** Move with another map. */
  follow(other) {
    const [here, there] = [this.map, other.map];
    let busy = false;
    const tie = (leader, follower) => () => {
      if (busy) return;
      busy = true;
      follower.jumpTo({ center: leader.getCenter(), zoom: leader.getZoom() });
      busy = false;
    };
    there.on("move", tie(there, here));
    here.on("move", tie(here, there));
    tie(there, here)();
  }

  resize() {
    this.map.resize();
  }

  /** "point", "box" or "lasso": what dragging does. */
  use(tool) {
    this.sheet.use(tool);
  }
}
