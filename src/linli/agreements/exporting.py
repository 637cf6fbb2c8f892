"""Agreements on their way out, registered with exports."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from linli.agreements.choices import PartyKind
from linli.agreements.models import Agreement
from linli.agreements.queries import AgreementFilters, narrowed_to, standing_of
from linli.areas.scope import scope_paths
from linli.core import clock
from linli.core.paths import within
from linli.core.sheets.text import Cell
from linli.exports import kinds
from linli.exports.kinds import Asked, Column, ExportKind, Filters, Row

CHUNK = 500
COLUMNS = (
    Column("title", pgettext_lazy("column", "Title"), 24),
    Column("party_kind", gettext_lazy("With whom"), 12),
    Column("party_name", pgettext_lazy("column", "Party"), 20),
    Column("place", pgettext_lazy("unit", "Address"), 30),
    Column("grid", gettext_lazy("Grid"), 12),
    Column("starts_on", gettext_lazy("From"), 12),
    Column("ends_on", gettext_lazy("Until"), 12),
    Column("signed_on", gettext_lazy("Signed on"), 12),
    Column("standing", gettext_lazy("State"), 12),
    Column("end_reason", gettext_lazy("Why it ended"), 20, usual=False),
)


def register() -> None:
    """Let people who may take the agreements out."""
    kinds.register(
        "agreements",
        ExportKind(
            gettext_lazy("Agreements"),
            list_name="agreement-list",
            ability="agreements.view",
            columns=COLUMNS,
            filters=("q", "pile", "party"),
            count=lambda asked: _agreements(asked).count(),
            rows=_rows,
            told=_told,
        ),
    )


def _agreements(asked: Asked) -> QuerySet[Agreement]:
    reached = within(asked.paths(scope_paths(asked.by, "agreements.view")))
    return narrowed_to(Agreement.objects.filter(reached), AgreementFilters.from_query(asked.filters))


def _rows(asked: Asked) -> Iterator[Row]:
    today = clock.today()
    found = _agreements(asked).select_related("grid").defer("grid__geometry", "grid__bounds", "search_terms")
    for agreement in found.order_by("ends_on", "pk").iterator(chunk_size=CHUNK):
        cells: dict[str, Cell] = {
            "title": agreement.title,
            "party_kind": str(PartyKind(agreement.party_kind).label),
            "party_name": agreement.party_name,
            "place": agreement.place,
            "grid": agreement.grid.name,
            "starts_on": agreement.starts_on,
            "ends_on": agreement.ends_on,
            "signed_on": agreement.signed_on,
            "standing": str(standing_of(agreement, today).label),
            "end_reason": agreement.end_reason,
        }
        yield [cells[name] for name in asked.columns]


def _told(filters: Filters) -> list[str]:
    chosen = AgreementFilters.from_query(filters)
    told = [str(PartyKind(chosen.party).label)] if chosen.party else []
    if chosen.text:
        told.append(_("“%(words)s”") % {"words": chosen.text})
    return told
