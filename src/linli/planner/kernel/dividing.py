"""One step: two neighbouring grids are joined and divided anew, or one is divided, or two become one."""

from __future__ import annotations

from typing import Any

import numpy as np

from linli.planner.kernel.compiled import compiled
from linli.planner.kernel.costs import load_cost, other_cost, shape_cost, spread_of, square_of
from linli.planner.kernel.orders import put_in_order
from linli.planner.kernel.state import MOVED

NONE = -1
# So many cuts of one order are looked at until one leaves both sides in one piece.
MOST_TRIES = 4


@compiled
def gather(town: Any, state: Any, bench: Any, one: int, other: int) -> int:
    """Fill the bench with the units of both grids (``other`` may be NONE) and return how many there are."""
    size = 0
    for side in range(2):
        grid = one if side == 0 else other
        unit = state.head[grid] if grid >= 0 else -1
        while unit >= 0:
            bench.rows[size] = unit
            bench.place[unit] = size
            bench.loads[size] = town.loads[unit]
            bench.areas[size] = town.areas[unit]
            bench.x[size] = town.x[unit]
            bench.y[size] = town.y[unit]
            bench.faces[size] = town.faces[unit]
            bench.kinds[size] = town.kinds[unit]
            bench.before[size] = town.before[unit]
            size += 1
            unit = state.following[unit]
    links = 0
    for local in range(size):
        row = bench.rows[local]
        bench.first[local] = links
        metres = town.rims[row]
        for at in range(town.first[row], town.first[row + 1]):
            near = bench.place[town.beside[at]]
            if near < 0:
                metres += town.lengths[at]
            else:
                bench.beside[links] = near
                bench.lengths[links] = town.lengths[at]
                links += 1
        bench.outer[local] = metres
    bench.first[size] = links
    return size


@compiled
def let_go(bench: Any, size: int) -> None:
    """Clear what ``gather`` filled."""
    for local in range(size):
        bench.place[bench.rows[local]] = -1


@compiled
def _hangs_together(bench: Any, begin: int, end: int) -> bool:
    """Return whether the units of the order from ``begin`` up to ``end`` are in one piece."""
    for at in range(begin, end):
        bench.inside[bench.order[at]] = True
    start = bench.order[begin]
    bench.inside[start] = False
    bench.stack[0] = start
    waiting, seen = 1, 1
    while waiting > 0:
        waiting -= 1
        local = bench.stack[waiting]
        for at in range(bench.first[local], bench.first[local + 1]):
            near = bench.beside[at]
            if bench.inside[near]:
                bench.inside[near] = False
                bench.stack[waiting] = near
                waiting += 1
                seen += 1
    if seen < end - begin:
        for at in range(begin, end):
            bench.inside[bench.order[at]] = False
        return False
    return True


@compiled
def best_prefix(
    town: Any, state: Any, bench: Any, size: int, grids: Any, whole: bool, limit: float
) -> tuple[int, float]:
    """Put the units in an order; return how many of it go to the first grid, and what both grids then cost.

    The prefix of all means one grid. Both sides hang together, or the prefix is not taken; the cost is infinite where
    none costs at most ``limit``. ``bench.swapped`` says whether the two grids then change their numbers.

    Args:
        grids: numbers of the two grids; the second may be NONE where one grid is divided.
        whole: whether the grids are final; else they are yet to be divided themselves.
    """
    grown = put_in_order(state.seed, bench, size, grids, town.weights[MOVED] > 0.0)
    _cost_prefixes(town, bench, size, grids, whole, limit)
    for _try in range(MOST_TRIES):
        best, least = 0, limit
        for at in range(size):
            if bench.costs[at] <= least:
                best, least = at + 1, bench.costs[at]
        if best == 0:
            break
        if (grown or _hangs_together(bench, 0, best)) and (best == size or _hangs_together(bench, best, size)):
            return best, least
        bench.costs[best - 1] = np.inf
    return 0, np.inf


@compiled
def _all_behind(town: Any, bench: Any, size: int, grids: Any) -> Any:
    """Count all units behind the cut: households, area and border; households known before, of the first and of the
    second grid; faces and half compounds. The bench then holds how often each face and compound occurs."""
    one, other = grids
    load, area, border, known, of_one, of_other = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    across, up, square = 0.0, 0.0, 0.0
    faces, partial = 0, 0
    for local in range(size):
        load += bench.loads[local]
        own = bench.areas[local]
        area += own
        across += own * bench.x[local]
        up += own * bench.y[local]
        square += square_of(own, bench.x[local], bench.y[local])
        border += bench.outer[local]
        before, face, kind = bench.before[local], bench.faces[local], bench.kinds[local]
        if before >= 0:
            known += bench.loads[local]
            of_one += bench.loads[local] if before == one else 0.0
            of_other += bench.loads[local] if before == other else 0.0
        if face >= 0:
            faces += bench.face_high[face] == 0
            bench.face_high[face] += 1
        if kind >= 0:
            high = bench.kind_high[kind] + 1
            bench.kind_high[kind] = high
            partial += (high == 1 and town.kind_sizes[kind] > 1) - (high > 1 and high == town.kind_sizes[kind])
    return load, area, border, across, up, square, known, of_one, of_other, faces, partial


@compiled
def _nothing_counted(bench: Any, size: int) -> None:
    """Clear what was counted of each face and compound."""
    for local in range(size):
        bench.inside[local] = False
        if bench.faces[local] >= 0:
            bench.face_low[bench.faces[local]] = 0
            bench.face_high[bench.faces[local]] = 0
        if bench.kinds[local] >= 0:
            bench.kind_low[bench.kinds[local]] = 0
            bench.kind_high[bench.kinds[local]] = 0


@compiled
def _cost_prefixes(town: Any, bench: Any, size: int, grids: Any, whole: bool, limit: float) -> None:
    """Fill ``bench.costs`` with what both grids cost after each prefix of the order; infinite above ``limit``.

    One pass of plain loops: a call for each unit would cost more than it says.
    """
    weights = town.weights
    one, other = grids
    counted = _all_behind(town, bench, size, grids)
    all_load, all_area, all_border, all_across, all_up, all_square, known, one_behind, other_behind = counted[:9]
    faces_behind, part_behind = counted[9:]
    across, up, square = 0.0, 0.0, 0.0
    load, area, border, cross, one_ahead, other_ahead = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    faces_ahead, part_ahead = 0, 0
    for at in range(size):
        local = bench.order[at]
        bench.inside[local] = True
        for link in range(bench.first[local], bench.first[local + 1]):
            cross += -bench.lengths[link] if bench.inside[bench.beside[link]] else bench.lengths[link]
        load += bench.loads[local]
        own = bench.areas[local]
        area += own
        across += own * bench.x[local]
        up += own * bench.y[local]
        square += square_of(own, bench.x[local], bench.y[local])
        border += bench.outer[local]
        before, face, kind = bench.before[local], bench.faces[local], bench.kinds[local]
        if before >= 0 and before == one:
            one_ahead += bench.loads[local]
            one_behind -= bench.loads[local]
        elif before >= 0 and before == other:
            other_ahead += bench.loads[local]
            other_behind -= bench.loads[local]
        if face >= 0:
            faces_ahead += bench.face_low[face] == 0
            bench.face_low[face] += 1
            bench.face_high[face] -= 1
            faces_behind -= bench.face_high[face] == 0
        if kind >= 0:
            full, low, high = town.kind_sizes[kind], bench.kind_low[kind], bench.kind_high[kind]
            part_ahead += (0 < low + 1 < full) - (0 < low < full)
            part_behind += (0 < high - 1 < full) - (0 < high < full)
            bench.kind_low[kind] = low + 1
            bench.kind_high[kind] = high - 1
        bench.costs[at] = np.inf
        cost = load_cost(load, weights, whole)
        if at < size - 1:
            cost += load_cost(all_load - load, weights, whole)
        straight, turned = one_ahead + other_behind, other_ahead + one_behind
        cost += other_cost(faces_ahead, part_ahead, known - max(straight, turned), weights)
        cost += other_cost(faces_behind, part_behind, 0.0, weights)
        if cost > limit or (at == size - 1 and other < 0):
            continue
        cost += shape_cost(area, border + cross, spread_of(area, across, up, square), weights)
        if at < size - 1:
            rest = spread_of(all_area - area, all_across - across, all_up - up, all_square - square)
            cost += shape_cost(all_area - area, all_border - border + cross, rest, weights)
        bench.costs[at] = cost
        bench.swapped[at] = turned > straight
    _nothing_counted(bench, size)


@compiled
def give(state: Any, bench: Any, size: int, best: int, one: int, other: int) -> None:
    """Give the first ``best`` of the order to ``one`` and the rest to ``other``."""
    state.head[one] = -1
    if other >= 0:
        state.head[other] = -1
    for at in range(size - 1, -1, -1):
        unit = bench.rows[bench.order[at]]
        grid = one if at < best else other
        state.grids[unit] = grid
        state.following[unit] = state.head[grid]
        state.head[grid] = unit


@compiled
def take_number(state: Any) -> int:
    """Bring a free number to life and return it."""
    number = state.alive[state.numbers[0]]
    state.numbers[0] += 1
    return int(number)


@compiled
def free_number(state: Any, grid: int) -> None:
    """Let a number be free again."""
    state.numbers[0] -= 1
    here, last = state.places[grid], state.numbers[0]
    moved = state.alive[last]
    state.alive[here], state.alive[last] = moved, grid
    state.places[moved], state.places[grid] = here, last
    state.head[grid] = -1
    state.costs[grid] = 0.0
