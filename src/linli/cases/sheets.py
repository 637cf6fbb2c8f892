"""The table of cases going out: what, where, when and how it ended; no person, no phone, no home, no free text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from linli.accounts.rules import require
from linli.areas.models import Area
from linli.cases.models import Case
from linli.core import clock
from linli.core.paths import within
from linli.core.sheets.writing import write_csv, write_table
from linli.journal import actions as journal

COLUMNS = (
    "number",
    "mechanism",
    "category",
    "area",
    "state",
    "source",
    "discovered_at",
    "reported_at",
    "answer_due_at",
    "answered_at",
    "closed_at",
    "closing",
    "rating",
    "reopened",
    "department",
)
CHUNK = 2000


def export_cases(area: Area, out: Path, *, by: Any) -> int:
    """Write the cases of a subtree as .csv or .xlsx, streamed, and return how many.

    Raises:
        Refused: the user may not export at this place.
        ValidationError: the file has another ending.
    """
    require(by, "cases.export", area)
    if out.suffix not in (".csv", ".xlsx"):
        raise ValidationError(_("Write to a file that ends in .csv or .xlsx."))
    cases = Case.objects.filter(within([area.path]))
    journal.record(by, "cases.export", area, detail={"rows": cases.count(), "format": out.suffix})
    lines = _lines(cases.select_related("category", "area", "department").defer("contact", "text", "search_terms"))
    if out.suffix == ".xlsx":
        return write_table(out, COLUMNS, lines)
    with out.open("wb") as file:
        return write_csv(file, COLUMNS, lines)


def _lines(cases: Any) -> Iterator[list[str | int | None]]:
    for case in cases.order_by("reported_at", "id").iterator(chunk_size=CHUNK):
        yield [
            case.number,
            case.mechanism,
            case.category.code,
            case.area.code,
            case.state,
            case.source,
            _moment(case.discovered_at),
            _moment(case.reported_at),
            _moment(case.answer_due_at),
            _moment(case.answered_at),
            _moment(case.closed_at),
            case.closing,
            case.rating,
            case.reopened,
            case.department.code if case.department else "",
        ]


def _moment(at: datetime | None) -> str:
    return f"{clock.local(at):%Y-%m-%d %H:%M}" if at else ""
