"""Reading facilities: the list, the map, one file, and how many there are for 1,000 residents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from linli.areas.models import Area
from linli.core import clock
from linli.core.paths import within
from linli.housing.choices import Condition, ListKind
from linli.housing.models import Facility, ListItem, Mend
from linli.housing.queries.rentals import items_of

LONGEST_TEXT = 60
# How a facility stands on the map.
TONES = {Condition.GOOD: "done", Condition.NEEDS_REPAIR: "soon", Condition.OUT_OF_USE: "late"}


@dataclass(frozen=True)
class FacilityFilters:
    """Which facilities to list; rubbish counts as nothing."""

    under: str = ""
    kind: str = ""
    condition: str = ""
    due: bool = False
    text: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> FacilityFilters:
        """Read the filters from the query of an address: ``under``, ``kind``, ``condition``, ``due``, ``q``."""
        condition = query.get("condition", "")
        return cls(
            under=query.get("under", "")[:20],
            kind=query.get("kind", "")[:40],
            condition=condition if condition in Condition.values else "",
            due=query.get("due") == "1",
            text=query.get("q", "")[:LONGEST_TEXT].strip(),
        )

    @property
    def narrowed(self) -> bool:
        """Whether any filter is set."""
        return bool(self.under or self.kind or self.condition or self.due or self.text)


@dataclass(frozen=True)
class KindShare:
    """How many facilities of a kind there are for 1,000 residents, against the standard."""

    item: ListItem
    count: int
    for_thousand: float | None

    @property
    def is_short(self) -> bool:
        """Whether there are fewer than the standard asks for."""
        return self.for_thousand is not None and self.item.value is not None and self.for_thousand < self.item.value


def facilities_for(user: Any, filters: FacilityFilters | None = None) -> QuerySet[Facility]:
    """Return the facilities of the user's reach, with kind and grid."""
    chosen = filters or FacilityFilters()
    found: QuerySet[Facility] = Facility.objects.visible_to(user)
    if chosen.under:
        area = Area.objects.filter(code=chosen.under).first()
        found = found.filter(within([area.path])) if area is not None else found.none()
    if chosen.kind:
        found = found.filter(kind__code=chosen.kind)
    if chosen.condition:
        found = found.filter(condition=chosen.condition)
    if chosen.due:
        found = found.filter(next_inspection_on__lte=clock.today())
    if chosen.text:
        found = found.filter(Q(name__contains=chosen.text) | Q(place__contains=chosen.text))
    return found.select_related("kind", "area").defer("area__geometry", "area__bounds").order_by("path", "name", "pk")


def facility_for(user: Any, pk: int) -> Facility:
    """Return one facility of the user's reach. Raises ``Facility.DoesNotExist``."""
    return facilities_for(user).get(pk=pk)


def repairs_of(facility: Facility) -> list[Mend]:
    """Return the repairs of a facility, the newest first."""
    return list(Mend.objects.filter(facility=facility).order_by("-opened_on", "-pk"))


def kind_shares(community: Area, residents: int) -> list[KindShare]:
    """Return the kinds of facilities with how many there are for 1,000 residents, out of use ones left out."""
    counted = Facility.objects.filter(within([community.path])).exclude(condition=Condition.OUT_OF_USE)
    counts = dict(counted.order_by().values_list("kind").annotate(Count("pk")))
    shares = []
    for item in items_of(ListKind.FACILITY):
        count = counts.get(item.pk, 0)
        if count or item.value is not None:
            rate = round(count * 1000 / residents, 1) if residents else None
            shares.append(KindShare(item, count, rate))
    return shares


def standard(code: str) -> Decimal | None:
    """Return a standard by its code, None where there is none in use."""
    item = ListItem.objects.filter(kind=ListKind.STANDARD, code=code, is_active=True).first()
    return item.value if item is not None else None
