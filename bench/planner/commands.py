"""The whole command, ``linli plan``, as anybody runs it: files in, files out, wall time and memory."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.planner.files import read_answer, read_instance
from bench.planner.scorer import Score, score

# The command as `make setup` leaves it; the peers live in an environment of their own.
LINLI = Path(__file__).resolve().parent.parent.parent / ".venv" / "bin" / "linli"
WARM_TIMES = 5
ADDITIONS = 10_000_000


@dataclass(frozen=True)
class Run:
    """One instance through the command: seconds of the first run and the median of warm ones, peak memory in MB.

    ``pace``: median seconds of ten million additions, counted before each run; it tells how fast the machine was then.
    """

    instance: str
    buildings: int
    households: int
    first: float
    warm: float
    memory: float
    pace: float
    score: Score


def measured(folder: Path, out: Path, times: int = WARM_TIMES, *, judge: Callable[..., Score] = score) -> Run:
    """Run the command ``times`` times after a first run, and judge what it wrote."""
    out.mkdir(parents=True, exist_ok=True)
    grids, assignment = out / f"{folder.name}-grids.geojson", out / f"{folder.name}-assignment.csv"
    command = [str(LINLI), "plan", str(folder / "buildings.geojson")]
    command += ["--communities", str(folder / "communities.geojson")]
    if (folder / "roads.geojson").exists():
        command += ["--roads", str(folder / "roads.geojson")]
    command += ["--out", str(grids), "--assignment", str(assignment)]
    paces = [_pace()]
    first, memory = _run(command, out / "said.txt")
    warm = []
    for _each in range(times):
        paces.append(_pace())
        warm.append(_run(command, out / "said.txt"))
    instance = read_instance(folder)
    print(f"{folder.name}: linli plan took {first:.2f} s", flush=True)
    return Run(
        instance=folder.name,
        buildings=len(instance.buildings),
        households=instance.households,
        first=first,
        warm=statistics.median([seconds for seconds, _memory in warm]) if warm else first,
        memory=max([memory, *(memory for _seconds, memory in warm)]),
        pace=statistics.median(paces),
        score=judge(instance, read_answer(grids, assignment)),
    )


def _pace() -> float:
    """Return the seconds of a plain loop."""
    begin = time.perf_counter()
    total = 0
    for number in range(ADDITIONS):
        total += number
    return time.perf_counter() - begin


def _run(command: list[str], said: Path) -> tuple[float, float]:
    """Return the seconds and the megabytes of one run."""
    begin = time.perf_counter()
    with said.open("wb") as file:
        redirect = [(os.POSIX_SPAWN_DUP2, file.fileno(), 1), (os.POSIX_SPAWN_DUP2, file.fileno(), 2)]
        child = os.posix_spawn(command[0], command, os.environ, file_actions=redirect)
        _child, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - begin
    if os.waitstatus_to_exitcode(status):
        raise RuntimeError(f"{' '.join(command)}: {said.read_text(encoding='utf-8')[-2000:]}")
    return seconds, usage.ru_maxrss / 1024
