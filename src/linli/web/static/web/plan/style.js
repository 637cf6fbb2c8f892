/** How the maps of the plan page look: layers from the colours of the page, images of the labels. */

const EMPTY = { type: "FeatureCollection", features: [] };
const TONES = ["far-below", "below", "within", "well-above", "far-above"];
const CALM = [0, 1, 2, 3, 4, 5];
/** From this zoom on the grids of several communities have their labels. */
const NEAR = 13.6;

/** Numbers that are larger when the letters of the page are. */
const rem = (size) => size * parseFloat(getComputedStyle(document.documentElement).fontSize);
const when = (state, yes, no) => ["case", ["boolean", ["feature-state", state], false], yes, no];

/** Read the colours from the style sheet, so that dark pages get dark maps. */
export function coloursOf(element) {
  const values = getComputedStyle(element);
  const read = (name) => values.getPropertyValue(`--linli-${name}`).trim();
  const names = ["ink", "ink-2", "accent", "accent-tint", "on-accent", "surface", "control", "map-land", "map-road", "map-boundary"];
  return {
    ...Object.fromEntries(names.map((name) => [name, read(name)])),
    calm: CALM.flatMap((at) => [at, read(`plan-${at}`)]),
    tones: TONES.flatMap((tone) => [tone, tone === "within" ? read("plan-within") : read(`map-${tone}`)]),
  };
}

const from = (id, type, source, paint, more = {}) => ({ id, type, source, paint, ...more });
const round = { layout: { "line-join": "round", "line-cap": "round" } };

function words(id, source, layout, paint, more = {}) {
  return { id, type: "symbol", source, layout: { "text-font": ["sans-serif"], ...layout }, paint, ...more };
}

function grids(colour) {
  const fill = ["match", ["get", "colour"], ...colour.calm, colour["map-land"]];
  return [
    from("grids", "fill", "grids", { "fill-color": fill }),
    from("communities", "line", "communities", { "line-color": colour["map-boundary"], "line-width": 4, "line-opacity": 0.45 }, round),
    from("roads", "line", "roads", { "line-color": colour["map-road"], "line-width": ["interpolate", ["linear"], ["zoom"], 12, 1.5, 18, 12] }, round),
  ];
}

function houses(colour) {
  const edge = when("selected", colour.accent, when("moved", colour.accent, colour.control));
  const fill = when("selected", colour.accent, when("moved", colour["accent-tint"], colour.surface));
  const point = { filter: ["==", ["geometry-type"], "Point"], minzoom: 13 };
  return [
    from("buildings", "fill", "buildings", { "fill-color": fill }, { minzoom: 13 }),
    from("building-edges", "line", "buildings", { "line-color": edge, "line-width": when("moved", 1.75, 0.75) }, { minzoom: 14.5 }),
    from("building-points", "circle", "buildings", { "circle-color": fill, "circle-radius": 5, "circle-stroke-color": edge, "circle-stroke-width": 1 }, point),
  ];
}

function borders(colour, side) {
  const dashed = { "line-color": colour["ink-2"], "line-width": side === "present" ? 2 : 1.5, "line-dasharray": [2.5, 2] };
  const solid = { "line-color": colour.accent, "line-width": ["interpolate", ["linear"], ["zoom"], 12, 1.25, 16, 2.25] };
  const drawn = from("draft-lines", "line", "grids", solid, round);
  const present = from("present-lines", "line", "present", dashed, { layout: { "line-join": "round" } });
  const chosen = from("focus", "line", "grids", { "line-color": colour.accent, "line-width": 4.5 }, { ...round, filter: ["get", "focus"] });
  return side === "present" ? [present, chosen] : [drawn, present, chosen];
}

function labels(colour, several) {
  const number = { "text-field": ["to-string", ["get", "households"]], "text-size": rem(0.75), "text-padding": 1 };
  const pill = {
    "text-field": ["get", "text"],
    "text-size": rem(0.8125),
    "text-max-width": 14,
    "text-padding": 6,
    "icon-image": ["case", ["get", "focus"], "pill-on", "pill"],
    "icon-text-fit": "both",
    "symbol-sort-key": ["case", ["get", "focus"], 0, 1],
  };
  return [
    // From afar communities have names; grids of several communities are called the same.
    words("names", "names", { ...pill, "icon-image": "pill", "symbol-sort-key": 0 }, { "text-color": colour.ink }, { maxzoom: NEAR }),
    words("numbers", "buildings", number, { "text-color": when("selected", colour["on-accent"], colour["ink-2"]) }, { minzoom: 15.4 }),
    words("labels", "labels", pill, { "text-color": colour.ink }, several ? { minzoom: NEAR } : {}),
  ];
}

/**
 * Return the style of a map.
 * @param {HTMLElement} element  where the map stands
 * @param {"draft"|"present"} side
 * @param {Object<string, object>} data  GeoJSON by source
 */
export function styleOf(element, side, data) {
  const colour = coloursOf(element);
  const source = (name, more = {}) => [name, { type: "geojson", data: data[name] ?? EMPTY, ...more }];
  const names = ["communities", "grids", "present", "roads", "labels", "names"];
  return {
    version: 8,
    sources: Object.fromEntries([...names.map((name) => source(name)), source("buildings", { promoteId: "id" })]),
    layers: [
      { id: "land", type: "background", paint: { "background-color": colour["map-land"] } },
      ...grids(colour),
      ...houses(colour),
      ...borders(colour, side),
      ...labels(colour, Boolean(data.names?.features.length)),
    ],
  };
}

/** What fills the grids: calm colours, or how many households there are. */
export function fillOf(element, byLoad) {
  const colour = coloursOf(element);
  const field = byLoad ? ["match", ["get", "tone"], ...colour.tones] : ["match", ["get", "colour"], ...colour.calm];
  return [...field, colour["map-land"]];
}

/** Draw the ground of a label: a pill that MapLibre stretches around its words. */
export function pillOf(element, chosen) {
  const colour = coloursOf(element);
  const [width, height, line] = [72, 52, chosen ? 4 : 2];
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pen = canvas.getContext("2d");
  pen.beginPath();
  pen.roundRect(line / 2, line / 2, width - line, height - line, (height - line) / 2);
  pen.fillStyle = colour.surface;
  pen.fill();
  pen.lineWidth = line;
  pen.strokeStyle = chosen ? colour.accent : colour.control;
  pen.stroke();
  const image = pen.getImageData(0, 0, width, height);
  return [image, { pixelRatio: 2, stretchX: [[26, 46]], stretchY: [[24, 28]], content: [20, 8, 52, 44] }];
}
