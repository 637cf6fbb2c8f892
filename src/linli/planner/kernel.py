"""The search for good grids in one community, compiled: two neighbouring grids are joined and divided again.

A random spanning tree over the buildings of both, whose sides prefer to stay within a compound and a face of the main
roads, is cut where the two halves cost least: every cut is costed in one pass over the tree, and both halves of every
cut hang together by themselves. Worse plans are taken too, less and less often. What a grid costs depends on that grid
alone, so a step looks at two grids whatever the size of the place.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

# The places of the weights in their array.
TARGET, LOWEST, HIGHEST, OUT, AWAY, CROSSING, SPLIT, SHAPE, MOVED = range(9)
# Local compounds and faces of two grids that are told apart; what is beyond is not counted in the search.
MOST_KINDS = 48


@njit(cache=True)
def _load_cost(load: float, weights: Any) -> float:
    """Return what the households of a grid cost: out of the band, and away from the target."""
    cost = weights[AWAY] * abs(load - weights[TARGET]) / weights[TARGET]
    if load < weights[LOWEST]:
        cost += weights[OUT] * (1.0 + (weights[LOWEST] - load) / weights[TARGET])
    elif load > weights[HIGHEST]:
        cost += weights[OUT] * (1.0 + (load - weights[HIGHEST]) / weights[TARGET])
    return cost


@njit(cache=True)
def _grow_tree(
    size: int, rows: Any, place: Any, first: Any, beside: Any, kinds: Any, faces: Any, tree: Any
) -> bool:
    """Let a random tree grow over the rows (Prim); fill order and parents. False where they do not hang together."""
    order, parent, weight, reached = tree
    for local in range(size):
        weight[local] = np.inf
        reached[local] = False
        parent[local] = -1
    weight[np.random.randint(size)] = 0.0
    for step in range(size):
        best, nearest = -1, np.inf
        for local in range(size):
            if not reached[local] and weight[local] < nearest:
                best, nearest = local, weight[local]
        if best < 0:
            return False
        reached[best] = True
        order[step] = best
        row = rows[best]
        for at in range(first[row], first[row + 1]):
            other = beside[at]
            local = place[other]
            if local < 0 or reached[local]:
                continue
            draw = np.random.random()
            if kinds[row] != kinds[other] or kinds[row] < 0:
                draw += 1.0
            if faces[row] != faces[other]:
                draw += 2.0
            if draw < weight[local]:
                weight[local] = draw
                parent[local] = best
    return True


@njit(cache=True)
def _partial_kinds(counts: Any, totals: Any, number: int, others: Any) -> float:
    """Return how many of the kinds that lie wholly in two grids a cut divides, and those that were divided anyway."""
    found = 0.0
    for kind in range(number):
        if others[kind] or 0 < counts[kind] < totals[kind]:
            found += counts[kind] > 0
    return found


@njit(cache=True)
def _faces_in(counts: Any, number: int) -> float:
    """Return how many big faces a grid reaches into beyond its first."""
    found = 0.0
    for face in range(number):
        found += counts[face] > 0
    return max(found - 1.0, 0.0)


@njit(cache=True)
def improve(  # noqa: C901 - one pass of plain loops; calls between them would cost more than they say
    first: Any,
    beside: Any,
    lengths: Any,
    households: Any,
    kinds: Any,
    kind_sizes: Any,
    faces: Any,
    face_big: Any,
    before: Any,
    locked: Any,
    grids: Any,
    weights: Any,
    steps: int,
    warm: float,
    seed: int,
) -> float:
    """Improve ``grids`` (building → number of its grid) in place and return its cost.

    Args:
        first, beside, lengths: neighbours in compressed rows, with metres of border.
        households: by building.
        kinds, kind_sizes: the compound of a building (-1: none that counts), and how many buildings it has.
        faces, face_big: the face of a building, and whether a face could be a grid of its own.
        before: the grid of a building in the plan before, -1 where there is none.
        locked: whether a grid stays as it is, by number.
        weights: prices, see the constants above.
        steps: how many pairs are tried; ``warm``: the first temperature.
    """
    np.random.seed(seed)
    total = len(households)
    place = np.full(total, -1, np.int64)
    rows = np.empty(total, np.int64)
    order = np.empty(total, np.int64)
    parent = np.empty(total, np.int64)
    weight = np.empty(total, np.float64)
    reached = np.empty(total, np.bool_)
    rank = np.empty(total, np.int64)
    load = np.empty(total, np.float64)
    cross = np.empty(total, np.float64)
    outer = np.empty(total, np.float64)
    kind_counts = np.zeros((total, MOST_KINDS), np.int32)
    face_counts = np.zeros((total, MOST_KINDS), np.int32)
    local_kind = np.full(max(len(kind_sizes), 1), -1, np.int64)
    local_face = np.full(max(len(face_big), 1), -1, np.int64)
    kind_total = np.zeros(MOST_KINDS, np.int32)
    kind_other = np.zeros(MOST_KINDS, np.bool_)
    face_total = np.zeros(MOST_KINDS, np.int32)
    best_grids = grids.copy()
    gained, best_gain = 0.0, 0.0
    rest = np.zeros(MOST_KINDS, np.int32)
    for step in range(steps):
        temperature = warm * (1.0 - step / steps) ** 2
        start = np.random.randint(total)
        one = grids[start]
        if locked[one] or first[start] == first[start + 1]:
            continue
        neighbour = beside[np.random.randint(first[start], first[start + 1])]
        other = grids[neighbour]
        if other == one or locked[other]:
            continue
        # Both grids, with local numbers.
        size = 0
        for row in range(total):
            if grids[row] == one or grids[row] == other:
                rows[size] = row
                place[row] = size
                size += 1
        number_kinds, number_faces = 0, 0
        for local in range(size):
            row = rows[local]
            load[local] = households[row]
            cross[local] = 0.0
            outer[local] = 0.0
            kind = kinds[row]
            if kind >= 0 and local_kind[kind] < 0 and number_kinds < MOST_KINDS:
                local_kind[kind] = number_kinds
                kind_total[number_kinds] = 0
                number_kinds += 1
            face = faces[row]
            if face_big[face] and local_face[face] < 0 and number_faces < MOST_KINDS:
                local_face[face] = number_faces
                face_total[number_faces] = 0
                number_faces += 1
        now_border, now_one, now_other = 0.0, 0.0, 0.0
        now_kinds = np.zeros((2, MOST_KINDS), np.int32)
        now_faces = np.zeros((2, MOST_KINDS), np.int32)
        for local in range(size):
            row = rows[local]
            side = 0 if grids[row] == one else 1
            for kind in range(number_kinds):
                kind_counts[local, kind] = 0
            for face in range(number_faces):
                face_counts[local, face] = 0
            kind = kinds[row]
            if kind >= 0 and local_kind[kind] >= 0:
                kind_counts[local, local_kind[kind]] = 1
                kind_total[local_kind[kind]] += 1
                now_kinds[side, local_kind[kind]] += 1
            face = faces[row]
            if face_big[face] and local_face[face] >= 0:
                face_counts[local, local_face[face]] = 1
                face_total[local_face[face]] += 1
                now_faces[side, local_face[face]] += 1
            if side == 0:
                now_one += households[row]
            else:
                now_other += households[row]
            for at in range(first[row], first[row + 1]):
                beyond = place[beside[at]]
                if beyond < 0:
                    outer[local] += lengths[at]
                elif grids[beside[at]] != grids[row]:
                    now_border += 0.5 * lengths[at]
        for local in range(size):
            kind = kinds[rows[local]]
            if kind >= 0 and local_kind[kind] >= 0:
                kind_other[local_kind[kind]] = kind_total[local_kind[kind]] < kind_sizes[kind]
        now = _load_cost(now_one, weights) + _load_cost(now_other, weights)
        now += weights[SHAPE] * 2.0 * now_border
        now += weights[CROSSING] * (_faces_in(now_faces[0], number_faces) + _faces_in(now_faces[1], number_faces))
        now += 0.5 * weights[SPLIT] * _partial_kinds(now_kinds[0], kind_total, number_kinds, kind_other)
        now += 0.5 * weights[SPLIT] * _partial_kinds(now_kinds[1], kind_total, number_kinds, kind_other)
        whole = now_one + now_other
        joined = np.inf
        if whole <= weights[HIGHEST]:
            joined = _load_cost(whole, weights) + weights[CROSSING] * _faces_in(face_total, number_faces)
            for kind in range(number_kinds):
                joined += 0.5 * weights[SPLIT] * kind_other[kind]
        cut, cheapest = -1, np.inf
        if _grow_tree(size, rows, place, first, beside, kinds, faces, (order, parent, weight, reached)):
            for step_of in range(size):
                rank[order[step_of]] = step_of
            for local in range(size):
                row = rows[local]
                for at in range(first[row], first[row + 1]):
                    beyond = place[beside[at]]
                    if beyond > local:
                        cross[local] += lengths[at]
                        cross[beyond] += lengths[at]
                        here, there = local, beyond
                        while here != there:
                            if rank[here] > rank[there]:
                                here = parent[here]
                            else:
                                there = parent[there]
                        cross[here] -= 2.0 * lengths[at]
            for step_of in range(size - 1, 0, -1):
                local = order[step_of]
                for kind in range(number_kinds):
                    rest[kind] = kind_total[kind] - kind_counts[local, kind]
                cost = _load_cost(load[local], weights) + _load_cost(whole - load[local], weights)
                cost += weights[SHAPE] * 2.0 * cross[local]
                if cost < cheapest:
                    cost += 0.5 * weights[SPLIT] * (
                        _partial_kinds(kind_counts[local], kind_total, number_kinds, kind_other)
                        + _partial_kinds(rest, kind_total, number_kinds, kind_other)
                    )
                    reach = _faces_in(face_counts[local], number_faces)
                    for face in range(number_faces):
                        rest[face] = face_total[face] - face_counts[local, face]
                    reach += _faces_in(rest, number_faces)
                    cost += weights[CROSSING] * reach
                    if cost < cheapest:
                        cut, cheapest = local, cost
                up = parent[local]
                load[up] += load[local]
                cross[up] += cross[local]
                for kind in range(number_kinds):
                    kind_counts[up, kind] += kind_counts[local, kind]
                for face in range(number_faces):
                    face_counts[up, face] += face_counts[local, face]
        change = min(cheapest, joined) - now
        if change <= 0.0 or np.random.random() < np.exp(-change / max(temperature, 1e-9)):
            if joined < cheapest:
                for local in range(size):
                    grids[rows[local]] = one
            elif cut >= 0:
                for local in range(size):
                    reached[local] = False
                reached[cut] = True
                for step_of in range(rank[cut] + 1, size):
                    local = order[step_of]
                    reached[local] = reached[parent[local]]
                for local in range(size):
                    grids[rows[local]] = other if reached[local] else one
            gained += change
            if gained < best_gain - 1e-9:
                best_gain = gained
                best_grids[:] = grids
        for local in range(size):
            row = rows[local]
            place[row] = -1
            if kinds[row] >= 0:
                local_kind[kinds[row]] = -1
            local_face[faces[row]] = -1
    grids[:] = best_grids
    return best_gain
