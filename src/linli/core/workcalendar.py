"""Working time in China: hours, public holidays and the weekend days worked in exchange for them.

The State Council publishes each year's days in the autumn before. They are rows that an administrator can edit, so
this module takes them as a mapping; `seed_days` gives the published ones to begin with.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from linli.core import clock

MAKE_UP_WORKDAY_NAME = "调休上班"

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)
_ONE_MINUTE = timedelta(minutes=1)


class DayKind(StrEnum):
    """What a published day is: a day off, or a day worked although it is a weekend."""

    HOLIDAY = "holiday"
    WORKDAY = "workday"


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The spans of a working day in Shanghai time, in order, each from its first moment to its last.

    Raises:
        ValueError: there is no span, or a span is empty, or two overlap or stand in the wrong order.
    """

    spans: tuple[tuple[time, time], ...] = ((time(8, 30), time(12)), (time(14), time(18)))

    def __post_init__(self) -> None:
        if not self.spans or any(begin >= end for begin, end in self.spans):
            raise ValueError("working hours need at least one span that ends after it begins")
        if any(earlier[1] > later[0] for earlier, later in pairwise(self.spans)):
            raise ValueError("the spans of a working day follow each other without overlap")


@dataclass(frozen=True)
class Calendar:
    """Working hours, the days that differ from plain weekdays, and the years whose days are published.

    A year that is not published counts plain weekdays; `covered` tells whether that touched a deadline.
    """

    hours: WorkingHours = field(default_factory=WorkingHours)
    days: Mapping[date, DayKind] = field(default_factory=dict)
    published_years: frozenset[int] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Tell whether people work on a day."""
        kind = self.days.get(day)
        if kind is None:
            return day.weekday() < _SATURDAY
        return kind is DayKind.WORKDAY

    def is_published(self, year: int) -> bool:
        """Tell whether the days of a year are published."""
        return year in self.published_years

    def covered(self, start: datetime, end: datetime) -> bool:
        """Tell whether every year from one aware moment to another, in Shanghai, is published."""
        first, last = sorted((clock.local(start).year, clock.local(end).year))
        return all(self.is_published(year) for year in range(first, last + 1))


def add_working(start: datetime, minutes: int, calendar: Calendar) -> datetime:
    """Return the moment in UTC at which so many working minutes have passed since an aware moment.

    The last minute of a span ends the span: 210 minutes from 08:30 end at 12:00, not at 14:00. No minutes give the
    start itself, also when nobody works then.

    Raises:
        ValueError: the minutes are negative, or the start carries no time zone.
    """
    if minutes < 0:
        raise ValueError(f"working minutes cannot be negative: {minutes}")
    remaining = timedelta(minutes=minutes)
    local_start = clock.local(start)
    if not remaining:
        return start.astimezone(UTC)
    spans = _spans_from(local_start, calendar)
    begin, end = next(spans)
    while remaining > end - begin:
        remaining -= end - begin
        begin, end = next(spans)
    return (begin + remaining).astimezone(UTC)


def working_minutes_between(start: datetime, end: datetime, calendar: Calendar) -> int:
    """Return the whole working minutes from one aware moment to another; 0 where the end is not after the start.

    Raises:
        ValueError: a moment carries no time zone.
    """
    local_end = clock.local(end)
    worked = timedelta()
    for span_begin, span_end in _spans_from(clock.local(start), calendar):
        if span_begin >= local_end:
            break
        worked += min(span_end, local_end) - span_begin
    return worked // _ONE_MINUTE


def add_working_days(day: date, count: int, calendar: Calendar) -> date:
    """Return the working day that comes so many working days after a day; 0 gives the day itself.

    Raises:
        ValueError: the count is negative.
    """
    if count < 0:
        raise ValueError(f"working days cannot be negative: {count}")
    while count:
        day += _ONE_DAY
        count -= calendar.is_working_day(day)
    return day


def seed_days(year: int) -> list[tuple[date, DayKind, str]]:
    """Return the published days of a year in order, with their Chinese names.

    Holidays that fall on a weekend are listed only where the law names the day; plain weekend days are not. A year
    whose notice the `holidays` library does not know yet gives an empty list: the library would name the statutory
    days but no day worked in exchange, and half a calendar is worse than none.
    """
    # The notice for the following year may move days at the end of this one.
    # Loaded at its first use: serving pages needs the table that was seeded from it, not the library.
    from holidays import country_holidays

    china = country_holidays("CN", years=(year, year + 1), language="zh_CN")
    make_up_days = [(day, DayKind.WORKDAY, MAKE_UP_WORKDAY_NAME) for day in china.weekend_workdays if day.year == year]
    if not make_up_days:
        return []
    days_off = [(day, DayKind.HOLIDAY, name) for day, name in china.items() if day.year == year]
    return sorted(days_off + make_up_days)


def _spans_from(start: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """Yield the working spans from a moment in Shanghai time on, the first one cut to begin there; never ends."""
    day = start.date()
    while True:
        if calendar.is_working_day(day):
            for opens, closes in calendar.hours.spans:
                begin = max(datetime.combine(day, opens, clock.SHANGHAI), start)
                end = datetime.combine(day, closes, clock.SHANGHAI)
                if begin < end:
                    yield begin, end
        day += _ONE_DAY
