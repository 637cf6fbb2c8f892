/** How maps look: a MapLibre style made in code from the colours of the page; no tile server, no glyph server. */

const EMPTY = { type: "FeatureCollection", features: [] };
const TONES = ["far-below", "below", "above", "well-above", "far-above"];
const WIDE = ["street", "district", "city"];

/** Read the map's colours from the style sheet, so that dark pages get dark maps. */
function colours(element) {
  const values = getComputedStyle(element);
  const read = (name) => values.getPropertyValue(`--linli-${name}`).trim();
  return {
    land: read("map-land"),
    building: read("map-building"),
    road: read("map-road"),
    boundary: read("map-boundary"),
    label: read("map-label"),
    halo: read("map-halo"),
    ink: read("ink"),
    accent: read("accent"),
    tint: read("accent-tint"),
    tones: TONES.flatMap((tone) => [tone, read(`map-${tone}`)]),
  };
}

const source = (address) => ({ type: "geojson", data: address || EMPTY });

/** Numbers that are larger when the letters of the page are. */
const rem = (size) => size * parseFloat(getComputedStyle(document.documentElement).fontSize);

function label(id, from, field, size, colour, extra = {}) {
  return {
    id,
    type: "symbol",
    source: from,
    layout: { "text-field": field, "text-size": rem(size), "text-font": ["sans-serif"], "text-padding": 4 },
    paint: { "text-color": colour.label, "text-halo-color": colour.halo, "text-halo-width": 1.5 },
    ...extra,
  };
}

/**
 * Return the style of one map.
 * @param {HTMLElement} element  a `<linli-map>`; its data attributes name the sources
 */
export function styleOf(element) {
  const { areas, buildings, roads, selected } = element.dataset;
  const colour = colours(element);
  const chosen = ["==", ["get", "code"], selected ?? ""];
  return {
    version: 8,
    sources: { areas: source(areas), buildings: source(buildings), roads: source(roads) },
    layers: [
      { id: "land", type: "background", paint: { "background-color": colour.land } },
      {
        id: "areas",
        type: "fill",
        source: "areas",
        paint: {
          "fill-color": ["case", chosen, colour.tint, ["match", ["get", "tone"], ...colour.tones, colour.land]],
        },
      },
      {
        id: "roads",
        type: "line",
        source: "roads",
        layout: { "line-cap": "round", "line-join": "round" },
        paint: { "line-color": colour.road, "line-width": ["interpolate", ["linear"], ["zoom"], 12, 1, 18, 14] },
      },
      {
        id: "buildings",
        type: "fill",
        source: "buildings",
        minzoom: 13,
        paint: { "fill-color": colour.building },
      },
      {
        id: "boundaries",
        type: "line",
        source: "areas",
        layout: { "line-join": "round" },
        paint: {
          "line-color": ["case", chosen, colour.accent, colour.boundary],
          "line-width": ["case", chosen, 3, ["in", ["get", "level"], ["literal", WIDE]], 2.5, 1.5],
        },
      },
      label("building-labels", "buildings", ["to-string", ["coalesce", ["get", "label"], ""]], 0.75, colour, { minzoom: 16 }),
      label("area-labels", "areas", ["to-string", ["coalesce", ["get", "label"], ["get", "name"], ""]], 0.9375, { ...colour, label: colour.ink }),
    ],
  };
}
