"""METIS by face: every region divided with eight seeds, the best of them kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pymetis
from numpy.typing import NDArray

from bench.planner.regions import Ints, Region, Worth, worth_of

SEEDS = 8


@dataclass(frozen=True)
class Setting:
    """How METIS is asked.

    ``by_border``: edges weigh their metres of common border, else all the same. ``compound``: an edge within a compound
    weighs so many times as much. ``ufactor``: the imbalance allowed, in thousandths. ``recursive``: bisection, without
    the promise that parts hang together.
    """

    by_border: bool = True
    compound: float = 1.0
    ufactor: int = 30
    recursive: bool = False


def divide(region: Region, setting: Setting, seeds: int = SEEDS) -> Ints:
    """Return the part of each unit of a region."""
    best: NDArray[np.int64] = np.zeros(len(region.units), dtype=np.int64)
    if region.count < 2:
        return best
    first, beside, weights = _graph(region, setting)
    found: Worth | None = None
    for seed in range(1, seeds + 1):
        options = pymetis.Options(ufactor=setting.ufactor, seed=seed)
        _cut, labels = pymetis.part_graph(
            region.count,
            xadj=first,
            adjncy=beside,
            vweights=region.loads.tolist(),
            eweights=weights,
            recursive=setting.recursive,
            contiguous=None if setting.recursive else True,
            options=options,
        )
        worth = worth_of(region, labels)
        if found is None or worth < found:
            best, found = np.asarray(labels, dtype=np.int64), worth
    return np.unique(best, return_inverse=True)[1].astype(np.int64)


def _graph(region: Region, setting: Setting) -> tuple[list[int], list[int], list[int]]:
    weights = region.lengths if setting.by_border else np.full(len(region.one), 10.0)
    one_compound = (region.kinds[region.one] == region.kinds[region.other]) & (region.kinds[region.one] >= 0)
    weights = np.maximum(1, np.rint(np.where(one_compound, weights * setting.compound, weights))).astype(np.int64)
    start = np.concatenate([region.one, region.other])
    end = np.concatenate([region.other, region.one])
    order = np.lexsort((end, start))
    first = np.searchsorted(start[order], np.arange(len(region.units) + 1))
    return first.tolist(), end[order].tolist(), np.concatenate([weights, weights])[order].tolist()
