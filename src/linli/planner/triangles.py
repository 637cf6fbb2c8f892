"""Delaunay triangles over the corners of footprints: they fill the space between buildings.

A triangle side that links two buildings makes them neighbours. A border between two grids runs through the middles of
such sides, so it keeps the middle between buildings and crosses no footprint whose sides are all sides of triangles.
Points of the boundary belong to the building nearest to them, so that no other reaches around it along the boundary;
they make no neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from linli.planner.arrays import Flags, Floats, Ints, Shapes

# Metres: a longer side of a footprint gets points between its ends.
LONGEST_SIDE = 24.0
# Corners are drawn a little to the middle of their footprint, so that buildings wall to wall share no corner.
DRAWN_IN = 0.999
# Metres between points of the boundary.
RIM_STEP = 20.0
# The space of the outermost buildings ends at a ring of points; it lies so many times as far as the place is wide.
RING_POINTS, RING_FAR = 12, 8.0
# The owner of a point of the ring.
NOBODY = -1


@dataclass(frozen=True)
class Triangles:
    """Triangles of one part of a community.

    ``points``: metres, shape (n, 2). ``owners``: the unit of each point, ``NOBODY`` for the ring. ``firm``: which
    points are corners of footprints, not of the boundary or the ring. ``corners``: three points a triangle, shape
    (t, 3). ``sides``: the sides of the footprints as pairs of points.
    """

    points: Floats
    owners: Ints
    firm: Flags
    corners: Ints
    sides: Ints

    def links(self) -> Ints:
        """Return the triangle sides between two units as pairs of points, the unit with the lower number first."""
        one = self.corners.ravel()
        other = self.corners[:, [1, 2, 0]].ravel()
        here, there = self.owners[one], self.owners[other]
        between = (here != there) & self.firm[one] & self.firm[other]
        one, other, swap = one[between], other[between], (here > there)[between]
        pairs = np.stack([np.where(swap, other, one), np.where(swap, one, other)], axis=1)
        key = pairs[:, 0] * len(self.points) + pairs[:, 1]
        return pairs[np.unique(key, return_index=True)[1]]

    def lost_sides(self) -> Ints:
        """Return the sides of footprints that are no sides of triangles: something else runs across the footprint."""
        one, other = self.corners.ravel(), self.corners[:, [1, 2, 0]].ravel()
        own = self.owners[one] == self.owners[other]
        one, other = one[own], other[own]
        known = np.sort(np.minimum(one, other) * len(self.points) + np.maximum(one, other))
        wanted = self.sides.min(axis=1) * len(self.points) + self.sides.max(axis=1)
        places = np.minimum(np.searchsorted(known, wanted), max(len(known) - 1, 0))
        return self.sides[known[places] != wanted] if len(known) else self.sides


@dataclass(frozen=True)
class Rim:
    """Points along the outer boundary of a part, each with the unit nearest to it and its metres of the boundary."""

    points: Floats
    owners: Ints
    metres: Floats

    def only(self, kept: Flags) -> Rim:
        """Return some of the points."""
        return Rim(self.points[kept], self.owners[kept], self.metres[kept])


def rim_of(polygon: BaseGeometry, outlines: Shapes) -> Rim:
    """Return the rim of a part: none of its points lies further than ``RIM_STEP`` from the next."""
    dense = shapely.get_coordinates(shapely.segmentize(shapely.get_exterior_ring(polygon), RIM_STEP))
    steps = np.hypot(*(dense[1:] - dense[:-1]).T)
    nearest: Ints = np.asarray(shapely.STRtree(outlines).nearest(shapely.points(dense[:-1])), dtype=np.int64)
    return Rim(dense[:-1], nearest, (steps + np.roll(steps, 1)) / 2)


def triangulate(outlines: Shapes, polygon: BaseGeometry, rim: Rim) -> Triangles:
    """Return the triangles over the footprints of units (metres), none of which overlap.

    ``polygon``: the part they lie in; its borders reach beyond it.
    """
    points, owners, sides = _points_of(outlines)
    points, kept, place = _each_once(points)
    owners = owners[kept]
    ring = _ring_around(shapely.bounds(polygon))
    owners = np.concatenate([owners, rim.owners, np.full(len(ring), NOBODY, dtype=np.int64)])
    firm = np.arange(len(owners)) < len(points)
    points = np.vstack([points, rim.points, ring])
    sides = place[sides]
    return Triangles(points, owners, firm, _corners_of(points), sides[sides[:, 0] != sides[:, 1]])


def _points_of(outlines: Shapes) -> tuple[Floats, Ints, Ints]:
    """Return the points of the units, the unit of each, and the sides as pairs of places of points."""
    dense = shapely.segmentize(outlines, LONGEST_SIDE)
    rings, unit_of_ring = shapely.get_parts(dense, return_index=True)
    shells = shapely.get_exterior_ring(rings)
    rings = np.where(shapely.is_missing(shells), rings, shells)
    found, ring_of = shapely.get_coordinates(rings, return_index=True)
    owners = unit_of_ring[ring_of].astype(np.int64)
    middles = shapely.get_coordinates(shapely.centroid(outlines))
    found = middles[owners] + (found - middles[owners]) * DRAWN_IN
    here = np.arange(len(found) - 1, dtype=np.int64)
    here = here[ring_of[:-1] == ring_of[1:]]
    return found, owners, np.stack([here, here + 1], axis=1)


def _each_once(points: Floats) -> tuple[Floats, Ints, Ints]:
    """Return the points without repetitions, where each stood first, and old place → new place."""
    whole = points[:, 0] + 1j * points[:, 1]
    _values, first, back = np.unique(whole, return_index=True, return_inverse=True)
    order = np.argsort(first)
    new = np.empty(len(order), dtype=np.int64)
    new[order] = np.arange(len(order))
    return points[first[order]], first[order].astype(np.int64), new[back]


def _ring_around(bounds: Floats) -> Floats:
    low, high = bounds[:2], bounds[2:]
    far = RING_FAR * max(float(np.hypot(*(high - low))), 1.0)
    turn = 2 * np.pi * np.arange(RING_POINTS) / RING_POINTS
    ring: Floats = (low + high) / 2 + far * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    return ring


def _corners_of(points: Floats) -> Ints:
    """Return the Delaunay triangles as places of their corners."""
    # The third coordinate plays no part and comes back with each corner: the place of the point.
    numbered = np.column_stack([points, np.arange(len(points))])
    # One line is made far faster than many points, and its points are all that counts.
    found = shapely.delaunay_triangles(shapely.linestrings(numbered))
    corners = shapely.get_coordinates(found, include_z=True).reshape(-1, 4, 3)[:, :3, 2]
    return corners.astype(np.int64)


def crossed_by(lines: Floats, others: Floats) -> Flags:
    """Return which of ``lines`` (shape (n, 2, 2)) cross one of ``others`` other than at an end."""
    crossed = np.zeros(len(lines), dtype=np.bool_)
    if len(others) and len(lines):
        walls: Shapes = np.asarray(shapely.linestrings(others))
        found, _wall = shapely.STRtree(walls).query(shapely.linestrings(lines), predicate="crosses")
        crossed[found] = True
    return crossed
