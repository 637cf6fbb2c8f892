"""The search: it begins with whole faces, divides them until grids have their size, then improves pair by pair."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from linli.planner.kernel.compiled import compiled
from linli.planner.kernel.costs import grid_cost, load_of
from linli.planner.kernel.dividing import NONE, best_prefix, free_number, gather, give, let_go, take_number
from linli.planner.kernel.numbers import below, chance
from linli.planner.kernel.state import HIGHEST, LOWEST, state_for

# How many orders are tried where a large piece is first divided.
FIRST_TRIES = 16
# How often the step begins with the costlier of two grids, and how often it divides one grid only.
COSTLIER, ALONE, ALONE_LARGE = 0.5, 0.05, 0.4
# At so many units is looked for a neighbouring grid.
MOST_LOOKS = 60


@compiled
def improve(town: Any, bench: Any, grids: Any, seed: int, steps: int, warm: float, cold: float) -> tuple[Any, float]:
    """Return better grids of units and what they cost; those above the band are divided first.

    Args:
        grids: what to begin with, numbered 0…n-1 and all used.
        steps: how many are tried while the heat falls from ``warm`` to ``cold``.
    """
    state = state_for(grids, seed)
    _divide_large(town, state, bench)
    cost = _anneal(town, state, bench, steps, warm, cold)
    return state.grids, cost


@compiled
def _divide_large(town: Any, state: Any, bench: Any) -> None:
    """Divide every grid above the band, again and again, as long as it can be divided."""
    at = 0
    while at < state.numbers[0]:
        grid = state.alive[at]
        large = load_of(town, state, grid) > town.weights[HIGHEST]
        if town.locked[grid] or not large or not _halve(town, state, bench, grid):
            at += 1


@compiled
def _halve(town: Any, state: Any, bench: Any, grid: int) -> bool:
    size = gather(town, state, bench, grid, NONE)
    least, best = np.inf, 0
    kept = np.empty(size, np.int64)
    for _try in range(FIRST_TRIES):
        number, cost = best_prefix(town, state, bench, size, (grid, NONE), False, least)
        if number > 0 and cost < least:
            least, best = cost, number
            kept[:] = bench.order[:size]
    if best > 0:
        bench.order[:size] = kept
        give(state, bench, size, best, grid, take_number(state))
    let_go(bench, size)
    return best > 0


@compiled
def _choose(town: Any, state: Any) -> int:
    """Return a unit of a grid to begin with."""
    unit = below(state.seed, len(town.loads))
    if chance(state.seed) < COSTLIER:
        second = below(state.seed, len(town.loads))
        if state.costs[state.grids[second]] > state.costs[state.grids[unit]]:
            unit = second
    return unit


@compiled
def _neighbour(town: Any, state: Any, unit: int) -> int:
    """Return a grid that lies beside the grid of a unit and is not locked; NONE where none is found."""
    grid = state.grids[unit]
    for _unit in range(len(town.loads)):
        number = town.first[unit + 1] - town.first[unit]
        skip = below(state.seed, number) if number > 0 else 0
        for at in range(number):
            other = state.grids[town.beside[town.first[unit] + (at + skip) % number]]
            if other != grid and not town.locked[other]:
                return int(other)
        unit = state.following[unit]
        if unit < 0:
            unit = state.head[grid]
        if _unit > MOST_LOOKS:
            break
    return NONE


@compiled
def _step(town: Any, state: Any, bench: Any, heat: float) -> float:
    """Try one step and return by how much the cost of the plan changed."""
    unit = _choose(town, state)
    one = state.grids[unit]
    if town.locked[one]:
        return 0.0
    other, load = NONE, load_of(town, state, one)
    if chance(state.seed) >= (ALONE if load <= town.weights[HIGHEST] else ALONE_LARGE):
        other = _neighbour(town, state, unit)
    if other == NONE and load < 2 * town.weights[LOWEST]:
        return 0.0
    size = gather(town, state, bench, one, other)
    now = state.costs[one] + (state.costs[other] if other >= 0 else 0.0)
    limit = now - heat * math.log(1.0 - chance(state.seed))
    best, cost = best_prefix(town, state, bench, size, (one, other), True, limit)
    change = 0.0
    if best > 0:
        _take(town, state, bench, (size, best), (one, other), bench.swapped[best - 1])
        change = cost - now
    let_go(bench, size)
    return change


@compiled
def _take(town: Any, state: Any, bench: Any, cut: Any, grids: Any, swapped: bool) -> None:
    """Carry out a division: ``cut`` is the number of units and of those that go to the first grid."""
    size, best = cut
    one, other = grids
    if other == NONE:
        other = take_number(state)
    if swapped:
        one, other = other, one
    if best == size:
        give(state, bench, size, best, one, NONE)
        free_number(state, other)
    else:
        give(state, bench, size, best, one, other)
        state.costs[other] = grid_cost(town, state, bench, other)
    state.costs[one] = grid_cost(town, state, bench, one)


@compiled
def _anneal(town: Any, state: Any, bench: Any, steps: int, warm: float, cold: float) -> float:
    """Improve the plan by ``steps`` steps while the heat falls from ``warm`` to ``cold``; return the cost of the best.

    The state holds the best plan that was seen in ``grids`` afterwards (not in its lists).
    """
    total = 0.0
    for at in range(state.numbers[0]):
        grid = state.alive[at]
        state.costs[grid] = grid_cost(town, state, bench, grid)
        total += state.costs[grid]
    least = total
    kept = state.grids.copy()
    heat, cooling = warm, (cold / warm) ** (1.0 / max(steps, 1))
    for _at in range(steps):
        total += _step(town, state, bench, heat)
        heat *= cooling
        if total < least - 1e-9:
            least = total
            kept[:] = state.grids
    state.grids[:] = kept
    return least
