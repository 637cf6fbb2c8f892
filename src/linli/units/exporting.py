"""Units on their way out, registered with exports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from linli.areas.scope import scope_paths
from linli.core.masking import mask_name, mask_phone
from linli.core.offices import mask_offices
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
    (Column("room", gettext_lazy("Room"), 24, usual=False), "dwelling__address"),
    (Column("employees", gettext_lazy("People working there"), 10), "employees"),
    (Column("contact_name", gettext_lazy("Contact person"), 10, mask=mask_name), "contact_name"),
    (Column("contact_phone", gettext_lazy("Contact phone"), 14, mask=mask_phone), "contact_phone"),
    (Column("second_name", gettext_lazy("Second contact person"), 10, mask=mask_name, usual=False), "second_name"),
    (Column("second_phone", gettext_lazy("Second contact phone"), 14, mask=mask_phone, usual=False), "second_phone"),
    (Column("contact_declined", gettext_lazy("Prefers not to give a contact"), 10, usual=False), "contact_declined"),
    (
        Column(
            "officers",
            gettext_lazy("Office-holders (organisations, committees)"),
            30,
            mask=mask_offices,
            usual=False,
        ),
        "officers",
    ),
    (Column("liaison", gettext_lazy("Keeps contact for the community"), 12, usual=False), "liaison"),
    (Column("register_number", gettext_lazy("Licence or register number"), 18, usual=False), "register_number"),
    (Column("opening_hours", gettext_lazy("Opening hours"), 14, usual=False), "opening_hours"),
    (Column("opened_on", gettext_lazy("Opened or founded on"), 12, usual=False), "opened_on"),
    (Column("licence_until", gettext_lazy("Licence valid until"), 12, usual=False), "licence_until"),
    (Column("floor_area", gettext_lazy("Floor area in m²"), 10, usual=False), "floor_area"),
    (Column("members", gettext_lazy("Members (organisations, committees)"), 10, usual=False), "members"),
    (Column("contract_rate", gettext_lazy("Labour contracts signed, in percent"), 10, usual=False), "contract_rate"),
    (Column("term_from", gettext_lazy("Term from"), 12, usual=False), "term_from"),
    (Column("term_until", gettext_lazy("Term until"), 12, usual=False), "term_until"),
    (Column("closed_on", gettext_lazy("Closed on"), 12, usual=False), "closed_on"),
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
    kinds_said = {value: str(label) for value, label in UnitKind.choices}
    words: dict[str, Callable[[Any], str]] = {
        "kind": lambda value: kinds_said.get(value, ""),
        "contact_declined": lambda value: _("yes") if value else _("no"),
    }
    said = [(place, words[name]) for place, name in enumerate(asked.columns) if name in words]
    paths = [PATHS[name] for name in asked.columns]
    for values in _units(asked).order_by("name", "pk").values_list(*paths).iterator(chunk_size=CHUNK):
        cells: list[Any] = list(values)
        for place, in_words in said:
            cells[place] = in_words(cells[place])
        yield cells


def _told(filters: Filters) -> list[str]:
    chosen = UnitFilters.from_query(filters)
    told = [str(UnitKind(chosen.kind).label)] if chosen.kind else []
    if chosen.state == CLOSED:
        told.append(_("closed down"))
    if chosen.text:
        told.append(_("“%(words)s”") % {"words": chosen.text})
    return told
