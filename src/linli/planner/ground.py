"""The ground of a plan: for each community its buildings, who lies beside whom, and where borders can run.

Buildings that share a footprint are one *unit*: they stay together. Two units are neighbours where a line from corner
to corner leads from one to the other inside the community without crossing a third footprint; so units that hang
together by neighbours make a grid in one piece, whatever the shape of the community.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from linli.planner.arrays import Flags, Floats, Ints, Shapes
from linli.planner.faces import Roads
from linli.planner.linking import Part, compressed, link_part
from linli.planner.mending import Mended, largest, mend, scale_at, to_metres
from linli.planner.model import Place, Problem, Reason, Settings, Watch


@dataclass(frozen=True)
class Ground:
    """One community, ready to be divided. Rows are buildings, units are footprints, both counted from 0.

    ``unit_of``: row → unit. ``outlines``, ``middles``: of units, in metres. ``first``, ``beside``, ``lengths``:
    neighbours of units in compressed rows, metres of common border. ``faces``: of the main roads, by unit (-1: none).
    ``kinds``: compounds by unit (-1: none). ``areas``, ``rims``: square metres of a unit and metres of the community's
    boundary beside it. ``corner``, ``scale``: degrees of the zero point, metres a degree.
    """

    code: str
    name: str
    keys: tuple[str, ...]
    compounds: tuple[str, ...]
    households: Ints
    unit_of: Ints
    parts: tuple[Part, ...]
    outlines: Shapes
    first: Ints
    beside: Ints
    lengths: Floats
    faces: Ints
    kinds: Ints
    areas: Floats
    rims: Floats
    corner: Floats
    scale: Floats

    @property
    def units(self) -> int:
        """How many units there are."""
        return len(self.outlines)

    @property
    def middles(self) -> Floats:
        """The middle of each unit, in metres."""
        found: Floats = shapely.get_coordinates(shapely.centroid(self.outlines)).reshape(-1, 2)
        return found

    @property
    def loads(self) -> Ints:
        """Households by unit."""
        return np.bincount(self.unit_of, self.households, self.units).astype(np.int64)

    @property
    def part_of(self) -> Ints:
        """The part of each unit."""
        found = np.zeros(self.units, dtype=np.int64)
        for number, part in enumerate(self.parts):
            found[part.units] = number
        return found

    @property
    def empty_parts(self) -> int:
        """How many parts have no building: each is a grid without households, numbered after all others."""
        return sum(not len(part.units) for part in self.parts)

    def together(self, rows: list[int]) -> list[int]:
        """Return the rows with those that share a footprint with one of them."""
        return [int(row) for row in np.flatnonzero(np.isin(self.unit_of, self.unit_of[rows]))]


@dataclass(frozen=True)
class Grounds:
    """All communities of a place, and the buildings that were not taken as they came."""

    communities: tuple[Ground, ...]
    problems: tuple[Problem, ...]


def prepare(place: Place, settings: Settings, watch: Watch | None = None) -> Grounds:
    """Return the ground of every community: neighbours, faces of the main roads, parts."""
    mended = mend(place)
    roads = Roads(np.array(place.mains if settings.roads else (), dtype=object))
    order = np.argsort(mended.community, kind="stable")
    ends = np.searchsorted(mended.community[order], np.arange(len(place.communities) + 1))
    problems = list(mended.problems)
    found = []
    for number, community in enumerate(mended.communities):
        if watch:
            watch(number / len(mended.communities), community.name)
        found.append(_ground(mended, number, order[ends[number] : ends[number + 1]], roads, problems))
    return Grounds(tuple(found), tuple(problems))


def _ground(mended: Mended, number: int, rows: Ints, roads: Roads, problems: list[Problem]) -> Ground:
    boundary = mended.boundaries[number]
    _west, south, _east, north = shapely.bounds(boundary)
    corner, scale = shapely.bounds(boundary)[:2], scale_at((south + north) / 2)
    flat = to_metres(boundary, corner, scale)
    polygons = shapely.get_parts(flat)
    unit_of, outlines, part_of = _units(mended, rows, polygons, (corner, scale), problems)
    linked = [link_part(polygon, np.flatnonzero(part_of == place), outlines) for place, polygon in enumerate(polygons)]
    first, beside, lengths, areas, rims = compressed(linked, len(outlines))
    inner = shapely.point_on_surface(outlines)
    degrees = shapely.transform(inner, lambda points: points / scale + corner)
    compounds = tuple(mended.buildings[row].compound for row in rows)
    return Ground(
        code=mended.communities[number].code,
        name=mended.communities[number].name,
        keys=tuple(mended.buildings[row].key for row in rows),
        compounds=compounds,
        households=mended.households[rows],
        unit_of=unit_of,
        parts=tuple(part for part, _links in linked),
        outlines=outlines,
        first=first,
        beside=beside,
        lengths=lengths,
        faces=roads.faces(boundary, degrees),
        kinds=_kinds(compounds, unit_of, len(outlines)),
        areas=areas,
        rims=rims,
        corner=corner,
        scale=scale,
    )


def _units(
    mended: Mended, rows: Ints, polygons: Shapes, frame: tuple[Floats, Floats], problems: list[Problem]
) -> tuple[Ints, Shapes, Ints]:
    """Return row → unit, and the footprints (within their part) and the parts of the units.

    A building that lies in no part, or nowhere, leans on the nearest unit of its compound, or else of the community.
    """
    heads, unit_of = np.unique(mended.twin[rows], return_inverse=True)
    outlines = to_metres(mended.outlines[rows], *frame)
    whole = np.empty(len(heads), dtype=object)
    whole[unit_of[::-1]] = outlines[::-1]
    for unit in np.flatnonzero(np.bincount(unit_of, minlength=len(heads)) > 1):
        whole[unit] = _joined(outlines[unit_of == unit])
    footprints, part_of, clipped = _within(whole, polygons)
    placed = part_of >= 0
    for row in np.flatnonzero((clipped | ~placed)[unit_of] & ~shapely.is_missing(outlines)):
        problems.append(Problem(mended.buildings[rows[row]].key, Reason.OUTSIDE))
    if placed.all():
        return unit_of, footprints, part_of
    if not placed.any():
        biggest = int(np.argmax(shapely.area(polygons)))
        return np.zeros_like(unit_of), shapely.point_on_surface(polygons[biggest : biggest + 1]), np.array([biggest])
    hosts = np.flatnonzero(placed)
    names = [mended.buildings[row].compound for row in heads]
    for unit in np.flatnonzero(~placed):
        same = hosts[[bool(names[unit]) and names[host] == names[unit] for host in hosts]]
        able = same if len(same) else hosts
        near = able[0]
        if whole[unit] is not None:
            near = able[int(np.argmin(shapely.distance(whole[able], whole[unit])))]
        unit_of[unit_of == unit] = near
    return np.searchsorted(hosts, unit_of), footprints[hosts], part_of[hosts]


def _joined(outlines: Shapes) -> BaseGeometry | None:
    known = outlines[~shapely.is_missing(outlines)]
    if len(known) < 2:
        return known[0] if len(known) else None
    return largest(shapely.union_all(known))


def _within(outlines: Shapes, polygons: Shapes) -> tuple[Shapes, Ints, Flags]:
    """Return the footprints as far as they lie in their part, the part of each (-1: none), and which were clipped."""
    part_of = np.full(len(outlines), -1, dtype=np.int64)
    found, clipped = outlines.copy(), np.zeros(len(outlines), dtype=np.bool_)
    shapely.prepare(polygons)
    for place, polygon in enumerate(polygons):
        part_of[shapely.covers(polygon, outlines) & (part_of < 0)] = place
    for unit in np.flatnonzero((part_of < 0) & ~shapely.is_missing(outlines)):
        shares = shapely.intersection(polygons, outlines[unit])
        best = int(np.argmax(shapely.area(shares)))
        if shares[best].area > 0:
            part_of[unit], found[unit], clipped[unit] = best, largest(shares[best]), True
    return found, part_of, clipped


def _kinds(compounds: tuple[str, ...], unit_of: Ints, units: int) -> Ints:
    """Return compounds by unit, numbered; a unit of several compounds belongs to that of its first building."""
    numbers: dict[str, int] = {}
    found = np.full(units, -1, dtype=np.int64)
    for row in range(len(compounds) - 1, -1, -1):
        if compounds[row]:
            found[unit_of[row]] = numbers.setdefault(compounds[row], len(numbers))
    return found
