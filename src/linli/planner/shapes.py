"""The polygons of grids: they tile their community exactly, and every footprint lies whole in its grid."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely import STRtree

from linli.planner.arrays import Flags, Ints, Shapes
from linli.planner.borders import adopt, border_corners, border_segments, cut, joined, touching
from linli.planner.ground import Ground
from linli.planner.linking import Part
from linli.planner.pieces import pieces_of


def draw(ground: Ground, numbers: Sequence[int]) -> list[shapely.Geometry]:
    """Return the polygons of grids in WGS-84, in order of number; then one for each part without a building.

    Args:
        ground: the community.
        numbers: the grid of each row, 0…n-1.
    """
    labels = unit_numbers(ground, numbers)
    count = int(labels.max()) + 1 if len(labels) else 0
    found: list[list[shapely.Geometry]] = [[] for _number in range(count)]
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


def _draw_part(part: Part, labels: Ints, outlines: Shapes) -> dict[int, shapely.Geometry]:
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
    owner = _owners(pieces, part, labels, outlines, met)
    return {int(number): own[0] if len(own := pieces[owner == number]) == 1 else _one(own) for number in numbers}


def _one(pieces: Shapes) -> shapely.Geometry:
    """Return pieces that share their borders as one polygon."""
    found = shapely.coverage_union_all(pieces)
    parts = shapely.get_parts(found)
    return parts[0] if len(parts) == 1 else found


def _owners(pieces: Shapes, part: Part, labels: Ints, outlines: Shapes, met: Flags) -> Ints:
    """Return the grid of each piece: of a footprint around it, of a corner or a spot in it, else the neighbour's.

    ``met`` are the footprints that borders are led around: what lies in them is theirs.
    """
    owner = np.full(len(pieces), -1, dtype=np.int64)
    assert part.triangles is not None
    tree = STRtree(pieces)
    if len(part.spots):
        spot, piece = tree.query(shapely.points(part.spots), predicate="intersects")
        owner[piece] = labels[part.spot_units[spot]]
    points, of_points = border_corners(part.triangles, labels)
    corner, piece = tree.query(shapely.points(points), predicate="intersects")
    owner[piece] = of_points[corner]
    if met.any():
        outline, piece = STRtree(shapely.point_on_surface(pieces)).query(outlines[met], predicate="contains")
        owner[piece] = labels[met][outline]
    if (owner >= 0).all() and not met.any():
        return owner
    beside = touching(pieces)
    owner = adopt(owner, *beside)
    # What footprints cut off from a grid, with none of its own in it, goes to the neighbour.
    same = owner[beside[0]] == owner[beside[1]]
    group = pieces_of(len(pieces), beside[0][same], beside[1][same])
    held = np.zeros(len(pieces), dtype=np.bool_)
    unit, piece = tree.query(shapely.point_on_surface(outlines), predicate="intersects")
    own = owner[piece] == labels[unit]
    held[group[piece[own]]] = True
    lost = ~held[group]
    return adopt(np.where(lost, -1, owner), *beside) if lost.any() else owner
