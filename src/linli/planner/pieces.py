"""Which units hang together."""

from __future__ import annotations

import numpy as np

from linli.planner.arrays import Floats, Ints


def connected(first: Ints, beside: Ints, labels: Ints) -> Ints:
    """Return pieces of equal labels, numbered from 0 in the order of their first unit.

    Args:
        first, beside: neighbours in compressed rows.
        labels: by unit; neighbours with the same label belong to the same piece.
    """
    here = np.repeat(np.arange(len(labels)), np.diff(first))
    same = labels[here] == labels[beside]
    return pieces_of(len(labels), here[same], beside[same])


def in_pieces(first: Ints, beside: Ints, loads: Ints | Floats, labels: Ints, known: int) -> Ints:
    """Return labels that are in one piece each: the piece with most households keeps the label of the whole.

    Args:
        first, beside, labels: as in ``connected``.
        loads: households by unit.
        known: labels below are taken, also those that no unit has; other pieces are numbered from above all.
    """
    pieces = connected(first, beside, labels)
    sums = np.bincount(pieces, loads + 1e-6)
    owner = labels[np.unique(pieces, return_index=True)[1]]
    found = np.empty(len(sums), dtype=np.int64)
    fresh = max(known, int(labels.max()) + 1)
    seen: set[int] = set()
    for piece in np.argsort(-sums, kind="stable").tolist():
        number = int(owner[piece])
        if number in seen:
            number, fresh = fresh, fresh + 1
        seen.add(number)
        found[piece] = number
    return found[pieces]


def pieces_of(number: int, here: Ints, there: Ints) -> Ints:
    """Return the pieces that ``number`` things make where ``here`` hang together with ``there``, numbered from 0."""
    found = np.arange(number)
    while True:
        # Everything takes the lowest number beside it; then numbers point to where they came from.
        lower = found.copy()
        np.minimum.at(lower, here, found[there])
        np.minimum.at(lower, there, found[here])
        lower = lower[lower]
        if (lower == found).all():
            return np.unique(found, return_inverse=True)[1].astype(np.int64)
        found = lower
