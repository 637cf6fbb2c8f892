"""Our judge of plans: it looks at files only, so any planner can be judged, and ours can not flatter itself.

Defects are grids outside the band, grids that do not hang together, main roads crossed without need, and compounds of
at most 400 households that were split. A road is crossed without need where a grid holds buildings of two faces of the
main roads, each of which has at least 200 households within the community: each of them could have been a grid.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from bench.planner.files import Answer, Building, Instance, in_metres

TARGET, LOWEST, HIGHEST = 300, 200, 400
# A face with so many households could be a grid of its own.
FACE_OF_ITS_OWN = 200
COMPOUND_OF_ONE = 400
# As a share of the area of a community: what lies in no grid of it, or in two.
MOST_OFF = 1e-9


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
    # Buildings in no grid or in two, grids outside their community, communities that are not tiled, footprints cut.
    not_once: int
    astray: int
    not_tiled: int
    cut: int

    @property
    def defects(self) -> float:
        """Defects per 100 grids."""
        found = self.out_of_band + self.noncontiguous + self.crossings + self.compounds_split
        return 100 * found / max(self.grids, 1)


def score(instance: Instance, answer: Answer) -> Score:
    """Judge a plan."""
    home = {key: grids[0] for key, grids in answer.grids.items() if grids}
    members: dict[str, list[Building]] = defaultdict(list)
    for building in instance.buildings:
        if building.key in home:
            members[home[building.key]].append(building)
    loads = {code: sum(one.households for one in members[code]) for code in answer.polygons}
    faces = faces_of(instance)
    return Score(
        grids=len(answer.polygons),
        out_of_band=sum(not LOWEST <= load <= HIGHEST for load in loads.values()),
        noncontiguous=sum(not _hangs_together(polygon) for polygon in answer.polygons.values()),
        crossings=sum(_crossings(rows, faces) for rows in members.values()),
        compounds_split=_split(instance, home),
        mean_deviation=float(np.mean([abs(load - TARGET) / TARGET for load in loads.values()])),
        compactness=_compactness(list(answer.polygons.values())),
        not_once=sum(len(answer.grids.get(one.key, ())) != 1 for one in instance.buildings),
        astray=_astray(instance, answer),
        not_tiled=_not_tiled(instance, answer),
        cut=_cut(instance, answer, home),
    )


def faces_of(instance: Instance) -> Mapping[str, tuple[str, int]]:
    """Return building → the face of the main roads within its community, where that could be a grid of its own."""
    found: dict[str, tuple[str, int]] = {}
    rows: dict[str, list[Building]] = defaultdict(list)
    for building in instance.buildings:
        rows[building.community].append(building)
    roads = shapely.union_all(list(instance.mains)) if instance.mains else None
    for code, boundary in instance.communities.items():
        parts = _cut_by(boundary, roads)
        tree = shapely.STRtree(parts)
        inside = [one.outline.representative_point() for one in rows[code]]
        load: Counter[int] = Counter()
        lies: dict[str, int] = {}
        pairs = tree.query(inside, predicate="intersects").T if inside else []
        for place, face in pairs:
            lies.setdefault(rows[code][place].key, int(face))
        for one in rows[code]:
            if one.key in lies:
                load[lies[one.key]] += one.households
        found |= {key: (code, face) for key, face in lies.items() if load[face] >= FACE_OF_ITS_OWN}
    return found


def _cut_by(boundary: BaseGeometry, roads: BaseGeometry | None) -> list[BaseGeometry]:
    if roads is None:
        return list(shapely.get_parts(boundary))
    lines = shapely.union_all([boundary.boundary, roads.intersection(boundary)])
    faces = shapely.get_parts(shapely.polygonize([lines]))
    return [face for face in faces if boundary.contains(face.representative_point())]


def _crossings(rows: list[Building], faces: Mapping[str, tuple[str, int]]) -> int:
    """Return how many faces a grid reaches into beyond its first."""
    return max(0, len({faces[one.key] for one in rows if one.key in faces}) - 1)


def _hangs_together(polygon: BaseGeometry) -> bool:
    return polygon.is_valid and not polygon.is_empty and len(shapely.get_parts(polygon)) == 1


def _split(instance: Instance, home: Mapping[str, str]) -> int:
    load: Counter[tuple[str, str]] = Counter()
    grids: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in instance.buildings:
        if one.compound and one.key in home:
            compound = (one.community, one.compound)
            load[compound] += one.households
            grids[compound].add(home[one.key])
    return sum(len(found) > 1 and load[compound] <= COMPOUND_OF_ONE for compound, found in grids.items())


def _compactness(polygons: list[BaseGeometry]) -> float:
    """Return the mean of Polsby and Popper's measure: 1 for a circle."""
    flat = in_metres(np.array(polygons, dtype=object))
    areas, lengths = shapely.area(flat), shapely.length(flat)
    return float(np.mean(4 * math.pi * areas / np.maximum(lengths, 1e-9) ** 2))


def _astray(instance: Instance, answer: Answer) -> int:
    """Return how many grids stand with a community that is not theirs or that there is not."""
    wrong = 0
    for code, polygon in answer.polygons.items():
        boundary = instance.communities.get(answer.communities[code])
        wrong += boundary is None or polygon.difference(boundary).area > MOST_OFF * boundary.area
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
    """Return how many footprints that meet no other and lie in their community are not whole in their grid."""
    outlines = [one.outline for one in instance.buildings]
    tree = shapely.STRtree(outlines)
    first, second = tree.query(outlines, predicate="intersects")
    meets = {int(place) for place, other in zip(first, second, strict=True) if place != other}
    wrong = 0
    for place, one in enumerate(instance.buildings):
        boundary = instance.communities.get(one.community)
        if place in meets or boundary is None or one.key not in home or not one.outline.is_valid:
            continue
        if boundary.covers(one.outline):
            off = one.outline.difference(answer.polygons[home[one.key]]).area
            wrong += off > MOST_OFF * max(one.outline.area, 1e-12)
    return wrong
