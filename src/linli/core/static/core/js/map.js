/** `<linli-map>`: areas, buildings and pins from GeoJSON, without the internet. docs/parts.md lists the attributes.
 *
 * What is inside the element stays when maps can't be drawn (no scripts, no WebGL). Pins are links in reading order. With
 * `data-pick` a tap, or Enter for the middle of the map, fills two inputs of the same form.
 * Events: `linli:pick` {lon, lat} and `linli:area` {code, name}.
 */
import * as maplibre from "maplibre-gl";
import { styleOf } from "./map-style.js";
import { say } from "./words.js";

maplibre.setWorkerUrl("/static/vendor/maplibre/maplibre-gl-worker.mjs");

const PIN =
  '<svg class="l-place-pin" viewBox="0 0 32 40" aria-hidden="true"><path d="M16 39C10 30 3 24 3 15a13 13 0 0 1 26 0c0 9-7 15-13 24z"/><circle cx="16" cy="15" r="5"/></svg>';
const CHINA = [73, 18, 135, 54];
// Pixels; the buttons stand at the left.
const ROOM = { top: 24, right: 24, bottom: 24, left: 72 };

/** "a,b,…" as numbers, or null when it is not all numbers. */
function numbers(text) {
  const values = (text ?? "").split(",").map(Number);
  return text && values.every(Number.isFinite) ? values : null;
}

/** Bounding box [west, south, east, north] of GeoJSON features, or null when there are none. */
function boundsOf(features) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const visit = (part) => {
    if (typeof part[0] !== "number") return part.forEach(visit);
    box[0] = Math.min(box[0], part[0]);
    box[1] = Math.min(box[1], part[1]);
    box[2] = Math.max(box[2], part[0]);
    box[3] = Math.max(box[3], part[1]);
  };
  for (const feature of features) if (feature.geometry) visit(feature.geometry.coordinates);
  return box[0] <= box[2] ? box : null;
}

class LinliMap extends HTMLElement {
  connectedCallback() {
    const canvas = document.createElement("div");
    canvas.className = "l-map-canvas";
    this.append(canvas);
    try {
      this.draw(canvas);
    } catch {
      canvas.remove();
    }
  }

  disconnectedCallback() {
    this.darkness?.removeEventListener("change", this.restyle);
    this.map?.remove();
    this.map = null;
  }

  draw(canvas) {
    this.map = new maplibre.Map({
      container: canvas,
      style: this.dataset.style || styleOf(this),
      bounds: numbers(this.dataset.bounds) ?? CHINA,
      fitBoundsOptions: { padding: ROOM },
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      cooperativeGestures: false,
      localIdeographFontFamily: getComputedStyle(document.body).fontFamily,
      fadeDuration: 0,
      locale: { "Map.Title": this.dataset.label, "NavigationControl.ZoomIn": say("zoomIn"), "NavigationControl.ZoomOut": say("zoomOut") },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-left");
    this.describe();
    this.listen();
    this.querySelector(".l-map-alternative")?.setAttribute("hidden", "");
    this.showMarker(numbers(this.dataset.marker));
    this.fit();
    this.loadPins();
  }

  /** Name the canvas for screen readers; keys work when it has the focus. */
  describe() {
    const canvas = this.map.getCanvas();
    canvas.setAttribute("aria-label", `${this.dataset.label}. ${say("mapHint")}`);
  }

  listen() {
    this.map.on("click", (event) => this.tap(event.lngLat, event.point));
    this.map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.tap(this.map.getCenter(), this.map.project(this.map.getCenter()));
    });
    if (this.dataset.style) return;
    this.restyle = () => this.map.setStyle(styleOf(this));
    this.darkness = matchMedia("(prefers-color-scheme: dark)");
    this.darkness.addEventListener("change", this.restyle);
  }

  tap(place, point) {
    if (this.dataset.pick) this.pick(place.lng, place.lat);
    const layers = this.map.getLayer("areas") ? ["areas"] : [];
    const [area] = this.map.queryRenderedFeatures(point, { layers });
    if (!area) return;
    const { code, name } = area.properties;
    this.dispatchEvent(new CustomEvent("linli:area", { bubbles: true, detail: { code, name } }));
    if (!this.dataset.pick) this.tellAbout(area.properties, place);
  }

  /** Take a place: fill the inputs, set the pin, tell the page. Degrees in WGS-84. */
  pick(lon, lat) {
    const names = this.dataset.pick.split(" ");
    const form = this.closest("form");
    [lon, lat].forEach((value, at) => {
      const input = form?.elements.namedItem(names[at]);
      if (input) input.value = value.toFixed(6);
    });
    this.showMarker([lon, lat]);
    this.dispatchEvent(new CustomEvent("linli:pick", { bubbles: true, detail: { lon, lat } }));
  }

  showMarker(place) {
    if (!place) return;
    if (!this.marker) {
      const holder = document.createElement("div");
      holder.innerHTML = PIN;
      this.marker = new maplibre.Marker({ element: holder.firstElementChild, anchor: "bottom" });
    }
    this.marker.setLngLat(place).addTo(this.map);
  }

  /** A small note on an area, with the way to the rows behind its number. */
  tellAbout({ name, detail, url, link }, place) {
    if (!detail && !url) return;
    const note = document.createElement("div");
    note.className = "l-map-popup";
    const head = document.createElement("b");
    head.textContent = name;
    note.append(head, detail ?? "");
    if (url) {
      const way = document.createElement("a");
      way.href = url;
      way.textContent = link || name;
      note.append(way);
    }
    this.popup?.remove();
    this.popup = new maplibre.Popup({ closeButton: false, maxWidth: "20rem" });
    this.popup.setLngLat(place).setDOMContent(note).addTo(this.map);
  }

  /** Without given bounds the chosen area, else all areas, fill the map. */
  async fit() {
    const { areas, bounds, marker, selected } = this.dataset;
    if (bounds || !areas) {
      if (!bounds && marker) this.map.jumpTo({ center: numbers(marker), zoom: 16 });
      return;
    }
    const { features } = await this.load(areas);
    const chosen = features.filter((feature) => feature.properties.code === selected);
    const box = boundsOf(chosen.length ? chosen : features);
    if (box) this.map?.fitBounds(box, { padding: ROOM, duration: 0, maxZoom: 18 });
  }

  async loadPins() {
    if (!this.dataset.points) return;
    const { features } = await this.load(this.dataset.points);
    for (const feature of features) this.addPin(feature);
  }

  addPin({ geometry, properties }) {
    const { url, label, tone, count } = properties;
    const pin = document.createElement(url ? "a" : "span");
    if (url) pin.href = url;
    pin.className = `l-pin l-pin-${tone}`;
    const told = document.createElement("span");
    told.className = "visually-hidden";
    told.textContent = label;
    pin.append(String(count ?? (tone === "late" ? "!" : "")), told);
    pin.title = label;
    if (this.map) new maplibre.Marker({ element: pin }).setLngLat(geometry.coordinates).addTo(this.map);
  }

  /** Fetch GeoJSON; a map without its data stays empty rather than breaking the page. */
  async load(address) {
    try {
      const answer = await fetch(address, { headers: { Accept: "application/geo+json, application/json" } });
      return answer.ok ? await answer.json() : { features: [] };
    } catch {
      return { features: [] };
    }
  }
}

/** Buttons that take the device's position, only when pressed. */
function offerPosition(button) {
  const map = document.getElementById(button.dataset.locate);
  if (!map || !navigator.geolocation) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        map.map?.jumpTo({ center: [coords.longitude, coords.latitude], zoom: 16 });
        map.pick(coords.longitude, coords.latitude);
      },
      () => {
        button.insertAdjacentElement("afterend", told());
      },
      { enableHighAccuracy: true, timeout: 10000 },
    );
  });
}

function told() {
  document.getElementById("no-position")?.remove();
  const text = document.createElement("p");
  text.id = "no-position";
  text.className = "l-help";
  text.setAttribute("role", "status");
  text.textContent = say("noPosition");
  return text;
}

customElements.define("linli-map", LinliMap);
document.querySelectorAll("[data-locate]").forEach(offerPosition);
