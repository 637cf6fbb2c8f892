"""The only source of “now”, and of the day in China that goes with it.

Times are stored in UTC and shown in Asia/Shanghai. Everything that asks for the time asks here, so that a test or
`linli tick --now` can stand at any moment.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_frozen_at: ContextVar[datetime | None] = ContextVar("frozen_at", default=None)


class _ProcessOverride:
    """The moment that the whole process stands at, threads included, or None for the real time."""

    at: datetime | None = None


def now() -> datetime:
    """Return the current moment as an aware datetime in UTC."""
    return _frozen_at.get() or _ProcessOverride.at or datetime.now(UTC)


def today() -> date:
    """Return the current day in Asia/Shanghai."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """Return an aware moment as the same moment in Asia/Shanghai.

    Raises:
        ValueError: the moment carries no time zone.
    """
    return _require_aware(moment).astimezone(SHANGHAI)


def end_of(day: date) -> datetime:
    """Return the moment at which a day in China ends: the first of the next one."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=SHANGHAI)


def set_now(at: datetime | None) -> None:
    """Make the whole process stand at an aware moment; None returns to the real time.

    Raises:
        ValueError: the moment carries no time zone.
    """
    _ProcessOverride.at = None if at is None else _require_aware(at).astimezone(UTC)


@contextmanager
def frozen(at: datetime) -> Iterator[datetime]:
    """Make the current context stand at an aware moment; may be nested, and outranks `set_now`.

    Yields the moment in UTC. A thread started inside does not see it: use `set_now` for that.

    Raises:
        ValueError: the moment carries no time zone.
    """
    moment = _require_aware(at).astimezone(UTC)
    token = _frozen_at.set(moment)
    try:
        yield moment
    finally:
        _frozen_at.reset(token)


def _require_aware(moment: datetime) -> datetime:
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError(f"a moment needs a time zone: {moment!r}")
    return moment
