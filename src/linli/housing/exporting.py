"""Buildings, homes and rentals on their way out, registered with exports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from linli.areas.scope import scope_paths
from linli.core.masking import mask_phone
from linli.core.paths import within
from linli.exports import kinds
from linli.exports.kinds import Asked, Column, ExportKind, Filters, Row
from linli.housing.choices import BuildingKind, DwellingKind, Lift, Occupancy
from linli.housing.forms.rentals import RentalFilterForm
from linli.housing.models import Building, Compound, Dwelling, Ownership, Tenancy
from linli.housing.queries.faces import use_counts
from linli.housing.queries.rentals import (
    BuildingFilters,
    DwellingFilters,
    RentalFilters,
    buildings_listed,
    dwellings_listed,
    four_ones_of,
    last_checks,
    open_mend_counts,
    rentals_for,
)

CHUNK = 1000
PLACE = (
    Column("address", pgettext_lazy("column", "Address"), 30),
    Column("grid", pgettext_lazy("column", "Grid"), 12),
    Column("building", pgettext_lazy("column", "Building"), 16, usual=False),
    Column("entrance", pgettext_lazy("column", "Entrance"), 8, usual=False),
    Column("room", pgettext_lazy("column", "Room"), 8, usual=False),
)
BUILDINGS = (
    Column("address", pgettext_lazy("column", "Building"), 24),
    Column("compound", pgettext_lazy("column", "Compound"), 16),
    Column("community", pgettext_lazy("column", "Community"), 14),
    Column("grid", pgettext_lazy("column", "Grid"), 12),
    Column("kind", pgettext_lazy("column", "Kind"), 10),
    Column("homes", pgettext_lazy("column", "Homes"), 8),
    Column("rented", pgettext_lazy("column", "Homes let"), 8),
    Column("empty", pgettext_lazy("column", "Homes empty"), 8),
    Column("unknown", pgettext_lazy("column", "Homes not yet registered"), 10),
    Column("floors", gettext_lazy("Floors"), 8, usual=False),
    Column("entrances", gettext_lazy("Entrances"), 8, usual=False),
    Column("built_year", gettext_lazy("Built in"), 8, usual=False),
    Column("lift", gettext_lazy("Lift"), 10, usual=False),
    Column("property_manager", gettext_lazy("Property manager"), 18, usual=False),
)
# What is written down of a building itself.
BUILT = ("address", "floors", "entrances", "built_year", "property_manager")
DWELLINGS = (
    *PLACE,
    Column("kind", pgettext_lazy("column", "Kind"), 10),
    Column("occupancy", pgettext_lazy("column", "Use of the home"), 14),
    Column("floor", pgettext_lazy("column", "Floor"), 8, usual=False),
    Column("area_m2", pgettext_lazy("column", "Area in m²"), 10, usual=False),
    Column("plate_number", pgettext_lazy("column", "Plate number"), 24, usual=False),
)
RENTALS = (
    *PLACE,
    Column("plate_number", pgettext_lazy("column", "Plate number"), 24, usual=False),
    Column("owner", pgettext_lazy("column", "Owner"), 12),
    Column("owner_phone", pgettext_lazy("column", "Phone of the owner"), 14, mask=mask_phone, usual=False),
    Column("contact", pgettext_lazy("column", "Tenant"), 12),
    Column("phone", pgettext_lazy("column", "Phone of the tenant"), 14, mask=mask_phone, usual=False),
    Column("headcount", pgettext_lazy("column", "How many live there"), 10),
    Column("since", pgettext_lazy("column", "Let since"), 12),
    Column("agreed_until", pgettext_lazy("column", "Agreed until"), 12),
    Column("ones", pgettext_lazy("column", "Four ones still missing"), 30),
    Column("declined", pgettext_lazy("column", "Four ones they prefer not to"), 20, usual=False),
    Column("checked", pgettext_lazy("column", "Last check"), 12),
    Column("mends", pgettext_lazy("column", "To mend"), 8),
)


def register() -> None:
    """Let people who may take buildings, homes and rentals out of the ledgers."""
    kinds.register(
        "buildings",
        ExportKind(
            gettext_lazy("Buildings"),
            list_name="building-list",
            ability="people.view",
            columns=BUILDINGS,
            filters=("compound", "q"),
            count=lambda asked: _buildings(asked).count(),
            rows=_building_rows,
            told=_buildings_told,
        ),
    )
    kinds.register(
        "dwellings",
        ExportKind(
            gettext_lazy("Homes"),
            list_name="dwelling-list",
            ability="people.view",
            columns=DWELLINGS,
            filters=("building", "kind", "occupancy", "q"),
            count=lambda asked: _dwellings(asked).count(),
            rows=_dwelling_rows,
            told=_dwellings_told,
        ),
    )
    kinds.register(
        "rentals",
        ExportKind(
            gettext_lazy("Rentals"),
            list_name="rental-list",
            ability="people.view",
            columns=RENTALS,
            filters=("ones", "check", "tenancy", "mends"),
            count=lambda asked: _rentals(asked).count(),
            rows=_rental_rows,
            told=_rentals_told,
        ),
    )


def _buildings(asked: Asked) -> QuerySet[Building]:
    found = buildings_listed(asked.by, BuildingFilters.from_query(asked.filters))
    return found.filter(within(asked.paths(scope_paths(asked.by, "people.view"))))


def _dwellings(asked: Asked) -> QuerySet[Dwelling]:
    found = dwellings_listed(asked.by, DwellingFilters.from_query(asked.filters))
    return found.filter(within(asked.paths(scope_paths(asked.by, "people.view"))))


def _rentals(asked: Asked) -> QuerySet[Dwelling]:
    found = rentals_for(asked.by, RentalFilters.from_query(asked.filters))
    return found.filter(within(asked.paths(scope_paths(asked.by, "people.view"))))


def _place(home: Dwelling) -> dict[str, Any]:
    grid = home.building.grid
    return {
        "address": home.address,
        "grid": grid.name if grid else "",
        "building": home.building.name,
        "entrance": home.entrance,
        "room": home.room,
        "plate_number": home.plate_number,
    }


def _building_rows(asked: Asked) -> Iterator[Row]:
    left = _buildings(asked).iterator(chunk_size=CHUNK)
    while buildings := list(islice(left, CHUNK)):
        counts = use_counts(building.pk for building in buildings)
        for found in buildings:
            uses = counts.get(found.pk, Counter())
            cells: dict[str, Any] = {name: getattr(found, name) for name in BUILT}
            cells |= {str(use): uses[use] for use in (Occupancy.RENTED, Occupancy.EMPTY, Occupancy.UNKNOWN)}
            cells |= {"homes": uses.total(), "community": found.community.name}
            cells |= {"grid": found.grid.name if found.grid else "", "kind": str(BuildingKind(found.kind).label)}
            cells |= {"compound": found.compound.name if found.compound else "", "lift": str(Lift(found.lift).label)}
            yield [cells[name] for name in asked.columns]


def _dwelling_rows(asked: Asked) -> Iterator[Row]:
    for home in _dwellings(asked).iterator(chunk_size=CHUNK):
        cells = _place(home) | {"floor": home.floor, "area_m2": float(home.area_m2) if home.area_m2 else None}
        cells["kind"] = str(DwellingKind(home.kind).label)
        cells["occupancy"] = str(Occupancy(home.occupancy).label)
        yield [cells[name] for name in asked.columns]


def _rental_rows(asked: Asked) -> Iterator[Row]:
    tenancies, owners = Tenancy.objects.filter(until=None), Ownership.objects.filter(until=None)
    if "phone" not in asked.columns:
        tenancies = tenancies.defer("phone")
    if "owner_phone" not in asked.columns:
        owners = owners.defer("phone")
    found = _rentals(asked).prefetch_related(None)
    found = found.prefetch_related(
        Prefetch("tenancy_rows", queryset=tenancies, to_attr="let_to"),
        Prefetch("ownership_rows", queryset=owners, to_attr="owned_by"),
    )
    left = found.iterator(chunk_size=CHUNK)
    while homes := list(islice(left, CHUNK)):
        ones, checked, mends = four_ones_of(homes), last_checks(homes), open_mend_counts(homes)
        for home in homes:
            cells = _place(home) | _let(home, asked)
            cells["ones"], cells["declined"] = "、".join(ones[home.pk].missing), "、".join(ones[home.pk].declined)
            cells["checked"] = checked[home.pk].on if home.pk in checked else None
            cells["mends"] = mends.get(home.pk, 0)
            yield [cells[name] for name in asked.columns]


def _let(home: Any, asked: Asked) -> dict[str, Any]:
    tenancy = home.let_to[0] if home.let_to else None
    told = ("headcount", "since", "agreed_until")
    return {name: getattr(tenancy, name, None) for name in told} | {
        "contact": _contact(tenancy) if tenancy else "",
        "phone": tenancy.phone if tenancy and "phone" in asked.columns else "",
        "owner": "、".join(owner.name for owner in home.owned_by),
        "owner_phone": home.owned_by[0].phone if home.owned_by and "owner_phone" in asked.columns else "",
    }


def _buildings_told(filters: Filters) -> list[str]:
    chosen = BuildingFilters.from_query(filters)
    compounds = Compound.objects.filter(pk=chosen.compound or 0)
    told = list(compounds.values_list("name", flat=True))
    return [*told, chosen.text] if chosen.text else told


def _contact(tenancy: Tenancy) -> str:
    declined = _("prefers not to say") if tenancy.contact_declined else ""
    return tenancy.contact or tenancy.household or declined


def _dwellings_told(filters: Filters) -> list[str]:
    chosen = DwellingFilters.from_query(filters)
    told = [str(DwellingKind(chosen.kind).label)] if chosen.kind else []
    told += [str(Occupancy(chosen.occupancy).label)] if chosen.occupancy else []
    return [*told, chosen.text] if chosen.text else told


def _rentals_told(filters: Filters) -> list[str]:
    told = []
    for name in ("ones", "check", "tenancy", "mends"):
        words = dict(RentalFilterForm.base_fields[name].choices)  # type: ignore[attr-defined]
        if filters.get(name) in words:
            told.append(f"{RentalFilterForm.base_fields[name].label}: {words[filters[name]]}")
    return told
