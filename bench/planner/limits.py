"""What must be reached, and whether it was: figures of groups of instances against those of the peers."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.planner.commands import Run
from bench.planner.running import BEST, GERRYCHAIN, METIS, OURS, OWN_PLAN, Row

BEST_SECONDS = 5.0
WARM, FIRST = 1.5, 4.0
CITY_SECONDS, CITY_MEMORY = 25.0, 2048.0


@dataclass(frozen=True)
class Verdict:
    """One line of the table of limits."""

    figure: str
    where: str
    ours: float
    against: str
    theirs: float
    must_be: str
    reached: bool

    @property
    def ratio(self) -> float:
        """Ours divided by theirs; nothing against nothing is one."""
        return ratio(self.ours, self.theirs)


def ratio(ours: float, theirs: float) -> float:
    """Return ours divided by theirs; nothing against nothing is one."""
    if theirs:
        return ours / theirs
    return 1.0 if not ours else math.inf


def mean(rows: Sequence[Row], planner: str, figure: Callable[[Row], float]) -> float:
    """Return the mean of a figure of one planner."""
    return statistics.fmean(figure(row) for row in rows if row.planner == planner)


def better_metis(rows: Sequence[Row], kind: str = "") -> str:
    """Return the way of asking METIS that leaves fewer defects on these instances, then the smaller deviation."""
    names = [f"{name}{kind}" for name in METIS]
    return min(names, key=lambda name: (mean(rows, name, _defects), mean(rows, name, _deviation)))


def afresh(where: str, rows: Sequence[Row]) -> list[Verdict]:
    """Return the verdicts on planning afresh, for instances of one kind."""
    metis = better_metis(rows)

    def compare(
        figure: str, of: Callable[[Row], float], ours: str, peer: str, limit: float, least: bool = False
    ) -> Verdict:
        own, theirs = mean(rows, ours, of), mean(rows, peer, of)
        reached = own >= limit * theirs if least else own <= limit * theirs
        return Verdict(figure, where, own, peer, theirs, f"{'≥' if least else '≤'} {limit:g}", reached)

    verdicts = []
    if any(row.planner == GERRYCHAIN for row in rows):
        verdicts += [
            compare("defects per 100", _defects, OURS, GERRYCHAIN, 0.65),
            compare("defects per 100, best preset", _defects, BEST, GERRYCHAIN, 0.5),
            compare("planning, s", _seconds, OURS, GERRYCHAIN, 0.005),
        ]
    slowest = max(row.seconds for row in rows if row.planner == BEST)
    return [
        *verdicts,
        compare("defects per 100", _defects, OURS, metis, 0.5),
        *(compare("planning, s", _seconds, OURS, name, 0.1) for name in METIS),
        compare("mean deviation", _deviation, OURS, metis, 0.9),
        compare("compactness", _compactness, OURS, metis, 1.0, True),
        Verdict("planning, best preset, s at most", where, slowest, "", 0, "≤ 5 s", slowest <= BEST_SECONDS),
    ]


def again(where: str, rows: Sequence[Row]) -> list[Verdict]:
    """Return the verdicts on re-planning: each from a plan of its own, and both from ours."""
    found = []
    for kind in (OWN_PLAN, ""):
        metis = better_metis(rows, kind)
        for figure, of, limit in (("households moved", _moved, 0.65), ("defects per 100, re-planned", _defects, 0.5)):
            own, theirs = mean(rows, OURS, of), mean(rows, metis, of)
            found.append(Verdict(figure, where, own, metis, theirs, f"≤ {limit:g}", own <= limit * theirs))
    return found


def whole_command(where: str, runs: Sequence[Run]) -> list[Verdict]:
    """Return the verdicts on the whole command on districts."""
    warm, first = max(run.warm for run in runs), max(run.first for run in runs)
    return [
        Verdict("whole command, warm, s", where, warm, "", 0, f"≤ {WARM} s", warm <= WARM),
        Verdict("whole command, first run, s", where, first, "", 0, f"≤ {FIRST:g} s", first <= FIRST),
    ]


def whole_city(runs: Sequence[Run]) -> list[Verdict]:
    """Return the verdicts on the city; ``runs`` grow to the whole of it."""
    small, whole = runs[0], runs[-1]
    grown = (whole.buildings * math.log(whole.buildings)) / (small.buildings * math.log(small.buildings))
    cost = whole.warm / small.warm
    return [
        Verdict("whole command, s", "city", whole.warm, "", 0, f"≤ {CITY_SECONDS:g} s", whole.warm <= CITY_SECONDS),
        Verdict("memory, MB", "city", whole.memory, "", 0, f"≤ {CITY_MEMORY:g} MB", whole.memory <= CITY_MEMORY),
        Verdict("times as long as a quarter", "city", cost, "n log n", grown, "≤ 1", cost <= grown),
    ]


def unbroken(rows: Sequence[Row], runs: Sequence[Run]) -> list[Verdict]:
    """Return the verdicts on what must never be, over every plan of ours."""
    scores = [row.score for row in rows if row.planner in (OURS, BEST)] + [run.score for run in runs]
    counts = {
        "grids in pieces": sum(one.noncontiguous for one in scores),
        "buildings in 0 or 2 grids": sum(one.not_once for one in scores),
        "grids or buildings out of their community": sum(one.astray for one in scores),
        "communities not tiled": sum(one.not_tiled for one in scores),
        "footprints cut": sum(one.cut for one in scores),
    }
    return [Verdict(name, "all plans", count, "", 0, "0", count == 0) for name, count in counts.items()]


def _defects(row: Row) -> float:
    return row.score.defects


def _deviation(row: Row) -> float:
    return row.score.mean_deviation


def _compactness(row: Row) -> float:
    return row.score.compactness


def _seconds(row: Row) -> float:
    return row.seconds


def _moved(row: Row) -> float:
    return float(row.moved)
