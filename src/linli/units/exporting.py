"""Units on their way out, registered with exports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from linli.areas.scope import scope_paths
from linli.core.masking import mask_name, mask_phone
from linli.core.paths import within
from linli.exports import kinds
from linli.exports.kinds import Asked, Column, ExportKind, Filters, Row
from linli.units.choices import UnitKind
from linli.units.models import Unit
from linli.units.queries import CLOSED, UnitFilters, narrowed_to

CHUNK = 1000
# The column, and the path of its value.
COLUMNS: tuple[tuple[Column, str], ...] = (
    (Column("name", pgettext_lazy("unit", "Name"), 24), "name"),
    (Column("kind", gettext_lazy("Kind"), 12), "kind"),
    (Column("credit_code", gettext_lazy("Unified social credit code"), 22), "credit_code"),
    (Column("place", pgettext_lazy("unit", "Address"), 30), "place"),
    (Column("grid", gettext_lazy("Grid"), 12), "grid__name"),
    (Column("employees", gettext_lazy("People working there"), 10), "employees"),
    (Column("contact_name", gettext_lazy("Contact person"), 10, mask=mask_name), "contact_name"),
    (Column("contact_phone", gettext_lazy("Contact phone"), 14, mask=mask_phone), "contact_phone"),
    (Column("opened_on", gettext_lazy("Opened or founded on"), 12, usual=False), "opened_on"),
    (Column("licence_until", gettext_lazy("Licence valid until"), 12, usual=False), "licence_until"),
    (Column("floor_area", gettext_lazy("Floor area in m²"), 10, usual=False), "floor_area"),
    (Column("members", gettext_lazy("Members (organisations, committees)"), 10, usual=False), "members"),
    (Column("term_until", gettext_lazy("Term until"), 12, usual=False), "term_until"),
)
PATHS = {column.name: path for column, path in COLUMNS}


def register() -> None:
    """Let people who may take the units out."""
    kinds.register(
        "units",
        ExportKind(
            gettext_lazy("Units"),
            list_name="unit-list",
            ability="units.view",
            columns=tuple(column for column, _path in COLUMNS),
            filters=("q", "kind", "state"),
            count=lambda asked: _units(asked).count(),
            rows=_rows,
            told=_told,
        ),
    )


def _units(asked: Asked) -> QuerySet[Unit]:
    reached: Q = within(asked.paths(scope_paths(asked.by, "units.view")))
    return narrowed_to(Unit.objects.filter(reached), UnitFilters.from_query(asked.filters))


def _rows(asked: Asked) -> Iterator[Row]:
    words = {value: str(label) for value, label in UnitKind.choices}
    kind = asked.columns.index("kind") if "kind" in asked.columns else None
    paths = [PATHS[name] for name in asked.columns]
    for values in _units(asked).order_by("name", "pk").values_list(*paths).iterator(chunk_size=CHUNK):
        cells: list[Any] = list(values)
        if kind is not None:
            cells[kind] = words.get(cells[kind], "")
        yield cells


def _told(filters: Filters) -> list[str]:
    chosen = UnitFilters.from_query(filters)
    told = [str(UnitKind(chosen.kind).label)] if chosen.kind else []
    if chosen.state == CLOSED:
        told.append(_("closed down"))
    if chosen.text:
        told.append(_("“%(words)s”") % {"words": chosen.text})
    return told
