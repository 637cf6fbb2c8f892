"""Our judge of plans: it looks at files only, so any planner can be judged, and ours can not flatter itself.

Defects are grids outside the band, grids that do not hang together, main roads crossed without need, and compounds of
at most 400 households that were split. A road is crossed without need where a grid holds buildings of two faces of the
main roads, each of which has at least 200 households within the community: each of them could have been a grid.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from bench.planner.files import Answer, Building, Instance, face_of, faces_within, in_metres

TARGET, LOWEST, HIGHEST = 300, 200, 400
# A face with so many households could be a grid of its own.
FACE_OF_ITS_OWN = 200
COMPOUND_OF_ONE = 400
# As a share of the area of a community: what lies in no grid or in two.
MOST_OFF = 1e-9
# As a share of a footprint: what lies in another grid. Degrees of 14 decimals leave a few billionths of a small house.
MOST_CUT = 1e-6
# Degrees, about a tenth of a millimetre: a point so near to a polygon lies in it.
NEAR = 1e-9


@dataclass(frozen=True)
class Score:
    """The figures of one plan."""

    grids: int
    out_of_band: int
    noncontiguous: int
    crossings: int
    compounds_split: int
    mean_deviation: float
    compactness: float
    # Buildings in no grid or in two; grids and buildings with a community that is not theirs; communities that are
    # not tiled; footprints cut.
    not_once: int
    astray: int
    not_tiled: int
    cut: int

    @property
    def defects(self) -> float:
        """Defects per 100 grids."""
        found = self.out_of_band + self.noncontiguous + self.crossings + self.compounds_split
        return 100 * found / max(self.grids, 1)

    @property
    def broken(self) -> int:
        """What must never be: buildings not in one grid, grids in pieces or astray, gaps, overlaps, footprints cut."""
        return self.noncontiguous + self.not_once + self.astray + self.not_tiled + self.cut


def score(instance: Instance, answer: Answer) -> Score:
    """Judge a plan."""
    home = {key: grids[0] for key, grids in answer.grids.items() if grids and grids[0] in answer.polygons}
    members: dict[str, list[Building]] = {code: [] for code in answer.polygons}
    for building in instance.buildings:
        if building.key in home:
            members[home[building.key]].append(building)
    loads = [sum(one.households for one in rows) for rows in members.values()]
    faces = faces_of(instance)
    return Score(
        grids=len(answer.polygons),
        out_of_band=sum(not LOWEST <= load <= HIGHEST for load in loads),
        noncontiguous=_noncontiguous(instance, answer),
        crossings=sum(_crossings(rows, faces) for rows in members.values()),
        compounds_split=_split(instance, home),
        mean_deviation=float(np.mean([abs(load - TARGET) / TARGET for load in loads])) if loads else 0.0,
        compactness=_compactness(list(answer.polygons.values())),
        not_once=_not_once(instance, answer),
        astray=_astray(instance, answer, home),
        not_tiled=_not_tiled(instance, answer),
        cut=_cut(instance, answer, home),
    )


def moved(instance: Instance, before: Mapping[str, str], after: Mapping[str, str]) -> int:
    """Return the households of ``instance`` whose building has another grid than before; new buildings do not count."""
    return sum(
        one.households
        for one in instance.buildings
        if one.key in before and one.key in after and before[one.key] != after[one.key]
    )


def faces_of(instance: Instance) -> Mapping[str, tuple[str, int]]:
    """Return building → the face of the main roads within its community, where that could be a grid of its own."""
    found: dict[str, tuple[str, int]] = {}
    rows: dict[str, list[Building]] = defaultdict(list)
    for building in instance.buildings:
        rows[building.community].append(building)
    mains = np.array(instance.mains, dtype=object)
    tree = shapely.STRtree(mains)
    for code, boundary in instance.communities.items():
        faces = faces_within(boundary, list(mains[tree.query(boundary)]))
        points = shapely.point_on_surface([one.outline for one in rows[code]])
        load: Counter[int] = Counter()
        lies = face_of(points, faces).tolist() if rows[code] else []
        for one, face in zip(rows[code], lies, strict=True):
            load[face] += one.households
        for one, face in zip(rows[code], lies, strict=True):
            if face >= 0 and load[face] >= FACE_OF_ITS_OWN:
                found[one.key] = (code, face)
    return found


def _crossings(rows: list[Building], faces: Mapping[str, tuple[str, int]]) -> int:
    """Return how many faces a grid reaches into beyond its first."""
    return max(0, len({faces[one.key] for one in rows if one.key in faces}) - 1)


def _noncontiguous(instance: Instance, answer: Answer) -> int:
    """Return how many grids are not one polygon within one part of their community."""
    wrong = 0
    for code, polygon in answer.polygons.items():
        whole = polygon.geom_type == "Polygon" and polygon.is_valid and not polygon.is_empty
        boundary = instance.communities.get(answer.communities[code])
        if whole and boundary is not None and boundary.geom_type == "MultiPolygon":
            most = MOST_OFF * boundary.area
            whole = any(polygon.difference(part).area <= most for part in boundary.geoms)
        wrong += not whole
    return wrong


def _split(instance: Instance, home: Mapping[str, str]) -> int:
    load: Counter[tuple[str, str]] = Counter()
    grids: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in instance.buildings:
        if one.compound:
            compound = (one.community, one.compound)
            load[compound] += one.households
            grids[compound].add(home.get(one.key, ""))
    return sum(len(found) > 1 and load[compound] <= COMPOUND_OF_ONE for compound, found in grids.items())


def _compactness(polygons: list[BaseGeometry]) -> float:
    """Return the mean of Polsby and Popper's measure: 1 for a circle."""
    if not polygons:
        return 0.0
    flat = in_metres(np.array(polygons, dtype=object))
    areas, lengths = shapely.area(flat), shapely.length(flat)
    return float(np.mean(4 * math.pi * areas / np.maximum(lengths, 1e-9) ** 2))


def _not_once(instance: Instance, answer: Answer) -> int:
    """Return how many buildings are not in exactly one grid of the plan."""
    owned = [answer.grids.get(one.key, []) for one in instance.buildings]
    return sum(len(grids) != 1 or grids[0] not in answer.polygons for grids in owned)


def _astray(instance: Instance, answer: Answer, home: Mapping[str, str]) -> int:
    """Return how many grids reach out of their community, and how many buildings stand with another than their own."""
    wrong = 0
    for code, polygon in answer.polygons.items():
        boundary = instance.communities.get(answer.communities[code])
        wrong += boundary is None or polygon.difference(boundary).area > MOST_OFF * boundary.area
    for one in instance.buildings:
        if one.key in home and one.community in instance.communities:
            wrong += answer.communities[home[one.key]] != one.community
    return wrong


def _not_tiled(instance: Instance, answer: Answer) -> int:
    """Return how many communities have gaps between their grids, or grids that overlap."""
    grids: dict[str, list[BaseGeometry]] = defaultdict(list)
    for code, polygon in answer.polygons.items():
        grids[answer.communities[code]].append(polygon)
    wrong = 0
    for code, boundary in instance.communities.items():
        covered = shapely.union_all(grids[code]) if grids[code] else shapely.Polygon()
        gap = boundary.difference(covered).area
        overlap = sum(one.area for one in grids[code]) - covered.area
        wrong += max(gap, overlap) > MOST_OFF * boundary.area
    return wrong


def _cut(instance: Instance, answer: Answer, home: Mapping[str, str]) -> int:
    """Return how many footprints that overlap no other and lie in their community are not whole in their grid."""
    outlines = np.array([one.outline for one in instance.buildings], dtype=object)
    judged = ~shapely.is_empty(outlines) & ~_overlapping(outlines)
    judged &= np.array([one.key in home for one in instance.buildings], dtype=bool)
    wrong = 0
    for code, rows in _grouped([one.community for one in instance.buildings], judged):
        boundary = instance.communities.get(code)
        if boundary is None:
            judged[rows] = False
        else:
            judged[rows] = _whole_in(outlines[rows], boundary)
    for grid, rows in _grouped([home.get(one.key, "") for one in instance.buildings], judged):
        wrong += int(np.sum(~_whole_in(outlines[rows], answer.polygons[grid])))
    return wrong


def _grouped(names: list[str], wanted: Any) -> Iterator[tuple[str, Any]]:
    """Return name → places with it, of the wanted ones."""
    groups: dict[str, list[int]] = defaultdict(list)
    for place in np.flatnonzero(wanted):
        groups[names[place]].append(int(place))
    for name, places in groups.items():
        yield name, np.array(places)


def _overlapping(outlines: Any) -> Any:
    """Return which footprints share more with another than a wall."""
    first, second = shapely.STRtree(outlines).query(outlines, predicate="intersects")
    other = first != second
    first, second = first[other], second[other]
    shared = shapely.area(shapely.intersection(outlines[first], outlines[second]))
    smaller = np.minimum(shapely.area(outlines[first]), shapely.area(outlines[second]))
    found = np.zeros(len(outlines), dtype=bool)
    # A point that stands within another footprint or on another point has no area.
    found[first[(shared > MOST_CUT * smaller) | (smaller == 0)]] = True
    return found


def _whole_in(outlines: Any, polygon: BaseGeometry) -> Any:
    """Return which footprints lie wholly in a polygon, but for a millionth of their area."""
    shapely.prepare(polygon)
    whole = shapely.covers(polygon, outlines)
    for place in np.flatnonzero(~whole):
        outline = outlines[place]
        if outline.area > 0:
            whole[place] = outline.difference(polygon).area <= MOST_CUT * outline.area
        else:
            whole[place] = outline.distance(polygon) <= NEAR
    return whole
