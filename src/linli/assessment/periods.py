"""Calendar periods: the day itself, and the week, month, quarter or year that it lies in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.dateparse import parse_date

from linli.assessment.choices import Span
from linli.core import clock
from linli.core.clock import SHANGHAI

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True)
class Period:
    """A calendar period in China; ``last`` is its last day."""

    span: Span
    first: date
    last: date

    @property
    def start(self) -> datetime:
        """The first moment."""
        return datetime.combine(self.first, time(), SHANGHAI)

    @property
    def end(self) -> datetime:
        """The first moment that lies behind the period."""
        return datetime.combine(self.last + timedelta(days=1), time(), SHANGHAI)

    @property
    def before(self) -> Period:
        """The period of the same span just before."""
        return period_of(self.span, self.first - timedelta(days=1))

    @property
    def after(self) -> Period:
        """The period of the same span just behind."""
        return period_of(self.span, self.last + timedelta(days=1))


def day_of(text: object) -> date:
    """Return the day that an address names; what is no day of this century means today."""
    try:
        day = parse_date(str(text or ""))
    except ValueError:
        day = None
    return day if day is not None and FIRST_DAY <= day <= LAST_DAY else clock.today()


def period_of(span: Span, day: date) -> Period:
    """Return the period of a span that a day lies in; weeks begin on Monday."""
    if span == Span.DAY:
        return Period(span, day, day)
    if span == Span.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Period(span, monday, monday + timedelta(days=6))
    if span == Span.YEAR:
        return Period(span, date(day.year, 1, 1), date(day.year, 12, 31))
    months = 3 if span == Span.QUARTER else 1
    month = day.month - (day.month - 1) % months
    first = date(day.year, month, 1)
    year, following = divmod(day.year * 12 + month - 1 + months, 12)
    return Period(span, first, date(year, following + 1, 1) - timedelta(days=1))
