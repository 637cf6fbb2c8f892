"""Orders of the units of two grids: every prefix of an order is a way to divide them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from linli.planner.kernel.compiled import compiled
from linli.planner.kernel.numbers import below, chance

# Shares of the ways to order.
SWEEP, AROUND, BETWEEN = 0.35, 0.5, 0.8
# How much a tree that grows would rather stay in its compound and its face.
OTHER_KIND, OTHER_FACE = 1.0, 2.0
# A group counts for so much more than the place of a unit in it.
FAR_MORE = 1e4
# How often a plan that is mended is divided along the border of before; and metres that no key reaches.
AS_BEFORE, BEYOND = 0.5, 1e9

# Up to so many units a plain insertion sort is the quickest.
FEW = 120


@compiled
def put_in_order(seed: Any, bench: Any, size: int, grids: Any, mending: bool) -> bool:
    """Fill ``bench.order`` with the local units in a random order that makes sense.

    Returns whether every prefix of it is in one piece by itself.

    Args:
        grids: numbers of the two grids.
        mending: whether a plan before is mended.
    """
    way = chance(seed)
    if way >= BETWEEN:
        _grow(seed, bench, size)
        return True
    if way < SWEEP:
        _sweep(seed, bench, size)
    elif way < AROUND:
        _around(seed, bench, size)
    else:
        _between(seed, bench, size)
    together = chance(seed)
    if together < 0.6:
        _keep_together(bench.kinds, bench.kind_low, bench.kind_sum, bench.keys, size)
    if together < 0.3 or together > 0.85:
        _keep_together(bench.faces, bench.face_low, bench.face_sum, bench.keys, size)
    if mending and chance(seed) < AS_BEFORE:
        _as_before(bench, size, grids)
    _sort(bench, size)
    return False


@compiled
def _as_before(bench: Any, size: int, grids: Any) -> None:
    """Put the units that the first grid had before at the beginning, and those that the second had at the end."""
    one, other = grids
    for local in range(size):
        if bench.before[local] >= 0 and bench.before[local] == one:
            bench.keys[local] -= BEYOND
        elif bench.before[local] >= 0 and bench.before[local] == other:
            bench.keys[local] += BEYOND


@compiled
def _sort(bench: Any, size: int) -> None:
    if size > FEW:
        bench.order[:size] = np.argsort(bench.keys[:size])
        return
    for local in range(size):
        key, at = bench.keys[local], local
        while at > 0 and bench.keys[bench.order[at - 1]] > key:
            bench.order[at] = bench.order[at - 1]
            at -= 1
        bench.order[at] = local


@compiled
def _sweep(seed: Any, bench: Any, size: int) -> None:
    east, north = 0.0, 0.0
    while not 0.01 < east * east + north * north < 1.0:
        east, north = 2.0 * chance(seed) - 1.0, 2.0 * chance(seed) - 1.0
    for local in range(size):
        bench.keys[local] = east * bench.x[local] + north * bench.y[local]


@compiled
def _around(seed: Any, bench: Any, size: int) -> None:
    middle = below(seed, size)
    for local in range(size):
        east, north = bench.x[local] - bench.x[middle], bench.y[local] - bench.y[middle]
        bench.keys[local] = math.sqrt(east * east + north * north)


@compiled
def _between(seed: Any, bench: Any, size: int) -> None:
    """Nearer to one of two units than to the other."""
    one, other = below(seed, size), below(seed, size)
    for local in range(size):
        east, north = bench.x[local] - bench.x[one], bench.y[local] - bench.y[one]
        away = math.sqrt(east * east + north * north)
        east, north = bench.x[local] - bench.x[other], bench.y[local] - bench.y[other]
        bench.keys[local] = away - math.sqrt(east * east + north * north)


@compiled
def _keep_together(groups: Any, counts: Any, sums: Any, keys: Any, size: int) -> None:
    """Give the units of a group the key of their middle, so that they follow each other."""
    for local in range(size):
        group = groups[local]
        if group >= 0:
            counts[group] += 1
            sums[group] += keys[local]
    for local in range(size):
        group = groups[local]
        middle = sums[group] / counts[group] if group >= 0 else keys[local]
        keys[local] = middle + keys[local] / FAR_MORE
    for local in range(size):
        group = groups[local]
        if group >= 0:
            counts[group] = 0
            sums[group] = 0.0


@compiled
def _grow(seed: Any, bench: Any, size: int) -> None:
    """Let a tree grow over the neighbours from a random unit: the next is the nearest by a random draw (Prim)."""
    for local in range(size):
        bench.waiting[local] = np.inf
        bench.inside[local] = False
    bench.stack[0] = below(seed, size)
    bench.waiting[bench.stack[0]] = 0.0
    front, step = 1, 0
    while front > 0:
        nearest = 0
        for at in range(1, front):
            if bench.waiting[bench.stack[at]] < bench.waiting[bench.stack[nearest]]:
                nearest = at
        best = bench.stack[nearest]
        front -= 1
        bench.stack[nearest] = bench.stack[front]
        bench.inside[best] = True
        bench.order[step] = best
        step += 1
        front = _reach_from(seed, bench, best, front)
    for local in range(size):
        bench.inside[local] = False


@compiled
def _reach_from(seed: Any, bench: Any, best: int, front: int) -> int:
    """Let the neighbours of a unit of the tree wait with a draw; return how many wait then."""
    for at in range(bench.first[best], bench.first[best + 1]):
        local = bench.beside[at]
        if bench.inside[local]:
            continue
        draw = chance(seed)
        if bench.kinds[best] < 0 or bench.kinds[best] != bench.kinds[local]:
            draw += OTHER_KIND
        if bench.faces[best] != bench.faces[local]:
            draw += OTHER_FACE
        if bench.waiting[local] == np.inf:
            bench.stack[front] = local
            front += 1
        bench.waiting[local] = min(bench.waiting[local], draw)
    return front
