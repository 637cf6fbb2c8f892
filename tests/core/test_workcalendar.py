from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.core import clock
from linli.core.workcalendar import (
    Calendar,
    DayKind,
    WorkingHours,
    add_working,
    add_working_days,
    seed_days,
    working_minutes_between,
)

# Reckoned by hand from the State Council's notice for 2026 and the hours 08:30-12:00 and 14:00-18:00 (450 minutes).
# Shanghai time: start, working minutes, due.
DEADLINES = """
    an ordinary week
    2026-03-09 08:30     0   2026-03-09 08:30
    2026-03-09 08:30    60   2026-03-09 09:30
    2026-03-09 08:30   210   2026-03-09 12:00
    2026-03-09 08:30   211   2026-03-09 14:01
    2026-03-09 08:30   450   2026-03-09 18:00
    2026-03-09 08:30   451   2026-03-10 08:31
    2026-03-09 10:00  1350   2026-03-12 10:00
    2026-03-09 10:00  2250   2026-03-16 10:00
    lunch
    2026-03-09 11:30    60   2026-03-09 14:30
    2026-03-09 12:00     1   2026-03-09 14:01
    2026-03-09 12:45     0   2026-03-09 12:45
    2026-03-09 12:45    30   2026-03-09 14:30
    2026-03-09 13:59   240   2026-03-09 18:00
    nights
    2026-03-09 00:00    60   2026-03-09 09:30
    2026-03-09 17:30    60   2026-03-10 09:00
    2026-03-09 18:00    60   2026-03-10 09:30
    2026-03-09 22:10    60   2026-03-10 09:30
    2026-03-10 02:00    60   2026-03-10 09:30
    weekends
    2026-03-13 17:00   120   2026-03-16 09:30
    2026-03-14 10:00    60   2026-03-16 09:30
    2026-03-15 23:59   210   2026-03-16 12:00
    New Year: off 1 to 3 January, worked Sunday the 4th
    2025-12-31 17:30    60   2026-01-04 09:00
    2026-01-02 10:00    60   2026-01-04 09:30
    2026-01-04 17:00   120   2026-01-05 09:30
    Spring Festival: off 15 to 23 February, worked Saturdays the 14th and 28th
    2026-02-13 17:00   120   2026-02-14 09:30
    2026-02-14 10:00    60   2026-02-14 11:00
    2026-02-14 17:30    60   2026-02-24 09:00
    2026-02-14 18:00     1   2026-02-24 08:31
    2026-02-14 08:30   450   2026-02-14 18:00
    2026-02-14 08:30   451   2026-02-24 08:31
    2026-02-15 09:00    60   2026-02-24 09:30
    2026-02-17 00:00   210   2026-02-24 12:00
    2026-02-20 15:00   240   2026-02-24 14:30
    2026-02-23 23:59   450   2026-02-24 18:00
    2026-02-13 10:00  1350   2026-02-25 10:00
    2026-02-13 14:00  2250   2026-02-27 12:00
    2026-02-24 10:00  2250   2026-03-02 10:00
    2026-02-27 17:00   120   2026-02-28 09:30
    2026-02-28 17:00   120   2026-03-02 09:30
    2026-02-28 20:00    60   2026-03-02 09:30
    Tomb-Sweeping: off 4 to 6 April
    2026-04-03 17:30    60   2026-04-07 09:00
    2026-04-06 10:00    60   2026-04-07 09:30
    May Day: off 1 to 5 May, worked Saturday the 9th
    2026-04-30 16:00   240   2026-05-06 10:30
    2026-05-01 09:00    60   2026-05-06 09:30
    2026-05-04 12:00   300   2026-05-06 15:30
    2026-05-08 17:00   120   2026-05-09 09:30
    2026-05-09 11:00    90   2026-05-09 14:30
    2026-05-09 17:59     2   2026-05-11 08:31
    2026-04-30 09:00  1800   2026-05-09 09:00
    Dragon Boat: off 19 to 21 June
    2026-06-18 17:00   120   2026-06-22 09:30
    2026-06-20 10:00    60   2026-06-22 09:30
    Mid-Autumn: off 25 to 27 September
    2026-09-24 17:00   120   2026-09-28 09:30
    National Day: off 1 to 7 October, worked Sunday 20 September and Saturday 10 October
    2026-09-18 17:30    60   2026-09-20 09:00
    2026-09-19 12:00    60   2026-09-20 09:30
    2026-09-20 17:00   120   2026-09-21 09:30
    2026-09-30 14:00   300   2026-10-08 09:30
    2026-09-30 08:30   900   2026-10-08 18:00
    2026-10-01 00:00     1   2026-10-08 08:31
    2026-10-04 10:00   450   2026-10-08 18:00
    2026-09-29 15:00  2250   2026-10-12 15:00
    2026-10-09 17:00   120   2026-10-10 09:30
    2026-10-10 17:00   120   2026-10-12 09:30
    2026-10-11 12:00    60   2026-10-12 09:30
"""
ROWS = [tuple(line.split()) for line in DEADLINES.splitlines() if line.strip().startswith("202")]

MOMENTS = st.timedeltas(timedelta(0), timedelta(days=427)).map(lambda since: datetime(2025, 12, 1, tzinfo=UTC) + since)
MINUTES = st.integers(0, 6000)


def shanghai(day: str, clock_time: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock_time}").replace(tzinfo=clock.SHANGHAI)


def calendar_2026() -> Calendar:
    days = {day: kind for day, kind, _name in seed_days(2026)}
    return Calendar(days=days, published_years=frozenset({2026}))


CALENDAR = calendar_2026()


def test_the_table_has_every_deadline():
    assert len(ROWS) >= 60


@pytest.mark.parametrize(("day", "at", "minutes", "due_day", "due_at"), ROWS)
def test_deadlines_of_2026(day, at, minutes, due_day, due_at):
    due = add_working(shanghai(day, at), int(minutes), CALENDAR)
    assert f"{clock.local(due):%Y-%m-%d %H:%M}" == f"{due_day} {due_at}"
    assert due.tzinfo is UTC


@pytest.mark.parametrize(("day", "at", "minutes", "due_day", "due_at"), ROWS)
def test_the_way_back_counts_the_same_minutes(day, at, minutes, due_day, due_at):
    assert working_minutes_between(shanghai(day, at), shanghai(due_day, due_at), CALENDAR) == int(minutes)


def test_the_start_may_be_in_any_time_zone():
    assert add_working(datetime(2026, 2, 14, 9, 30, tzinfo=UTC), 60, CALENDAR) == shanghai("2026-02-24", "09:00")


def test_seconds_are_kept_when_adding_and_dropped_when_counting():
    start = shanghai("2026-03-09", "11:59:30")
    due = add_working(start, 1, CALENDAR)
    assert due == shanghai("2026-03-09", "14:00:30")
    assert working_minutes_between(start, due - timedelta(seconds=1), CALENDAR) == 0
    assert working_minutes_between(start, due, CALENDAR) == 1


def test_an_end_before_the_start_counts_nothing():
    assert working_minutes_between(shanghai("2026-03-10", "10:00"), shanghai("2026-03-09", "10:00"), CALENDAR) == 0


def test_negative_counts_and_naive_moments_are_refused():
    with pytest.raises(ValueError, match="negative"):
        add_working(shanghai("2026-03-09", "10:00"), -1, CALENDAR)
    with pytest.raises(ValueError, match="negative"):
        add_working_days(date(2026, 3, 9), -1, CALENDAR)
    naive = datetime.fromisoformat("2026-03-09T10:00")
    for minutes in (0, 60):
        with pytest.raises(ValueError, match="time zone"):
            add_working(naive, minutes, CALENDAR)
    with pytest.raises(ValueError, match="time zone"):
        working_minutes_between(shanghai("2026-03-09", "10:00"), naive, CALENDAR)


@given(start=MOMENTS, first=MINUTES, second=MINUTES)
def test_adding_in_two_steps_is_adding_at_once(start, first, second):
    in_two_steps = add_working(add_working(start, first, CALENDAR), second, CALENDAR)
    assert in_two_steps == add_working(start, first + second, CALENDAR)


@given(start=MOMENTS, delay=st.timedeltas(timedelta(0), timedelta(days=20)), fewer=MINUTES, more=MINUTES)
def test_a_later_start_or_more_minutes_never_end_earlier(start, delay, fewer, more):
    assert add_working(start, fewer, CALENDAR) <= add_working(start, fewer + more, CALENDAR)
    assert add_working(start, fewer, CALENDAR) <= add_working(start + delay, fewer, CALENDAR)


@given(start=MOMENTS, minutes=MINUTES)
def test_what_was_added_is_counted_back(start, minutes):
    assert working_minutes_between(start, add_working(start, minutes, CALENDAR), CALENDAR) == minutes


@given(start=MOMENTS, minutes=st.integers(1, 6000))
def test_a_deadline_falls_into_working_hours(start, minutes):
    due = clock.local(add_working(start, minutes, CALENDAR))
    assert CALENDAR.is_working_day(due.date())
    assert any(begin < due.time() <= end for begin, end in CALENDAR.hours.spans)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-02-13", True),
        ("2026-02-14", True),
        *((f"2026-02-{number}", False) for number in range(15, 24)),
        ("2026-02-24", True),
        ("2026-02-28", True),
        ("2026-03-01", False),
        ("2026-05-09", True),
        ("2026-05-10", False),
        ("2026-09-20", True),
        *((f"2026-10-0{number}", False) for number in range(1, 8)),
        ("2026-10-10", True),
    ],
)
def test_working_days(day, works):
    assert CALENDAR.is_working_day(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("day", "count", "due"),
    [
        ("2026-02-13", 0, "2026-02-13"),
        ("2026-02-15", 0, "2026-02-15"),
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-13", 2, "2026-02-24"),
        ("2026-02-16", 1, "2026-02-24"),
        ("2026-02-13", 6, "2026-02-28"),
        ("2026-02-13", 7, "2026-03-02"),
        ("2026-04-30", 5, "2026-05-11"),
        ("2026-09-30", 3, "2026-10-10"),
    ],
)
def test_add_working_days(day, count, due):
    assert add_working_days(date.fromisoformat(day), count, CALENDAR) == date.fromisoformat(due)


def test_other_hours():
    short = Calendar(hours=WorkingHours(((time(9), time(10)), (time(10), time(11)))))
    assert add_working(shanghai("2026-03-09", "08:00"), 90, short) == shanghai("2026-03-09", "10:30")
    assert add_working(shanghai("2026-03-09", "10:45"), 30, short) == shanghai("2026-03-10", "09:15")


@pytest.mark.parametrize(
    "spans",
    [
        (),
        ((time(12), time(8)),),
        ((time(8), time(8)),),
        ((time(14), time(18)), (time(8), time(12))),
        ((time(8), time(12)), (time(11), time(18))),
    ],
)
def test_hours_that_cannot_be_are_refused(spans):
    with pytest.raises(ValueError, match="span"):
        WorkingHours(spans)


def test_a_year_without_published_days_counts_plain_weekdays_and_says_so():
    spring_festival_2027 = date(2027, 2, 8)
    assert CALENDAR.is_working_day(spring_festival_2027)
    assert not CALENDAR.is_working_day(date(2027, 2, 7))
    assert not CALENDAR.is_published(2027)
    assert CALENDAR.is_published(2026)
    assert not CALENDAR.covered(shanghai("2026-12-31", "10:00"), shanghai("2027-01-04", "10:00"))
    assert CALENDAR.covered(shanghai("2026-01-01", "00:00"), shanghai("2026-12-31", "23:59"))
    assert not CALENDAR.covered(shanghai("2026-01-04", "10:00"), shanghai("2025-12-31", "10:00"))


def test_covered_looks_at_the_year_in_shanghai():
    new_year_in_shanghai = datetime(2026, 12, 31, 16, tzinfo=UTC)
    assert not CALENDAR.covered(new_year_in_shanghai, new_year_in_shanghai)
    assert CALENDAR.covered(new_year_in_shanghai - timedelta(seconds=1), new_year_in_shanghai - timedelta(seconds=1))


def test_seed_days_of_2026_are_those_of_the_notice():
    days = seed_days(2026)
    worked = [f"{day:%m-%d}" for day, kind, _name in days if kind is DayKind.WORKDAY]
    assert worked == ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]
    assert (date(2026, 2, 17), DayKind.HOLIDAY, "春节") in days
    assert (date(2026, 2, 14), DayKind.WORKDAY, "调休上班") in days
    assert days == sorted(days)
    assert {day.year for day, _kind, _name in days} == {2026}


def test_seed_days_take_in_what_the_next_notice_moved():
    assert (date(2006, 12, 30), DayKind.WORKDAY, "调休上班") in seed_days(2006)


def test_a_year_not_yet_published_has_no_seed_days():
    assert seed_days(2099) == []
