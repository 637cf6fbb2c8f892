"""Shorthands for the tests of cases: report one, put one on stage in any state, take the usual steps."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linli.cases.actions import (
    RESIDENT,
    NewCase,
    Reported,
    accept_case,
    check_case,
    dispatch_case,
    handle_case,
    reply_to_case,
    report_case,
)
from linli.cases.choices import Mechanism, State
from linli.cases.models import Case, Category
from linli.cases.workflow import ANSWERED_STATES
from linli.core import clock
from tests.cast import Cast

USUAL = {
    Mechanism.ON_SPOT: "small-ads",
    Mechanism.COORDINATION: "heating",
    Mechanism.EMERGENCY: "gas-leak",
    Mechanism.APPROVAL: "ramp",
}
AFTER_WRITTEN = (State.WRITTEN_REPORTED, State.DISPATCHED, State.HANDLED, *ANSWERED_STATES)


def category(code: str) -> Category:
    """Return a preset category."""
    return Category.objects.get(code=code)


def reported(cast: Cast, code: str = "heating", *, by: Any = RESIDENT, **values: Any) -> Reported:
    """Report a case in the first grid, by a resident unless somebody else is named."""
    values.setdefault("area", cast.grid)
    return report_case(NewCase(category(code), values.pop("text", "暖气不热"), **values), by=by)


def on_stage(cast: Cast, mechanism: Mechanism, state: State, **fields: Any) -> Case:
    """Return a case that stands in a state, as if it had come there; its history holds the report alone."""
    case = reported(cast, USUAL[mechanism]).case
    now = clock.now()
    given: dict[str, Any] = {"mechanism": mechanism, "state": state, "department": cast.heating}
    if mechanism == Mechanism.EMERGENCY and state in AFTER_WRITTEN:
        given["written_at"] = now
    if state in ANSWERED_STATES:
        given |= {"answered_at": now, "due_at": None}
    if state == State.CLOSED:
        given["closed_at"] = now
    Case.objects.filter(pk=case.pk).update(**given | fields)
    return Case.objects.get(pk=case.pk)


def to_replied(cast: Cast, case: Case) -> Case:
    """Take a reported co-ordination case to the department and back with an answer."""
    accept_case(case, by=cast.worker)
    dispatch_case(case, by=cast.leader, to="heating")
    handle_case(case, by=cast.department, note="换了阀门")
    return reply_to_case(case, by=cast.department, note="阀门已换，暖气已热")


def to_checked(cast: Cast, case: Case) -> Case:
    """Take a reported co-ordination case on until the resident is asked."""
    return check_case(to_replied(cast, case), by=cast.leader)


def shanghai(text: str) -> datetime:
    """Return a moment written in Shanghai time, such as ``2026-11-24 10:18``."""
    return datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)
