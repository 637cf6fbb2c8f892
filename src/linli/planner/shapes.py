"""The polygons of grids: they tile their community exactly, and every footprint lies whole in its grid."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from linli.planner.arrays import Floats, Ints, Shapes
from linli.planner.borders import (
    adopt,
    beside_borders,
    border_corners,
    border_segments,
    cut,
    joined,
    smoothed,
    touching,
)
from linli.planner.ground import Ground
from linli.planner.linking import Part
from linli.planner.pieces import pieces_of


def draw(ground: Ground, numbers: Sequence[int]) -> list[BaseGeometry]:
    """Return the polygons of grids in WGS-84, in order of number; then one for each part without a building.

    Args:
        ground: the community.
        numbers: the grid of each row, 0…n-1.
    """
    labels = unit_numbers(ground, numbers)
    count = int(labels.max()) + 1 if len(labels) else 0
    found: list[list[BaseGeometry]] = [[] for _number in range(count)]
    empty = []
    for part in ground.parts:
        if not len(part.units):
            empty.append(part.polygon)
            continue
        for number, polygon in _draw_part(part, labels[part.units], ground.outlines[part.units]).items():
            found[number].append(polygon)
    flat = [parts[0] if len(parts) == 1 else shapely.union_all(parts) for parts in found] + empty
    shapes = shapely.transform(np.array(flat, dtype=object), lambda points: points / ground.scale + ground.corner)
    return list(shapes)


def unit_numbers(ground: Ground, numbers: Sequence[int]) -> Ints:
    """Return the grid of each unit: that of its first building."""
    labels = np.zeros(ground.units, dtype=np.int64)
    labels[ground.unit_of[::-1]] = np.asarray(numbers, dtype=np.int64)[::-1]
    return labels


def _draw_part(part: Part, labels: Ints, outlines: Shapes) -> dict[int, BaseGeometry]:
    numbers = np.unique(labels)
    if len(numbers) == 1 or part.triangles is None:
        return {int(numbers[0]): part.polygon}
    lines = joined(border_segments(part.triangles, labels))
    shapely.prepare(lines)
    # A border that meets a footprint is led around it.
    met = shapely.intersects(lines, outlines)
    if met.any():
        lines = shapely.union_all([lines, *shapely.boundary(outlines[met])])
    pieces = cut(part.polygon, lines)
    points, of_points = border_corners(part.triangles, labels)
    points = np.concatenate([part.spots, points])
    of_points = np.concatenate([labels[part.spot_units], of_points])
    owner = _owners(pieces, points, of_points, outlines[met], labels[met])
    if met.any():
        owner = _without_crumbs(pieces, owner, outlines, labels)
    grids = [own[0] if len(own := pieces[owner == number]) == 1 else _one(own) for number in numbers]
    beside = outlines[beside_borders(part.triangles, labels) | met]
    smooth = smoothed(np.array(grids, dtype=object), beside, walls=bool(met.any()))
    return {int(number): polygon for number, polygon in zip(numbers, smooth, strict=True)}


def _one(pieces: Shapes) -> BaseGeometry:
    """Return pieces that share their borders as one polygon."""
    found = shapely.coverage_union_all(pieces)
    parts = shapely.get_parts(found)
    return parts[0] if len(parts) == 1 else found


def _owners(pieces: Shapes, points: Floats, of_points: Ints, outlines: Shapes, of_outlines: Ints) -> Ints:
    """Return the grid of each piece: of a footprint around it, else of a point in it (the last), else the neighbour's.

    ``points`` and ``outlines`` (footprints that borders are led around) come with their grids.
    """
    owner = np.full(len(pieces), -1, dtype=np.int64)
    point, piece = STRtree(pieces).query(shapely.points(points), predicate="intersects")
    owner[piece] = of_points[point]
    if len(outlines):
        outline, piece = STRtree(shapely.point_on_surface(pieces)).query(outlines, predicate="contains")
        owner[piece] = of_outlines[outline]
    return owner if (owner >= 0).all() else adopt(owner, *touching(pieces))


def _without_crumbs(pieces: Shapes, owner: Ints, outlines: Shapes, labels: Ints) -> Ints:
    """Return owners in which what footprints cut off from a grid, with none of its own in it, is the neighbour's."""
    here, there, metres = touching(pieces)
    same = owner[here] == owner[there]
    group = pieces_of(len(pieces), here[same], there[same])
    unit, piece = STRtree(pieces).query(shapely.point_on_surface(outlines), predicate="intersects")
    own = owner[piece] == labels[unit]
    held = np.zeros(len(pieces), dtype=np.bool_)
    held[group[piece[own]]] = True
    lost = ~held[group]
    return adopt(np.where(lost, -1, owner), here, there, metres) if lost.any() else owner
