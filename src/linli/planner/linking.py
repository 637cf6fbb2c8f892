"""Who lies beside whom within one part of a community, with metres of common border, area and rim."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from linli.planner.arrays import Flags, Floats, Ints, Shapes
from linli.planner.borders import adopt, border_corners, border_segments, cut, joined, touching
from linli.planner.pieces import pieces_of
from linli.planner.triangles import NOBODY, Rim, Triangles, crossed_by, rim_of, triangulate

# Metres: footprints so near to each other may touch.
TIGHT = 0.5


@dataclass(frozen=True)
class Part:
    """One part of a community: its polygon in metres, the units in it, and the triangles over them.

    ``triangles`` counts units from 0 in the order of ``units``; None where there are fewer than two. ``spots`` are
    points in pieces of the part that belong to a unit whose footprint lies elsewhere: ``spot_units`` (the same count)
    says whose.
    """

    polygon: BaseGeometry
    units: Ints
    triangles: Triangles | None
    spots: Floats
    spot_units: Ints


@dataclass(frozen=True)
class Links:
    """Neighbours of a part: ``pairs`` of units and their common metres; ``areas`` and ``rims`` by unit of the part."""

    pairs: Ints
    lengths: Floats
    areas: Floats
    rims: Floats


NO_SPOTS = (np.empty((0, 2)), np.empty(0, dtype=np.int64))


def link_part(polygon: BaseGeometry, units: Ints, outlines: Shapes) -> tuple[Part, Links]:
    """Return a part and its neighbours; ``outlines``: of all units of the community, in metres, within their parts."""
    shapely.prepare(polygon)
    if len(units) < 2:
        links = Links(
            np.empty((0, 2), dtype=np.int64),
            np.empty(0),
            np.full(len(units), polygon.area),
            np.full(len(units), polygon.length),
        )
        return Part(polygon, units, None, *NO_SPOTS), links
    own = outlines[units]
    rim = rim_of(polygon, own)
    triangles, pairs, in_pieces = _linked(polygon, own, rim)
    inside = _inside(polygon, triangles)
    spots = NO_SPOTS
    if in_pieces:
        pairs, spots = _exact_pairs(polygon, triangles, own)
    rims = np.bincount(rim.owners, rim.metres, len(own)).astype(np.float64)
    lengths = _border_lengths(pairs, triangles, inside)
    part = Part(polygon, units, triangles, *spots)
    return part, Links(units[pairs], lengths, _areas(polygon, triangles, inside, rims), rims)


def compressed(parts: list[tuple[Part, Links]], units: int) -> tuple[Ints, Ints, Floats, Floats, Floats]:
    """Return neighbours of all units in compressed rows (first, beside, lengths), and areas and rims by unit."""
    areas, rims = np.zeros(units), np.zeros(units)
    for part, links in parts:
        areas[part.units], rims[part.units] = links.areas, links.rims
    pairs = np.concatenate([links.pairs for _part, links in parts])
    lengths = np.concatenate([links.lengths for _part, links in parts])
    here = np.concatenate([pairs[:, 0], pairs[:, 1]])
    there = np.concatenate([pairs[:, 1], pairs[:, 0]])
    order = np.lexsort((there, here))
    first = np.searchsorted(here[order], np.arange(units + 1)).astype(np.int64)
    return (
        first,
        there[order].astype(np.int64),
        np.concatenate([lengths, lengths])[order].astype(np.float64),
        areas,
        rims,
    )


def _linked(polygon: BaseGeometry, outlines: Shapes, rim: Rim) -> tuple[Triangles, Ints, bool]:
    """Return triangles, neighbours, and whether the units yet fall into pieces.

    Points of the boundary that keep units from all others are left out.
    """
    while True:
        triangles = triangulate(outlines, polygon, rim)
        pairs = _linked_pairs(polygon, triangles, outlines)
        group = pieces_of(len(outlines), *pairs.T)
        in_pieces = bool(group.any())
        if not in_pieces or not len(rim.points):
            return triangles, pairs, in_pieces
        apart = np.append(group != np.argmax(np.bincount(group)), False)
        around = np.unique(triangles.corners[apart[triangles.owners[triangles.corners]].any(axis=1)])
        first = int(triangles.firm.sum())
        kept = ~np.isin(np.arange(first, first + len(rim.points)), around)
        rim = rim.only(kept & ~kept.all())


def _inside(polygon: BaseGeometry, triangles: Triangles) -> Flags:
    """Return which triangles have their centre within the part."""
    centres = triangles.points[triangles.corners].mean(axis=1)
    found: Flags = shapely.contains_xy(polygon, centres[:, 0], centres[:, 1])
    return found


def _linked_pairs(polygon: BaseGeometry, triangles: Triangles, outlines: Shapes) -> Ints:
    """Return pairs of units that a line within the part links, from corner to corner, across no third footprint."""
    links = triangles.links()
    owners = triangles.owners[links]
    number = len(outlines)
    key = owners[:, 0] * number + owners[:, 1]
    ends = triangles.points[links]
    far = np.hypot(*(ends[:, 1] - ends[:, 0]).T)
    order = np.lexsort((far, key))
    shortest = order[np.unique(key[order], return_index=True)[1]]
    walls = Walls(triangles.points[triangles.lost_sides()], outlines)
    good = walls.let_through(polygon, ends[shortest], owners[shortest])
    found = key[shortest[good]]
    if not good.all():
        # The shortest line does not lead there; another one may.
        rest = np.flatnonzero(np.isin(key, key[shortest[~good]]))
        found = np.concatenate([found, np.unique(key[rest[walls.let_through(polygon, ends[rest], owners[rest])]])])
    return np.stack([found // number, found % number], axis=1)


class Walls:
    """What a line between two footprints must not run through."""

    def __init__(self, lost: Floats, outlines: Shapes) -> None:
        """``lost``: sides of footprints that triangles run across; ``outlines``: all footprints of the part."""
        self._lost = lost
        # Corners are drawn in, so between walls that meet there is a gap that is none.
        tree = STRtree(outlines)
        one, other = tree.query(outlines, predicate="dwithin", distance=TIGHT)
        self._tight = np.unique(one[one != other])
        self._tree = STRtree(outlines[self._tight])

    def let_through(self, polygon: BaseGeometry, lines: Floats, owners: Ints) -> Flags:
        """Return which lines lie within the part and cross no third footprint; ``owners``: the two units of each."""
        drawn = np.asarray(shapely.linestrings(lines))
        within: Flags = np.asarray(shapely.contains(polygon, drawn))
        within &= ~crossed_by(lines, self._lost)
        line, place = self._tree.query(drawn, predicate="crosses")
        third = (self._tight[place] != owners[line, 0]) & (self._tight[place] != owners[line, 1])
        within[line[third]] = False
        return within


def _border_lengths(pairs: Ints, triangles: Triangles, inside: Flags) -> Floats:
    """Return metres of common border for each pair, as far as it lies within the part."""
    if not len(pairs):
        return np.zeros(0)
    places = triangles.corners[inside]
    owners = triangles.owners[places]
    differ = owners != owners[:, [1, 2, 0]]
    mixed = differ.any(axis=1) & (owners != NOBODY).all(axis=1)
    owners, differ, corners = owners[mixed], differ[mixed], triangles.points[places[mixed]]
    after = owners[:, [1, 2, 0]]
    two = differ.sum(axis=1) == 2
    metres = np.empty(differ.shape)
    # Between two units a border runs from middle to middle: half of the side that it does not cross.
    ends = corners[two]
    uncrossed = (ends - ends[:, [1, 2, 0]])[~differ[two]]
    metres[two] = (np.hypot(*uncrossed.T) / 4)[:, None]
    ends = corners[~two]
    spokes = (ends + ends[:, [1, 2, 0]]) / 2 - ends.mean(axis=1, keepdims=True)
    metres[~two] = np.hypot(*spokes.transpose(2, 0, 1))
    number = int(triangles.owners.max()) + 1
    key = np.minimum(owners, after)[differ] * number + np.maximum(owners, after)[differ]
    wanted = pairs.min(axis=1) * number + pairs.max(axis=1)
    order = np.argsort(wanted)
    place = np.minimum(np.searchsorted(wanted, key, sorter=order), len(pairs) - 1)
    known = wanted[order[place]] == key
    found: Floats = np.bincount(order[place[known]], metres[differ][known], len(pairs)).astype(np.float64)
    return found


def _areas(polygon: BaseGeometry, triangles: Triangles, inside: Flags, rims: Floats) -> Floats:
    """Return square metres by unit: a third of each triangle to each corner; the strip along the rim by its metres."""
    corners = triangles.corners[inside]
    owners = triangles.owners[corners]
    kept = (owners != NOBODY).all(axis=1)
    one, other, third = triangles.points[corners[kept]].transpose(1, 2, 0)
    area = np.abs((other[0] - one[0]) * (third[1] - one[1]) - (third[0] - one[0]) * (other[1] - one[1])) / 2
    found = np.bincount(owners[kept].ravel(), np.repeat(area / 3, 3), len(rims))
    strip = max(polygon.area - found.sum(), 0.0)
    whole: Floats = found + strip * rims / max(rims.sum(), 1e-9)
    return whole


def _exact_pairs(polygon: BaseGeometry, triangles: Triangles, outlines: Shapes) -> tuple[Ints, tuple[Floats, Ints]]:
    """Return neighbours by cutting the part into the pieces of all units: slower, but it finds all.

    A piece without a footprint goes to the neighbour with the longest common border; its point and unit are told.
    """
    each = np.arange(len(outlines))
    pieces = cut(polygon, joined(border_segments(triangles, each)))
    owner = np.full(len(pieces), -1, dtype=np.int64)
    points, units = border_corners(triangles, each)
    corner, piece = STRtree(pieces).query(shapely.points(points), predicate="intersects")
    owner[piece[::-1]] = units[corner[::-1]]
    here, there, metres = touching(pieces)
    adopted = adopt(owner, here, there, metres)
    beside = np.stack([adopted[here], adopted[there]], axis=1)
    beside = np.sort(beside[(beside[:, 0] != beside[:, 1]) & (beside >= 0).all(axis=1)], axis=1)
    orphans = np.flatnonzero((owner < 0) & (adopted >= 0))
    spots = shapely.get_coordinates(shapely.point_on_surface(pieces[orphans])).reshape(-1, 2)
    return np.unique(beside, axis=0), (spots, adopted[orphans])
