"""The arrays that the compiled search works on. Named tuples, because compiled code reads their fields at no cost."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from linli.planner.kernel.compiled import compiled

# Spreads seeds that are near each other.
FIRST_SEED = np.uint64(2654435769)

# Places of the weights in their array: what one grid out of the band costs, and so on.
TARGET, LOWEST, HIGHEST, OUT, AWAY, CROSSING, SPLIT, SHAPE, MOVED = range(9)


class Town(NamedTuple):
    """One community, by unit. ``faces``: only those that could be a grid of their own, ``kinds``: only compounds that
    a grid could hold (-1: none such); ``before``: number of the grid in the plan before (-1: none)."""

    first: Any
    beside: Any
    lengths: Any
    loads: Any
    faces: Any
    kinds: Any
    kind_sizes: Any
    areas: Any
    rims: Any
    x: Any
    y: Any
    before: Any
    locked: Any
    weights: Any


class State(NamedTuple):
    """A plan: the grid of each unit, the units of each grid as linked lists, and what each grid costs.

    ``numbers[0]``: how many grids there are, the first so many of ``alive``; the rest of ``alive`` are free numbers.
    ``places``: where each grid stands in ``alive``. ``seed``: of the random numbers.
    """

    grids: Any
    head: Any
    following: Any
    costs: Any
    alive: Any
    places: Any
    numbers: Any
    seed: Any


class Bench(NamedTuple):
    """Room for one step, so that no step asks for memory. The units of the step count from 0 (*local* units).

    By local unit: ``rows`` (the unit), ``loads``, ``areas``, ``outer`` (metres of border that stay whatever the cut),
    ``x``, ``y``, ``faces``, ``kinds``, ``before``; ``first``, ``beside``, ``lengths`` are its neighbours in the step.
    ``place``: unit → local unit, -1 for all others. ``costs``: what each prefix of ``order`` costs, ``swapped``:
    whether the two grids then change their numbers. The rest is scratch.
    """

    rows: Any
    loads: Any
    areas: Any
    outer: Any
    x: Any
    y: Any
    faces: Any
    kinds: Any
    before: Any
    first: Any
    beside: Any
    lengths: Any
    place: Any
    keys: Any
    order: Any
    costs: Any
    swapped: Any
    inside: Any
    stack: Any
    waiting: Any
    face_low: Any
    face_high: Any
    face_sum: Any
    kind_low: Any
    kind_high: Any
    kind_sum: Any


def bench_for(town: Town) -> Bench:
    """Return the room that a community needs, and with it every coarser picture of the community."""
    units, links = len(town.loads), len(town.beside)
    faces, kinds = int(town.faces.max()) + 2, len(town.kind_sizes)

    def whole(size: int) -> Any:
        return np.zeros(size, dtype=np.int64)

    def real(size: int) -> Any:
        return np.zeros(size, dtype=np.float64)

    return Bench(
        rows=whole(units),
        loads=real(units),
        areas=real(units),
        outer=real(units),
        x=real(units),
        y=real(units),
        faces=whole(units),
        kinds=whole(units),
        before=whole(units),
        first=whole(units + 1),
        beside=whole(links),
        lengths=real(links),
        place=np.full(units, -1, dtype=np.int64),
        keys=real(units),
        order=whole(units),
        costs=real(units),
        swapped=np.zeros(units, dtype=np.bool_),
        inside=np.zeros(units, dtype=np.bool_),
        stack=whole(units),
        waiting=real(units),
        face_low=whole(faces),
        face_high=whole(faces),
        face_sum=real(faces),
        kind_low=whole(kinds),
        kind_high=whole(kinds),
        kind_sum=real(kinds),
    )


@compiled
def state_for(grids: Any, seed: int) -> State:
    """Return the state that begins with the given grids of units (0…n-1, all used)."""
    units = len(grids)
    count = int(grids.max()) + 1 if units else 0
    head = np.full(units, -1, np.int64)
    following = np.full(units, -1, np.int64)
    for unit in range(units - 1, -1, -1):
        following[unit] = head[grids[unit]]
        head[grids[unit]] = unit
    every = np.arange(units)
    return State(
        grids.copy(),
        head,
        following,
        np.zeros(units),
        every.copy(),
        every,
        np.full(1, count),
        np.full(1, np.uint64(seed) * FIRST_SEED + np.uint64(1)),
    )


@compiled
def numbered(grids: Any) -> Any:
    """Return grids of units numbered 0…n-1 in the order of their numbers."""
    number = np.zeros(grids.max() + 1, np.int64)
    for unit in range(len(grids)):
        number[grids[unit]] = 1
    used = 0
    for grid in range(len(number)):
        used += number[grid]
        number[grid] = used - 1
    return number[grids]
