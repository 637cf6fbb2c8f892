"""The list of cases on its way out, registered with exports: what, where, when and how it ended, and no person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from linli.cases.choices import Closing, Mechanism, Source, State
from linli.cases.models import Case, Category
from linli.cases.queries import PILES, CaseFilters, counted_cases
from linli.core.paths import within
from linli.exports import kinds
from linli.exports.kinds import Asked, Column, ExportKind, Filters, Row

CHUNK = 1000
COLUMNS = (
    Column("number", pgettext_lazy("column", "Number"), 12),
    Column("category", pgettext_lazy("column", "Category"), 14),
    Column("mechanism", pgettext_lazy("column", "Way"), 10),
    Column("grid", pgettext_lazy("column", "Grid"), 14),
    Column("state", pgettext_lazy("column", "State"), 12),
    Column("source", pgettext_lazy("column", "From whom"), 12, usual=False),
    Column("discovered_at", pgettext_lazy("column", "Found"), 16, usual=False),
    Column("reported_at", pgettext_lazy("column", "Reported"), 16),
    Column("answer_due_at", pgettext_lazy("column", "Promised answer"), 16),
    Column("answered_at", pgettext_lazy("column", "Answered"), 16),
    Column("closed_at", pgettext_lazy("column", "Closed"), 16),
    Column("closing", pgettext_lazy("column", "How it ended"), 14),
    Column("rating", pgettext_lazy("column", "Rating"), 8, usual=False),
    Column("department", pgettext_lazy("column", "Department"), 14),
)


def register() -> None:
    """Let people who may take the list of cases out."""
    kinds.register(
        "cases",
        ExportKind(
            gettext_lazy("Cases"),
            list_name="case-list",
            ability="cases.export",
            columns=COLUMNS,
            filters=("state", "mechanism", "category", "pile", "q", "closing", "since", "until"),
            count=lambda asked: _asked(asked).count(),
            rows=_rows,
            told=_told,
        ),
    )


def _asked(asked: Asked) -> QuerySet[Case]:
    return counted_cases(asked.by, CaseFilters.from_query(asked.filters)).filter(within([asked.area.path]))


def _rows(asked: Asked) -> Iterator[Row]:
    found = _asked(asked).select_related("category", "area__parent", "department")
    found = found.defer("contact", "text", "search_terms", "area__geometry", "area__bounds", "area__parent__geometry")
    cells = _cells()
    for case in found.order_by("-reported_at", "-id").iterator(chunk_size=CHUNK):
        yield [cells[name](case) for name in asked.columns]


def _cells() -> dict[str, Callable[[Case], Any]]:
    ways, states, sources, closings = (
        {value: str(label) for value, label in choices.choices} for choices in (Mechanism, State, Source, Closing)
    )
    return {
        "number": lambda case: case.number,
        "category": lambda case: case.category.label,
        "mechanism": lambda case: ways.get(case.mechanism, ""),
        "grid": lambda case: f"{case.area.parent.name} {case.area.name}" if case.area.parent else case.area.name,
        "state": lambda case: states.get(case.state, ""),
        "source": lambda case: sources.get(case.source, ""),
        "discovered_at": lambda case: case.discovered_at,
        "reported_at": lambda case: case.reported_at,
        "answer_due_at": lambda case: case.answer_due_at,
        "answered_at": lambda case: case.answered_at,
        "closed_at": lambda case: case.closed_at,
        "closing": lambda case: closings.get(case.closing, ""),
        "rating": lambda case: case.rating,
        "department": lambda case: case.department.name if case.department else "",
    }


def _told(filters: Filters) -> list[str]:
    chosen = CaseFilters.from_query(filters)
    words: dict[str, Any] = {
        **dict(State.choices),
        "open": pgettext("filter", "Open"),
        "answered": pgettext("filter", "Answered"),
    }
    told = [PILES.get(chosen.pile), words.get(chosen.state), dict(Mechanism.choices).get(chosen.mechanism)]
    told += [dict(Closing.choices).get(chosen.closing)]
    told += [category.label for category in Category.objects.filter(code=chosen.category)]
    told += [_("from %(day)s") % {"day": chosen.since}] if chosen.since else []
    told += [_("until %(day)s") % {"day": chosen.until}] if chosen.until else []
    told += [_("“%(words)s”") % {"words": chosen.q}] if chosen.q else []
    return [str(word) for word in told if word]
