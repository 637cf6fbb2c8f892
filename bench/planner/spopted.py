"""spopt by face, on small places only: its heuristics know no band, so each is asked in the way that comes nearest."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from libpysal.weights import W
from spopt.region import AZP, MaxPHeuristic, RegionKMeansHeuristic, Skater, WardSpatial

from bench.planner.regions import Floats, Ints, Region
from bench.planner.scorer import LOWEST

SEED = 1
# A fifth of spopt's own number, with which it takes more than two minutes for 165 buildings.
CONSTRUCTIONS = 20
WHERE = ["east", "north"]


def _max_p(region: Region, frame: Any, weights: Any) -> Any:
    np.random.seed(SEED)
    model = MaxPHeuristic(
        frame, weights, WHERE, "households", LOWEST, top_n=2, max_iterations_construction=CONSTRUCTIONS
    )
    model.solve()
    return model.labels_


def _kmeans(region: Region, frame: Any, weights: Any) -> Any:
    model = RegionKMeansHeuristic(frame[WHERE].to_numpy(), region.count, weights, seed=SEED)
    model.solve()
    return model.labels_


def _skater(region: Region, frame: Any, weights: Any) -> Any:
    model = Skater(frame, weights, WHERE, n_clusters=region.count)
    model.solve()
    return model.labels_


def _ward(region: Region, frame: Any, weights: Any) -> Any:
    model = WardSpatial(frame, weights, WHERE, n_clusters=region.count)
    model.solve()
    return model.labels_


def _azp(region: Region, frame: Any, weights: Any) -> Any:
    model = AZP(frame, weights, WHERE, n_clusters=region.count, random_state=SEED)
    model.solve()
    return model.labels_


METHODS: dict[str, Callable[[Region, Any, Any], Any]] = {
    "MaxP": _max_p,
    "RegionKMeans": _kmeans,
    "Skater": _skater,
    "WardSpatial": _ward,
    "AZP": _azp,
}


def divide(region: Region, middles: Floats, method: str) -> Ints:
    """Return the part of each unit of a region; ``middles``: of the units, in metres."""
    if region.count < 2:
        return np.zeros(len(region.units), dtype=np.int64)
    neighbours: dict[int, list[int]] = {place: [] for place in range(len(region.units))}
    for one, other in zip(region.one.tolist(), region.other.tolist(), strict=True):
        neighbours[one].append(other)
        neighbours[other].append(one)
    frame = pd.DataFrame({"east": middles[:, 0], "north": middles[:, 1], "households": region.loads})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        labels = METHODS[method](region, frame, W(neighbours, silence_warnings=True))
    found: Ints = np.unique(np.asarray(labels, dtype=np.int64), return_inverse=True)[1].astype(np.int64)
    return found
