"""What ``linli plan`` does: files in, files out, figures told. Kept apart from Django, so that it starts at once."""

from __future__ import annotations

import gc
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from time import perf_counter
from typing import Any

from linli.planner import Preset, Settings, make_plan, warm
from linli.planner.reading import read_place, read_previous
from linli.planner.writing import figures_of, words_of, write_assignment, write_grids

# So many problems of one kind are named one by one; of the rest the number is told.
NAMED = 5


@dataclass(frozen=True)
class PlanFiles:
    """Files to read and to write."""

    buildings: Path
    communities: Path
    roads: Path | None
    previous: Path | None
    out: Path
    assignment: Path | None


@dataclass(frozen=True)
class PlanRequest:
    """What was asked for on the command line."""

    target: int
    lowest: int
    highest: int
    preset: str
    seed: int


@dataclass(frozen=True)
class PlanReport:
    """What came of it: figures by name, the same in words, and what was wrong with the input, a line each."""

    figures: dict[str, Any]
    words: str
    problems: tuple[str, ...]


def carry_out(files: PlanFiles, asked: PlanRequest) -> PlanReport:
    """Read, plan, write. Raises UnreadableError (a ValueError) where a file cannot be planned from."""
    # Everything read is needed to the end, so looking for garbage among it would be time lost.
    gc.disable()
    try:
        return _carried_out(files, asked)
    finally:
        gc.enable()


def _carried_out(files: PlanFiles, asked: PlanRequest) -> PlanReport:
    # The compiled search takes half a second to load; meanwhile files are read and footprints laid out.
    loading = Thread(target=warm.main)
    loading.start()
    begin = perf_counter()
    place = read_place(files.buildings, files.communities, files.roads)
    previous = read_previous(files.previous, place) if files.previous else None
    read = perf_counter() - begin
    settings = Settings(asked.target, asked.lowest, asked.highest, Preset(asked.preset), asked.seed)
    plan = make_plan(place, settings, previous)
    loading.join()
    begin = perf_counter()
    write_grids(plan, files.out)
    if files.assignment:
        write_assignment(plan, files.assignment)
    seconds = {"read": read, **plan.seconds, "write": perf_counter() - begin}
    figures = figures_of(plan, seconds)
    words = (
        f"{figures['grids']} grids for {figures['households']} households: {figures['out_of_band']} outside the band, "
        f"{figures['crossings_avoidable']} main roads crossed without need, {figures['compounds_split']} compounds "
        f"split; {figures['moved_households']} households moved; {sum(seconds.values()):.2f} s"
    )
    kinds = Counter(one.reason for one in plan.problems)
    named: Counter[str] = Counter()
    lines = []
    for one in plan.problems:
        named[one.reason] += 1
        if named[one.reason] <= NAMED:
            lines.append(f"building {one.key}: {words_of(one.reason, one.about)}")
        elif named[one.reason] == NAMED + 1:
            lines.append(f"… and {kinds[one.reason] - NAMED} more: {words_of(one.reason, '…')}")
    return PlanReport(figures, words, tuple(lines))
