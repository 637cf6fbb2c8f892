"""Real files are dirty: makes the buildings of a place fit to be planned, and says what it had to do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from linli.planner.arrays import Floats, Ints, Shapes
from linli.planner.model import Building, Community, Place, Problem, Reason

# Two footprints are one where they share so much of the smaller.
ONE_FOOTPRINT = 0.25
# Shapely's number of the type; what is above has several parts.
POLYGON = 3
# Degrees, about half a metre: a building without a footprint is a spot that reaches so far to each side.
POINT_SIZE = 4e-6
# Degrees, about a millimetre: footprints so near to each other touch.
HAIR = 1e-8
EARTH_METRES = 111_320.0


@dataclass(frozen=True)
class Mended:
    """Buildings as arrays, one row each. ``community``: its place in ``communities``; ``twin``: the row it stands with.

    ``outlines`` are in WGS-84; a building without any place has a missing one.
    """

    buildings: tuple[Building, ...]
    communities: tuple[Community, ...]
    boundaries: Shapes
    outlines: Shapes
    households: Ints
    community: Ints
    twin: Ints
    problems: tuple[Problem, ...]


def mend(place: Place) -> Mended:
    """Return the buildings of a place with valid footprints, none of which overlap, each in one community."""
    problems: list[Problem] = []
    buildings = _each_once(place.buildings, problems)
    boundaries = _polygons_only(np.array([one.outline for one in place.communities], dtype=object))
    outlines = _valid_outlines(buildings, problems)
    community = _communities_of(buildings, outlines, place.communities, boundaries, problems)
    outlines, twin = _apart(buildings, outlines, community, problems)
    households = np.array([max(one.households, 0) for one in buildings], dtype=np.int64)
    problems += [
        Problem(one.key, Reason.BAD_HOUSEHOLDS, str(one.households)) for one in buildings if one.households < 0
    ]
    return Mended(buildings, place.communities, boundaries, outlines, households, community, twin, tuple(problems))


def _each_once(buildings: tuple[Building, ...], problems: list[Problem]) -> tuple[Building, ...]:
    found: dict[str, Building] = {}
    for one in buildings:
        if one.key in found:
            problems.append(Problem(one.key, Reason.REPEATED))
        else:
            found[one.key] = one
    return tuple(found.values())


def _polygons_only(outlines: Shapes) -> Shapes:
    """Return boundaries that are valid; lines and points that mending leaves behind are dropped."""
    bad = ~shapely.is_valid(outlines)
    if bad.any():
        outlines = outlines.copy()
        outlines[bad] = [_areas_of(one) for one in shapely.make_valid(outlines[bad])]
    return outlines


def _areas_of(outline: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(shapely.get_parts(outline))
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])


def _valid_outlines(buildings: tuple[Building, ...], problems: list[Problem]) -> Shapes:
    """Return polygons; what is empty or not finite is missing, points and lines become a spot in their middle."""
    outlines = np.array([one.outline for one in buildings], dtype=object)
    gone = shapely.is_missing(outlines) | shapely.is_empty(outlines)
    gone[~gone] = ~np.isfinite(shapely.bounds(outlines[~gone])).all(axis=1)
    outlines[gone] = None
    problems += [Problem(buildings[row].key, Reason.NO_SHAPE) for row in np.flatnonzero(gone)]
    bad = ~gone & ~shapely.is_valid(outlines)
    for row in np.flatnonzero(bad):
        areas = _areas_of(shapely.make_valid(outlines[row]))
        outlines[row] = shapely.centroid(outlines[row]) if areas.is_empty else areas
        problems.append(Problem(buildings[row].key, Reason.MENDED))
    flat = ~gone & (shapely.get_dimensions(outlines) == 1)
    outlines[flat] = shapely.centroid(outlines[flat])
    several = np.flatnonzero(shapely.get_type_id(outlines) > POLYGON)
    if len(several):
        # What becomes of a building stays within the bounds that the tree knows.
        tree = shapely.STRtree(outlines)
        for row in several:
            if shapely.get_num_geometries(outlines[row]) > 1 and not bad[row]:
                problems.append(Problem(buildings[row].key, Reason.MENDED))
            outlines[row] = _as_one(outlines[row], outlines, tree)
    flat = ~gone & (shapely.get_dimensions(outlines) == 0)
    outlines[flat] = shapely.buffer(outlines[flat], POINT_SIZE, cap_style="square")
    return outlines


def _as_one(outline: BaseGeometry, outlines: Shapes, tree: shapely.STRtree) -> BaseGeometry:
    """Return several footprints of one building as one: with what lies between; where others do, all that touch at
    corners, or the largest."""
    hull: BaseGeometry = shapely.convex_hull(outline)
    if shapely.intersects(hull, outlines[tree.query(hull)]).sum() == 1:
        return hull
    return outline if shapely.buffer(outline, HAIR).geom_type == "Polygon" else largest(outline)


def largest(outline: BaseGeometry) -> BaseGeometry:
    """Return the largest part: a building of several footprints stands where most of it is."""
    parts = shapely.get_parts(outline)
    found: BaseGeometry = parts[np.argmax(shapely.area(parts))]
    return found


def _communities_of(
    buildings: tuple[Building, ...],
    outlines: Shapes,
    communities: tuple[Community, ...],
    boundaries: Shapes,
    problems: list[Problem],
) -> Ints:
    """Return the community of each building: the one it names, else the one it lies in, else the nearest."""
    places = {one.code: place for place, one in enumerate(communities)}
    found = np.array([places.get(one.community, -1) for one in buildings], dtype=np.int64)
    for row in np.flatnonzero(found < 0):
        problems.append(Problem(buildings[row].key, Reason.UNKNOWN_COMMUNITY, buildings[row].community))
    lost = np.flatnonzero(found < 0)
    if len(lost):
        tree = shapely.STRtree(boundaries)
        seen = ~shapely.is_missing(outlines[lost])
        found[lost[seen]] = tree.nearest(shapely.point_on_surface(outlines[lost[seen]]))
        found[lost[~seen]] = 0
    return found


def _apart(
    buildings: tuple[Building, ...], outlines: Shapes, community: Ints, problems: list[Problem]
) -> tuple[Shapes, Ints]:
    """Return footprints that do not overlap, and for each building the first one that it is one footprint with."""
    twin = np.arange(len(outlines))
    first, second = _overlapping(outlines, community)
    if not len(first):
        return outlines, twin
    areas = shapely.area(outlines)
    shared = shapely.area(shapely.intersection(outlines[first], outlines[second]))
    smaller = np.minimum(areas[first], areas[second])
    one = (smaller <= 0) | (shared >= ONE_FOOTPRINT * smaller)
    told = one | (shared > 1e-6 * smaller)
    for row in np.unique(np.concatenate([first[told], second[told]])):
        problems.append(Problem(buildings[row].key, Reason.OVERLAPS))
    for low, high in zip(first[one], second[one], strict=True):
        _join(twin, int(low), int(high))
    twin = np.array([_head(twin, row) for row in range(len(twin))], dtype=np.int64)
    outlines = outlines.copy()
    for low, high in zip(first[~one & told], second[~one & told], strict=True):
        small, big = (low, high) if areas[low] < areas[high] else (high, low)
        rest = shapely.difference(outlines[small], outlines[big])
        if not rest.is_empty and twin[small] != twin[big]:
            outlines[small] = largest(rest)
    return outlines, twin


def _overlapping(outlines: Shapes, community: Ints) -> tuple[Ints, Ints]:
    """Return pairs of buildings of one community that meet in more than a wall."""
    tree = shapely.STRtree(outlines)
    first, second = tree.query(outlines, predicate="intersects")
    kept = (first < second) & (community[first] == community[second])
    first, second = first[kept], second[kept]
    walls = shapely.touches(outlines[first], outlines[second])
    return first[~walls], second[~walls]


def _head(twin: Ints, row: int) -> int:
    while twin[row] != row:
        row = int(twin[row])
    return row


def _join(twin: Ints, one: int, other: int) -> None:
    low, high = sorted((_head(twin, one), _head(twin, other)))
    twin[high] = low


def to_metres(outlines: Shapes, corner: Floats, scale: Floats) -> Shapes:
    """Return geometries in metres east and north of a corner; ``scale`` is metres a degree, east and north."""
    found: Shapes = shapely.transform(outlines, lambda points: (points - corner) * scale)
    return found


def scale_at(latitude: float) -> Floats:
    """Return metres a degree, east and north, near a latitude."""
    return np.array([EARTH_METRES * np.cos(np.radians(latitude)), EARTH_METRES])
