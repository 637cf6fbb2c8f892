"""Reading facilities: the list, the map, one file, and how many there are for 1,000 residents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from linli.areas.models import Area
from linli.core import clock
from linli.core.paths import within
from linli.files.queries import ShownPhotos
from linli.housing.choices import BookingState, Condition, ListKind
from linli.housing.models import Booking, Facility, FacilityPhoto, ListItem, Mend
from linli.housing.queries.rentals import items_of

LONGEST_TEXT = 60
MOST_BOOKINGS = 50
USE_COUNTED = timedelta(days=365)
_KIND = ("kind__name", "kind__name_en")
# How a facility stands on the map.
TONES = {Condition.GOOD: "open", Condition.NEEDS_REPAIR: "soon", Condition.OUT_OF_USE: "late"}


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
    shapes = ("area__geometry", "area__bounds", "area__parent__geometry", "area__parent__bounds")
    return found.select_related("kind", "area__parent").defer(*shapes).order_by("path", "name", "pk")


def facility_for(user: Any, pk: int) -> Facility:
    """Return one facility of the user's reach. Raises ``Facility.DoesNotExist``."""
    return facilities_for(user).get(pk=pk)


def repairs_of(facility: Facility) -> list[Mend]:
    """Return the repairs of a facility, the newest first."""
    return list(Mend.objects.filter(facility=facility).order_by("-opened_on", "-pk"))


def bookings_of(facility: Facility) -> list[Booking]:
    """Return the bookings of a facility that are not over yet and were not called off, the next first."""
    rows = Booking.objects.filter(facility=facility, until__gt=clock.now())
    return list(rows.exclude(state=BookingState.CANCELLED).order_by("since", "pk")[:MOST_BOOKINGS])


def times_used(facility: Facility) -> int:
    """Return how many confirmed bookings of a facility were over in the last twelve months."""
    now = clock.now()
    rows = Booking.objects.filter(facility=facility, until__gt=now - USE_COUNTED, until__lte=now)
    return rows.filter(state=BookingState.CONFIRMED).count()


def photos_of(facility: Facility) -> list[FacilityPhoto]:
    """Return the photos of a facility in the order in which they came, also those that can't be shown."""
    return list(FacilityPhoto.objects.filter(facility=facility).select_related("upload"))


def shown_photos(photos: Iterable[FacilityPhoto]) -> ShownPhotos[FacilityPhoto]:
    """Return which of these photos can be shown, and what is to be said about the others."""
    found: ShownPhotos[FacilityPhoto] = ShownPhotos()
    for photo in photos:
        found.add(photo, photo.upload)
    return found


def photo_of(facility: Facility, pk: int) -> FacilityPhoto | None:
    """Return one photo of a facility, or None."""
    found = FacilityPhoto.objects.filter(facility=facility, pk=pk) if pk < 2**63 else FacilityPhoto.objects.none()
    return found.select_related("upload").first()


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


@dataclass(frozen=True)
class PublicKind:
    """The facilities of a kind as everybody may see them: where, and how they stand; no owner and no keeper."""

    label: str
    facilities: list[Facility]


def public_facilities(area: Area) -> list[PublicKind]:
    """Return the facilities of a grid or community, kind by kind in the order of the list."""
    shown = ("name", "place", "condition", "kind")
    found = Facility.objects.filter(within([area.path])).select_related("kind").only(*shown, *_KIND)
    kinds: dict[ListItem, list[Facility]] = {}
    for facility in found.order_by("kind__position", "kind", "path", "name", "pk"):
        kinds.setdefault(facility.kind, []).append(facility)
    return [PublicKind(item.label, rows) for item, rows in kinds.items()]
