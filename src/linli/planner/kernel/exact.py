"""Small communities: the best of all divisions there are. Sets of units are bits of a number."""

from __future__ import annotations

from typing import Any

import numpy as np

from linli.planner.kernel.compiled import compiled
from linli.planner.kernel.costs import load_cost, other_cost, shape_cost, spread_of, square_of


@compiled
def best_division(town: Any) -> Any:
    """Return the grid of each unit in the cheapest division: three to the power of the units are looked at."""
    units = len(town.loads)
    costs = _costs_of_sets(town)
    least = np.zeros(1 << units)
    taken = np.zeros(1 << units, np.int64)
    for bits in range(1, 1 << units):
        lowest = bits & -bits
        rest = bits ^ lowest
        least[bits] = np.inf
        part = rest
        while True:
            cost = costs[part | lowest] + least[rest ^ part]
            if cost < least[bits]:
                least[bits], taken[bits] = cost, part | lowest
            if part == 0:
                break
            part = (part - 1) & rest
    grids = np.zeros(units, np.int64)
    left, number = (1 << units) - 1, 0
    while left > 0:
        for unit in range(units):
            if taken[left] >> unit & 1:
                grids[unit] = number
        left ^= taken[left]
        number += 1
    return grids


@compiled
def _costs_of_sets(town: Any) -> Any:
    """Return what each set of units costs as one grid, infinite where it does not hang together."""
    units = len(town.loads)
    near = np.zeros(units, np.int64)
    for unit in range(units):
        for at in range(town.first[unit], town.first[unit + 1]):
            near[unit] |= 1 << town.beside[at]
    costs = np.full(1 << units, np.inf)
    for bits in range(1, 1 << units):
        if _in_one_piece(near, bits):
            costs[bits] = _cost_of_set(town, bits)
    return costs


@compiled
def _in_one_piece(near: Any, bits: int) -> bool:
    reached, before = bits & -bits, 0
    while reached != before:
        before = reached
        for unit in range(len(near)):
            if before >> unit & 1:
                reached |= near[unit] & bits
    return reached == bits


@compiled
def _cost_of_set(town: Any, bits: int) -> float:
    load, area, border = 0.0, 0.0, 0.0
    across, up, square = 0.0, 0.0, 0.0
    faces, partial = 0, 0
    for unit in range(len(town.loads)):
        if not bits >> unit & 1:
            continue
        own = town.areas[unit]
        load += town.loads[unit]
        area += own
        across += own * town.x[unit]
        up += own * town.y[unit]
        square += square_of(own, town.x[unit], town.y[unit])
        border += town.rims[unit]
        for at in range(town.first[unit], town.first[unit + 1]):
            if not bits >> town.beside[at] & 1:
                border += town.lengths[at]
        if town.faces[unit] >= 0:
            faces += _number_of(town.faces, town.faces[unit], bits & ((1 << unit) - 1)) == 0
        kind = town.kinds[unit]
        if kind >= 0 and _number_of(town.kinds, kind, bits & ((1 << unit) - 1)) == 0:
            partial += _number_of(town.kinds, kind, bits) < town.kind_sizes[kind]
    shape = shape_cost(area, border, spread_of(area, across, up, square), town.weights)
    return np.float64(load_cost(load, town.weights, True) + shape + other_cost(faces, partial, 0.0, town.weights))


@compiled
def _number_of(values: Any, value: int, bits: int) -> int:
    """Return how many units of a set have a value."""
    found = 0
    for unit in range(len(values)):
        found += bits >> unit & 1 and values[unit] == value
    return found
