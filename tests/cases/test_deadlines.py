"""Promises: when a case is to be accepted, answered, reported in writing; over nights, weekends and holidays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linli.accounts.rules import SYSTEM
from linli.cases.actions import (
    accept_case,
    load_presets,
    reclassify_case,
    report_written,
    resident_reply,
)
from linli.cases.choices import Mechanism
from linli.cases.deadlines import answer_deadline, calendar, deadline_of, written_deadline
from linli.cases.models import CalendarDay, Case, Category, WorkingSpan
from linli.core import clock
from tests.cases.stage import category, reported, shanghai, to_checked
from tests.cast import Cast

# Category, moment of the report, by when to accept, by when to answer. A working day has 450 minutes: 08:30 to 12:00
# and 14:00 to 18:00. Heating is accepted in 60 and answered in 450, drains in 120 and 900, a ramp in 450 and 4500.
PROMISES = (
    ("heating", "2026-11-24 10:18", "2026-11-24 11:18", "2026-11-25 10:18"),
    ("heating", "2026-11-24 11:30", "2026-11-24 14:30", "2026-11-25 11:30"),
    ("heating", "2026-11-24 12:40", "2026-11-24 15:00", "2026-11-25 12:00"),
    ("heating", "2026-11-24 17:30", "2026-11-25 09:00", "2026-11-25 17:30"),
    ("heating", "2026-11-24 22:05", "2026-11-25 09:30", "2026-11-25 18:00"),
    ("drain", "2026-11-27 16:00", "2026-11-27 18:00", "2026-12-01 16:00"),
    ("drain", "2026-11-28 09:00", "2026-11-30 10:30", "2026-12-01 18:00"),
    # Saturday 14 February and Saturday 28 February 2026 are worked, 15 to 23 February are off.
    ("heating", "2026-02-13 17:30", "2026-02-14 09:00", "2026-02-14 17:30"),
    ("heating", "2026-02-14 17:30", "2026-02-24 09:00", "2026-02-24 17:30"),
    ("drain", "2026-02-17 03:00", "2026-02-24 10:30", "2026-02-25 18:00"),
    ("drain", "2026-02-27 16:00", "2026-02-27 18:00", "2026-03-02 16:00"),
    ("ramp", "2026-02-11 08:30", "2026-02-11 18:00", "2026-03-02 18:00"),
)


@pytest.mark.parametrize(("code", "at", "accept_by", "answer_by"), PROMISES)
def test_promises_in_working_time(scene: Cast, code: str, at: str, accept_by: str, answer_by: str) -> None:
    with clock.frozen(shanghai(at)):
        case = reported(scene, code).case
        accepting = deadline_of(case)
        assert (accepting.kind, accepting.due_at, accepting.late) == ("accept", shanghai(accept_by), False)
        assert accepting.holidays_known
        case = accept_case(case, by=scene.worker)
        answering = deadline_of(case)
        assert (answering.kind, answering.due_at, answering.met_at) == ("answer", shanghai(answer_by), None)
        assert case.due_at == answering.due_at == case.answer_due_at


def test_late_begins_after_the_last_moment(scene: Cast) -> None:
    case = reported(scene).case
    assert not deadline_of(case, shanghai("2026-11-24 11:18")).late
    assert deadline_of(case, shanghai("2026-11-24 11:18") + timedelta(seconds=1)).late


def test_an_answer_in_time_stays_in_time_and_a_late_one_late(scene: Cast) -> None:
    case = to_checked(scene, reported(scene).case)
    met = deadline_of(case, clock.now() + timedelta(days=30))
    assert (met.kind, met.met_at, met.late) == ("answer", clock.now(), False)
    Case.objects.filter(pk=case.pk).update(answered_at=case.answer_due_at + timedelta(minutes=1))
    assert answer_deadline(Case.objects.get(pk=case.pk)).late


@pytest.mark.parametrize("found", ["2026-11-24 23:50", "2026-02-17 03:00", "2026-11-28 12:30"])
def test_the_hour_of_an_emergency_runs_by_night_and_on_holidays(scene: Cast, found: str) -> None:
    with clock.frozen(shanghai(found) + timedelta(minutes=10)):
        case = reported(scene, "gas-leak", by=scene.worker, discovered_at=shanghai(found)).case
    hour = shanghai(found) + timedelta(minutes=60)
    assert deadline_of(case, hour) == deadline_of(case, hour - timedelta(minutes=59))
    assert (deadline_of(case, hour).kind, deadline_of(case, hour).due_at) == ("written", hour)
    assert deadline_of(case, hour + timedelta(seconds=1)).late
    with clock.frozen(hour + timedelta(minutes=5)):
        case = report_written(case, by=scene.leader, note="首报")
        assert written_deadline(case).late
        assert deadline_of(case).kind == "answer"
        assert deadline_of(case).due_at == case.answer_due_at


def test_another_way_asks_to_accept_anew_and_keeps_the_promise_to_the_resident(scene: Cast) -> None:
    case = reported(scene).case
    answer_by = case.answer_due_at
    with clock.frozen(shanghai("2026-11-24 14:30")):
        case = accept_case(case, by=scene.worker)
        case = reclassify_case(case, by=scene.worker, mechanism=Mechanism.APPROVAL, note="要审批")
    assert case.due_at == shanghai("2026-11-24 15:30")
    assert case.answer_due_at == answer_by


def test_reopening_makes_a_new_promise(scene: Cast) -> None:
    made = reported(scene)
    to_checked(scene, made.case)
    with clock.frozen(shanghai("2026-11-27 09:30")):
        case = resident_reply(made.token or "", verdict="reopen", text="又不热了")
        assert case.answer_due_at == case.due_at == shanghai("2026-11-30 09:30")
        assert not deadline_of(case).late


def test_a_year_without_published_holidays_says_so(scene: Cast) -> None:
    CalendarDay.objects.filter(date__year=2027).delete()
    with clock.frozen(shanghai("2026-12-31 17:50")):
        case = reported(scene).case
    assert case.holidays_unknown
    assert not deadline_of(case).holidays_known
    with clock.frozen(shanghai("2026-12-30 08:30")):
        assert deadline_of(reported(scene).case).holidays_known
        emergency = reported(scene, "fire", by=scene.worker).case
        assert deadline_of(emergency).holidays_known


def test_the_calendar_is_what_an_administrator_keeps(scene: Cast) -> None:
    WorkingSpan.objects.all().delete()
    WorkingSpan.objects.create(starts="09:00", ends="17:00")
    CalendarDay.objects.update_or_create(date="2026-11-25", defaults={"is_working": False, "name": "停电检修"})
    case = reported(scene).case
    assert case.due_at == shanghai("2026-11-24 11:18")
    assert case.answer_due_at == shanghai("2026-11-26 09:48")


def test_presets_are_added_once_and_edits_stay(cast: Cast) -> None:
    load_presets(SYSTEM)
    counts = Category.objects.count(), CalendarDay.objects.count(), WorkingSpan.objects.count()
    assert counts[0] >= 25
    assert counts[2] == 2
    Category.objects.filter(code="heating").update(answer_minutes=60)
    load_presets(SYSTEM)
    assert (Category.objects.count(), CalendarDay.objects.count(), WorkingSpan.objects.count()) == counts
    assert category("heating").answer_minutes == 60


def test_only_published_years_are_in_the_calendar(scene: Cast) -> None:
    days = calendar()
    assert {2025, 2026} <= days.published_years
    assert days.is_working_day(shanghai("2026-02-14 00:00").date())
    assert not days.is_working_day(shanghai("2026-02-17 00:00").date())


def test_the_four_dangers_are_emergencies_and_applications_need_approval(scene: Cast) -> None:
    emergencies = set(Category.objects.filter(mechanism=Mechanism.EMERGENCY).values_list("code", flat=True))
    assert emergencies == {"gas-leak", "fire", "collapse", "sensitive-place"}
    assert category("ramp").mechanism == category("stall").mechanism == Mechanism.APPROVAL
