/** The sheet over the map on which a box or a loop is drawn around buildings; with Shift a box is drawn at any time. */
import { inRing } from "./geometry.js";

const SVG = "http://www.w3.org/2000/svg";
// Pixels; less than that is a click.
const STILL = 5;

export class Sheet {
  /**
   * @param {object} map  MapLibre's
   * @param {Function} drawn  called with the ring of points that was drawn
   * @param {Function} clicked  called with the point where nothing was drawn
   */
  constructor(map, drawn, clicked) {
    Object.assign(this, { map, drawn, clicked, tool: "point", path: null });
    this.element = document.createElementNS(SVG, "svg");
    this.element.classList.add("l-plan-sheet");
    this.element.setAttribute("aria-hidden", "true");
    this.line = this.element.appendChild(document.createElementNS(SVG, "polygon"));
    map.getCanvasContainer().append(this.element);
    this.element.addEventListener("pointerdown", (event) => this.begin(event));
    this.element.addEventListener("pointermove", (event) => this.go(event));
    this.element.addEventListener("pointerup", (event) => this.end(event));
    this.element.addEventListener("pointercancel", () => this.stop());
    this.element.addEventListener("click", (event) => event.stopPropagation());
    window.addEventListener("keydown", (event) => event.key === "Shift" && this.cover());
    window.addEventListener("keyup", (event) => event.key === "Shift" && !this.path && this.cover(false));
    window.addEventListener("blur", () => !this.path && this.cover(false));
  }

  static holds(place, ring) {
    return inRing(place, [...ring, ring[0]]);
  }

  use(tool) {
    this.tool = tool;
    this.cover(false);
  }

  /** Lie over the map, or let what lies below be touched. */
  cover(shift = true) {
    const drawing = this.tool !== "point";
    this.shape = drawing ? this.tool : "box";
    this.element.classList.toggle("l-plan-sheet-on", drawing || shift);
    this.map.dragPan[drawing || shift ? "disable" : "enable"]();
  }

  at(event) {
    const box = this.element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  begin(event) {
    if (event.button !== 0 || !event.isPrimary) return this.stop();
    this.element.setPointerCapture(event.pointerId);
    this.path = [this.at(event)];
  }

  go(event) {
    if (!this.path || !event.isPrimary) return;
    const [first, here] = [this.path[0], this.at(event)];
    if (this.shape === "lasso") this.path.push(here);
    else this.path = [first, [here[0], first[1]], here, [first[0], here[1]]];
    this.line.setAttribute("points", this.path.map((place) => place.join(",")).join(" "));
  }

  end(event) {
    const { path } = this;
    this.stop();
    if (!path) return;
    const [first, last] = [path[0], this.at(event)];
    const far = (place) => Math.max(Math.abs(place[0] - first[0]), Math.abs(place[1] - first[1]));
    if (path.length > 2 && Math.max(...path.map(far)) > STILL) this.drawn(path);
    else this.clicked(last);
    if (!event.shiftKey) this.cover(false);
  }

  stop() {
    this.path = null;
    this.line.setAttribute("points", "");
  }
}
