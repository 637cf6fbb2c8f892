"""Which buildings lie beside each other, and along which lines a border between them can run.

Delaunay triangles over the corners of the footprints (and points along their long sides) fill the space between the
buildings. A triangle side that links two buildings makes them neighbours. The border between them runs from the middle
of that side to the centres of its two triangles: outside both footprints wherever no triangle runs through one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import Delaunay

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Metres: longer sides of a footprint get points between their ends, and each point stands a hair inside its footprint.
LONGEST_SIDE = 24.0
INSET = 0.02


@dataclass(frozen=True)
class Borders:
    """Pieces of possible borders: from ``start`` to ``end`` in metres, between the buildings ``one`` and ``other``."""

    start: Floats
    end: Floats
    one: Ints
    other: Ints

    @property
    def lengths(self) -> Floats:
        """Length of each piece in metres."""
        found: Floats = np.hypot(*(self.end - self.start).T)
        return found


def borders_between(outlines: Any, frame: Floats) -> Borders:
    """Return the pieces of all possible borders.

    Args:
        outlines: footprints in metres, polygons or points, one a building.
        frame: points in metres around everything, so that the space of the outermost buildings is bounded.
    """
    points, owners = _points_of(outlines)
    points = np.vstack([points, frame])
    owners = np.concatenate([owners, np.full(len(frame), -1, dtype=np.int64)])
    triangles = Delaunay(points).simplices
    centres = points[triangles].mean(axis=1)
    pieces = []
    for first, second in ((0, 1), (1, 2), (2, 0)):
        here, there = triangles[:, first], triangles[:, second]
        differ = owners[here] != owners[there]
        middle = (points[here[differ]] + points[there[differ]]) / 2
        low = np.minimum(owners[here[differ]], owners[there[differ]])
        high = np.maximum(owners[here[differ]], owners[there[differ]])
        pieces.append((middle, centres[differ], low, high))
    start, end, one, other = (np.concatenate(parts) for parts in zip(*pieces, strict=True))
    return Borders(start, end, one, other)


def _points_of(outlines: Any) -> tuple[Floats, Ints]:
    """Return the points that stand for the buildings, with the building of each."""
    dense = shapely.segmentize(shapely.buffer(outlines, -INSET, join_style="mitre"), LONGEST_SIDE)
    gone = shapely.is_empty(dense)
    dense[gone] = shapely.centroid(outlines[gone])
    found, owners = shapely.get_coordinates(dense, return_index=True)
    # Two buildings may share a corner; the triangles take each point once.
    _unique, first = np.unique(found, axis=0, return_index=True)
    first.sort()
    return found[first], owners[first]
