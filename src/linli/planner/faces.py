"""Faces: the pieces that the main roads cut a community into, and which of them could be a grid of its own."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from linli.planner.arrays import Ints, Shapes


class Roads:
    """The main roads, ready to be asked for those of one community."""

    def __init__(self, lines: Shapes) -> None:
        kept = ~shapely.is_missing(lines) & ~shapely.is_empty(lines)
        self._lines: Shapes = lines[kept]
        self._tree = shapely.STRtree(self._lines)

    def faces(self, boundary: BaseGeometry, points: Shapes) -> Ints:
        """Return the face that each point lies in, all -1 where no road cuts the community or a point lies in none."""
        found = np.full(len(points), -1, dtype=np.int64)
        near = self._tree.query(boundary, predicate="intersects")
        if not len(near) or not len(points):
            return found
        inside = shapely.intersection(shapely.union_all(self._lines[np.sort(near)]), boundary)
        pieces = shapely.get_parts(shapely.polygonize([shapely.union_all([boundary.boundary, inside])]))
        pieces = pieces[shapely.contains_properly(boundary, shapely.point_on_surface(pieces))]
        row, face = shapely.STRtree(pieces).query(points, predicate="intersects")
        # A point on a line between two faces goes to the first of them.
        found[row[::-1]] = face[::-1]
        return found
