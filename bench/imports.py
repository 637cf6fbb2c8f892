"""Workbooks taken in while the service is used: the second part of ``make bench``.

    python -m bench.imports [--rows 400000] [--rival-rows 20000] [--databases sqlite,postgresql]

A workbook is sent, looked through, taken over and taken back by the background process of ``linli serve``; beside it
somebody writes ten times a second and somebody looks at pages.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from bench.workbook import write

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

from postgres import running_server  # noqa: E402
from served import environment, make_demo, served  # noqa: E402

BENCHMARKS = ROOT / "docs" / "benchmarks.md"
START, END = "<!-- imports: begin -->", "<!-- imports: end -->"
STEPS = ("read", "check", "apply", "undo")
MOST_SECONDS = 240
MOST_MEMORY_MB = 1536
LONGEST_LOCK_MS = 500
SLOWEST_PAGE_MS = 200
TIMES_FASTER = 10

Figures = dict[str, Any]


def take_in(workbook: Path, address: str | None) -> Figures:
    """Let a workbook be taken in by a service with the street demo, and return what was seen."""
    with tempfile.TemporaryDirectory(prefix="linli-bench-") as data:
        env = environment(data, address)
        make_demo(env)
        with served(env) as (url, head):
            return _said(["bench.taking_in", str(workbook), url, str(head.pid)], env)


def race(rows: int, folder: Path) -> dict[str, Figures]:
    """Let the same clean rows be taken in by Linli and by django-import-export, on SQLite."""
    workbook = folder / "race.xlsx"
    write(workbook, rows, clean=True)
    results = {}
    for name in ("linli", "import-export"):
        with tempfile.TemporaryDirectory(prefix="linli-bench-") as data:
            results[name] = _said(["bench.rival", name, str(workbook)], environment(data))
    return results


def _said(command: list[str], env: dict[str, str]) -> Figures:
    done = subprocess.run(
        [sys.executable, "-m", *command], env=env, cwd=ROOT, check=True, text=True, stdout=subprocess.PIPE
    )
    said: Figures = json.loads(done.stdout.splitlines()[-1])
    return said


def percentile(values: list[float], share: float) -> float:
    """Return the value that this share of the values does not exceed."""
    ordered = sorted(values) or [float("nan")]
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def measures(figures: Figures) -> dict[str, float]:
    """Return what has a limit: seconds, memory, the longest wait of a writer, the slowest pages."""
    seconds = figures["seconds"]
    waits = [wait for step in STEPS for wait in figures["waits"].get(step, [])]
    pages = [page for step in STEPS for page in figures["pages"].get(step, [])]
    return {
        "check and apply, s": seconds["check"] + seconds["apply"],
        "memory at most, MB": figures["memory_mb"],
        "longest wait of somebody else's write, ms": max(waits),
        "other pages p95, ms": percentile(pages, 0.95),
    }


LIMITS = {
    "check and apply, s": MOST_SECONDS,
    "memory at most, MB": MOST_MEMORY_MB,
    "longest wait of somebody else's write, ms": LONGEST_LOCK_MS,
    "other pages p95, ms": SLOWEST_PAGE_MS,
}


def table(results: dict[str, Figures], rivals: dict[str, Figures], rows: int, rival_rows: int) -> str:
    """Return the tables as Markdown."""
    names = list(results)
    lines = [
        f"Measured {time.strftime('%Y-%m-%d')} on {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"{rows:,} people × 16 columns in one .xlsx,",
        "street demo, command `python -m bench.imports`. One row in a hundred is written wrongly. "
        f"Processes that waited for a core at the end: {os.getloadavg()[2]:.1f} on average (15 min).",
        "",
        "| | " + " | ".join(names) + " | last ÷ first | must be |",
        "|---|" + "---:|" * (len(names) + 2),
    ]
    each = list(results.values())
    lines += [_row(f"{step}, s", [one["seconds"][step] for one in each], ".1f") for step in STEPS]
    lines += [_row(f"{step}, s of one core", [one["processor"][step] for one in each], ".1f") for step in STEPS]
    for measure, limit in LIMITS.items():
        lines.append(_row(measure, [measures(one)[measure] for one in each], ".0f", f"≤ {limit}"))
    lines += [_row("people taken over", [one["applied"]["people"] for one in each], ",.0f"), ""]
    ours, theirs = rivals["linli"], rivals["import-export"]
    lines += [
        f"The same {rival_rows:,} clean rows into the same tables on SQLite, looked through first and then written,",
        "in one process, one after the other:",
        "",
        "| | s | people written | times as fast |",
        "|---|---:|---:|---:|",
        f"| Linli | {ours['seconds']:.1f} | {ours['people']:,} | {theirs['seconds'] / ours['seconds']:.1f} |",
        f"| django-import-export | {theirs['seconds']:.1f} | {theirs['people']:,} | 1.0 |",
    ]
    return "\n".join(lines)


def _row(name: str, values: list[float], form: str, limit: str = "") -> str:
    """Return a line of the table, with what the last database takes for each that the first takes."""
    return (
        f"| {name} | {' | '.join(format(value, form) for value in values)} | {values[-1] / values[0]:.2f} | {limit} |"
    )


def main() -> int:
    """Measure, write the tables, and exit 1 when a limit was not held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=400_000)
    parser.add_argument("--rival-rows", type=int, default=20_000)
    parser.add_argument("--databases", default="sqlite,postgresql")
    asked = parser.parse_args()
    results: dict[str, Figures] = {}
    with tempfile.TemporaryDirectory(prefix="linli-bench-") as folder:
        workbook = Path(folder) / "people.xlsx"
        write(workbook, asked.rows)
        for database in asked.databases.split(","):
            with running_server() if database == "postgresql" else nullcontext(None) as address:
                results[database] = take_in(workbook, address)
            print(database, json.dumps({**results[database]["seconds"], **measures(results[database])}), flush=True)
        rivals = race(asked.rival_rows, Path(folder))
    written = table(results, rivals, asked.rows, asked.rival_rows)
    print(written)
    text = BENCHMARKS.read_text(encoding="utf-8")
    before, _old, after = text.partition(START)[0], "", text.partition(END)[2]
    BENCHMARKS.write_text(f"{before}{START}\n{written}\n{END}{after}", encoding="utf-8")
    broken = [
        f"{name}: {measure}"
        for name, figures in results.items()
        for measure, limit in LIMITS.items()
        if not measures(figures)[measure] <= limit
    ]
    if rivals["import-export"]["seconds"] < TIMES_FASTER * rivals["linli"]["seconds"]:
        broken.append("not ten times as fast as django-import-export")
    for finding in broken:
        print("not held:", finding)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
