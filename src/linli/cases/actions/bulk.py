"""The bulk door of the demo: whole cases with their histories, written in chunks under one journal entry."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Iterator
from itertools import islice
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

from django.db import transaction

from linli.accounts.rules import require
from linli.areas.models import Post
from linli.cases.actions.effects import Change, apply
from linli.cases.actions.engine import step_values
from linli.cases.actions.reporting import blank_case, search_terms
from linli.cases.actions.values import PlannedCase, PlannedStep, Reported
from linli.cases.choices import Action
from linli.cases.deadlines import calendar
from linli.cases.models import Case, FollowLink, Step
from linli.cases.replay import replay
from linli.cases.workflow import Row, rows_for
from linli.core import clock
from linli.core.bulkload import insert_rows
from linli.core.tokens import new_case_number, new_token, token_digest
from linli.core.workcalendar import Calendar
from linli.journal import actions as journal

CHUNK = 1000


CASE_COLUMNS = tuple(field.attname for field in Case._meta.concrete_fields if not field.primary_key)
CASE_VALUES = attrgetter(*CASE_COLUMNS)
STEP_COLUMNS = tuple(
    field.attname for field in Step._meta.concrete_fields if not field.primary_key and field.attname != "case_id"
)
STEP_VALUES = attrgetter(*STEP_COLUMNS)


# A case and the columns of its steps, but the case.
Built = tuple[Case, list[SimpleNamespace]]


class ImpossibleCase(ValueError):
    """A planned case that the workflow does not allow; the message names the step."""


@transaction.atomic
def create_cases(plans: Iterable[PlannedCase], *, by: Any, rng: random.Random | None = None) -> list[Reported]:
    """Write whole cases with their steps. Nothing is sent to anybody.

    The number, promises, answer and ending of each follow from its steps as they do when they are taken one by one, and
    a case that would not replay through the workflow is refused. Merges are taken one by one, with ``merge_case``.

    Args:
        plans: the cases; may be a generator.
        by: who fills the database; needs the right to edit areas.
        rng: where the numbers of cases come from; the operating system if None.

    Raises:
        Refused: the user may not.
        ImpossibleCase: a step is no row of the workflow.
    """
    require(by, "areas.edit")
    days = calendar()
    numbers = set(Case.objects.values_list("number", flat=True))
    digest = hashlib.sha256()
    reported: list[Reported] = []
    steps_written = 0
    source = iter(plans)
    while chunk := list(islice(source, CHUNK)):
        built = [_build(plan, days, numbers, rng) for plan in chunk]
        cases = [case for case, _steps in built]
        _write_cases(cases)
        steps_written += _write_steps(built)
        reported += _linked(chunk, cases)
        for case in cases:
            digest.update(f"{case.number} {case.state}\n".encode())
    detail = {"cases": len(reported), "steps": steps_written, "digest": digest.hexdigest()}
    journal.record(by, "cases.create_cases", object_type=Case._meta.label_lower, detail=detail)
    return reported


def _build(plan: PlannedCase, days: Calendar, numbers: set[str], rng: random.Random | None) -> Built:
    first = plan.steps[0]
    case = blank_case(plan.new, plan.area, by=first.by)
    case.owner = plan.owner
    case.reported_at = first.at
    case.discovered_at = plan.new.discovered_at or first.at
    case.number = new_case_number(first.at, rng)
    while case.number in numbers:
        case.number = new_case_number(first.at, rng)
    numbers.add(case.number)
    case.search_terms = search_terms(case)
    steps = list(_walk(case, plan, days))
    problem = replay(case, steps)
    if problem is not None:
        raise ImpossibleCase(f"{case.number} step {problem.step}: {problem.reason}")
    return case, steps


def _walk(case: Case, plan: PlannedCase, days: Calendar) -> Iterator[SimpleNamespace]:
    for number, planned in enumerate(plan.steps, 1):
        source = None if number == 1 else case.state
        row = _row(case, source, planned, has_resident=plan.has_resident)
        post = _post_of(case.handler, planned.by)
        handler = case.handler if planned.action == Action.NOTE else planned.handler
        change = Change(case, row, planned.at, planned.values, lambda: days, handler)
        detail = apply(change)
        yield SimpleNamespace(**step_values(change, detail, by=planned.by, post=post, number=number))


def _row(case: Case, source: str | None, planned: PlannedStep, *, has_resident: bool) -> Row:
    other = "has_no_resident" if has_resident else "has_resident"
    for row in rows_for(case.mechanism, source):
        if row.action == planned.action and other not in row.conditions:
            return row
    raise ImpossibleCase(f"{case.mechanism}: no row for {planned.action} from {source}")


def _post_of(handler: Post | None, by: Any) -> Post | None:
    """Return the post by which the step is taken, where the person who acts holds the post whose turn it was."""
    return handler if handler is not None and handler.holder_id == by.pk else None


def _write_cases(cases: list[Case]) -> None:
    for case, key in zip(cases, insert_rows(Case, CASE_COLUMNS, map(CASE_VALUES, cases)), strict=True):
        case.pk = key


def _write_steps(built: list[Built]) -> int:
    rows = ((case.pk, *STEP_VALUES(step)) for case, steps in built for step in steps)
    return len(insert_rows(Step, ("case_id", *STEP_COLUMNS), rows))


def _linked(plans: list[PlannedCase], cases: list[Case]) -> list[Reported]:
    reported = [
        Reported(case, new_token() if plan.has_resident else None) for plan, case in zip(plans, cases, strict=True)
    ]
    now = clock.now()
    links = [(one.case.pk, one.case.pk, token_digest(one.token), now) for one in reported if one.token]
    insert_rows(FollowLink, ("case_id", "reported_id", "digest", "created_at"), links)
    return reported
