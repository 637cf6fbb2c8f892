"""Dividing a piece of land into parts that fit together exactly.

Land is cut again and again by straight lines, as roads do it. Cuts are made in metres around an origin and then put
on one lattice of 1e-7 degrees all together, so that neighbours share their corners to the last digit, and every area
is the exact sum of the areas below it.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import shapely
import shapely.ops
from shapely import affinity
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

LATTICE_DEGREES = 1e-7
DECIMALS = 7
METRES_PER_DEGREE = 111_195.0
FAR_METRES = 1e6
CUT_STEPS = 30


@dataclass(frozen=True)
class Frame:
    """A flat drawing board around an origin in WGS-84 degrees; good enough within a district."""

    longitude: float
    latitude: float

    @property
    def metres_per_degree_east(self) -> float:
        return METRES_PER_DEGREE * math.cos(math.radians(self.latitude))

    def to_degrees(self, polygon: Polygon) -> Polygon:
        """Return a polygon in metres east and north of the origin as one in degrees."""
        scale = [1 / self.metres_per_degree_east, 0, 0, 1 / METRES_PER_DEGREE, self.longitude, self.latitude]
        return affinity.affine_transform(polygon, scale)

    def to_metres(self, polygon: Polygon) -> Polygon:
        """Return a polygon in degrees as one in metres east and north of the origin."""
        east, north = self.metres_per_degree_east, METRES_PER_DEGREE
        return affinity.affine_transform(polygon, [east, 0, 0, north, -self.longitude * east, -self.latitude * north])


@dataclass(frozen=True)
class Part:
    """One part to be cut: its key, how much of the land it gets, and roughly where it lies (metres)."""

    key: str
    weight: float
    east: float = 0.0
    north: float = 0.0


def divide(land: Polygon, parts: Sequence[Part], rng: random.Random) -> dict[str, Polygon]:
    """Return part key → polygon in metres; the parts' areas stand to each other as their weights."""
    if len(parts) == 1:
        return {parts[0].key: land}
    angle = _long_axis(land)
    along = (math.cos(angle), math.sin(angle))
    ordered = sorted(parts, key=lambda part: part.east * along[0] + part.north * along[1])
    half = _half(ordered)
    share = sum(part.weight for part in ordered[:half]) / sum(part.weight for part in ordered)
    first, second = cut(land, angle + rng.uniform(-0.13, 0.13), share)
    return divide(first, ordered[:half], rng) | divide(second, ordered[half:], rng)


def cut(land: Polygon, angle: float, share: float) -> tuple[Polygon, Polygon]:
    """Cut land by a line across ``angle`` (radians) so that the first piece has this share of its area."""
    turned = affinity.rotate(land, -angle, origin=(0, 0), use_radians=True)
    west, south, east, north = turned.bounds
    low, high = west, east
    for _step in range(CUT_STEPS):
        middle = (low + high) / 2
        if shapely.clip_by_rect(turned, west - 1, south - 1, middle, north + 1).area < share * turned.area:
            low = middle
        else:
            high = middle
    line = LineString([(low, -FAR_METRES), (low, FAR_METRES)])
    pieces = shapely.ops.split(land, affinity.rotate(line, angle, origin=(0, 0), use_radians=True)).geoms
    first, second = sorted(_polygons(pieces), key=lambda piece: _along(piece, angle))
    return first, second


def lattice(leaves: Mapping[str, Polygon], frame: Frame) -> dict[str, Polygon]:
    """Put leaves that were cut from one land on the lattice of degrees; the result fits together exactly."""
    drawn = {key: frame.to_degrees(polygon) for key, polygon in leaves.items()}
    keys = list(drawn)
    tree = shapely.STRtree([drawn[key] for key in keys])
    lines = shapely.unary_union([polygon.exterior for polygon in drawn.values()], grid_size=LATTICE_DEGREES)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    found: dict[str, Polygon] = {}
    for face in faces:
        index = tree.query(face.representative_point(), predicate="within")[0]
        found[keys[index]] = _rounded(face)
    if len(found) != len(leaves):
        raise ValueError("two leaves fell together on the lattice")
    return found


def joined(polygons: Sequence[Polygon]) -> Polygon:
    """Return the land that neighbours on the lattice cover together, with all their corners kept."""
    land = shapely.coverage_union_all(polygons)
    if not isinstance(land, Polygon):
        raise ValueError("the parts do not touch each other")
    return _rounded(land)


def _half(ordered: Sequence[Part]) -> int:
    """Return how many of the parts, from the first on, come nearest to half of the weight."""
    total, sums = 0.0, []
    for part in ordered[:-1]:
        total += part.weight
        sums.append(total)
    middle = (total + ordered[-1].weight) / 2
    return 1 + min(range(len(sums)), key=lambda number: abs(sums[number] - middle))


def _long_axis(land: Polygon) -> float:
    """Return the direction of the longer side of the smallest rectangle around the land, between ±90° (radians)."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(land)).tolist()
    (x0, y0), (x1, y1), (x2, y2) = corners[:3]
    long_side = max(((x1 - x0, y1 - y0), (x2 - x1, y2 - y1)), key=lambda side: math.hypot(*side))
    angle = math.atan2(long_side[1], long_side[0])
    return (angle + math.pi / 2) % math.pi - math.pi / 2


def _polygons(pieces: Iterable[BaseGeometry]) -> list[Polygon]:
    return [piece for piece in pieces if isinstance(piece, Polygon)]


def _along(piece: Polygon, angle: float) -> float:
    centre = piece.centroid
    return float(centre.x * math.cos(angle) + centre.y * math.sin(angle))


def _rounded(polygon: Polygon) -> Polygon:
    return Polygon([(round(x, DECIMALS), round(y, DECIMALS)) for x, y in polygon.exterior.coords])
