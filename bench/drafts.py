"""Plans a draft of the whole demo and changes it by hand, and prints as JSON how long the answers took.

python -m bench.drafts

Whoever plans for the whole place sends the steps that the plan page sends: buildings to the grid beside, two grids
joined, one divided, locked, renamed, undone and done again. One process, nothing else going on.
"""

from __future__ import annotations

import importlib
import json
import os
import random
import re
import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import django

from bench.exports import _person, _whole

LIMIT_MS = 100
# Answers of each kind; a step that the place does not allow (a grid would fall apart) is tried elsewhere.
SAMPLES, MOST_TRIES = 30, 300
SEED = 5
DURATION = re.compile(r"app;dur=([\d.]+)")
START, END = "<!-- drafts: begin -->", "<!-- drafts: end -->"
Pair = tuple[int, str, str]


def main() -> None:
    """Print what the draft is, and for each kind of step its times."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
    django.setup()
    print(json.dumps(_measured(), ensure_ascii=False))


class Page:
    """The plan page of one draft, as its script talks to the server."""

    def __init__(self, client: Any, number: int) -> None:
        self._client, self._at = client, f"/grid-plans/{number}/"
        self.draft = self._client.get(f"{self._at}draft.json", SERVER_NAME="localhost").json()
        self._version = self.draft["version"]

    def send(self, action: str, **values: Any) -> float | None:
        """Send a step and return the milliseconds of server time, None where it was refused."""
        body = json.dumps({"version": self._version, "action": action} | values)
        answer = self._client.post(f"{self._at}steps/", body, content_type="application/json", SERVER_NAME="localhost")
        if answer.status_code == 422:
            return None
        assert answer.status_code == 200, f"{action} answered {answer.status_code}"
        self._version = answer.json()["version"]
        found = DURATION.search(answer.headers["Server-Timing"])
        assert found is not None
        return float(found[1])


def _measured() -> dict[str, Any]:
    from django.test import Client

    began = time.monotonic()
    plan = _planned()
    made = time.monotonic() - began
    # What the server does with its memory before the first page.
    importlib.import_module("linli.wsgi")
    client = Client()
    client.force_login(_person("bench-asks"))
    page = Page(client, plan.pk)
    pairs = list(_beside(plan))
    random.Random(SEED).shuffle(pairs)
    first = next(taken for taken in (page.send("lock", grid=key) for _building, key, _to in pairs) if taken)
    page.send("undo")
    return {
        "grids": len(page.draft["grids"]),
        "buildings": len(page.draft["assignment"]),
        "made": made,
        "first": first,
        "steps": {kind: _summary(times) for kind, times in _taken(page, pairs).items()},
    }


def _planned() -> Any:
    """Return a draft of the whole place, worked out here rather than in the background."""
    from django.test import override_settings

    from linli.gridplans.actions import new_plan
    from linli.gridplans.choices import Basis, PlanState
    from linli.gridplans.models import GridPlan
    from linli.gridplans.values import Asked

    at_once = {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": ["default", "long"]}
    with override_settings(TASKS={"default": at_once}):
        plan = new_plan(_whole(), Asked(basis=Basis.AFRESH), by=_person("bench-asks"), note="make bench")
    plan = GridPlan.objects.get(pk=plan.pk)
    assert plan.state == PlanState.READY, f"the draft is {plan.state}"
    return plan


def _beside(plan: Any) -> Iterator[Pair]:
    """Yield a building, its grid and the grid beside it, for all that stand at a border."""
    from linli.planner.storing import load

    for part in plan.parts.all():
        ground = load(part.ground)
        row_of = {unit: row for row, unit in enumerate(ground.unit_of.tolist())}
        for unit, row in row_of.items():
            own = part.assignment[row]
            near = ground.beside[ground.first[unit] : ground.first[unit + 1]].tolist()
            others = {part.assignment[row_of[other]] for other in near} - {own}
            if others:
                yield part.buildings[row], own, min(others)


def _taken(page: Page, pairs: Sequence[Pair]) -> dict[str, list[float]]:
    """Return kind of step → times; each step is undone, so that the next finds the draft as it was."""
    times: dict[str, list[float]] = {kind: [] for kind in ("move", "merge", "split", "lock", "rename", "undo", "redo")}
    for building, own, other in pairs[:MOST_TRIES]:
        steps = {
            "move": {"buildings": [building], "to": other},
            "merge": {"grid": own, "to": other},
            "split": {"grid": own},
            "lock": {"grid": own},
            "rename": {"grid": own, "text": "试一试"},
        }
        for kind, values in steps.items():
            if len(times[kind]) >= SAMPLES:
                continue
            for action in (kind, "undo", "redo", "undo"):
                taken = page.send(action, **(values if action == kind else {}))
                if taken is None:
                    break
                times[action].append(taken)
    return times


def _summary(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {
        "answers": len(ordered),
        "median": statistics.median(ordered),
        "p95": ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))],
    }


def table(results: dict[str, dict[str, Any]]) -> str:
    """Return the figures as Markdown; ``results`` by database."""
    one = next(iter(results.values()))
    made = ", ".join(f"{database} {result['made']:.1f} s" for database, result in results.items())
    first = ", ".join(f"{database} {result['first']:.0f} ms" for database, result in results.items())
    lines = [
        f"A draft of the whole demo ({one['grids']:,} grids, {one['buildings']:,} buildings) worked out in {made}; the",
        f"first step of a process: {first}. Steps after it, milliseconds of server time; p95 must be ≤ {LIMIT_MS}.",
        "",
        "| step by hand | database | answers | median | p95 | median ÷ first database |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for kind, base in one["steps"].items():
        for database, result in results.items():
            step = result["steps"][kind]
            lines.append(
                f"| {kind} | {database} | {step['answers']:.0f} | {step['median']:.1f} | {step['p95']:.1f} | "
                f"{step['median'] / base['median']:.2f} |"
            )
    return "\n".join(lines)


def not_held(results: dict[str, dict[str, Any]]) -> list[str]:
    """Return in words which steps took too long."""
    return [
        f"step {kind} {database}: {step['p95']:.0f} ms"
        for database, result in results.items()
        for kind, step in result["steps"].items()
        if step["p95"] > LIMIT_MS
    ]


def write_section(path: Path, results: dict[str, dict[str, Any]]) -> None:
    """Put the table into its place in the page of the figures."""
    text = path.read_text(encoding="utf-8")
    before, after = text.partition(START)[0], text.partition(END)[2]
    path.write_text(f"{before}{START}\n{table(results)}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
