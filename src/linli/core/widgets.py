"""What the shared parts of pages show: plain values, made ready for ``linli.core.templatetags.parts``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import dateformat
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from linli.core import clock

SOON = timedelta(hours=4)
PAGE_SIZES = (20, 50, 100, 200)


@dataclass(frozen=True)
class Pile:
    """One figure of a row of figures; it opens the rows behind it.

    ``tone`` is "late", "soon", "done" or "" (no colour); ``note`` is a second line below the figure.
    """

    label: str
    value: str | int
    url: str = ""
    tone: str = ""
    note: str = ""
    current: bool = False


@dataclass(frozen=True)
class Step:
    """One stop of a progress line; ``state`` is "done", "current" or "todo"."""

    label: str
    state: str = "todo"
    note: str = ""


@dataclass(frozen=True)
class Entry:
    """One row of a history. ``links`` are pairs of label and address; ``tone`` is "strong", "done" or "".

    ``photos`` are addresses of pictures that stand below the text, ``note`` a word about them.
    """

    title: str
    at: datetime | None = None
    text: str = ""
    icon: str = "check"
    tone: str = ""
    links: Sequence[tuple[str, str]] = ()
    photos: Sequence[str] = ()
    note: str = ""


@dataclass(frozen=True)
class Choice:
    """One of several links beside each other: a tab, a filter chip, a part of a switch."""

    label: str
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Mechanism:
    """How one of the four handling mechanisms looks."""

    icon: str
    label: str | Promise


MECHANISMS = {
    "on_spot": Mechanism("checks", gettext_lazy("On the spot")),
    "coordination": Mechanism("users-group", gettext_lazy("Co-ordination")),
    "emergency": Mechanism("urgent", gettext_lazy("Emergency")),
    "approval": Mechanism("rubber-stamp", gettext_lazy("Approval")),
}


@dataclass(frozen=True)
class Deadline:
    """A deadline as it stands now.

    ``tone`` is "late", "soon", "done", "paused" or "" (time enough); ``rest`` is the time left, only beside a deadline
    of today that is shown at length.
    """

    tone: str
    icon: str
    text: str
    rest: str = ""
    due_at: datetime | None = None


def deadline_of(
    due_at: datetime | None, *, met_at: datetime | None = None, paused: bool | str = False, full: bool = False
) -> Deadline:
    """Tell how a deadline stands at this moment.

    Args:
        due_at: aware moment by which an answer is owed; None when there is no deadline.
        met_at: aware moment at which it was met.
        paused: true, or the reason in words, while the clock stands still.
        full: show the hour beside the time left, as lists do that have room.
    """
    if due_at is None:
        return Deadline("", "", "—")
    if met_at is not None:
        return _met(due_at, met_at)
    if paused:
        text = _("Paused") if paused is True else _("Paused: %(reason)s") % {"reason": paused}
        return Deadline("paused", "player-pause", text, due_at=due_at)
    now = clock.now()
    if due_at < now:
        return Deadline(
            "late", "clock-x", _("late by %(time)s") % {"time": spell_duration(now - due_at)}, due_at=due_at
        )
    if due_at - now < SOON or clock.local(due_at).date() == clock.local(now).date():
        left = _("%(time)s left") % {"time": spell_duration(due_at - now)}
        if full:
            return Deadline("soon", "clock", _hour(due_at, now), rest=left, due_at=due_at)
        return Deadline("soon", "clock", left, due_at=due_at)
    return Deadline("", "", f"{clock.local(due_at):%m-%d %H:%M}", due_at=due_at)


def _met(due_at: datetime, met_at: datetime) -> Deadline:
    """A met deadline is green; one that was met late loses its red, but says so."""
    if met_at <= due_at:
        return Deadline("done", "circle-check", _("done in time"), due_at=due_at)
    text = _("done, late by %(time)s") % {"time": spell_duration(met_at - due_at)}
    return Deadline("paused", "circle-check", text, due_at=due_at)


def _hour(moment: datetime, now: datetime) -> str:
    here = clock.local(moment)
    return f"{here:%H:%M}" if here.date() == clock.local(now).date() else f"{here:%m-%d %H:%M}"


def spell_duration(length: timedelta | int) -> str:
    """Say a length of time (whole minutes, or a timedelta) in its two largest units: 1天3小时, 2小时40分, 36分."""
    minutes = int(length.total_seconds() // 60) if isinstance(length, timedelta) else int(length)
    minutes = max(minutes, 0)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    values = {"days": days, "hours": hours, "minutes": minutes}
    if days:
        return (_("%(days)d d %(hours)d h") if hours else _("%(days)d d")) % values
    if hours:
        return (_("%(hours)d h %(minutes)d min") if minutes else _("%(hours)d h")) % values
    return _("%(minutes)d min") % values


def spell_moment(moment: datetime | date) -> str:
    """Say a moment as near as needed: 今天 09:40, 昨天 19:26, 11-22 19:26, 2025-11-22; a date without the hour."""
    if isinstance(moment, datetime):
        here = clock.local(moment)
        day, hour = here.date(), f"{here:%H:%M}"
    else:
        day, hour = moment, ""
    distance = (clock.today() - day).days
    if distance == 0:
        word = pgettext("day", "today")
    elif distance == 1:
        word = pgettext("day", "yesterday")
    elif day.year == clock.today().year:
        word = f"{day:%m-%d}"
    else:
        return f"{day:%Y-%m-%d}"
    return f"{word} {hour}".rstrip()


def spell_day(day: date) -> str:
    """Say a day in full: 11月24日 星期二."""
    return dateformat.format(day, _("j F, l"))


def full_moment(moment: datetime | date) -> str:
    """Return a moment in full, as the title of a shortened one: 2026-11-22 19:26."""
    if isinstance(moment, datetime):
        return f"{clock.local(moment):%Y-%m-%d %H:%M}"
    return f"{moment:%Y-%m-%d}"


def spell_number(value: float) -> str:
    """Return a number with its thousands apart: 26,400."""
    return f"{value:,}"


def percentage(numerator: float, denominator: float) -> str:
    """Return a rate with one decimal, 95.3%, or a dash when there is nothing to divide by."""
    return f"{numerator * 100 / denominator:.1f}%" if denominator else "—"
