"""Lines between units of different labels, and the faces that they cut a polygon into."""

from __future__ import annotations

import numpy as np
import shapely

from linli.planner.arrays import Floats, Ints, Shapes
from linli.planner.triangles import NOBODY, Triangles


def border_segments(triangles: Triangles, labels: Ints) -> Floats:
    """Return the segments, shape (n, 2, 2), that part the units of different ``labels``.

    A triangle between two labels is crossed from middle to middle of its sides; one between three from its centre to the
    middle of each; towards the ring around the place a border ends at the centre.
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


def cut(polygon: shapely.Geometry, segments: Floats) -> Shapes:
    """Return the faces that the segments cut a polygon into; together they are the polygon."""
    if not len(segments):
        return np.array([polygon], dtype=object)
    lines = shapely.line_merge(shapely.multilinestrings(shapely.linestrings(segments)))
    faces = shapely.get_parts(shapely.polygonize([shapely.union(polygon.boundary, lines)]))
    shapely.prepare(polygon)
    inside: Shapes = faces[shapely.contains(polygon, shapely.point_on_surface(faces))]
    return inside

