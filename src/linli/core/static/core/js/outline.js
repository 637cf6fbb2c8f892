/** `<button data-outline="FIELD" data-map="ID" hidden>`: while it is pressed, each place that is picked on the map becomes
 * a corner of an outline: one line “lon lat” in the text field of that name. The field can be edited by hand; the map
 * shows what stands in it.
 */
const EMPTY = { type: "FeatureCollection", features: [] };

/** The corners that stand in a text field; lines that are none are left out. */
function corners(text) {
  const places = text.split("\n").map((line) => line.trim().split(/[\s,，]+/).map(Number));
  return places.filter((place) => place.length === 2 && place.every(Number.isFinite));
}

/** What is to be drawn: the polygon from three corners on, a line before. */
function shapeOf(places) {
  if (places.length < 2) return EMPTY;
  const geometry =
    places.length > 2
      ? { type: "Polygon", coordinates: [[...places, places[0]]] }
      : { type: "LineString", coordinates: places };
  return { type: "Feature", geometry, properties: {} };
}

function offerOutline(button) {
  const element = document.getElementById(button.dataset.map);
  const field = button.form?.elements.namedItem(button.dataset.outline);
  const map = element?.map;
  if (!map || !field) return;
  const colour = getComputedStyle(element).getPropertyValue("--linli-accent").trim();

  const show = () => {
    const shape = shapeOf(corners(field.value));
    const there = map.getSource("outline");
    if (there) return there.setData(shape);
    map.addSource("outline", { type: "geojson", data: shape });
    const from = { source: "outline" };
    map.addLayer({ id: "outline-fill", type: "fill", ...from, paint: { "fill-color": colour, "fill-opacity": 0.2 } });
    map.addLayer({ id: "outline-line", type: "line", ...from, paint: { "line-color": colour, "line-width": 2.5 } });
  };

  button.hidden = false;
  button.addEventListener("click", () => {
    button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
  });
  element.addEventListener("linli:pick", ({ detail: { lon, lat } }) => {
    if (button.getAttribute("aria-pressed") !== "true") return;
    field.value = `${field.value.trim()}\n${lon.toFixed(6)} ${lat.toFixed(6)}`.trim();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    // The outline says where it stands; the pin would say it twice.
    for (const name of element.dataset.pick.split(" ")) button.form.elements.namedItem(name).value = "";
    element.marker?.remove();
  });
  // Dark pages get another style, which begins without the outline; the first style may be there already.
  map.on("style.load", show);
  map.once("idle", show);
  field.addEventListener("input", () => map.getSource("outline") && show());
}

document.querySelectorAll("[data-outline]").forEach(offerOutline);
