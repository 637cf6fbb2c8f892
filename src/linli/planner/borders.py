"""Lines between units of different labels, and the faces that they cut a polygon into."""

from __future__ import annotations

import numpy as np
import shapely
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from linli.planner.arrays import Floats, Ints, Shapes
from linli.planner.triangles import NOBODY, Triangles

# Metres: corners of grids stand on a lattice so fine, far above what degrees round away (1e-9), far below what a tiling
# may be off by; without it a corner could come to lie on the other side of a wall.
FINEST = 1e-7


def border_segments(triangles: Triangles, labels: Ints) -> Floats:
    """Return the segments, shape (n, 2, 2), that part the units of different ``labels``.

    A triangle between two labels is crossed from middle to middle of its sides; one between three from its centre to
    the middle of each; towards the ring around the place a border ends at the centre.
    """
    of_points = np.append(labels, -1)[triangles.owners]
    found = of_points[triangles.corners]
    mixed = (found[:, 0] != found[:, 1]) | (found[:, 1] != found[:, 2])
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


def border_corners(triangles: Triangles, labels: Ints) -> tuple[Floats, Ints]:
    """Return points along the borders, and the label of each: no border ever parts one from its grid.

    They are the corners of footprints, and the middles of the lines that link two footprints of the same label.
    """
    of_points = np.append(labels, NOBODY)[triangles.owners]
    found = of_points[triangles.corners]
    mixed = (found[:, 0] != found[:, 1]) | (found[:, 1] != found[:, 2])
    corners = triangles.corners[mixed]
    places = np.unique(corners)
    places = places[triangles.owners[places] != NOBODY]
    one, other = corners.ravel(), corners[:, [1, 2, 0]].ravel()
    linked = (of_points[one] == of_points[other]) & (triangles.owners[one] != triangles.owners[other])
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
    whole: BaseGeometry = shapely.line_merge(shapely.MultiLineString(list(lines)))
    return whole


def touching(faces: Shapes) -> tuple[Ints, Ints, Floats]:
    """Return pairs of faces with a common border, each once, and its metres."""
    here, there = STRtree(faces).query(faces, predicate="intersects")
    kept = here < there
    here, there = here[kept], there[kept]
    metres = shapely.length(shapely.intersection(shapely.boundary(faces[here]), shapely.boundary(faces[there])))
    return here[metres > 0], there[metres > 0], metres[metres > 0]


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
