"""Which units hang together."""

from __future__ import annotations

import numpy as np

from linli.planner.arrays import Ints


def connected(first: Ints, beside: Ints, labels: Ints) -> Ints:
    """Return pieces of equal labels, numbered from 0 in the order of their first unit.

    Args:
        first, beside: neighbours in compressed rows.
        labels: by unit; neighbours with the same label belong to the same piece.
    """
    here = np.repeat(np.arange(len(labels)), np.diff(first))
    same = labels[here] == labels[beside]
    return pieces_of(len(labels), here[same], beside[same])


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
