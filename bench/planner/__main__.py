"""``make bench-planner``: our planner and its peers side by side in one run, on one thread; the table of the figures.

python -m bench.planner [--data ../shared/data] [--only nanshan] [--without-city] [--without-gerrychain]
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.planner import instances, limits
from bench.planner.commands import Run, measured
from bench.planner.files import read_instance
from bench.planner.running import Row, planned_afresh, planned_again

ROOT = Path(__file__).resolve().parent.parent.parent
BENCHMARKS = ROOT / "docs" / "benchmarks.md"
START, END = "<!-- planner: begin -->", "<!-- planner: end -->"
REAL, SMALL = "nanshan", "one-community"
SHARES = (0.25, 0.5, 1.0)
# Runs of the command on a city after its first.
CITY_TIMES = 3
GROUPS = {
    "districts tuned on": [f"district-{seed}" for seed in instances.TUNED],
    "districts held out": [f"district-{seed}" for seed in instances.HELD_OUT],
    REAL: [REAL],
}


def folders(work: Path, data: Path) -> dict[str, Path]:
    """Write the invented places, and return name → folder of all there are."""
    found = {}
    for seed in (*instances.TUNED, *instances.HELD_OUT):
        found[f"district-{seed}"] = work / f"district-{seed}"
        instances.district(seed).write(work / f"district-{seed}")
    found["messy"] = work / "messy"
    instances.messy(7).write(work / "messy")
    for name in (REAL, SMALL):
        if (data / name / "buildings.geojson").exists():
            found[name] = data / name
        else:
            print(f"{name} is left out: there is no {data / name}", flush=True)
    return found


def changed(name: str, folder: Path, work: Path) -> Path:
    """Write a place as it is after a change of 3 %."""
    later = work / f"{name}-changed"
    instances.changed(instances.read(folder), 1).write(later)
    return later


def tables(rows: list[Row], later: list[Row], runs: list[Run], city: list[Run]) -> str:
    """Return what is written into the benchmarks."""
    verdicts: list[limits.Verdict] = []
    for where, names in GROUPS.items():
        own = [row for row in rows if row.instance in names]
        if own:
            verdicts += limits.afresh(where, own)
            verdicts += limits.again(where, [row for row in later if row.instance.removesuffix("-changed") in names])
    districts = [run for run in runs if run.instance.startswith("district")]
    verdicts += limits.whole_command("slowest district", districts) if districts else []
    verdicts += limits.whole_city(city) if city else []
    verdicts += limits.unbroken([*rows, *later], [*runs, *city])
    return "\n".join(
        [
            *_head(),
            "",
            *_limit_lines(verdicts),
            "",
            "Every plan. Crossings: main roads crossed without need; cut: footprints that are not whole in their grid.",
            "",
            *_plan_lines(rows),
            "",
            "After a change of 3 % (buildings gone, rebuilt, other households), from our plan of the place before;",
            "METIS once more from the plan that it had made itself, as who plans with METIS would have it:",
            "",
            *_plan_lines(later, moved=True),
            "",
            "`linli plan`, files in and files out, in a process of its own. Pace: ten million additions in a plain",
            "loop, counted before each run; it tells how fast the machine was then:",
            "",
            *_run_lines([*runs, *city]),
        ]
    )


def _head() -> list[str]:
    peers = ", ".join(f"{name} {version(name)}" for name in ("pymetis", "gerrychain", "spopt"))
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, one thread"
    return [
        f"Measured {datetime.now(UTC).date()} on {machine}, command `make bench-planner`; {peers}.",
        "Figures are means over the instances of a line. Planning begins where neighbours are known; METIS and",
        "gerrychain plan every face of the main roads by itself. METIS is judged by the way of asking it that leaves",
        "fewer defects on the instances of the line; its time is given for both.",
    ]


def _limit_lines(verdicts: list[limits.Verdict]) -> list[str]:
    lines = ["| figure | where | Linli | against | theirs | Linli ÷ theirs | must be | reached |"]
    lines.append("|---|---|---:|---|---:|---:|---|---|")
    for one in verdicts:
        theirs, ratio = (f"{one.theirs:.3g}", f"{one.ratio:.3g}") if one.against else ("", "")
        ours = f"{one.ours:,.0f}" if one.ours >= 1000 else f"{one.ours:.3g}"
        cells = [
            one.figure,
            one.where,
            ours,
            one.against,
            theirs,
            ratio,
            one.must_be,
            "yes" if one.reached else "**no**",
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def _plan_lines(rows: list[Row], *, moved: bool = False) -> list[str]:
    more = " households moved |" if moved else ""
    lines = [
        "| instance | planner | grids | defects per 100 | out of band | in pieces | crossings | compounds split |"
        f" mean deviation | compactness |{more} planning, s | drawing, s | cut |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|" + ("---:|" if moved else ""),
    ]
    for row in rows:
        found = row.score
        cells = [row.instance, row.planner, str(found.grids), f"{found.defects:.2f}", str(found.out_of_band)]
        cells += [str(found.noncontiguous), str(found.crossings), str(found.compounds_split)]
        cells += [f"{found.mean_deviation:.3f}", f"{found.compactness:.3f}", *([f"{row.moved:,}"] if moved else [])]
        cells += [f"{row.seconds:.3f}", f"{row.drawing:.2f}", str(found.cut)]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def _run_lines(runs: list[Run]) -> list[str]:
    titles = ["instance", "buildings", "households", "first run, s", "warm, s", "pace, s", "memory, MB"]
    titles += ["defects per 100", "broken"]
    lines = [f"| {' | '.join(titles)} |", "|---|" + "---:|" * (len(titles) - 1)]
    for run in runs:
        cells = [run.instance, f"{run.buildings:,}", f"{run.households:,}", f"{run.first:.2f}", f"{run.warm:.2f}"]
        cells += [f"{run.pace:.2f}", f"{run.memory:.0f}", f"{run.score.defects:.2f}", str(run.score.broken)]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def main() -> int:
    """Measure, write the tables, and exit 1 where a limit was not reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "bench-planner")
    parser.add_argument("--only", type=lambda text: text.split(","), help="these instances only")
    parser.add_argument("--without-city", action="store_true")
    parser.add_argument("--without-gerrychain", action="store_true")
    asked = parser.parse_args()
    places = {
        name: folder for name, folder in folders(asked.work, asked.data).items() if not asked.only or name in asked.only
    }
    # The command first: its first run is what a user of a new installation waits for.
    runs = [measured(folder, asked.work / "out") for folder in places.values()]
    rows: list[Row] = []
    later: list[Row] = []
    for name, folder in places.items():
        if name == "messy":
            continue
        instance = read_instance(folder)
        rows += planned_afresh(instance, small=name == SMALL, chains=not asked.without_gerrychain)
        if name != SMALL:
            later += planned_again(instance, read_instance(changed(name, folder, asked.work)))
    city = []
    for share in () if asked.without_city else SHARES:
        folder = asked.work / f"city-{share:g}"
        instances.city(share).write(folder)
        city.append(measured(folder, asked.work / "out", CITY_TIMES))
    written = tables(rows, later, runs, city)
    print(written)
    text = BENCHMARKS.read_text(encoding="utf-8")
    pattern = re.compile(f"{START}.*?{END}", re.DOTALL)
    BENCHMARKS.write_text(pattern.sub(lambda _match: f"{START}\n{written}\n{END}", text), encoding="utf-8")
    return 1 if "**no**" in written else 0


if __name__ == "__main__":
    sys.exit(main())
