"""Plans of one instance, ours and the peers', one after another on one thread; each is judged by the scorer."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from bench.planner import mending, metis, places, recom, scorer, spopted
from bench.planner.files import Answer, Instance
from bench.planner.regions import Ints, Region
from linli.planner.ground import Ground
from linli.planner.model import Preset, Previous, Settings
from linli.planner.numbering import give_codes
from linli.planner.replanning import divide
from linli.planner.shapes import draw, unit_numbers

OURS, BEST = "Linli", "Linli, best preset"
GERRYCHAIN = "gerrychain"
METIS = {
    "METIS-8, bisection": metis.Setting(by_border=True, ufactor=130, recursive=True, whole=True),
    "METIS-8, k-way": metis.Setting(by_border=False, compound=20, ufactor=10),
}
# METIS that re-plans what it planned itself.
OWN_PLAN = ", own plan"
# Quick planners are timed so many times; the median counts.
TIMES = 5


@dataclass(frozen=True)
class Row:
    """One planner on one instance. ``seconds``: planning, from known neighbours on; ``drawing``: the polygons."""

    instance: str
    planner: str
    score: scorer.Score
    seconds: float
    drawing: float
    moved: int = 0


def planned_afresh(instance: Instance, small: bool, chains: bool = True) -> list[Row]:
    """Return a row for each planner. ``small``: spopt can be asked too; ``chains``: gerrychain too."""
    grounds = places.grounds_of(instance)
    rows = [
        _row(instance, OURS, grounds, partial(_ours, grounds, Preset.DEFAULT), TIMES),
        _row(instance, BEST, grounds, partial(_ours, grounds, Preset.BEST), 1),
    ]
    for name, setting in METIS.items():
        rows.append(_row(instance, name, grounds, partial(_by_face, grounds, partial(_metis, setting)), TIMES))
    if chains:
        rows.append(_row(instance, GERRYCHAIN, grounds, partial(_by_face, grounds, _recom), 1))
    for method in spopted.METHODS if small else ():
        rows.append(_row(instance, f"spopt {method}", grounds, partial(_spopt, grounds, method), 1))
    return rows


def planned_again(before: Instance, after: Instance) -> list[Row]:
    """Return rows for re-planning: all begin from our plan of the place as it was, METIS once more from its own."""
    old = places.grounds_of(before)
    known = _first(places.answer(old, _ours(old, Preset.DEFAULT)))
    grounds = places.grounds_of(after)
    rows = [_again(after, OURS, grounds, known, _our_codes)]
    for name, setting in METIS.items():
        rows.append(_again(after, name, grounds, known, partial(_metis_codes, setting)))
        own = _first(places.answer(old, _by_face(old, partial(_metis, setting))))
        rows.append(_again(after, f"{name}{OWN_PLAN}", grounds, own, partial(_metis_codes, setting)))
    return rows


def _timed(make: Callable[[], Any], times: int) -> tuple[Any, float]:
    taken = []
    for _each in range(times):
        begin = time.perf_counter()
        made = make()
        taken.append(time.perf_counter() - begin)
    return made, statistics.median(taken)


def _row(instance: Instance, name: str, grounds: tuple[Ground, ...], plan: Callable[[], list[Ints]], times: int) -> Row:
    labels, seconds = _timed(plan, times)
    answer, drawing = _timed(lambda: places.answer(grounds, labels), 1)
    print(f"{instance.name}: {name} planned in {seconds:.2f} s", flush=True)
    return Row(instance.name, name, scorer.score(instance, answer), seconds, drawing)


def _ours(grounds: tuple[Ground, ...], preset: Preset) -> list[Ints]:
    settings = Settings(preset=preset)
    return [unit_numbers(ground, divide(ground, settings)) for ground in grounds]


def _by_face(grounds: tuple[Ground, ...], plan: places.Divide) -> list[Ints]:
    return places.planned(places.regions(grounds), grounds, plan)


def _metis(setting: metis.Setting, region: Region) -> Ints:
    return metis.divide(region, setting)


def _recom(region: Region) -> Ints:
    return recom.divide(region, recom.Setting())


def _spopt(grounds: tuple[Ground, ...], method: str) -> list[Ints]:
    found = []
    for ground, regions in zip(grounds, places.regions(grounds), strict=True):
        middles = ground.middles
        labels = places.planned(
            [regions], (ground,), lambda one, at=middles: spopted.divide(one, at[one.units], method)
        )
        found += labels
    return found


Codes = Callable[[Ground, dict[str, str]], list[str]]


def _again(instance: Instance, name: str, grounds: tuple[Ground, ...], known: dict[str, str], plan: Codes) -> Row:
    codes, seconds = _timed(lambda: [plan(ground, known) for ground in grounds], 1)
    labels, names = [], []
    for own in codes:
        found, numbers = np.unique(own, return_inverse=True)
        labels.append(numbers.astype(np.int64))
        names.append(found.tolist())
    answer, drawing = _timed(lambda: places.answer(grounds, labels, names), 1)
    moved = scorer.moved(instance, known, _first(answer))
    print(f"{instance.name}: {name} re-planned in {seconds:.2f} s", flush=True)
    return Row(instance.name, name, scorer.score(instance, answer), seconds, drawing, moved)


def _first(answer: Answer) -> dict[str, str]:
    return {key: grids[0] for key, grids in answer.grids.items()}


def _our_codes(ground: Ground, known: dict[str, str]) -> list[str]:
    """Return the code of each unit after our re-planning."""
    settings, previous = Settings(), Previous(known)
    numbers = divide(ground, settings, previous)
    codes = give_codes(ground, numbers, draw(ground, numbers), settings, previous)
    return [codes[number] for number in unit_numbers(ground, numbers).tolist()]


def _metis_codes(setting: metis.Setting, ground: Ground, known: dict[str, str]) -> list[str]:
    return mending.mend(ground, known, setting)
