"""How long it takes until a change is written down 变更到登记的时间: from the day it happened to the day of the note.

The histories hold what people said about the day, and the moment of the note. For what workbooks brought, and for
tenancies of long ago, that moment is not known: they are counted apart and in no figure. Places have figures; those who
write have none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from linli.areas.models import Area
from linli.areas.scope import scope_paths
from linli.assessment.choices import Change, Span
from linli.assessment.models import DelayCount
from linli.assessment.periods import Period, day_of, period_of
from linli.assessment.quality import SPLIT, Part, quality_areas
from linli.core import clock
from linli.core.paths import ancestors, within
from linli.housing.models import Tenancy
from linli.people.choices import EventKind
from linli.people.models import EventLine

SOON_DAYS, WEEK_DAYS = 3, 7
# The times that are looked at.
SPANS = (Span.MONTH, Span.QUARTER)
UNKNOWN = "unknown"
# What happens to people has the same name in their histories.
OF_PEOPLE = tuple(change.value for change in Change if change.value in EventKind.values)
# The day on which a tenancy began or ended, and the moment in which somebody wrote that down.
OF_TENANCIES = ((Change.LET, "since", "since_noted_at"), (Change.LET_NO_MORE, "until", "until_noted_at"))

Days = Counter[int]


@dataclass(frozen=True)
class Noted:
    """A change that was written down: where, what, and when. ``dwelling`` is the home that it is about."""

    path: str
    change: Change
    day: date
    noted_at: datetime
    dwelling: int

    @property
    def noted_on(self) -> date:
        """Return the day of the note."""
        return clock.local(self.noted_at).date()

    @property
    def days(self) -> int:
        """Return the days between; what is written down on the same day took none."""
        return max((self.noted_on - self.day).days, 0)


@dataclass(frozen=True)
class Delays:
    """How many changes took how many days; ``unknown`` are those of which nobody knows."""

    days: Mapping[int, int] = field(default_factory=dict)
    unknown: int = 0

    @property
    def count(self) -> int:
        """Return how many changes are counted."""
        return sum(self.days.values())

    @property
    def median(self) -> int | None:
        """Return the days within which half of them was written down; the lower middle of an even number."""
        reached, half = 0, (self.count + 1) // 2
        for days in sorted(self.days):
            reached += self.days[days]
            if reached >= half:
                return days
        return None

    def within(self, days: int) -> Part:
        """Return how many were written down within so many days ÷ all that are counted."""
        return Part(sum(count for took, count in self.days.items() if took <= days), self.count)

    @property
    def slow(self) -> int:
        """Return how many took longer than a week."""
        return self.count - self.within(WEEK_DAYS).count


@dataclass(frozen=True)
class DelayRow:
    area: Area
    delays: Delays


@dataclass(frozen=True)
class DelayReport:
    """The figures of a place for a period, by kind of change, and of the places directly below by their codes."""

    area: Area
    period: Period
    total: Delays
    by_change: list[tuple[Change, Delays]]
    below: list[DelayRow]
    elsewhere: Delays


def period_asked(query: Mapping[str, str]) -> Period:
    """Return which month or quarter the query of an address asks for; without any, this quarter."""
    span = query.get("span")
    return period_of(Span(span) if span in SPANS else Span.QUARTER, day_of(query.get("at")))


def delay_report(user: Any, area: Area, period: Period) -> DelayReport:
    """Return how long it took for the changes that were written down in the months of a period, as counted last."""
    below = list(quality_areas(user).filter(parent=area).defer("geometry", "bounds"))
    places = {place.path for place in below}
    by_change: dict[str, Days] = defaultdict(Counter)
    by_place: dict[str, Days] = defaultdict(Counter)
    unknown: Counter[str] = Counter()
    for path, counts in _counted(user, area, period):
        place = next((above for above in ancestors(path) if above in places), "")
        for key, count in counts.items():
            change, _dot, days = key.partition(".")
            if change == UNKNOWN:
                unknown[place] += count
            else:
                by_change[change][int(days)] += count
                by_place[place][int(days)] += count
    total: Days = Counter()
    for counted in by_change.values():
        total.update(counted)
    return DelayReport(
        area=area,
        period=period,
        total=Delays(total, unknown.total()),
        by_change=[(change, Delays(by_change[change])) for change in Change if change in by_change],
        below=[DelayRow(place, Delays(by_place[place.path], unknown[place.path])) for place in below],
        elsewhere=Delays(by_place[""], unknown[""]) if below else Delays(),
    )


def _counted(user: Any, area: Area, period: Period) -> Iterable[tuple[str, dict[str, int]]]:
    months = DelayCount.objects.visible_to(user).filter(within([area.path]))
    months = months.filter(month__gte=period.first, month__lte=period.last).order_by()
    if area.level in SPLIT:
        return months.values_list("path", "counts")
    summed = months.filter(whole__isnull=False).values_list("path", "whole")
    return ((path, whole or {}) for path, whole in summed)


def delays_under(path: str) -> dict[tuple[str, date], Counter[str]]:
    """Count a community and return place and month → key → number, as `DelayCount` keeps it."""
    found: dict[tuple[str, date], Counter[str]] = defaultdict(Counter)
    for noted in noted_under(path):
        found[noted.path, noted.noted_on.replace(day=1)][f"{noted.change}.{noted.days}"] += 1
    for place, day in _unknown_under(path):
        found[place, day.replace(day=1)][UNKNOWN] += 1
    return found


def slow_changes(user: Any, area: Area, period: Period) -> list[Noted]:
    """Return the changes of a place that were written down more than a week later, the latest note first."""
    paths = scope_paths(user, "people.view")
    slow = [
        noted
        for noted in noted_under(area.path, period)
        if noted.days > WEEK_DAYS and any(noted.path.startswith(path) for path in paths)
    ]
    return sorted(slow, key=lambda noted: (noted.noted_at, noted.change, noted.dwelling), reverse=True)


def noted_under(path: str, period: Period | None = None) -> Iterator[Noted]:
    """Yield the changes of a place that were written down, in a period if one is given, in no order."""
    yield from _of_people(path, period)
    for change, happened, noted in OF_TENANCIES:
        rows = Tenancy.objects.filter(within([path], "dwelling__path"), **_during(period, noted)).exclude(
            **{noted: None}
        )
        for place, day, noted_at, dwelling in rows.order_by().values_list(
            "dwelling__path", happened, noted, "dwelling"
        ):
            yield Noted(place, change, day, noted_at, dwelling)


def _of_people(path: str, period: Period | None) -> Iterator[Noted]:
    """Yield what happened to people, once however many it happened to, where it led them, else where they left."""
    seen: set[int] = set()
    columns = ("event__kind", "event__day", "event__recorded_at")
    for side in ("joined", "left"):
        lines = _moved(path, side).filter(event__kind__in=OF_PEOPLE, **_during(period, "event__recorded_at"))
        rows = lines.values_list("event", f"{side}__path", *columns, f"{side}__dwelling")
        for event, place, kind, day, recorded_at, dwelling in rows:
            if event not in seen:
                seen.add(event)
                yield Noted(place, Change(kind), day, recorded_at, dwelling)


def _moved(path: str, side: str) -> QuerySet[EventLine]:
    """Return what is written of those who came to a place (``joined``), or left it and came nowhere (``left``)."""
    lines = EventLine.objects.filter(within([path], f"{side}__path")).order_by()
    if side == "left":
        return lines.filter(joined=None)
    # Who stays in the household, with another relation, did not come.
    return lines.filter(Q(left=None) | ~Q(left=F("joined")))


def _unknown_under(path: str) -> Iterator[tuple[str, date]]:
    """Yield place and day of changes of which the day, or the moment of the note, is not known."""
    lines = EventLine.objects.filter(event__kind=EventKind.IMPORT).annotate(
        place=Coalesce("joined__path", "left__path")
    )
    for place, recorded_at in (
        lines.filter(within([path], "place")).order_by().values_list("place", "event__recorded_at")
    ):
        yield place, clock.local(recorded_at).date()
    for _change, happened, noted in OF_TENANCIES:
        rows = Tenancy.objects.filter(within([path], "dwelling__path"), **{noted: None}).exclude(**{happened: None})
        yield from rows.order_by().values_list("dwelling__path", happened)


def _during(period: Period | None, column: str) -> Mapping[str, datetime]:
    return {f"{column}__gte": period.start, f"{column}__lt": period.end} if period is not None else {}
