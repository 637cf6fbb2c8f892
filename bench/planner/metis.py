"""METIS by face: every region divided with eight seeds, the best of them kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pymetis
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from bench.planner.regions import Ints, Region, Worth, worth_of

SEEDS = 8


@dataclass(frozen=True)
class Setting:
    """How METIS is asked.

    ``by_border``: edges weigh their metres of common border, else all the same. ``compound``: an edge within a compound
    weighs so many times as much. ``whole``: what hangs together of a compound is one vertex. ``ufactor``: the imbalance
    allowed, in thousandths. ``recursive``: bisection, without the promise that parts hang together.
    """

    by_border: bool = True
    compound: float = 1.0
    ufactor: int = 30
    recursive: bool = False
    whole: bool = False


def divide(region: Region, setting: Setting, seeds: int = SEEDS) -> Ints:
    """Return the part of each unit of a region."""
    best: NDArray[np.int64] = np.zeros(len(region.units), dtype=np.int64)
    if region.count < 2:
        return best
    vertex = _vertices(region, setting)
    loads = np.bincount(vertex, region.loads).astype(np.int64).tolist()
    first, beside, weights = _graph(region, vertex, setting)
    graph = pymetis.CSRAdjacency(first, beside)
    count = min(region.count, len(loads))
    found: Worth | None = None
    for seed in range(1, seeds + 1):
        options = pymetis.Options(ufactor=setting.ufactor, seed=seed, contig=int(not setting.recursive))
        _cut, labels = pymetis.part_graph(
            count,
            adjacency=graph,
            vweights=loads,
            eweights=weights,
            recursive=setting.recursive,
            options=options,
        )
        own = np.asarray(labels, dtype=np.int64)[vertex]
        worth = worth_of(region, own)
        if found is None or worth < found:
            best, found = own, worth
    return np.unique(best, return_inverse=True)[1].astype(np.int64)


def _vertices(region: Region, setting: Setting) -> Ints:
    """Return the vertex of each unit."""
    size = len(region.units)
    if not setting.whole:
        return np.arange(size)
    same = _one_compound(region)
    graph = coo_array((np.ones(int(same.sum())), (region.one[same], region.other[same])), shape=(size, size))
    found: Ints = connected_components(graph, directed=False)[1].astype(np.int64)
    return found


def _one_compound(region: Region) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (region.kinds[region.one] == region.kinds[region.other]) & (
        region.kinds[region.one] >= 0
    )
    return found


def _graph(region: Region, vertex: Ints, setting: Setting) -> tuple[list[int], list[int], list[int]]:
    """Return the graph of a region in compressed rows, with weights."""
    metres = region.lengths if setting.by_border else np.full(len(region.one), 10.0)
    metres = np.where(_one_compound(region), metres * setting.compound, metres)
    one, other = vertex[region.one], vertex[region.other]
    apart = one != other
    size = int(vertex.max()) + 1
    graph = coo_array((metres[apart], (one[apart], other[apart])), shape=(size, size))
    rows = (graph + graph.T).tocsr()
    weights = np.maximum(1, np.rint(rows.data)).astype(np.int64)
    return rows.indptr.tolist(), rows.indices.tolist(), weights.tolist()
