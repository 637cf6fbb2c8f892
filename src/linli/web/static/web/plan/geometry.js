/** A little geometry over GeoJSON, in degrees; good enough for the size of a district. */

const polygonsOf = (geometry) => (geometry.type === "MultiPolygon" ? geometry.coordinates : [geometry.coordinates]);

/** Bounding box [west, south, east, north] of GeoJSON features. */
export function boundsOf(features) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const visit = (part) => {
    if (typeof part[0] !== "number") return part.forEach(visit);
    box[0] = Math.min(box[0], part[0]);
    box[1] = Math.min(box[1], part[1]);
    box[2] = Math.max(box[2], part[0]);
    box[3] = Math.max(box[3], part[1]);
  };
  for (const { geometry } of features) if (geometry) visit(geometry.coordinates);
  return box;
}

/** Twice the signed area of a ring, and its centre of gravity. */
function weigh(ring) {
  const [x0, y0] = ring[0];
  let [area, x, y] = [0, 0, 0];
  for (let at = 0; at < ring.length - 1; at += 1) {
    const [ax, ay, bx, by] = [ring[at][0] - x0, ring[at][1] - y0, ring[at + 1][0] - x0, ring[at + 1][1] - y0];
    const cross = ax * by - bx * ay;
    area += cross;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  return area ? { area: Math.abs(area), middle: [x0 + x / (3 * area), y0 + y / (3 * area)] } : { area: 0, middle: ring[0] };
}

/** The middle of a point or of the largest polygon. */
export function middleOf(geometry) {
  if (geometry.type === "Point") return geometry.coordinates;
  const weights = polygonsOf(geometry).map((rings) => weigh(rings[0]));
  return weights.reduce((best, one) => (one.area > best.area ? one : best)).middle;
}

/** Whether a place lies within a ring. */
export function inRing([x, y], ring) {
  let within = false;
  for (let at = 0, before = ring.length - 1; at < ring.length; before = at, at += 1) {
    const [[ax, ay], [bx, by]] = [ring[at], ring[before]];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) within = !within;
  }
  return within;
}

/** Whether a place lies within a polygon or one of several. */
export function inside(place, geometry) {
  if (!geometry.type.endsWith("Polygon")) return false;
  return polygonsOf(geometry).some(([outer, ...holes]) => inRing(place, outer) && !holes.some((hole) => inRing(place, hole)));
}

/** What two boxes have in common (west, south, east, north); the first where they lie apart. */
export function overlap(one, other) {
  const [west, south] = [0, 1].map((at) => Math.max(one[at], other[at]));
  const [east, north] = [2, 3].map((at) => Math.min(one[at], other[at]));
  return west < east && south < north ? [west, south, east, north] : one;
}
