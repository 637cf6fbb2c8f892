"""Lists about several ledgers on their way out: grids, communities, how complete and how fast, quarterly reviews."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from linli.areas.models import Area
from linli.areas.scope import scope_paths
from linli.assessment.choices import Change, Fact, HomeState, ToReview
from linli.assessment.delays import (
    SOON_DAYS,
    WEEK_DAYS,
    Delays,
    Noted,
    delay_report,
    period_asked,
    slow_changes,
)
from linli.assessment.periods import Period, day_of
from linli.assessment.places import GridFilters, GridRow, community_rows, grid_rows, grids_for
from linli.assessment.quality import SPLIT, Quality, homes_behind, people_behind, report
from linli.assessment.reviews import GridReview, quarter_of, review_grids, reviews_of
from linli.assessment.ways import WAYS, way_asked
from linli.core import clock
from linli.core.paths import ancestors, within
from linli.exports import kinds
from linli.exports.kinds import Asked, Filters
from linli.exports.listing import Shown, listing
from linli.housing.choices import Occupancy
from linli.housing.models import Dwelling
from linli.housing.queries.profiles import communities_for
from linli.people.models import Person
from linli.people.queries import home_of, with_homes

HIDDEN = ("id_number", "phone", "search_terms")


@dataclass(frozen=True)
class Counted:
    """The numbers of a place, and when they were counted."""

    name: str
    quality: Quality
    at: datetime | None


@dataclass(frozen=True)
class Taken:
    """How long it took in a place."""

    name: str
    delays: Delays


_PLACE, _GRID = gettext_lazy("Place"), pgettext_lazy("column", "Grid")
_COMMUNITY, _ADDRESS = pgettext_lazy("column", "Community"), pgettext_lazy("column", "Address")
_HOUSEHOLDS = pgettext_lazy("column", "Households")
GRIDS = (
    Shown("grid", _GRID, 14, lambda row: row[0].grid.name),
    Shown("code", pgettext_lazy("column", "Code"), 20, lambda row: row[0].grid.code),
    Shown("community", _COMMUNITY, 16, lambda row: row[0].community),
    Shown("kind", pgettext_lazy("column", "Kind"), 14, lambda row: row[0].grid.get_kind_display()),
    Shown("worker", pgettext_lazy("column", "Worker"), 12, lambda row: row[0].worker),
    Shown("households", _HOUSEHOLDS, 10, lambda row: row[0].households),
    Shown("open", gettext_lazy("Open cases"), 10, lambda row: row[0].open if row[1] else None),
    Shown("late", gettext_lazy("Late cases"), 10, lambda row: row[0].late if row[1] else None),
)
COMMUNITIES = (
    Shown("community", _COMMUNITY, 16, lambda row: row[0].community.name),
    Shown("code", pgettext_lazy("column", "Code"), 18, lambda row: row[0].community.code),
    Shown("grids", gettext_lazy("Grids"), 8, lambda row: row[0].grids),
    Shown("buildings", gettext_lazy("Buildings"), 10, lambda row: row[0].buildings),
    Shown("homes", gettext_lazy("Homes"), 10, lambda row: row[0].dwellings),
    Shown("households", _HOUSEHOLDS, 10, lambda row: row[1]),
    Shown("facilities", gettext_lazy("Facilities"), 10, lambda row: row[0].facilities),
    Shown("broken", gettext_lazy("To repair"), 10, lambda row: row[0].broken),
    Shown("premises", gettext_lazy("Premises in m²"), 12, lambda row: _premises(row[0].profile)),
    Shown(
        "project", gettext_lazy("Own project"), 20, lambda row: row[0].profile.project_name if row[0].profile else ""
    ),
)
QUALITY = (
    Shown("place", _PLACE, 16, lambda row: row.name),
    Shown("homes", gettext_lazy("Homes"), 10, lambda row: row.quality.homes),
    *(
        Shown(state.value, state.label, 12, lambda row, state=state: row.quality.home(state))  # type: ignore[misc]
        for state in HomeState
    ),
    Shown("collection", gettext_lazy("Homes collected, %"), 12, lambda row: row.quality.collection.percent),
    Shown("people", gettext_lazy("People"), 10, lambda row: row.quality.people),
    Shown("known", gettext_lazy("What is known, %"), 12, lambda row: row.quality.completeness(*Fact).percent),
    Shown("fresh", gettext_lazy("Fresh within a year, %"), 12, lambda row: row.quality.freshness.percent),
    Shown("counted_at", gettext_lazy("Counted at"), 16, lambda row: row.at),
)
PEOPLE = (
    Shown("name", pgettext_lazy("column", "Name"), 12, lambda person: person.name),
    Shown("address", _ADDRESS, 30, lambda person: _address(person)),
    Shown("changed_at", pgettext_lazy("column", "Changed"), 16, lambda person: person.changed_at),
)
HOMES = (
    Shown("address", _ADDRESS, 30, lambda home: home.address),
    Shown("occupancy", gettext_lazy("Use of the home"), 14, lambda home: str(Occupancy(home.occupancy).label)),
)
DELAYS = (
    Shown("place", _PLACE, 16, lambda row: row.name),
    Shown("median", gettext_lazy("Half of it within days"), 12, lambda row: row.delays.median),
    Shown("soon", gettext_lazy("Within 3 days, %"), 12, lambda row: row.delays.within(SOON_DAYS).percent),
    Shown("week", gettext_lazy("Within 7 days, %"), 12, lambda row: row.delays.within(WEEK_DAYS).percent),
    Shown("count", gettext_lazy("Changes written down"), 12, lambda row: row.delays.count),
    Shown("slow", gettext_lazy("Longer than 7 days"), 12, lambda row: row.delays.slow),
    Shown("unknown", gettext_lazy("Day not known"), 12, lambda row: row.delays.unknown),
)
SLOW = (
    Shown("address", _ADDRESS, 30, lambda row: row[1]),
    Shown("change", gettext_lazy("What changed"), 20, lambda row: str(Change(row[0].change).label)),
    Shown("day", gettext_lazy("Happened on"), 12, lambda row: row[0].day),
    Shown("noted_on", gettext_lazy("Written down on"), 12, lambda row: row[0].noted_on),
    Shown("days", gettext_lazy("Days between"), 8, lambda row: row[0].days),
)
REVIEWS = (
    Shown("grid", _GRID, 14, lambda row: row[0].grid.name),
    Shown("community", _COMMUNITY, 16, lambda row: row[0].grid.parent.name),
    Shown("signed_on", gettext_lazy("Signed off on"), 12, lambda row: _signed(row[0], "signed_at")),
    Shown("signed_by", gettext_lazy("Signed off by"), 12, lambda row: _signed(row[0], "signed_by_name")),
    Shown("remark", gettext_lazy("Remark"), 30, lambda row: row[0].review.remark if row[0].review else ""),
    Shown("open", gettext_lazy("Still open"), 10, lambda row: row[0].total if row[1] else None),
    *(
        Shown(kind.value, kind.label, 14, lambda row, kind=kind: row[0].open[kind] if row[1] else None, usual=False)  # type: ignore[misc]
        for kind in ToReview
    ),
)


def register() -> None:
    """Let people who may take these lists out. They name places; people only where somebody still has to ask them."""
    where: dict[str, Any] = {"page": "quality-rows", "ability": "people.view", "filters": tuple(WAYS)}
    where |= {"told": _way_told, "title": lambda filters: " ".join(_way_told(filters)) or _("How complete")}
    time: dict[str, Any] = {"filters": ("span", "at"), "told": lambda filters: _time_told(period_asked(filters))}
    for name, kind in {
        "grids": listing(
            gettext_lazy("Grids"),
            page="grid-list",
            ability="areas.view",
            shown=GRIDS,
            filters=("q",),
            found=_grids,
            looked_up=_grid_rows,
            told=lambda filters: [text] if (text := GridFilters.from_query(filters).text) else [],
        ),
        "communities": listing(
            gettext_lazy("Communities"),
            page="community-list",
            ability="areas.view",
            shown=COMMUNITIES,
            found=_communities,
            looked_up=lambda asked, rows: community_rows(asked.by, rows),
        ),
        "quality": listing(
            gettext_lazy("How complete"), page="quality-list", ability="people.count", shown=QUALITY, found=_quality
        ),
        "quality-people": listing(gettext_lazy("How complete: people"), shown=PEOPLE, found=_people, **where),
        "quality-homes": listing(gettext_lazy("How complete: homes"), shown=HOMES, found=_homes, **where),
        "delays": listing(
            gettext_lazy("From change to note"),
            page="quality-delays",
            ability="people.count",
            shown=DELAYS,
            found=_delays,
            **time,
        ),
        "slow-changes": listing(
            gettext_lazy("Written down after more than 7 days"),
            page="quality-slow",
            ability="people.view",
            shown=SLOW,
            found=_slow,
            looked_up=_with_addresses,
            **time,
        ),
        "reviews": listing(
            gettext_lazy("Quarterly review"),
            page="review-list",
            ability="people.view",
            shown=REVIEWS,
            filters=("at",),
            found=_reviews,
            looked_up=_review_rows,
            told=lambda filters: _time_told(_quarter(filters)),
        ),
    }.items():
        kinds.register(name, kind)


def _grids(asked: Asked) -> QuerySet[Area]:
    reached = within(asked.paths(scope_paths(asked.by, "areas.view")))
    return grids_for(asked.by, GridFilters.from_query(asked.filters)).filter(reached)


def _grid_rows(asked: Asked, grids: Sequence[Area]) -> list[tuple[GridRow, bool]]:
    return [(row, asked.by.has_perm("cases.view", row.grid)) for row in grid_rows(asked.by, grids)]


def _communities(asked: Asked) -> QuerySet[Area]:
    # Of a grid, its community.
    above = Q(path__in=ancestors(asked.area.path))
    return communities_for(asked.by).filter(within(asked.paths(scope_paths(asked.by, "areas.view"))) | above)


def _quality(asked: Asked) -> list[Counted]:
    found = report(asked.by, asked.area)
    rows = [Counted(row.area.name, row.quality, found.counted_at) for row in found.below]
    if not rows:
        return [Counted(asked.area.name, found.total, found.counted_at)] if found.counted_at else []
    if found.elsewhere.homes or found.elsewhere.people:
        rows.append(Counted(_("in no grid yet"), found.elsewhere, found.counted_at))
    return rows


def _people(asked: Asked) -> QuerySet[Person]:
    way = way_asked(asked.filters)
    if way is None or way.homes:
        return Person.objects.none()
    found = people_behind(asked.by, asked.area, way.condition).order_by().values("pk")
    return with_homes(Person.objects.filter(pk__in=found).order_by("path", "pk")).defer(*HIDDEN)


def _homes(asked: Asked) -> QuerySet[Dwelling]:
    way = way_asked(asked.filters)
    if way is None or not way.homes:
        return Dwelling.objects.none()
    return homes_behind(asked.by, asked.area, way.condition)


def _way_told(filters: Filters) -> list[str]:
    way = way_asked(filters)
    return [way.title] if way is not None else []


def _delays(asked: Asked) -> list[Taken]:
    found = delay_report(asked.by, asked.area, period_asked(asked.filters))
    rows = [Taken(row.area.name, row.delays) for row in found.below]
    if found.elsewhere.count or found.elsewhere.unknown:
        rows.append(Taken(_("in no grid yet"), found.elsewhere))
    return rows or [Taken(asked.area.name, found.total)]


def _slow(asked: Asked) -> list[Noted]:
    # As on the page: larger places are looked at community by community.
    if asked.area.level not in SPLIT:
        return []
    return slow_changes(asked.by, asked.area, period_asked(asked.filters))


def _with_addresses(asked: Asked, changes: Sequence[Noted]) -> list[tuple[Noted, str]]:
    homes = Dwelling.objects.visible_to(asked.by).filter(pk__in={noted.dwelling for noted in changes})
    addresses = dict(homes.values_list("pk", "address"))
    return [(noted, addresses.get(noted.dwelling, "")) for noted in changes]


def _reviews(asked: Asked) -> QuerySet[Area]:
    return review_grids(asked.by).filter(within(asked.paths(scope_paths(asked.by, "people.view"))))


def _review_rows(asked: Asked, grids: Sequence[Area]) -> list[tuple[GridReview, bool]]:
    """Return the grids of a quarter, each with whether anybody knows what is open, or was."""
    quarter = _quarter(asked.filters)
    running = quarter.first <= clock.today() <= quarter.last
    return [(row, running or row.signed) for row in reviews_of(asked.by, grids, quarter)]


def _quarter(filters: Filters) -> Period:
    return quarter_of(day_of(filters.get("at")))


def _time_told(period: Period) -> list[str]:
    return [f"{period.first} – {period.last}"]


def _signed(row: GridReview, name: str) -> Any:
    if not row.signed:
        return None
    value = getattr(row.review, name)
    return clock.local(value).date() if isinstance(value, datetime) else value


def _premises(profile: Any) -> float | None:
    return float(profile.premises_m2) if profile is not None and profile.premises_m2 is not None else None


def _address(person: Person) -> str:
    home = home_of(person)
    return home.dwelling.address if home is not None else ""
