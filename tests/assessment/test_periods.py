from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from linli.assessment.choices import Span
from linli.assessment.periods import period_of

SPANS = [
    (Span.DAY, date(2026, 11, 24), date(2026, 11, 24), date(2026, 11, 24)),
    (Span.WEEK, date(2026, 11, 24), date(2026, 11, 23), date(2026, 11, 29)),
    (Span.WEEK, date(2026, 11, 29), date(2026, 11, 23), date(2026, 11, 29)),
    (Span.WEEK, date(2027, 1, 1), date(2026, 12, 28), date(2027, 1, 3)),
    (Span.MONTH, date(2026, 2, 28), date(2026, 2, 1), date(2026, 2, 28)),
    (Span.MONTH, date(2026, 12, 1), date(2026, 12, 1), date(2026, 12, 31)),
    (Span.QUARTER, date(2026, 11, 24), date(2026, 10, 1), date(2026, 12, 31)),
    (Span.QUARTER, date(2026, 3, 31), date(2026, 1, 1), date(2026, 3, 31)),
    (Span.YEAR, date(2026, 11, 24), date(2026, 1, 1), date(2026, 12, 31)),
]


@pytest.mark.parametrize(("span", "day", "first", "last"), SPANS)
def test_a_period_holds_the_day(span: Span, day: date, first: date, last: date) -> None:
    period = period_of(span, day)
    assert (period.first, period.last) == (first, last)


@pytest.mark.parametrize("span", list(Span))
def test_periods_follow_each_other_without_gaps(span: Span) -> None:
    period = period_of(span, date(2026, 11, 24))
    assert period.before.end == period.start
    assert period.after.start == period.end
    assert period.after.before == period


def test_a_period_begins_at_midnight_in_china() -> None:
    period = period_of(Span.MONTH, date(2026, 11, 24))
    assert period.start == datetime(2026, 10, 31, 16, tzinfo=UTC)
    assert period.end == datetime(2026, 11, 30, 16, tzinfo=UTC)
