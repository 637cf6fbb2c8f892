"""The line of working minutes agrees with the calendar that counts deadlines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from linli.core.workcalendar import Calendar, DayKind, add_working, seed_days, working_minutes_between
from linli.demo.worktime import WorkLine

FIRST = datetime(2026, 9, 1, tzinfo=UTC)
LAST = datetime(2026, 11, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    days: dict[object, DayKind] = {day: kind for day, kind, _name in seed_days(2026)}
    return Calendar(days=days, published_years=frozenset({2026}))  # type: ignore[arg-type]


@pytest.mark.parametrize("hours", [0, 5, 30, 100, 700, 1400])
@pytest.mark.parametrize("minutes", [1, 45, 210, 450, 1351])
def test_adding_minutes_gives_the_same_moment_as_the_calendar(calendar: Calendar, hours: int, minutes: int) -> None:
    line, start = WorkLine(calendar, FIRST, LAST), FIRST + timedelta(hours=hours, minutes=17)
    assert line.moment_of(line.minute_of(start) + minutes) == add_working(start, minutes, calendar)


def test_the_distance_of_two_moments_is_the_working_time_between_them(calendar: Calendar) -> None:
    line, end = WorkLine(calendar, FIRST, LAST), LAST - timedelta(days=3, hours=20)
    start = FIRST + timedelta(days=20, hours=3)
    assert line.minute_of(end) - line.minute_of(start) == working_minutes_between(start, end, calendar)


def test_the_end_of_a_day_is_not_put_off_to_the_next_morning(calendar: Calendar) -> None:
    line, evening = WorkLine(calendar, FIRST, LAST), datetime(2026, 11, 20, 15, tzinfo=UTC)
    assert line.moment_of(line.minute_of(evening)) == datetime(2026, 11, 20, 10, tzinfo=UTC)
