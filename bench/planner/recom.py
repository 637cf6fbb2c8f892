"""gerrychain's ReCom by face: every region a chain of its own, the best plan it comes by kept."""

from __future__ import annotations

import random
import warnings
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import networkx
import numpy as np
from gerrychain import Graph, MarkovChain, Partition
from gerrychain.accept import always_accept
from gerrychain.partition import recursive_tree_part
from gerrychain.proposals import recom
from gerrychain.tree import BalanceError, PopulationBalanceError, ReselectException, bipartition_tree
from gerrychain.updaters import Tally

from bench.planner.regions import Ints, Region, Worth, worth_of
from bench.planner.scorer import HIGHEST, LOWEST

# How far parts may lie off the mean when no plan within the band is found, and how often each is tried.
WIDER = (1.25, 1.6, 2.5)
TRIES = 200
# What gerrychain raises where it finds no cut.
NOT_FOUND = (RuntimeError, BalanceError, PopulationBalanceError, ReselectException)


@dataclass(frozen=True)
class Setting:
    """How the chain runs.

    ``steps``: of a region. ``surcharge``: the price of cutting a compound in its spanning trees, gerrychain’s “region”.
    ``climbing``: a step that makes the plan worse is not taken.
    """

    steps: int = 200
    surcharge: float = 1.0
    climbing: bool = True
    seed: int = 1


def divide(region: Region, setting: Setting) -> Ints:
    """Return the part of each unit of a region."""
    alone: Ints = np.zeros(len(region.units), dtype=np.int64)
    if region.count < 2:
        return alone
    rng = random.Random(f"{setting.seed}:{region.units[0]}:{region.load}")
    graph = _graph(region)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for wide in (1.0, *WIDER):
            try:
                return _chained(region, graph, wide * _room(region), setting, rng)
            except NOT_FOUND:
                continue
    return alone


def _room(region: Region) -> float:
    """Return how far parts may lie off the mean within the band."""
    mean = region.load / region.count
    return max(0.05, min(HIGHEST / mean - 1, 1 - LOWEST / mean))


def _chained(region: Region, graph: Any, room: float, setting: Setting, rng: random.Random) -> Ints:
    mean = region.load / region.count
    cut = partial(bipartition_tree, max_attempts=TRIES, allow_pair_reselection=True)
    start = recursive_tree_part(
        graph,
        range(region.count),
        mean,
        "load",
        room,
        bipartition_tree_fn=partial(bipartition_tree, max_attempts=TRIES),
        rng=rng,
    )
    plan = Partition(graph, start, {"load": Tally("load")})
    size = len(region.units)
    best = _labels(plan, size)
    found = worth_of(region, best)
    kept: list[Worth] = [found]

    def no_worse(proposed: Any) -> bool:
        worth = worth_of(region, _labels(proposed, size))
        if kept[0] < worth:
            return False
        kept[0] = worth
        return True

    surcharge = {"compound": setting.surcharge} if setting.surcharge else None
    chain = MarkovChain(
        proposal_fn=partial(
            recom,
            pop_col="load",
            pop_target=mean,
            epsilon=room,
            bipartition_tree_fn=cut,
            region_surcharge=surcharge,
        ),
        acceptance_fn=no_worse if setting.climbing else always_accept,
        initial_partition=plan,
        total_steps=setting.steps,
        rng=rng,
    )
    with suppress(*NOT_FOUND):
        for one in chain:
            labels = _labels(one, size)
            worth = kept[0] if setting.climbing else worth_of(region, labels)
            if worth < found:
                best, found = labels, worth
    return best


def _labels(plan: Any, size: int) -> Ints:
    labels = np.zeros(size, dtype=np.int64)
    for number, part in enumerate(plan.parts.values()):
        labels[list(part)] = number
    return labels


def _graph(region: Region) -> Any:
    graph = networkx.Graph()
    for place, (load, kind) in enumerate(zip(region.loads.tolist(), region.kinds.tolist(), strict=True)):
        graph.add_node(place, load=load, compound=f"k{kind}" if kind >= 0 else f"u{place}")
    graph.add_edges_from(zip(region.one.tolist(), region.other.tolist(), strict=True))
    return Graph.from_networkx(graph)
