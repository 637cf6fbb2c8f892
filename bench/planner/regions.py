"""What the peers plan: the faces of the main roads, those too small for a grid joined to a neighbour.

Every peer gets the same graph as our planner searches: footprints, who lies beside whom, metres of common border.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bench.planner.scorer import COMPOUND_OF_ONE, FACE_OF_ITS_OWN, HIGHEST, LOWEST, TARGET
from linli.planner.pieces import pieces_of

if TYPE_CHECKING:
    from linli.planner.ground import Ground

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Region:
    """A connected piece of a community to be divided into ``count`` grids.

    ``units``: places in the ground. ``loads``: households. ``kinds``: compounds that must stay whole (-1: none).
    ``one``, ``other``, ``lengths``: neighbours, each pair once, by place in ``units``, with metres of common border.
    """

    units: Ints
    loads: Ints
    kinds: Ints
    one: Ints
    other: Ints
    lengths: Floats
    count: int

    @property
    def load(self) -> int:
        """Households of the region."""
        return int(self.loads.sum())


@dataclass(frozen=True)
class Worth:
    """How good a division is, in the order of the objective: defects, then deviation."""

    defects: int
    deviation: float

    def __lt__(self, other: Worth) -> bool:
        return (self.defects, self.deviation) < (other.defects, other.deviation)


def count_for(load: int) -> int:
    """Return into how many grids so many households go: in the band if possible, then nearest to the target."""
    near = max(1, load // TARGET)
    return min((near, near + 1), key=lambda count: (not LOWEST <= load / count <= HIGHEST, abs(load / count - TARGET)))


def regions_of(ground: Ground, tied: Ints | None = None) -> list[Region]:
    """Return the regions of a community: connected pieces of faces, joined where too small.

    Args:
        ground: the community.
        tied: grid of each unit (-1: none); regions that have a grid in common are one.
    """
    one = np.repeat(np.arange(ground.units), np.diff(ground.first))
    pairs = one < ground.beside
    one, other, lengths = one[pairs], np.asarray(ground.beside)[pairs], np.asarray(ground.lengths)[pairs]
    same = ground.faces[one] == ground.faces[other]
    pieces = pieces_of(ground.units, one[same], other[same])
    pieces = _joined(pieces, ground.loads, one, other, lengths)
    if tied is not None:
        pieces = _tied(pieces, tied)
    kept = _compounds_of_one(ground)
    return [
        _region(np.flatnonzero(pieces == piece), ground.loads, kept, one, other, lengths) for piece in np.unique(pieces)
    ]


def part_of_region(region: Region, rows: Ints) -> Region:
    """Return a piece of a region as a region of its own."""
    place = np.full(len(region.units), -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    inside = (place[region.one] >= 0) & (place[region.other] >= 0)
    return Region(
        units=region.units[rows],
        loads=region.loads[rows],
        kinds=region.kinds[rows],
        one=place[region.one[inside]],
        other=place[region.other[inside]],
        lengths=region.lengths[inside],
        count=min(count_for(int(region.loads[rows].sum())), len(rows)),
    )


def worth_of(region: Region, labels: Sequence[int] | Ints) -> Worth:
    """Return the worth of a division of a region; a part that does not hang together is a defect too."""
    labels = np.asarray(labels, dtype=np.int64)
    loads = np.bincount(labels, region.loads, int(labels.max()) + 1)
    outside = int(np.sum((loads < LOWEST) | (loads > HIGHEST)))
    inside = labels[region.one] == labels[region.other]
    pieces = int(pieces_of(len(labels), region.one[inside], region.other[inside]).max()) + 1
    known = region.kinds >= 0
    ends = np.unique(region.kinds[known] * np.int64(len(loads)) + labels[known])
    split = int(np.sum(np.bincount((ends // len(loads)).astype(np.int64)) > 1)) if len(ends) else 0
    return Worth(outside + split + pieces - len(np.unique(labels)), float(np.abs(loads - TARGET).sum()) / TARGET)


def _joined(pieces: Ints, loads: Ints, one: Ints, other: Ints, lengths: Floats) -> Ints:
    """Join every piece with too few households, the smallest first, to the neighbour with which it fits best."""
    pieces = pieces.astype(np.int64)
    while True:
        load = np.bincount(pieces, loads)
        shared: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        here, there = pieces[one], pieces[other]
        for left, right, length in zip(here.tolist(), there.tolist(), lengths.tolist(), strict=True):
            if left != right:
                shared[left][right] += length
                shared[right][left] += length
        small = [piece for piece in shared if load[piece] < FACE_OF_ITS_OWN]
        if not small:
            return pieces
        piece = min(small, key=lambda place: (load[place], place))
        best = min(shared[piece], key=lambda place: (_misfit(int(load[place] + load[piece])), -shared[piece][place]))
        pieces[pieces == piece] = best


def _tied(pieces: Ints, grids: Ints) -> Ints:
    """Return pieces, those with a grid in common as one."""
    known = grids >= 0
    size = int(pieces.max()) + 1
    linked = pieces_of(size + int(grids.max()) + 1, pieces[known], size + grids[known])
    return linked[pieces]


def _misfit(load: int) -> bool:
    return not LOWEST <= load / count_for(load) <= HIGHEST


def _compounds_of_one(ground: Ground) -> Ints:
    kinds = np.asarray(ground.kinds)
    load = np.bincount(kinds[kinds >= 0], ground.loads[kinds >= 0]) if (kinds >= 0).any() else np.zeros(0)
    kept: Ints = np.where((kinds >= 0) & (np.append(load, 0)[kinds] <= COMPOUND_OF_ONE), kinds, -1).astype(np.int64)
    return kept


def _region(units: Ints, loads: Ints, kinds: Ints, one: Ints, other: Ints, lengths: Floats) -> Region:
    place = np.full(len(loads), -1, dtype=np.int64)
    place[units] = np.arange(len(units))
    inside = (place[one] >= 0) & (place[other] >= 0)
    return Region(
        units=units,
        loads=loads[units],
        kinds=kinds[units],
        one=place[one[inside]],
        other=place[other[inside]],
        lengths=lengths[inside],
        count=min(count_for(int(loads[units].sum())), len(units)),
    )
