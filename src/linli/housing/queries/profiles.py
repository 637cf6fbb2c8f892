"""Reading the community profile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import Count, QuerySet

from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.queries import grids_under
from linli.core.paths import within
from linli.housing.choices import BudgetKind, Condition, ListKind
from linli.housing.models import BudgetLine, Building, ClearMark, CommunityProfile, Dwelling, Facility, Honour, ListItem
from linli.housing.queries.facilities import standard
from linli.housing.queries.rentals import items_of
from linli.housing.registries import Fact, facts, figures


@dataclass(frozen=True)
class ClearState:
    """How far one of the six clears is: from the ledgers as so many of so many, else in percent as noted.

    ``denominator`` counts the dwellings of which the fact is asked (``asked_of`` in words), without the ``declined``.
    """

    item: ListItem
    numerator: int | None = None
    denominator: int | None = None
    declined: int = 0
    asked_of: str = ""
    percent: int | None = None
    mark: ClearMark | None = None


@dataclass(frozen=True)
class MoneyYear:
    """The money of one year."""

    year: int
    lines: list[BudgetLine]

    @property
    def running(self) -> list[tuple[BudgetLine, Decimal]]:
        """The lines, each with what is left after it: the planned ones add, the spent ones take away."""
        left, rows = Decimal(), []
        for line in self.lines:
            left += line.amount if line.kind == BudgetKind.BUDGET else -line.amount
            rows.append((line, left))
        return rows

    @property
    def left(self) -> Decimal:
        return self.planned - self.spent

    @property
    def planned(self) -> Decimal:
        return sum((line.amount for line in self.lines if line.kind == BudgetKind.BUDGET), Decimal())

    @property
    def spent(self) -> Decimal:
        return sum((line.amount for line in self.lines if line.kind == BudgetKind.EXPENSE), Decimal())


@dataclass(frozen=True)
class Premises:
    """The premises of a community against the standard, which counts m² for 100 households."""

    m2: Decimal | None
    needed: Decimal | None

    @property
    def is_short(self) -> bool:
        return self.m2 is not None and self.needed is not None and self.m2 < self.needed


@dataclass(frozen=True)
class CommunityLine:
    """One community beside the others of a street."""

    community: Area
    profile: CommunityProfile | None
    grids: int
    buildings: int
    dwellings: int
    facilities: int
    broken: int


def communities_for(user: Any) -> QuerySet[Area]:
    """Return the communities of the user's reach, and that of a grid in reach."""
    grids = Area.objects.visible_to(user).current().filter(level=Level.GRID)
    seen = Area.objects.visible_to(user).current().filter(level=Level.COMMUNITY)
    either = seen | Area.objects.filter(level=Level.COMMUNITY, closed_on=None, children__in=grids)
    found: QuerySet[Area] = Area.objects.filter(pk__in=either.order_by().values("pk"))
    return found.select_related("profile").defer("geometry").order_by("code")


def profile_of(community: Area) -> CommunityProfile | None:
    """Return what a community tells about itself, None where nothing is written yet."""
    return CommunityProfile.objects.filter(community=community).first()


def ground_counts(community: Area) -> dict[str, int]:
    """Return how many grids, buildings, dwellings and facilities lie in a community."""
    here = within([community.path])
    return {
        "grids": grids_under(community).count(),
        "buildings": Building.objects.filter(here).count(),
        "dwellings": Dwelling.objects.filter(here).count(),
        "facilities": Facility.objects.filter(here).count(),
    }


def lines_of(communities: Sequence[Area]) -> list[CommunityLine]:
    """Return communities beside each other, in the order in which they are given."""
    ids = [community.pk for community in communities]
    profiles = {row.community_id: row for row in CommunityProfile.objects.filter(community__in=ids)}
    counts = [
        _by_community(Area.objects.current().filter(level=Level.GRID, parent__in=ids), "parent"),
        _by_community(Building.objects.filter(community__in=ids), "community"),
        _by_community(Dwelling.objects.filter(building__community__in=ids), "building__community"),
        _by_community(Facility.objects.filter(area__parent__in=ids), "area__parent"),
        _by_community(Facility.objects.filter(area__parent__in=ids).exclude(condition=Condition.GOOD), "area__parent"),
    ]
    return [
        CommunityLine(community, profiles.get(community.pk), *(count.get(community.pk, 0) for count in counts))
        for community in communities
    ]


def _by_community(rows: QuerySet[Any], field: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(field).annotate(Count("pk")))


def figures_of(user: Any, community: Area) -> list[tuple[str, int]]:
    """Return what the ledgers count in a community, for whoever may see it; None stands for the public."""
    told = []
    for figure in figures:
        if figure.public if user is None else user.has_perm(figure.ability, community):
            told.append((str(figure.label), figure.count(user, community)))
    return told


def premises_of(profile: CommunityProfile | None, households: int) -> Premises:
    """Return the premises of a community against the standard."""
    asked = standard("premises")
    needed = asked * households / 100 if asked is not None and households else None
    return Premises(profile.premises_m2 if profile else None, needed)


def clears_of(community: Area) -> list[ClearState]:
    """Return the six clears of a community."""
    marks = {mark.item_id: mark for mark in ClearMark.objects.filter(community=community)}
    states = []
    for item in items_of(ListKind.SIX_CLEARS):
        if item.derived_by in facts:
            states.append(_known(community, item, facts.get(item.derived_by)))
        else:
            mark = marks.get(item.pk)
            states.append(ClearState(item, percent=mark.percent if mark else None, mark=mark))
    return states


def _known(community: Area, item: ListItem, fact: Fact) -> ClearState:
    asked = Dwelling.objects.filter(fact.asked(), within([community.path]))
    declined = asked.filter(fact.declined()).exclude(fact.holds()).count() if fact.declined is not None else 0
    known = asked.filter(fact.holds()).count()
    return ClearState(item, known, asked.count() - declined, declined, str(fact.asked_of))


def clear_mark(community: Area, item: ListItem) -> ClearMark | None:
    """Return how far one of the six clears was noted to be."""
    return ClearMark.objects.filter(community=community, item=item).first()


def every_item() -> list[ListItem]:
    """Return the rows of every list, those out of use too."""
    return list(ListItem.objects.all())


def money_of(community: Area) -> list[MoneyYear]:
    """Return the budget and expenses of a community, the newest year first."""
    lines = BudgetLine.objects.filter(community=community).order_by("-year", "kind", "pk")
    return [MoneyYear(year, list(group)) for year, group in groupby(lines, key=lambda line: line.year)]


def honours_of(community: Area) -> list[Honour]:
    """Return the honours of a community, the newest first."""
    return list(Honour.objects.filter(community=community))
