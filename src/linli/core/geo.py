"""Shapes on the ground: which area holds a point, how large things are, and GeoJSON in and out.

Positions are longitude, latitude in degrees of WGS-84. Lengths and areas are in metres on a plane laid against the
ellipsoid at the place itself (local equirectangular projection), which is exact to about one in a thousand over the
size of a district.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

LonLat = tuple[float, float]
Bounds = tuple[float, float, float, float]
Key = TypeVar("Key", int, str)

WORLD: Bounds = (-180.0, -90.0, 180.0, 90.0)

_EQUATOR_RADIUS_METRES = 6378137.0
_ECCENTRICITY_SQUARED = 0.00669437999014


class GeometryError(ValueError):
    """The GeoJSON is no geometry, or one that cannot be: empty, off the world, crossing itself."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How well children fill their parent, in square metres.

    `gaps_m2` is in no child, `overlaps_m2` is in more than one (counted once), `outside_m2` is in a child but not in
    the parent.
    """

    gaps_m2: float
    overlaps_m2: float
    outside_m2: float


class GridIndex(Generic[Key]):
    """Finds the area that holds a point, among many.

    Args:
        items: keys with their polygons. A point on a shared border belongs to the smallest key that covers it.
    """

    def __init__(self, items: Iterable[tuple[Key, BaseGeometry]]) -> None:
        ordered = sorted(items, key=_first_of_pair)
        self._keys: list[Key] = [key for key, _geometry in ordered]
        self._tree = shapely.STRtree([geometry for _key, geometry in ordered])

    def __len__(self) -> int:
        return len(self._keys)

    def locate(self, lon: float, lat: float) -> Key | None:
        """Return the key of the area that holds a point, its border included, or None."""
        found = self._tree.query(shapely.Point(lon, lat), predicate="intersects")
        return self._keys[int(found.min())] if found.size else None

    def locate_many(self, points: Sequence[LonLat]) -> list[Key | None]:
        """Return for each point what `locate` would, at once."""
        if not points:
            return []
        point_numbers, positions = self._tree.query(shapely.points(np.asarray(points)), predicate="intersects")
        nowhere = len(self._keys)
        smallest = np.full(len(points), nowhere)
        np.minimum.at(smallest, point_numbers, positions)
        return [None if position == nowhere else self._keys[position] for position in smallest.tolist()]


def area_m2(geometry: BaseGeometry) -> float:
    """Return the area of a geometry in square metres; 0 for points and lines."""
    return float(_in_metres(geometry, _middle_latitude(geometry)).area)


def distance_m(first: LonLat, second: LonLat) -> float:
    """Return the distance between two positions in metres; for places within a city of each other."""
    east, north = _metres_per_degree((first[1] + second[1]) / 2)
    return math.hypot((second[0] - first[0]) * east, (second[1] - first[1]) * north)


def gaps_and_overlaps(parent: BaseGeometry, children: Sequence[BaseGeometry]) -> Coverage:
    """Measure where children leave their parent uncovered, cover it twice, or reach beyond it."""
    latitude = _middle_latitude(parent)
    whole = _in_metres(parent, latitude)
    parts = [_in_metres(child, latitude) for child in children]
    covered = shapely.union_all(parts)
    overlaps = shapely.union_all(list(_intersections(parts)))
    return Coverage(
        gaps_m2=float(whole.difference(covered).area),
        overlaps_m2=float(overlaps.area),
        outside_m2=float(covered.difference(whole).area),
    )


def seams(parent: BaseGeometry, children: Sequence[BaseGeometry]) -> dict[str, BaseGeometry]:
    """Return where children leave their parent uncovered (“gap”), cover it twice (“overlap”) or leave it (“outside”).

    In degrees, as they were given; `gaps_and_overlaps` measures the same.
    """
    covered = shapely.union_all(list(children))
    return {
        "gap": parent.difference(covered),
        "overlap": shapely.union_all(list(_intersections(list(children)))),
        "outside": covered.difference(parent),
    }


def polygons_of(geometry: BaseGeometry, smallest_m2: float = 0.0) -> list[shapely.Polygon]:
    """Return the polygons that a geometry is made of, without lines, points and those smaller than ``smallest_m2``."""
    parts = shapely.get_parts(geometry).tolist()
    flat = [inner for part in parts for inner in shapely.get_parts(part).tolist()]
    return [part for part in flat if isinstance(part, shapely.Polygon) and area_m2(part) > smallest_m2]


def valid_lon_lat(lon: float, lat: float, bounds: Bounds = WORLD) -> bool:
    """Tell whether a position lies within bounds (west, south, east, north), borders included."""
    west, south, east, north = bounds
    return west <= lon <= east and south <= lat <= north


def to_geojson(geometry: BaseGeometry, digits: int = 6) -> dict[str, Any]:
    """Return a geometry as a GeoJSON object, its positions rounded; six digits are a tenth of a metre.

    Neighbours with the same border keep the same border, because every position is rounded by itself.
    """
    rounded = shapely.transform(geometry, lambda positions: np.round(positions, digits))
    return dict(mapping(rounded))


def from_geojson(document: Mapping[str, Any]) -> BaseGeometry:
    """Return the geometry of a GeoJSON geometry object.

    Raises:
        GeometryError: it is no geometry, is empty, lies off the world, or crosses itself.
    """
    try:
        geometry = shape(dict(document))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, shapely.errors.ShapelyError) as error:
        raise GeometryError("not a GeoJSON geometry") from error
    positions = shapely.get_coordinates(geometry)
    if not len(positions):
        raise GeometryError("the geometry is empty")
    if not all(valid_lon_lat(lon, lat) for lon, lat in positions.tolist()):
        raise GeometryError("the geometry lies off the world; positions are longitude, latitude in degrees")
    if not geometry.is_valid:
        raise GeometryError(f"the geometry cannot be: {shapely.is_valid_reason(geometry)}")
    return geometry


def _first_of_pair(pair: tuple[Key, BaseGeometry]) -> Key:
    return pair[0]


def _intersections(parts: Sequence[BaseGeometry]) -> Iterator[BaseGeometry]:
    if not parts:
        return
    firsts, seconds = shapely.STRtree(parts).query(parts, predicate="intersects")
    for first, second in zip(firsts.tolist(), seconds.tolist(), strict=True):
        if first < second:
            yield parts[first].intersection(parts[second])


def _middle_latitude(geometry: BaseGeometry) -> float:
    _west, south, _east, north = geometry.bounds
    return float(south + north) / 2


def _in_metres(geometry: BaseGeometry, latitude: float) -> BaseGeometry:
    scale: NDArray[np.float64] = np.array(_metres_per_degree(latitude))
    return shapely.transform(geometry, lambda positions: positions * scale)


def _metres_per_degree(latitude: float) -> tuple[float, float]:
    """Return the length of a degree of longitude and of latitude on the WGS-84 ellipsoid."""
    radians = math.radians(latitude)
    curvature = 1 - _ECCENTRICITY_SQUARED * math.sin(radians) ** 2
    east = math.radians(_EQUATOR_RADIUS_METRES * math.cos(radians) / math.sqrt(curvature))
    north = math.radians(_EQUATOR_RADIUS_METRES * (1 - _ECCENTRICITY_SQUARED) / curvature**1.5)
    return east, north
