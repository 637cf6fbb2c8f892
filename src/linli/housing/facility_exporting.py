"""Facilities on their way out, registered with exports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy, pgettext_lazy

from linli.areas.scope import scope_paths
from linli.core.paths import within
from linli.exports import kinds
from linli.exports.kinds import Asked, Column, ExportKind, Filters, Row
from linli.housing.choices import Condition
from linli.housing.models import Facility, ListItem
from linli.housing.queries.facilities import FacilityFilters, facilities_for

CHUNK = 1000
COLUMNS = (
    Column("name", pgettext_lazy("column", "Name"), 16),
    Column("kind", pgettext_lazy("column", "Kind"), 14),
    Column("community", pgettext_lazy("column", "Community"), 14),
    Column("grid", pgettext_lazy("column", "Grid"), 12),
    Column("place", pgettext_lazy("column", "Place"), 24),
    Column("condition", pgettext_lazy("column", "Condition"), 10),
    Column("owner", pgettext_lazy("column", "Belongs to"), 16),
    Column("keeper", pgettext_lazy("column", "Looked after by"), 16),
    Column("installed_on", pgettext_lazy("column", "Set up on"), 12, usual=False),
    Column("next_inspection_on", pgettext_lazy("column", "Next look at it"), 12, usual=False),
    Column("longitude", pgettext_lazy("column", "Longitude"), 12, usual=False),
    Column("latitude", pgettext_lazy("column", "Latitude"), 12, usual=False),
)


def register() -> None:
    """Let people who may take facilities out of the ledger."""
    kinds.register(
        "facilities",
        ExportKind(
            gettext_lazy("Facilities"),
            list_name="facility-list",
            ability="areas.view",
            columns=COLUMNS,
            filters=("kind", "condition", "due", "q"),
            count=lambda asked: _found(asked).count(),
            rows=_rows,
            told=_told,
        ),
    )


def _found(asked: Asked) -> QuerySet[Facility]:
    chosen = FacilityFilters.from_query(asked.filters)
    return facilities_for(asked.by, chosen).filter(within(asked.paths(scope_paths(asked.by, "areas.view"))))


def _rows(asked: Asked) -> Iterator[Row]:
    for found in _found(asked).iterator(chunk_size=CHUNK):
        cells: dict[str, Any] = {name: getattr(found, name) for name in ("name", "place", "owner", "keeper")}
        cells |= {name: getattr(found, name) for name in ("installed_on", "next_inspection_on")}
        cells |= {"longitude": found.longitude, "latitude": found.latitude, "kind": found.kind.label}
        cells |= {"grid": found.area.name, "community": found.area.parent.name if found.area.parent else ""}
        cells["condition"] = str(Condition(found.condition).label)
        yield [cells[name] for name in asked.columns]


def _told(filters: Filters) -> list[str]:
    chosen = FacilityFilters.from_query(filters)
    told = [item.label for item in ListItem.objects.filter(code=chosen.kind, kind="facility")] if chosen.kind else []
    if chosen.condition:
        told.append(str(Condition(chosen.condition).label))
    return [*told, chosen.text] if chosen.text else told
