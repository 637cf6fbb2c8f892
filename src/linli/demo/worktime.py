"""Working time as one long line of minutes, so that many moments can be reckoned forwards and backwards quickly."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, timedelta

from linli.core import clock
from linli.core.workcalendar import Calendar

SECONDS_PER_MINUTE = 60.0


class WorkLine:
    """The working minutes between two days, numbered from 0.

    Args:
        calendar: hours and holidays.
        first, last: aware moments; whatever lies outside their days is not known.
    """

    def __init__(self, calendar: Calendar, first: datetime, last: datetime) -> None:
        self._starts: list[datetime] = []
        self._minutes: list[float] = []
        self._lengths: list[float] = []
        total, day = 0.0, clock.local(first).date()
        while day <= clock.local(last).date():
            if calendar.is_working_day(day):
                for opens, closes in calendar.hours.spans:
                    begin = datetime.combine(day, opens, clock.SHANGHAI).astimezone(UTC)
                    end = datetime.combine(day, closes, clock.SHANGHAI).astimezone(UTC)
                    self._starts.append(begin)
                    self._minutes.append(total)
                    self._lengths.append((end - begin).total_seconds() / SECONDS_PER_MINUTE)
                    total += self._lengths[-1]
            day += timedelta(days=1)

    def minute_of(self, moment: datetime) -> float:
        """Return how many working minutes have passed at a moment."""
        span = bisect_right(self._starts, moment) - 1
        if span < 0:
            return 0.0
        passed = (moment - self._starts[span]).total_seconds() / SECONDS_PER_MINUTE
        return self._minutes[span] + min(passed, self._lengths[span])

    def moment_of(self, minute: float) -> datetime:
        """Return the moment in UTC, to the second, at which so many working minutes have passed."""
        span = max(0, bisect_right(self._minutes, minute) - 1)
        if span and minute == self._minutes[span]:
            # The last moment of a span, not the first of the next one, which may lie far in the future.
            span -= 1
        passed = timedelta(seconds=int((minute - self._minutes[span]) * SECONDS_PER_MINUTE))
        return self._starts[span] + passed
