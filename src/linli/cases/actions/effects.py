"""What a step changes in a case, in memory: state, promises, answer, ending. Used one by one and by the bulk door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linli.areas.models import Post
from linli.cases.actions.values import StepValues
from linli.cases.choices import Action, Closing, State, WrittenReport
from linli.cases.deadlines import ACCEPTED_WAYS, accept_due, answer_due, next_due, silence_ends
from linli.cases.models import Case
from linli.cases.workflow import IN_PLACE, RESIDENT, Row
from linli.core.workcalendar import Calendar

# Every field that a step may change; a step saves these and no others.
MOVING_FIELDS = (
    "mechanism",
    "state",
    "handler",
    "department",
    "due_at",
    "answer_due_at",
    "holidays_unknown",
    "answered_at",
    "written_at",
    "lapses_at",
    "closed_at",
    "closing",
    "answer",
    "rating",
    "reopened",
    "merged_into",
    "version",
)

Detail = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """One step about to be taken: the row, when, with what, and who acts afterwards.

    ``days`` gives the working calendar; only steps that make a promise ask for it.
    """

    case: Case
    row: Row
    at: datetime
    values: StepValues
    days: Callable[[], Calendar]
    handler: Post | None = None


def apply(change: Change) -> Detail:
    """Change the case as the row says and return the plain values that the history keeps of the step."""
    case, row = change.case, change.row
    effect = EFFECTS.get(row.action)
    detail = effect(change) if effect else {}
    if row.action in IN_PLACE:
        return detail
    case.state = row.target
    case.handler = change.handler
    case.version = 1 if row.source is None else case.version + 1
    case.due_at = next_due(case, _accept_by(change))
    return detail


def _accept_by(change: Change) -> datetime | None:
    """Return the promise to accept that a report or a choice of another way makes."""
    if change.row.target != State.REPORTED or change.case.mechanism not in ACCEPTED_WAYS:
        return None
    return accept_due(change.case.category, change.at, change.days())


def _promise_answer(change: Change) -> None:
    case, days = change.case, change.days()
    case.answer_due_at = answer_due(case.category, change.at, days)
    case.holidays_unknown = not days.covered(change.at, case.answer_due_at)


def _answer(change: Change) -> None:
    change.case.answer = change.values.note
    change.case.answered_at = change.at


def _close(change: Change, closing: Closing) -> None:
    case = change.case
    case.closed_at, case.closing, case.lapses_at = change.at, closing, None


def _end_or_wait(change: Change) -> None:
    """Close a case that nobody can be asked about; else wait for the resident's word."""
    if change.row.target == State.CLOSED:
        _close(change, Closing.CHECKED)
    else:
        change.case.lapses_at = silence_ends(change.case.category, change.at, change.days())


def _report(change: Change) -> Detail:
    _promise_answer(change)
    return {}


def _solve_on_spot(change: Change) -> Detail:
    if change.row.source is None:
        _promise_answer(change)
    _answer(change)
    _end_or_wait(change)
    return {}


def _reclassify(change: Change) -> Detail:
    before, change.case.mechanism = change.case.mechanism, change.values.mechanism
    return {"from_mechanism": before}


def _dispatch(change: Change) -> Detail:
    department = change.values.department
    change.case.department = department
    return {"department": department.code} if department else {}


def _return(change: Change) -> Detail:
    case = change.case
    if change.row.source == State.DISPATCHED:
        case.department = None
    if change.row.source == State.REPLIED:
        case.answer, case.answered_at = "", None
    return {}


def _reply(change: Change) -> Detail:
    _answer(change)
    return {}


def _check(change: Change) -> Detail:
    _end_or_wait(change)
    return {}


def _confirm(change: Change) -> Detail:
    change.case.rating = change.values.rating
    _close(change, Closing.CONFIRMED)
    return {"rating": change.values.rating} if change.values.rating else {}


def _lapse(change: Change) -> Detail:
    _close(change, Closing.ANSWERED)
    return {}


def _reopen(change: Change) -> Detail:
    case = change.case
    case.answer, case.answered_at, case.rating = "", None, None
    case.closed_at, case.closing, case.lapses_at = None, Closing.OPEN, None
    case.department = None
    case.reopened += 1
    _promise_answer(change)
    return {}


def _merge(change: Change) -> Detail:
    change.case.merged_into = change.values.into
    _close(change, Closing.MERGED)
    return _other_case(change)


def _other_case(change: Change) -> Detail:
    other = change.values.into
    return {"case": other.number} if other else {}


def _report_oral(change: Change) -> Detail:
    told_at = change.values.told_at or change.at
    return {"told": change.values.told, "told_at": told_at.isoformat()}


def _report_written(change: Change) -> Detail:
    case = change.case
    usual = WrittenReport.FIRST if case.written_at is None else WrittenReport.FOLLOW_UP
    case.written_at = case.written_at or change.at
    return {"report_kind": str(change.values.report_kind or usual)}


def _decide(change: Change) -> Detail:
    return {"verdict": change.values.verdict}


def _note(change: Change) -> Detail:
    """A word from the resident is no silence: the wait begins anew."""
    if change.row.who == RESIDENT and change.case.state == State.CHECKED:
        change.case.lapses_at = silence_ends(change.case.category, change.at, change.days())
    return {}


EFFECTS: dict[Action, Callable[[Change], Detail]] = {
    Action.REPORT: _report,
    Action.SOLVE_ON_SPOT: _solve_on_spot,
    Action.RECLASSIFY: _reclassify,
    Action.DISPATCH: _dispatch,
    Action.RETURN: _return,
    Action.REPLY: _reply,
    Action.CHECK: _check,
    Action.MERGE: _merge,
    Action.TAKE_IN: _other_case,
    Action.REPORT_ORAL: _report_oral,
    Action.REPORT_WRITTEN: _report_written,
    Action.DECIDE: _decide,
    Action.CONFIRM: _confirm,
    Action.REOPEN: _reopen,
    Action.LAPSE: _lapse,
    Action.NOTE: _note,
}
