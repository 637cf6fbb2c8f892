"""Where re-planning begins: the grids of the plan before, as they stand on the ground of today."""

from __future__ import annotations

import numpy as np

from linli.planner.arrays import Flags, Ints
from linli.planner.ground import Ground
from linli.planner.model import Previous
from linli.planner.pieces import connected, in_pieces

NEW = -1


def standing(ground: Ground, previous: Previous, lowest: int) -> tuple[Ints, Ints, Flags]:
    """Return the grid of each unit (0…n-1, all used), its grid before (-1: it is new), and which grids are locked.

    A new unit joins the neighbour with the longest common border. New units among locked grids alone make a grid of
    their own, if they have at least ``lowest`` households; else they join a locked one. A grid that fell to pieces
    keeps its number where most of its households are.
    """
    codes = sorted({previous.grids[key] for key in ground.keys if key in previous.grids})
    places = {code: place for place, code in enumerate(codes)}
    before = np.full(ground.units, NEW, dtype=np.int64)
    for row in range(len(ground.keys) - 1, -1, -1):
        code = previous.grids.get(ground.keys[row])
        if code is not None:
            before[ground.unit_of[row]] = places[code]
    shut = np.array([code in previous.locked for code in codes], dtype=np.bool_)
    labels = _spread(ground, before, shut, lowest)
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


def _spread(ground: Ground, before: Ints, shut: Flags, lowest: int) -> Ints:
    """Return labels in which every unit has one; ``shut``: which of the labels so far are locked."""
    labels = before.copy()
    fresh = len(shut)
    closed = np.append(shut, np.zeros(ground.units, dtype=np.bool_))
    while (labels < 0).any():
        if not _join(ground, labels, ~closed[labels]):
            # Who is left stands among locked grids alone, or by itself.
            pieces = connected(ground.first, ground.beside, labels)
            piece = pieces == pieces[int(np.flatnonzero(labels < 0)[0])]
            small = int(ground.loads[piece].sum()) < lowest
            if not small or not _join(ground, labels, ~piece):
                labels[piece] = fresh
                fresh += 1
    return labels


def _join(ground: Ground, labels: Ints, hosts: Flags) -> bool:
    """Give one unit that has no label that of a neighbour among ``hosts``: that with the longest common border."""
    here = np.repeat(np.arange(ground.units), np.diff(ground.first))
    able = np.flatnonzero((labels[here] < 0) & ((labels >= 0) & hosts)[ground.beside])
    if not len(able):
        return False
    best = able[np.argmax(ground.lengths[able])]
    labels[here[best]] = labels[ground.beside[best]]
    return True
