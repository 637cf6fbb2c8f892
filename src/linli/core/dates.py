"""Dates as people write them in workbooks, turned into dates; what cannot be one is named, never guessed."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from linli.core import clock

EARLIEST = date(1900, 1, 1)

_SEPARATOR = r"\s*[-‐‑‒–—./\\年。月,、·]\s*"
_TIME = r"(?:[T\s]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_FULL = re.compile(rf"(\d{{4}}){_SEPARATOR}(\d{{1,2}}){_SEPARATOR}(\d{{1,2}})\s*[日号]?\s*生?{_TIME}", re.ASCII)
_COMPACT = re.compile(rf"(\d{{4}})(\d{{2}})(\d{{2}}){_TIME}", re.ASCII)
_INCOMPLETE = re.compile(
    rf"\d{{4}}\s*年?|\d{{4}}{_SEPARATOR}\d{{1,2}}\s*月?|(?:19|20)\d{{4}}|\d{{1,2}}\s*月(?:\s*\d{{1,2}}\s*[日号]?)?",
    re.ASCII,
)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)

# Excel counts days from 1900-01-01 = 1 and believes in a 29 February 1900 = 60, so later days are one too high.
_SERIAL_EPOCH = date(1899, 12, 30)
_SERIAL_OF_THE_FALSE_LEAP_DAY = 60
# Longer numbers are a year and month (196108) or a whole date (19610825); this serial is a day in 2173.
_LAST_SERIAL = 99_999
_LAST_COMPACT = 9999_12_31
_YEARS = range(1900, 2101)


class DateProblem(StrEnum):
    """Why a text is no usable date."""

    INCOMPLETE = "incomplete"
    IMPOSSIBLE = "impossible"
    FUTURE = "future"
    TOO_EARLY = "too_early"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """A date, or the reason why there is none; nothing written gives neither."""

    value: date | None = None
    problem: DateProblem | None = None


def parse_date(value: object, *, future_allowed: bool = False) -> ParsedDate:
    """Read a cell: a date or datetime, an Excel serial number, or a text such as 1961年8月25日, 1973.07.01, 20210407.

    Args:
        value: what the cell holds; None and blank text are no problem and give no date.
        future_allowed: whether a day after today may stand, as for the end of a tenancy.

    Never raises: what cannot be read comes back as a problem.
    """
    if value is None:
        return ParsedDate()
    if isinstance(value, datetime):
        return _within_bounds(value.date(), future_allowed)
    if isinstance(value, date):
        return _within_bounds(value, future_allowed)
    if isinstance(value, bool):
        return ParsedDate(problem=DateProblem.UNREADABLE)
    if isinstance(value, int | float):
        return _parse_number(value, future_allowed)
    if isinstance(value, str):
        return _parse_text(value, future_allowed)
    return ParsedDate(problem=DateProblem.UNREADABLE)


def _parse_text(written: str, future_allowed: bool) -> ParsedDate:
    text = unicodedata.normalize("NFKC", written).strip().strip("'\u200b\ufeff")
    if not text:
        return ParsedDate()
    match = _FULL.fullmatch(text) or _COMPACT.fullmatch(text)
    if match:
        return _from_parts(int(match[1]), int(match[2]), int(match[3]), future_allowed)
    if _SERIAL.fullmatch(text):
        return _parse_number(float(text), future_allowed)
    if _INCOMPLETE.fullmatch(text):
        return ParsedDate(problem=DateProblem.INCOMPLETE)
    return ParsedDate(problem=DateProblem.UNREADABLE)


def _parse_number(number: float, future_allowed: bool) -> ParsedDate:
    if not 1 <= number <= _LAST_COMPACT:
        return ParsedDate(problem=DateProblem.UNREADABLE)
    whole = int(number)
    if whole in _YEARS:
        # A bare year, or 2021.04 that the spreadsheet took for a number: nobody means a day in 1905.
        return ParsedDate(problem=DateProblem.INCOMPLETE)
    if whole > _LAST_SERIAL:
        return _parse_text(str(whole), future_allowed)
    if whole == _SERIAL_OF_THE_FALSE_LEAP_DAY:
        return ParsedDate(problem=DateProblem.IMPOSSIBLE)
    correction = 1 if whole < _SERIAL_OF_THE_FALSE_LEAP_DAY else 0
    return _within_bounds(_SERIAL_EPOCH + timedelta(days=whole + correction), future_allowed)


def _from_parts(year: int, month: int, day: int, future_allowed: bool) -> ParsedDate:
    try:
        found = date(year, month, day)
    except ValueError:
        return ParsedDate(problem=DateProblem.IMPOSSIBLE)
    return _within_bounds(found, future_allowed)


def _within_bounds(found: date, future_allowed: bool) -> ParsedDate:
    if found < EARLIEST:
        return ParsedDate(problem=DateProblem.TOO_EARLY)
    if found > clock.today() and not future_allowed:
        return ParsedDate(problem=DateProblem.FUTURE)
    return ParsedDate(value=found)
