"""Where re-planning begins: the grids of the plan before, as they stand on the ground of today."""

from __future__ import annotations

import numpy as np

from linli.planner.arrays import Flags, Ints
from linli.planner.ground import Ground
from linli.planner.model import Previous
from linli.planner.pieces import in_pieces

NEW = -1


def standing(ground: Ground, previous: Previous) -> tuple[Ints, Ints, Flags]:
    """Return the grid of each unit (0…n-1, all used), its grid before (-1: it is new), and which grids are locked.

    A new unit joins the neighbour with the longest common border, not a locked one where another will do. A grid that
    fell to pieces keeps its number where most of its households are.
    """
    codes = sorted({previous.grids[key] for key in ground.keys if key in previous.grids})
    places = {code: place for place, code in enumerate(codes)}
    before = np.full(ground.units, NEW, dtype=np.int64)
    for row in range(len(ground.keys) - 1, -1, -1):
        code = previous.grids.get(ground.keys[row])
        if code is not None:
            before[ground.unit_of[row]] = places[code]
    shut = np.array([code in previous.locked for code in codes], dtype=np.bool_)
    labels = _spread(ground, before, shut)
    labels = in_pieces(ground.first, ground.beside, ground.loads, labels, len(codes))
    # Numbers that nobody has any more (a grid all of whose buildings are gone) are closed up.
    used, labels = np.unique(labels, return_inverse=True)
    new_number = np.full(max(len(codes), int(used.max()) + 1), NEW, dtype=np.int64)
    new_number[used] = np.arange(len(used))
    locked = np.zeros(ground.units, dtype=np.bool_)
    old = used[used < len(codes)]
    locked[new_number[old]] = shut[old]
    before = np.where(before >= 0, new_number[before], NEW)
    return labels.astype(np.int64), before, locked


def _spread(ground: Ground, before: Ints, shut: Flags) -> Ints:
    """Return labels in which every unit has one: those without take a neighbour's, the longest border first."""
    labels = before.copy()
    here = np.repeat(np.arange(ground.units), np.diff(ground.first))
    fresh = len(shut)
    while (labels < 0).any():
        able = np.flatnonzero((labels[here] < 0) & (labels[ground.beside] >= 0))
        if not len(able):
            # Nobody stands beside these: they begin a grid of their own.
            labels[int(np.flatnonzero(labels < 0)[0])] = fresh
            fresh += 1
            continue
        near = labels[ground.beside[able]]
        open_to_all = np.append(~shut, np.ones(fresh, dtype=np.bool_))[near]
        best = able[np.lexsort((ground.lengths[able], open_to_all))[-1]]
        labels[here[best]] = labels[ground.beside[best]]
    return labels
