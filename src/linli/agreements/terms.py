"""The next term of a paper: as long as the present one, from the day after its end."""

from __future__ import annotations

from datetime import date, timedelta


def next_term(starts_on: date, ends_on: date) -> tuple[date, date]:
    """Return the first and the last day of the term that follows; a whole year stays a whole year."""
    begins = ends_on + timedelta(days=1)
    years = begins.year - starts_on.year
    if years and (begins.month, begins.day) == (starts_on.month, starts_on.day):
        return begins, _years_later(begins, years) - timedelta(days=1)
    return begins, ends_on + (begins - starts_on)


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
