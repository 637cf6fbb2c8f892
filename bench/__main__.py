"""``make bench``: the pages under load on the district demo, on SQLite and on PostgreSQL; the table of the figures.

    python -m bench [--seconds 120] [--databases sqlite,postgresql] [--scale district]

Server time is what ``Server-Timing`` says. Figures of one run stand side by side; a bare time means little on a shared
machine, so each database also gives its ratio to the other.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

from bench import drafts, exports, searching  # noqa: E402
from postgres import running_server  # noqa: E402
from served import RATE, environment, make_demo, served  # noqa: E402

BENCHMARKS = ROOT / "docs" / "benchmarks.md"
START, END = "<!-- load: begin -->", "<!-- load: end -->"
# Before the figures begin: everybody signs in and looks around.
WARM_UP_SECONDS = 15
LIMITS = {
    "workbench": 100,
    "case list": 100,
    "case detail": 100,
    "household file": 100,
    "household list": 100,
    "building list": 100,
    "face of a building": 100,
    "list of homes": 100,
    "file of a home": 100,
    "rental list": 100,
    "unit list": 100,
    "agreement list": 100,
    "facility list": 100,
    "list of declarations": 100,
    "list of transfers": 100,
    "list of departures": 100,
    "list of corrections": 100,
    "list of communities": 100,
    "quality": 100,
    "people behind a number": 100,
    "homes behind a number": 100,
    "delays": 100,
    "list of reviews": 100,
    "coverage check": 100,
    "what coverage found": 100,
    "planned buildings": 100,
    "list of absences": 100,
    "list of duplicates": 100,
    "list of imports": 100,
    "list of exports": 100,
    "forms to fill": 100,
    "staff register": 100,
    "list of vacancies": 100,
    "household file, a past day": 100,
    "phone: today": 100,
    "phone: case list": 100,
    "phone: household list": 100,
    "phone: building list": 100,
    "phone: unit list": 100,
    "phone: agreement list": 100,
    "phone: facility list": 100,
    "phone: review": 100,
    "phone: search": 200,
    "search": 200,
    "dashboard": 200,
    "public locate": 100,
    "find my grid": 100,
    "report intake": 50,
}


@dataclass
class Result:
    """What one database gave."""

    database: str
    demo_seconds: float = 0.0
    memory_mb: float = 0.0
    times: dict[str, list[float]] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    exports: dict[str, dict[str, float]] = field(default_factory=dict)
    searching: dict[str, dict[str, float]] = field(default_factory=dict)
    drafts: dict[str, Any] = field(default_factory=dict)


def group_memory(head: psutil.Process) -> float:
    """Return the memory of a process and its children in MB; pages that they share count once (PSS)."""
    total = 0
    for process in [head, *head.children(recursive=True)]:
        try:
            total += process.memory_full_info().pss
        except psutil.NoSuchProcess:
            continue
    return total / 1024 / 1024


def measure(database: str, address: str | None, scale: str, seconds: int) -> Result:
    """Make the demo in an empty database, serve it, and put the load on it."""
    result = Result(database)
    with tempfile.TemporaryDirectory(prefix="linli-bench-") as data:
        env = environment(data, address)
        started = time.monotonic()
        password = make_demo(env, scale)[0]["password"]
        result.demo_seconds = time.monotonic() - started
        people = Path(data) / "bench-people.json"
        listed = subprocess.run(
            [sys.executable, "-m", "bench.accounts"], env=env, cwd=ROOT, check=True, text=True, stdout=subprocess.PIPE
        )
        people.write_text(listed.stdout, encoding="utf-8")
        samples = Path(data) / "bench-samples.jsonl"
        variables = {
            "BENCH_PEOPLE": str(people),
            "BENCH_SAMPLES": str(samples),
            "BENCH_PASSWORD": password,
            "BENCH_WARM_UP": str(WARM_UP_SECONDS),
        }
        with served(env) as (url, head):
            stop = threading.Event()

            def watch() -> None:
                while not stop.wait(10):
                    result.memory_mb = max(result.memory_mb, group_memory(head))

            watcher = threading.Thread(target=watch)
            watcher.start()
            put_load(url, seconds, env | variables)
            stop.set()
            watcher.join()
        read_samples(samples, result)
        result.exports = by_itself("bench.exports", env)
        result.searching = by_itself("bench.searching", env)
        result.drafts = by_itself("bench.drafts", env)
    return result


def by_itself(module: str, env: dict[str, str]) -> Any:
    """Run a measurement in a process of its own and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", module], env=env, cwd=ROOT, check=True, text=True, stdout=subprocess.PIPE
    )
    return json.loads(done.stdout)


def put_load(url: str, seconds: int, env: dict[str, str]) -> None:
    """Let locust click for as long as asked; it exits with 1 when an answer was wrong, which the table shows."""
    count = str(17)
    command = [sys.executable, "-m", "locust", "-f", "bench/load.py", "--headless", "--host", url]
    command += [
        "-u",
        count,
        "-r",
        "4",
        "-t",
        f"{seconds + WARM_UP_SECONDS}s",
        "--only-summary",
        "--loglevel",
        "WARNING",
    ]
    subprocess.run(command, env=env, cwd=ROOT, check=False)


def read_samples(path: Path, result: Result) -> None:
    """Sort the samples by page."""
    for line in path.read_text(encoding="utf-8").splitlines():
        sample = json.loads(line)
        name = sample["name"]
        result.counts[name] = result.counts.get(name, 0) + 1
        if sample["error"]:
            result.errors.setdefault(name, []).append(sample["error"])
        if sample["ms"] is not None:
            result.times.setdefault(name, []).append(sample["ms"])


def percentile(values: list[float], share: float) -> float:
    """Return the value that this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def table(results: list[Result], seconds: int, scale: str) -> str:
    """Return the table as Markdown."""
    model = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    machine = f"{os.cpu_count()} cores, {model.group(1) if model else platform.machine()}"
    lines = [
        f"Measured {time.strftime('%Y-%m-%d')} on {machine}, Python {platform.python_version()}, {scale} demo,",
        f"{seconds} s of load after {WARM_UP_SECONDS} s in which everybody signs in, limits `LINLI_RATE_*` at {RATE};",
        "command `make bench`. Milliseconds of server time.",
        "",
        "| page | database | answers | median | p95 | p99 | errors | p95 must be | median ÷ first database |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, limit in LIMITS.items():
        base = statistics.median(results[0].times.get(name) or [1.0])
        for result in results:
            times = result.times.get(name) or [float("nan")]
            median = statistics.median(times)
            lines.append(
                f"| {name} | {result.database} | {result.counts.get(name, 0)} | {median:.1f} | "
                f"{percentile(times, 0.95):.1f} | {percentile(times, 0.99):.1f} | "
                f"{len(result.errors.get(name, []))} | ≤ {limit} | {median / base:.2f} |"
            )
    lines += ["", "| | " + " | ".join(result.database for result in results) + " |", "|---|" + "---:|" * len(results)]
    lines.append("| demo made in, s | " + " | ".join(f"{result.demo_seconds:.0f}" for result in results) + " |")
    lines.append(
        "| serving processes at most, MB (≤ 500) | "
        + " | ".join(f"{result.memory_mb:.0f}" for result in results)
        + " |"
    )
    return "\n".join(lines)


def main() -> int:
    """Measure, write the table, and exit 1 when a limit was not held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--scale", default="district", choices=["street", "district"])
    asked = parser.parse_args()
    results = []
    for database in asked.databases.split(","):
        with running_server() if database == "postgresql" else nullcontext(None) as address:
            results.append(measure(database, address, asked.scale, asked.seconds))
    written = table(results, asked.seconds, asked.scale)
    print(written)
    text = BENCHMARKS.read_text(encoding="utf-8")
    before, _old, after = text.partition(START)[0], "", text.partition(END)[2]
    BENCHMARKS.write_text(f"{before}{START}\n{written}\n{END}{after}", encoding="utf-8")
    taken = {result.database: result.exports for result in results}
    print(exports.table(taken))
    exports.write_section(BENCHMARKS, taken)
    looked = {result.database: result.searching for result in results}
    print(searching.table(looked))
    searching.write_section(BENCHMARKS, looked)
    changed = {result.database: result.drafts for result in results}
    print(drafts.table(changed))
    drafts.write_section(BENCHMARKS, changed)
    wrong = [(result.database, name, errors[:3]) for result in results for name, errors in result.errors.items()]
    slow = [
        (result.database, name)
        for result in results
        for name, limit in LIMITS.items()
        if percentile(result.times.get(name) or [float("inf")], 0.95) > limit
    ]
    heavy = [result.database for result in results if result.memory_mb > 500]
    large = exports.not_held(taken)
    lost = searching.not_held(looked)
    late = drafts.not_held(changed)
    findings = [*wrong, *slow, *heavy, *large, *lost, *late]
    for finding in findings:
        print("not held:", finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
