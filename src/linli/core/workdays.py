"""The working calendar of the place, for apps that lie below the one which keeps it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from linli.core import clock
from linli.core.registry import Registry
from linli.core.workcalendar import Calendar, add_working_days

KEPT = "kept"

# The app that keeps holidays and working hours registers how they are read, at start-up.
calendars: Registry[Callable[[], Calendar]] = Registry("working calendar")


def current() -> Calendar:
    """Return the calendar that administrators keep; plain weekdays where nobody keeps one."""
    return calendars.get(KEPT)() if KEPT in calendars else Calendar()


def end_of_working_day(day: date, count: int) -> datetime:
    """Return the moment at which the last of so many working days after a day ends, in Shanghai."""
    calendar = current()
    _opens, closes = calendar.hours.spans[-1]
    return datetime.combine(add_working_days(day, count, calendar), closes, clock.SHANGHAI)
