"""Reading the community profile."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.queries import grids_under
from linli.core.paths import within
from linli.housing.choices import BudgetKind, ListKind
from linli.housing.models import BudgetLine, Building, ClearMark, CommunityProfile, Dwelling, Facility, Honour, ListItem
from linli.housing.queries.rentals import items_of
from linli.housing.registries import facts


@dataclass(frozen=True)
class ClearState:
    """How far one of the six clears is: from the ledgers as so many of so many, else in percent as noted."""

    item: ListItem
    numerator: int | None = None
    denominator: int | None = None
    percent: int | None = None
    mark: ClearMark | None = None


@dataclass(frozen=True)
class MoneyYear:
    """The money of one year."""

    year: int
    lines: list[BudgetLine]

    @property
    def planned(self) -> Decimal:
        return sum((line.amount for line in self.lines if line.kind == BudgetKind.BUDGET), Decimal())

    @property
    def spent(self) -> Decimal:
        return sum((line.amount for line in self.lines if line.kind == BudgetKind.EXPENSE), Decimal())


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


def clears_of(community: Area) -> list[ClearState]:
    """Return the six clears of a community."""
    marks = {mark.item_id: mark for mark in ClearMark.objects.filter(community=community)}
    homes = Dwelling.objects.filter(within([community.path]))
    total = homes.count()
    states = []
    for item in items_of(ListKind.SIX_CLEARS):
        if item.derived_by in facts:
            states.append(ClearState(item, homes.filter(facts.get(item.derived_by)()).count(), total))
        else:
            mark = marks.get(item.pk)
            states.append(ClearState(item, percent=mark.percent if mark else None, mark=mark))
    return states


def money_of(community: Area) -> list[MoneyYear]:
    """Return the budget and expenses of a community, the newest year first."""
    lines = BudgetLine.objects.filter(community=community).order_by("-year", "kind", "pk")
    return [MoneyYear(year, list(group)) for year, group in groupby(lines, key=lambda line: line.year)]


def honours_of(community: Area) -> list[Honour]:
    """Return the honours of a community, the newest first."""
    return list(Honour.objects.filter(community=community))
