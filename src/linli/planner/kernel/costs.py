"""What a grid costs: it depends on that grid alone, so that a step looks at two grids only."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from linli.planner.kernel.compiled import compiled
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
    numbered,
    state_for,
)

FULL_TURN = 4.0 * math.pi
# A circle of area a has this spread: a² ÷ 2π.
FULL_CIRCLE = 2.0 * math.pi


@compiled
def load_cost(load: float, weights: Any, whole: bool) -> float:
    """Return what the households of a grid cost: out of the band, and away from the target.

    Where the grid is yet to be divided (``whole`` false), it is away from the nearest multiple of the target.
    """
    target = weights[TARGET]
    if not whole and load > weights[HIGHEST]:
        times = math.floor(load / target + 0.5)
        if load >= times * weights[LOWEST] and load <= times * weights[HIGHEST]:
            return np.float64(weights[AWAY] * abs(load - times * target) / target)
    cost = weights[AWAY] * abs(load - target) / target
    if load < weights[LOWEST]:
        cost += weights[OUT] * (1.0 + (weights[LOWEST] - load) / target)
    elif load > weights[HIGHEST]:
        cost += weights[OUT] * (1.0 + (load - weights[HIGHEST]) / target)
    return np.float64(cost)


@compiled
def shape_cost(area: float, border: float, spread: float, weights: Any) -> float:
    """Return what the shape costs: nothing for a circle.

    Half by Polsby and Popper's measure of area and border, half by how near its area lies to its middle (``spread``,
    see ``spread_of``): borders are drawn straighter later than they are known here, the second half does not change.
    """
    if border <= 0.0 or spread <= 0.0:
        return 0.0
    round_ = min(FULL_TURN * area / (border * border), 1.0)
    near = min(area * area / (FULL_CIRCLE * spread), 1.0)
    return np.float64(weights[SHAPE] * (1.0 - 0.5 * (round_ + near)))


@compiled
def spread_of(area: float, across: float, up: float, square: float) -> float:
    """Return the sum of areas, each times the square of its distance to the middle of all (m⁴).

    ``across``, ``up``: sums of areas times their coordinates; ``square``: of what ``square_of`` returns.
    """
    return np.float64(square - (across * across + up * up) / area if area > 0.0 else 0.0)


@compiled
def square_of(area: float, x: float, y: float) -> float:
    """Return the area times the square of its distance to the origin, taken as a circle around its own middle."""
    return np.float64(area * (x * x + y * y) + area * area / FULL_CIRCLE)


@compiled
def other_cost(faces: int, partial: int, moved: float, weights: Any) -> float:
    """Return what crossed roads (faces beyond the first), half compounds and moved households cost."""
    crossed = faces - 1 if faces > 1 else 0
    cost = weights[CROSSING] * crossed + 0.5 * weights[SPLIT] * partial
    return np.float64(cost + weights[MOVED] * moved / weights[TARGET])


@compiled
def load_of(town: Any, state: Any, grid: int) -> float:
    """Return the households of a grid."""
    load = 0.0
    unit = state.head[grid]
    while unit >= 0:
        load += town.loads[unit]
        unit = state.following[unit]
    return load


@compiled
def grid_cost(town: Any, state: Any, bench: Any, grid: int) -> float:
    """Return what a grid costs, counted anew."""
    load, area, border, moved = 0.0, 0.0, 0.0, 0.0
    across, up, square = 0.0, 0.0, 0.0
    unit = state.head[grid]
    while unit >= 0:
        load += town.loads[unit]
        own = town.areas[unit]
        area += own
        across += own * town.x[unit]
        up += own * town.y[unit]
        square += square_of(own, town.x[unit], town.y[unit])
        border += town.rims[unit]
        if town.before[unit] >= 0 and town.before[unit] != grid:
            moved += town.loads[unit]
        for at in range(town.first[unit], town.first[unit + 1]):
            if state.grids[town.beside[at]] != grid:
                border += town.lengths[at]
        unit = state.following[unit]
    faces, partial = faces_and_halves(town, state, bench, grid)
    shape = shape_cost(area, border, spread_of(area, across, up, square), town.weights)
    cost = load_cost(load, town.weights, True) + shape
    return np.float64(cost + other_cost(faces, partial, moved, town.weights))


@compiled
def faces_and_halves(town: Any, state: Any, bench: Any, grid: int) -> tuple[int, int]:
    """Return into how many faces a grid reaches, and of how many compounds it has a part only."""
    faces, partial = 0, 0
    unit = state.head[grid]
    while unit >= 0:
        face, kind = town.faces[unit], town.kinds[unit]
        if face >= 0:
            faces += bench.face_low[face] == 0
            bench.face_low[face] += 1
        if kind >= 0:
            bench.kind_low[kind] += 1
        unit = state.following[unit]
    unit = state.head[grid]
    while unit >= 0:
        face, kind = town.faces[unit], town.kinds[unit]
        if face >= 0:
            bench.face_low[face] = 0
        if kind >= 0 and bench.kind_low[kind] > 0:
            partial += bench.kind_low[kind] < town.kind_sizes[kind]
            bench.kind_low[kind] = 0
        unit = state.following[unit]
    return faces, partial


@compiled
def has_defects(town: Any, bench: Any, grids: Any) -> bool:
    """Return whether a grid is out of the band, reaches into two faces, or divides a compound that it could hold."""
    state = state_for(numbered(grids), 0)
    for grid in range(state.numbers[0]):
        load = load_of(town, state, grid)
        if load < town.weights[LOWEST] or load > town.weights[HIGHEST]:
            return True
        faces, partial = faces_and_halves(town, state, bench, grid)
        if faces > 1 or partial > 0:
            return True
    return False
