"""METIS after a change: it plans anew only what it must, a grid outside the band with as many neighbours as mend it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from bench.planner import metis
from bench.planner.regions import Ints, Region, part_of_region, regions_of, worth_of
from bench.planner.scorer import HIGHEST, LOWEST, TARGET

if TYPE_CHECKING:
    from linli.planner.ground import Ground


def codes_before(ground: Ground, before: Mapping[str, str]) -> list[str]:
    """Return the code that each unit had, empty for a new one."""
    codes = [""] * ground.units
    for key, unit in zip(reversed(ground.keys), reversed(ground.unit_of.tolist()), strict=True):
        codes[unit] = before.get(key, codes[unit])
    return codes


def mend(ground: Ground, before: Mapping[str, str], setting: metis.Setting) -> list[str]:
    """Return the code of each unit after mending; a new grid gets a code of its own."""
    names = codes_before(ground, before)
    known = sorted(set(names) - {""})
    number = {code: place for place, code in enumerate(known)}
    labels = np.array([number.get(code, -1) for code in names], dtype=np.int64)
    for region in regions_of(ground, labels):
        labels[region.units] = _mended_region(region, labels[region.units], setting, len(known) + int(region.units[0]))
    return [known[label] if label < len(known) else f"{ground.code}-new-{label}" for label in labels.tolist()]


def _mended_region(region: Region, labels: Ints, setting: metis.Setting, fresh: int) -> Ints:
    """Return the grids of a region after mending; grids that are new are numbered from ``fresh``."""
    labels = _with_new(region, labels, fresh)
    fresh = max(fresh, int(labels.max())) + 1
    tried: set[int] = set()
    while True:
        wrong = [grid for grid in _wrong(region, labels) if grid not in tried]
        if not wrong:
            return labels
        tried.add(wrong[0])
        labels = _around(region, labels, wrong[0], setting, fresh)
        fresh = max(fresh, int(labels.max()) + 1)


def _with_new(region: Region, labels: Ints, fresh: int) -> Ints:
    """Give new units to the grid with which they share the longest border."""
    labels = labels.copy()
    while (labels < 0).any():
        shared: dict[tuple[int, int], float] = {}
        ends = np.concatenate([np.stack([region.one, region.other]), np.stack([region.other, region.one])], axis=1).T
        for (unit, beside), length in zip(ends.tolist(), np.tile(region.lengths, 2).tolist(), strict=True):
            if labels[unit] < 0 <= labels[beside]:
                edge = (unit, int(labels[beside]))
                shared[edge] = shared.get(edge, 0.0) + length
        if not shared:
            labels[labels < 0] = fresh
        else:
            unit, grid = max(shared, key=lambda edge: (shared[edge], edge))
            labels[unit] = grid
    return labels


def _wrong(region: Region, labels: Ints) -> list[int]:
    """Return the grids outside the band or in pieces, the furthest off first."""
    found = []
    for grid in np.unique(labels):
        rows = np.flatnonzero(labels == grid)
        load = int(region.loads[rows].sum())
        if not LOWEST <= load <= HIGHEST or _pieces(region, rows) > 1:
            found.append((-abs(load - TARGET), int(grid)))
    return [grid for _off, grid in sorted(found)]


def _pieces(region: Region, rows: Ints) -> int:
    place = np.full(len(region.units), -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    inside = (place[region.one] >= 0) & (place[region.other] >= 0)
    ends = place[region.one[inside]], place[region.other[inside]]
    graph = coo_array((np.ones(len(ends[0])), ends), shape=(len(rows), len(rows)))
    return int(connected_components(graph, directed=False)[0])


def _around(region: Region, labels: Ints, grid: int, setting: metis.Setting, fresh: int) -> Ints:
    """Plan a grid and its neighbours anew, one neighbour more at a time until nothing is wrong among them."""
    best = labels
    least = worth_of(region, np.unique(labels, return_inverse=True)[1]).defects
    chosen = [grid]
    while True:
        rows = np.flatnonzero(np.isin(labels, chosen))
        piece = part_of_region(region, rows)
        if _pieces(region, rows) == 1:
            planned = labels.copy()
            planned[rows] = _recognised(piece, labels[rows], metis.divide(piece, setting), fresh)
            defects = worth_of(region, np.unique(planned, return_inverse=True)[1]).defects
            if defects < least:
                best, least = planned, defects
            if not set(_wrong(region, planned)) & set(np.unique(planned[rows]).tolist()):
                return best
        beside = _beside(region, labels, chosen)
        if not beside:
            return best
        loads = {place: int(region.loads[labels == place].sum()) for place in beside}
        chosen.append(min(beside, key=lambda place: (_misfit(piece.load + loads[place]), -beside[place])))


def _misfit(load: int) -> float:
    """Return how far grids would be off the target if so many households were divided evenly."""
    return min(abs(load / count - TARGET) for count in (max(1, load // TARGET), load // TARGET + 1))


def _beside(region: Region, labels: Ints, chosen: list[int]) -> dict[int, float]:
    """Return the grids beside the chosen ones, with metres of border."""
    found: dict[int, float] = {}
    inside = np.isin(labels, chosen)
    for here, there in ((region.one, region.other), (region.other, region.one)):
        across = inside[here] & ~inside[there]
        for grid, length in zip(labels[there[across]].tolist(), region.lengths[across].tolist(), strict=True):
            found[grid] = found.get(grid, 0.0) + length
    return found


def _recognised(piece: Region, before: Ints, after: Ints, fresh: int) -> Ints:
    """Return the new division with the old numbers, given so that the fewest households move."""
    old, was = np.unique(before, return_inverse=True)
    count = int(after.max()) + 1
    shared = np.zeros((count, len(old)))
    np.add.at(shared, (after, was), piece.loads)
    numbers = np.arange(count) + fresh
    rows, columns = linear_sum_assignment(-shared)
    numbers[rows] = old[columns]
    return numbers[after]
