"""Promise times: what a case owes next and by when. Knows categories and the calendar, and nothing of users.

Accepting and answering count working time from the report. The written report of an emergency counts calendar time
from its discovery and is never paused; after it, the answer counts as everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from linli.cases.choices import Mechanism, State
from linli.cases.models import CalendarDay, Case, Category, WorkingSpan
from linli.cases.workflow import ANSWERED_STATES
from linli.core import clock
from linli.core.workcalendar import Calendar, DayKind, WorkingHours, add_working, add_working_days

# On these ways somebody has to accept the case first.
ACCEPTED_WAYS = frozenset({Mechanism.COORDINATION, Mechanism.APPROVAL})


class DeadlineKind(StrEnum):
    """What was promised."""

    ACCEPT = "accept"
    ANSWER = "answer"
    WRITTEN = "written"


@dataclass(frozen=True)
class Deadline:
    """One promise of a case.

    ``due_at`` is None where nothing is owed. ``late`` tells that it was met after its time, or is not met and its time
    is over. ``holidays_known`` is False when it reaches into a year whose holidays were not published: plain weekdays
    were counted there.
    """

    kind: DeadlineKind
    due_at: datetime | None
    met_at: datetime | None
    late: bool
    holidays_known: bool


def calendar() -> Calendar:
    """Return the working calendar that administrators keep: spans of the day, days that differ, years published."""
    spans = tuple(WorkingSpan.objects.values_list("starts", "ends"))
    days: Mapping[date, DayKind] = {
        day: DayKind.WORKDAY if is_working else DayKind.HOLIDAY
        for day, is_working in CalendarDay.objects.values_list("date", "is_working")
    }
    hours = WorkingHours(spans) if spans else WorkingHours()
    return Calendar(hours=hours, days=days, published_years=frozenset(day.year for day in days))


def accept_due(category: Category, start: datetime, days: Calendar) -> datetime:
    """Return the moment in UTC by which a case of this category is to be accepted."""
    return add_working(start, category.accept_minutes, days)


def answer_due(category: Category, start: datetime, days: Calendar) -> datetime:
    """Return the moment in UTC by which the resident is to have an answer."""
    return add_working(start, category.answer_minutes, days)


def written_due(case: Case) -> datetime:
    """Return the moment by which an emergency is to be reported in writing, counted from its discovery."""
    return case.discovered_at + timedelta(minutes=case.category.written_minutes)


def silence_ends(category: Category, start: datetime, days: Calendar) -> datetime:
    """Return the end of the last working day on which the resident's word is waited for."""
    last = add_working_days(clock.local(start).date(), category.silence_days, days)
    return datetime.combine(last + timedelta(days=1), time.min, clock.SHANGHAI)


def reopens_until(case: Case) -> datetime | None:
    """Return the moment until which a closed case can be reopened, None while it is not closed."""
    if case.closed_at is None:
        return None
    return case.closed_at + timedelta(days=case.category.reopen_days)


def next_due(case: Case, accept_by: datetime | None = None) -> datetime | None:
    """Return what ``Case.due_at`` is to hold in the present state: the next promise, None once nothing is owed.

    Args:
        case: with state, way and answer promise already as they are after the step.
        accept_by: the promise to accept, for a case that has just been reported.
    """
    if case.state == State.MERGED or case.state in ANSWERED_STATES:
        return None
    if case.mechanism == Mechanism.EMERGENCY and case.written_at is None:
        return written_due(case)
    if case.state == State.REPORTED and accept_by is not None:
        return accept_by
    return case.answer_due_at


def deadline_of(case: Case, now: datetime | None = None) -> Deadline:
    """Return the promise that counts now: the written report, accepting, or the answer. Pages and programs show this.

    Asks the database nothing when the category of the case is loaded.
    """
    moment = now or clock.now()
    if case.state == State.MERGED:
        return _deadline(case, DeadlineKind.ANSWER, None, None, moment)
    if case.mechanism == Mechanism.EMERGENCY and case.written_at is None:
        return written_deadline(case, moment)
    if case.state == State.REPORTED and case.mechanism in ACCEPTED_WAYS:
        return _deadline(case, DeadlineKind.ACCEPT, case.due_at, None, moment)
    return answer_deadline(case, moment)


def answer_deadline(case: Case, now: datetime | None = None) -> Deadline:
    """Return the promise made to the resident, and whether it was kept."""
    return _deadline(case, DeadlineKind.ANSWER, case.answer_due_at, case.answered_at, now or clock.now())


def written_deadline(case: Case, now: datetime | None = None) -> Deadline:
    """Return the hour of an emergency, and whether the written report came within it."""
    return _deadline(case, DeadlineKind.WRITTEN, written_due(case), case.written_at, now or clock.now())


def _deadline(
    case: Case, kind: DeadlineKind, due_at: datetime | None, met_at: datetime | None, now: datetime
) -> Deadline:
    late = due_at is not None and (met_at or now) > due_at
    known = kind is DeadlineKind.WRITTEN or not case.holidays_unknown
    return Deadline(kind, due_at, met_at, late, known)
