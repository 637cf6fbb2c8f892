"""Divides one community into grids: compiled, so for commands and background jobs only (numba is heavy to load)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from linli.planner.arrays import Flags, Floats, Ints
from linli.planner.ground import Ground
from linli.planner.judging import own_faces, own_kinds
from linli.planner.kernel.annealing import improve
from linli.planner.kernel.costs import has_defects
from linli.planner.kernel.exact import best_division
from linli.planner.kernel.state import (
    AWAY,
    CROSSING,
    HIGHEST,
    LOWEST,
    MOVED,
    OUT,
    SHAPE,
    SPLIT,
    TARGET,
    Bench,
    Town,
    bench_for,
    numbered,
)
from linli.planner.model import Preset, Settings
from linli.planner.pieces import connected

# What the parts of the objective cost: a defect 2, the mean deviation and the shape so much that they decide among
# plans with the same defects.
WEIGHTS = {OUT: 2.0, CROSSING: 2.0, SPLIT: 2.0, AWAY: 0.25, SHAPE: 0.3}
# Where no compound has to stay whole, households can be shared out evenly at little cost to the shape.
AWAY_FREELY = 2.0
# When a plan before is mended, evenness and shape alone are hardly worth a move; as many households moved as a grid
# has cost three tenths of a defect.
WHEN_MENDING = {AWAY: 0.05, SHAPE: 0.1, MOVED: 0.6}
# Steps that every search has.
LEAST_STEPS = 30
# Up to so many units all divisions there are can be looked at.
FEW = 12
# Up to so many nearly all: so many steps, from hot enough to undo any choice.
SOME, SOME_STEPS, SOME_HEAT = 24, 3000, (1.5, 0.02)
# A seed in, the grids of units and what they cost out.
Search = Callable[[int], tuple[Ints, float]]
# Rounds of a search begin with seeds so far apart.
NEXT_SEED = 7919


@dataclass(frozen=True)
class Effort:
    """How long is searched: rounds of the whole; in each, first with whole compounds, then with single buildings.

    ``rounds``, ``again``: rounds in any case, and further ones where defects are left. ``coarse``, ``fine``: steps for
    each block of buildings and for each building; ``warm``, ``mild``, ``cold``: the heat at the beginning, between
    both, and at the end.
    """

    rounds: int
    again: int
    coarse: float
    fine: float
    warm: float
    mild: float
    cold: float


EFFORTS = {
    Preset.QUICK: Effort(1, 0, 0.5, 0.1, 0.05, 0.02, 0.01),
    Preset.DEFAULT: Effort(1, 4, 0.7, 0.2, 0.05, 0.02, 0.01),
    Preset.BEST: Effort(2, 6, 8.0, 0.5, 0.3, 0.02, 0.005),
}
SMALL = Effort(3, 4, 0.0, 0.0, 0.0, 0.0, 0.0)


def divide_units(ground: Ground, settings: Settings) -> Ints:
    """Return the grid of each unit, planned afresh."""
    effort = EFFORTS[settings.preset]
    nothing = np.full(ground.units, -1, dtype=np.int64)
    fine = town_of(ground, settings, nothing, np.zeros(ground.units, dtype=np.bool_))
    if ground.units <= FEW:
        best: Ints = best_division(fine)
        return best
    bench = bench_for(fine)
    if ground.units <= SOME:
        begin = _whole_faces(fine)
        return best_of(
            fine, bench, SMALL, settings.seed, lambda seed: improve(fine, bench, begin, seed, SOME_STEPS, *SOME_HEAT)
        )
    blocks = blocks_of(fine)
    coarse = coarsened(fine, blocks)
    begin = np.zeros(len(coarse.loads), dtype=np.int64)
    begin[blocks] = _whole_faces(fine)
    much, more = steps_for(effort.coarse, len(begin)), steps_for(effort.fine, ground.units)

    def search(seed: int) -> tuple[Ints, float]:
        grids, _cost = improve(coarse, bench, begin, seed, much, effort.warm, effort.mild)
        return improve(fine, bench, numbered(grids)[blocks], seed, more, effort.mild, effort.cold)

    return best_of(fine, bench, effort, settings.seed, search)


def steps_for(share: float, units: int) -> int:
    """Return how many steps are tried: so many a unit, and in small places enough to see what there is."""
    return int(max(share * units, LEAST_STEPS))


def best_of(town: Town, bench: Bench, effort: Effort, seed: int, search: Search, first: Search | None = None) -> Ints:
    """Return the best of several searches, numbered 0…n-1; more than the first rounds only while defects are left.

    ``search`` is given a seed and returns the grids of units and what they cost; the first round may be another.
    """
    best, least = (first or search)(seed)
    for round_ in range(1, effort.rounds + effort.again):
        if round_ >= effort.rounds and not has_defects(town, bench, best):
            break
        grids, cost = search(seed + NEXT_SEED * round_)
        if cost < least:
            best, least = grids, cost
    found: Ints = numbered(best)
    return found


def blocks_of(town: Town, apart: Ints | None = None) -> Ints:
    """Return blocks of units that better stay together: the pieces of a compound within a face.

    ``apart``: by unit; units with different numbers are in different blocks.
    """
    labels = np.where(town.kinds >= 0, town.kinds * (int(town.faces.max()) + 2) + town.faces + 1, -1)
    alone = labels < 0
    labels[alone] = labels.max() + 1 + np.arange(alone.sum())
    if apart is not None:
        labels = labels * (int(apart.max()) + 2) + apart + 1
    return connected(town.first, town.beside, labels)


def coarsened(town: Town, blocks: Ints) -> Town:
    """Return the same community with blocks of units as its units."""
    number = int(blocks.max()) + 1
    here = np.repeat(blocks, np.diff(town.first))
    there = blocks[town.beside]
    out = here != there
    key, back = np.unique(here[out] * number + there[out], return_inverse=True)
    loads = np.bincount(blocks, town.loads, number).astype(np.float64)
    sizes = np.bincount(blocks, minlength=number)
    faces, kinds = np.zeros(number, dtype=np.int64), np.zeros(number, dtype=np.int64)
    faces[blocks], kinds[blocks] = town.faces, town.kinds
    return town._replace(
        first=np.searchsorted(key // number, np.arange(number + 1)).astype(np.int64),
        beside=(key % number).astype(np.int64),
        lengths=np.bincount(back, town.lengths[out], len(key)).astype(np.float64),
        loads=loads,
        faces=faces,
        kinds=kinds,
        kind_sizes=np.bincount(kinds[kinds >= 0], minlength=len(town.kind_sizes)).astype(np.int64),
        areas=np.bincount(blocks, town.areas, number).astype(np.float64),
        rims=np.bincount(blocks, town.rims, number).astype(np.float64),
        x=np.bincount(blocks, town.x, number) / sizes,
        y=np.bincount(blocks, town.y, number) / sizes,
        before=np.full(number, -1, dtype=np.int64),
        locked=np.zeros(number, dtype=np.bool_),
    )


def town_of(ground: Ground, settings: Settings, before: Ints, locked: Flags) -> Town:
    """Return what the search works on; ``before``: grids of units in the plan before, ``locked``: by grid."""
    loads = ground.loads
    kinds = own_kinds(ground, settings)
    middles = ground.middles
    return Town(
        first=ground.first,
        beside=ground.beside,
        lengths=ground.lengths.astype(np.float64),
        loads=loads.astype(np.float64),
        faces=own_faces(ground, settings),
        kinds=kinds,
        kind_sizes=np.bincount(kinds[kinds >= 0], minlength=1).astype(np.int64),
        areas=ground.areas,
        rims=ground.rims,
        x=np.ascontiguousarray(middles[:, 0]),
        y=np.ascontiguousarray(middles[:, 1]),
        before=before,
        locked=locked,
        weights=weights_for(settings, kinds, mending=not locked[before[before >= 0]].all()),
    )


def weights_for(settings: Settings, kinds: Ints, *, mending: bool = False) -> Floats:
    """Return the prices of a community, by place: ``kinds`` are its compounds by unit, -1 for none."""
    prices = WEIGHTS | (WHEN_MENDING if mending else {AWAY: AWAY_FREELY} if (kinds < 0).all() else {})
    weights = np.zeros(9)
    for place, weight in prices.items():
        weights[place] = weight
    weights[TARGET], weights[LOWEST], weights[HIGHEST] = settings.target, settings.lowest, settings.highest
    return weights


def _whole_faces(town: Town) -> Ints:
    """Return what the search begins with: a piece for each face that could be a grid, smaller ones with a neighbour."""
    pieces = connected(town.first, town.beside, town.faces)
    while True:
        sums = np.bincount(pieces, town.loads)
        small = np.flatnonzero(sums < town.weights[LOWEST])
        for piece in small[np.argsort(sums[small], kind="stable")]:
            near = _nearest_piece(town, pieces, int(piece))
            if near >= 0:
                pieces[pieces == piece] = near
                pieces = np.unique(pieces, return_inverse=True)[1].astype(np.int64)
                break
        else:
            return pieces


def _nearest_piece(town: Town, pieces: Ints, piece: int) -> int:
    """Return the piece with the longest common border, -1 where there is none."""
    here = np.repeat(pieces, np.diff(town.first))
    out = (here == piece) & (pieces[town.beside] != piece)
    if not out.any():
        return -1
    return int(np.argmax(np.bincount(pieces[town.beside[out]], town.lengths[out] + 1e-6)))
