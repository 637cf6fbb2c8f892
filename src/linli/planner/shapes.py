"""The polygons of grids: they tile their community exactly, and every footprint lies whole in its grid."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely import STRtree

from linli.planner.arrays import Ints, Shapes
from linli.planner.borders import border_segments, cut
from linli.planner.ground import Ground
from linli.planner.linking import Part, adopt

# Square metres: less of a footprint in another grid is a rounding of the arithmetic.
NOTHING = 1e-6


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
    pieces = cut(part.polygon, border_segments(part.triangles, labels))
    owner = _owners(pieces, part, labels, outlines)
    polygons = {
        int(number): own[0] if len(own := pieces[owner == number]) == 1 else shapely.union_all(own) for number in numbers
    }
    return _with_whole_footprints(polygons, labels, outlines)


def _owners(pieces: Shapes, part: Part, labels: Ints, outlines: Shapes) -> Ints:
    """Return the grid of each piece: of the units in it, else of a spot in it, else the neighbour's."""
    owner = np.full(len(pieces), -1, dtype=np.int64)
    tree = STRtree(pieces)
    if len(part.spots):
        spot, piece = tree.query(shapely.points(part.spots), predicate="intersects")
        owner[piece] = labels[part.spot_units[spot]]
    unit, piece = tree.query(shapely.point_on_surface(outlines), predicate="intersects")
    owner[piece] = labels[unit]
    if (owner >= 0).all():
        return owner
    here, there = tree.query(pieces, predicate="intersects")
    kept = here < there
    here, there = here[kept], there[kept]
    metres = shapely.length(shapely.intersection(shapely.boundary(pieces[here]), shapely.boundary(pieces[there])))
    return adopt(owner, here[metres > 0], there[metres > 0], metres[metres > 0])


def _with_whole_footprints(
    polygons: dict[int, shapely.Geometry], labels: Ints, outlines: Shapes
) -> dict[int, shapely.Geometry]:
    """Return the polygons with every footprint whole in its own: it is added there and taken from the others."""
    numbers = list(polygons)
    shapes = np.array([polygons[number] for number in numbers], dtype=object)
    home = np.searchsorted(numbers, labels)
    shapely.prepare(shapes)
    split = np.flatnonzero(~shapely.covers(shapes[home], outlines))
    for unit in split:
        others = np.flatnonzero(shapely.intersects(shapes, outlines[unit]))
        others = others[others != home[unit]]
        taken = shapely.area(shapely.intersection(shapes[others], outlines[unit])) > NOTHING
        if not taken.any():
            continue
        shapes[home[unit]] = shapely.union(shapes[home[unit]], outlines[unit])
        for other in others[taken]:
            shapes[other] = shapely.difference(shapes[other], outlines[unit])
    _return_crumbs(shapes, split, home, outlines)
    return dict(zip(numbers, shapes, strict=True))


def _return_crumbs(shapes: Shapes, split: Ints, home: Ints, outlines: Shapes) -> None:
    """Give pieces that whole footprints cut off, without a footprint of their own grid, to the neighbour beside them."""
    if not len(split):
        return
    for number in range(len(shapes)):
        parts = shapely.get_parts(shapes[number])
        if len(parts) < 2:
            continue
        tree = STRtree(parts)
        held = np.unique(tree.query(shapely.point_on_surface(outlines[home == number]), predicate="intersects")[1])
        kept = np.zeros(len(parts), dtype=np.bool_)
        kept[held] = True
        shapes[number] = shapely.union_all(parts[kept])
        for crumb in parts[~kept]:
            metres = shapely.length(shapely.intersection(shapely.boundary(shapes), crumb.boundary))
            metres[number] = 0.0
            nearest = int(np.argmax(metres))
            shapes[nearest] = shapely.union(shapes[nearest], crumb)
