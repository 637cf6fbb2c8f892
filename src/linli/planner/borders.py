"""Lines between units of different labels, and the faces that they cut a polygon into."""

from __future__ import annotations

from typing import cast

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from linli.planner.arrays import Flags, Floats, Ints, Shapes
from linli.planner.triangles import NOBODY, Triangles

# Metres: corners of grids stand on a lattice so fine, far above what degrees round away (1e-9), far below what a tiling
# may be off by; without it a corner could come to lie on the other side of a wall.
FINEST = 1e-7
# Metres: what is drawn straight keeps so far from corners of buildings where there was room before.
CLEAR = 2.0
# Metres: a bend that is not needed goes where the triangle that it makes is smaller than this by this.
LARGEST_BEND = 400.0


def border_segments(triangles: Triangles, labels: Ints) -> Floats:
    """Return the segments, shape (n, 2, 2), that part the units of different ``labels``.

    A triangle between two labels is crossed from middle to middle of its sides; one between three from its centre to
    the middle of each; towards the ring around the place a border ends at the centre.
    """
    found, mixed = _by_corner(triangles, labels)
    found, corners = found[mixed], triangles.points[triangles.corners[mixed]]
    after = found[:, [1, 2, 0]]
    middles = (corners + corners[:, [1, 2, 0]]) / 2
    differ = (found != after) & (found != NOBODY) & (after != NOBODY)
    number = differ.sum(axis=1)
    two = number == 2
    across = middles[two][differ[two]].reshape(-1, 2, 2)
    centres = corners.mean(axis=1)
    triangle, side = np.nonzero(differ & ~two[:, None])
    spokes = np.stack([middles[triangle, side], centres[triangle]], axis=1)
    return np.concatenate([across, spokes])


def _by_corner(triangles: Triangles, labels: Ints) -> tuple[Ints, Flags]:
    """Return the labels of the corners of each triangle, shape (t, 3), and which triangles have different ones."""
    found = np.append(labels, NOBODY)[triangles.owners[triangles.corners]]
    return found, (found[:, 0] != found[:, 1]) | (found[:, 1] != found[:, 2])


def _corners_near(triangles: Triangles, labels: Ints) -> Ints:
    """Return the corners of the triangles that borders run through, and of those with a point of the boundary.

    A border may run between points of the boundary alone; what holds it are the footprints behind them.
    """
    _found, near = _by_corner(triangles, labels)
    near |= ~triangles.firm[triangles.corners].all(axis=1)
    return triangles.corners[near]


def beside_borders(triangles: Triangles, labels: Ints) -> Flags:
    """Return which units stand beside a border between different ``labels``, or beside the boundary."""
    beside = np.zeros(len(labels) + 1, dtype=np.bool_)
    beside[triangles.owners[_corners_near(triangles, labels)]] = True
    return beside[:-1]


def border_corners(triangles: Triangles, labels: Ints) -> tuple[Floats, Ints]:
    """Return points along borders and boundary, and the label of each: no border ever parts one from its grid.

    They are the corners of footprints, and the middles of the lines that link two footprints of the same label.
    """
    of_points = np.append(labels, NOBODY)[triangles.owners]
    corners = _corners_near(triangles, labels)
    places = np.unique(corners)
    places = places[triangles.firm[places]]
    one, other = corners.ravel(), corners[:, [1, 2, 0]].ravel()
    linked = (of_points[one] == of_points[other]) & (triangles.owners[one] != triangles.owners[other])
    linked &= triangles.firm[one] & triangles.firm[other]
    one, other = one[linked], other[linked]
    middles = (triangles.points[one] + triangles.points[other]) / 2
    return np.concatenate([triangles.points[places], middles]), np.concatenate([of_points[places], of_points[one]])


def cut(polygon: BaseGeometry, lines: BaseGeometry) -> Shapes:
    """Return the faces that lines cut a polygon into; together they are the polygon."""
    faces = shapely.get_parts(shapely.polygonize([shapely.union(polygon.boundary, lines, grid_size=FINEST)]))
    shapely.prepare(polygon)
    inside: Shapes = faces[shapely.contains(polygon, shapely.point_on_surface(faces))]
    return inside


def joined(segments: Floats) -> BaseGeometry:
    """Return segments as lines that are as long as can be."""
    lines: Shapes = np.asarray(shapely.linestrings(segments))
    return cast("BaseGeometry", shapely.line_merge(shapely.multilinestrings(lines)))


def smoothed(grids: Shapes, beside: Shapes, *, walls: bool) -> Shapes:
    """Return the polygons of grids without the bends of their common borders that no footprint asks for.

    A bend goes only where no corner of a footprint and no other border lies in the triangle that it makes, so every
    footprint stays in its grid and the grids go on tiling the same ground (Visvalingam and Whyatt, for a coverage).
    What stands behind the first row of footprints is never reached: a border stays among the triangles it ran through.

    Args:
        grids: polygons that share their borders.
        beside: footprints beside their borders.
        walls: whether a border was led around footprints, so that it may run along walls.
    """
    # There a footprint stands a hair within its wall, so that it has corners of its own to hold.
    held = shapely.buffer(beside, -10 * FINEST, join_style="mitre") if walls else beside
    around = shapely.buffer(beside, CLEAR, join_style="mitre")
    every = np.concatenate([grids, held, around])
    found: Shapes = shapely.coverage_simplify(every, LARGEST_BEND, simplify_boundary=False)
    return found[: len(grids)]


def touching(faces: Shapes) -> tuple[Ints, Ints, Floats]:
    """Return pairs of faces with a common border, each once, and its metres; common borders have the same corners."""
    rings, face_of_ring = shapely.get_rings(faces, return_index=True)
    points, ring_of = shapely.get_coordinates(rings, return_index=True)
    inner = ring_of[:-1] == ring_of[1:]
    whole = points[:, 0] + 1j * points[:, 1]
    place = np.unique(whole, return_inverse=True)[1]
    one, other = place[:-1][inner], place[1:][inner]
    key = np.minimum(one, other) * len(points) + np.maximum(one, other)
    face = face_of_ring[ring_of[:-1][inner]]
    metres = np.abs(whole[1:] - whole[:-1])[inner]
    order = np.argsort(key, kind="stable")
    # A side that two faces have in common stands twice in a row.
    twice = np.flatnonzero(key[order][1:] == key[order][:-1])
    here, there, metres = face[order[twice]], face[order[twice + 1]], metres[order[twice]]
    here, there, metres = here[here != there], there[here != there], metres[here != there]
    pairs, back = np.unique(np.minimum(here, there) * len(faces) + np.maximum(here, there), return_inverse=True)
    return pairs // len(faces), pairs % len(faces), np.bincount(back, metres, len(pairs)).astype(np.float64)


def adopt(owner: Ints, here: Ints, there: Ints, metres: Floats) -> Ints:
    """Return owners in which every face without one (-1) has that of a neighbour: the longest common border first."""
    owner = owner.copy()
    while True:
        open_here, open_there = owner[here] < 0, owner[there] < 0
        able = np.flatnonzero(open_here != open_there)
        if not len(able):
            return owner
        best = able[np.argmax(metres[able])]
        one, other = (here[best], there[best]) if open_here[best] else (there[best], here[best])
        owner[one] = owner[other]
