"""Proving a history: walk the steps of a case through the workflow from the first row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.db.models import QuerySet

from linli.accounts.rules import SYSTEM
from linli.cases.choices import Action, Closing, Mechanism, State
from linli.cases.models import Case, Step
from linli.cases.workflow import CLOCK, HANDLING, IN_PLACE, RESIDENT, Row, rows_for

CHUNK = 500

ENDINGS: dict[str, Closing] = {
    Action.CONFIRM: Closing.CONFIRMED,
    Action.LAPSE: Closing.ANSWERED,
    Action.CHECK: Closing.CHECKED,
    Action.SOLVE_ON_SPOT: Closing.CHECKED,
    Action.MERGE: Closing.MERGED,
}


@dataclass(frozen=True)
class Problem:
    """What is wrong with a history: the number of the step, 0 for the case itself, and why, in English."""

    case: str
    step: int
    reason: str


class PastStep(Protocol):
    """What a replay reads of a step: a row of history, or one that is about to be written."""

    number: int
    at: datetime
    by: str
    mechanism: str
    action: str
    source: str
    target: str
    detail: Any


@dataclass
class _Walk:
    """Where the walk stands: the state and way so far, who handled, how it ended."""

    mechanism: str = ""
    state: str | None = None
    written: bool = False
    closing: str = ""
    handled_by: set[str] = field(default_factory=set)
    at: float = 0.0


def replay(case: Case, steps: Sequence[PastStep] | None = None) -> Problem | None:
    """Return the first thing that could not have happened by the workflow table, None when all could.

    Judged from the history alone: the chain of states, the way, who stands in the row, that nobody checked what they
    handled, that an emergency was reported in writing before its answer, and that the case ends where its history does.
    """
    if steps is None:
        steps = list(Step.objects.filter(case=case).order_by("number"))
    walk = _Walk()
    for expected, step in enumerate(steps, 1):
        reason = _misnumbered(step, expected, walk) or _impossible(step, walk)
        if reason:
            return Problem(case.number, step.number, reason)
        _follow(step, walk)
    reason = _ends_elsewhere(case, walk)
    return Problem(case.number, 0, reason) if reason else None


def replay_all(cases: QuerySet[Case]) -> Iterator[Problem]:
    """Yield the first problem of each case that has one; reads in chunks."""
    for case in cases.prefetch_related("steps").iterator(chunk_size=CHUNK):
        problem = replay(case, list(case.steps.all()))
        if problem is not None:
            yield problem


def _misnumbered(step: PastStep, expected: int, walk: _Walk) -> str:
    if step.number != expected:
        return f"step {expected} is missing"
    if step.at.timestamp() < walk.at:
        return "it is dated before the step that it follows"
    if (step.source or None) != walk.state:
        return f"it starts from {step.source or 'nothing'}, but the case was in {walk.state or 'no state'}"
    return ""


def _impossible(step: PastStep, walk: _Walk) -> str:
    before = step.detail.get("from_mechanism", step.mechanism)
    if walk.mechanism and before != walk.mechanism:
        return f"the way changes from {walk.mechanism} to {before} without a step"
    if before != step.mechanism and step.action != Action.RECLASSIFY:
        return "only choosing another way changes the way"
    rows = [row for row in rows_for(before, walk.state) if row.action == step.action and row.target == step.target]
    if not rows:
        return f"the workflow has no row for {step.action} from {walk.state} to {step.target}"
    if not any(_stands_in(step.by, row) for row in rows):
        return f"{step.action} is not for {step.by}"
    return _breaks_condition(step, rows, walk)


def _stands_in(by: str, row: Row) -> bool:
    if by == RESIDENT:
        return row.who == RESIDENT
    if row.who == CLOCK:
        return by == SYSTEM.username
    return row.who != RESIDENT


def _breaks_condition(step: PastStep, rows: Sequence[Row], walk: _Walk) -> str:
    if step.by in walk.handled_by and all("not_handler" in row.conditions for row in rows):
        return f"{step.by} handled or answered the case, and may not {step.action} it"
    answered = step.target in (State.HANDLED, State.REPLIED, State.CHECKED)
    if step.mechanism == Mechanism.EMERGENCY and answered and not walk.written:
        return "an emergency is answered without a written report"
    return ""


def _follow(step: PastStep, walk: _Walk) -> None:
    walk.at = step.at.timestamp()
    walk.mechanism, walk.state = step.mechanism, step.target
    walk.written |= step.action == Action.REPORT_WRITTEN
    if step.action in HANDLING:
        walk.handled_by.add(step.by)
    if step.action not in IN_PLACE:
        walk.closing = ENDINGS.get(step.action, "") if step.target in (State.CLOSED, State.MERGED) else ""


def _ends_elsewhere(case: Case, walk: _Walk) -> str:
    if walk.state is None:
        return "there is no history"
    if (case.state, case.mechanism) != (walk.state, walk.mechanism):
        return f"the case is {case.mechanism}, {case.state}, but its history ends {walk.mechanism}, {walk.state}"
    if case.closing != walk.closing:
        return f"the case ended as “{case.closing}”, but its history as “{walk.closing}”"
    return ""
