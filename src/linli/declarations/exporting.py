"""Declarations on their way out, registered with exports: what the list shows, and nothing else that was said."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from linli.areas.scope import scope_paths
from linli.core.paths import within
from linli.core.sheets.text import Cell
from linli.declarations.choices import Declarer, State
from linli.declarations.models import Declaration
from linli.declarations.queries import OPEN, declarations_for, masked_name, state_asked
from linli.declarations.workflow import PREPARES
from linli.exports import kinds
from linli.exports.kinds import Asked, Column, ExportKind, Filters, Row

CHUNK = 500
# Of the name only what the list shows, whoever approves: a declaration is no ledger.
COLUMNS = (
    Column("number", pgettext_lazy("column", "Number"), 14),
    Column("kind", pgettext_lazy("column", "What"), 14),
    Column("place", pgettext_lazy("column", "Address"), 30),
    Column("declarer", gettext_lazy("Declared by"), 10),
    Column("who", pgettext_lazy("column", "Name"), 10),
    Column("day", gettext_lazy("Day"), 12),
    Column("state", gettext_lazy("Where it stands"), 12),
    Column("declared_at", pgettext_lazy("column", "Declared at"), 16),
    Column("due_at", gettext_lazy("Due"), 16),
)


def register() -> None:
    """Let people who may take the declarations out."""
    kinds.register(
        "declarations",
        ExportKind(
            gettext_lazy("Declarations"),
            list_name="declaration-list",
            ability=PREPARES,
            columns=COLUMNS,
            filters=("state",),
            count=lambda asked: _declarations(asked).count(),
            rows=_rows,
            told=_told,
        ),
    )


def _declarations(asked: Asked) -> QuerySet[Declaration]:
    found = declarations_for(asked.by, state_asked(asked.filters))
    return found.filter(within(asked.paths(scope_paths(asked.by, PREPARES))))


def _rows(asked: Asked) -> Iterator[Row]:
    for found in _declarations(asked).iterator(chunk_size=CHUNK):
        cells: dict[str, Cell] = {
            "number": found.number,
            "kind": found.kind_label,
            "place": found.place,
            "declarer": str(Declarer(found.declarer).label),
            "who": masked_name(found),
            "day": found.day,
            "state": found.state_label,
            "declared_at": found.declared_at,
            "due_at": found.due_at,
        }
        yield [cells[name] for name in asked.columns]


def _told(filters: Filters) -> list[str]:
    state = state_asked(filters)
    if state in State.values:
        return [str(State(state).label)]
    return [_("Waiting")] if state == OPEN else []
