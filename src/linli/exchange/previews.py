"""What is in a workbook, with every value as it may be shown without a reason: made once, kept as text, shown often."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from linli.core.masking import mask_id_number, mask_phone
from linli.core.sheets.checking import FIRST_ROWS, CheckedRow, CheckedSheet
from linli.core.sheets.columns import IdNumberColumn, PhoneColumn
from linli.core.sheets.problems import column_letters
from linli.core.sheets.reading import RawSheet
from linli.core.sheets.text import clean
from linli.exchange.ledgers import Ledger
from linli.exchange.reading import MOST_PROBLEMS, ReadWorkbook, hide_numbers, shown_problem, shown_problems

SAMPLES = 3


@dataclass(frozen=True)
class ColumnPreview:
    """One column: where it is, what it was taken for and how sure that is, and a few of its values.

    ``samples`` is empty for columns that are not taken over.
    """

    index: int
    letter: str
    header: str
    field: str | None
    how: str
    samples: list[str]


@dataclass(frozen=True)
class RowPreview:
    """One row: its number in the spreadsheet program, field → value as it may be shown, its problems."""

    number: int
    values: dict[str, str]
    problems: list[dict[str, Any]]
    held: bool


@dataclass(frozen=True)
class SheetPreview:
    """One sheet that holds the ledger, with its first rows."""

    name: str
    columns: list[ColumnPreview]
    rows: list[RowPreview]


@dataclass(frozen=True)
class Content:
    """What is in a workbook, in one language: the problems of all rows, and the sheets."""

    problems: list[dict[str, Any]]
    sheets: list[SheetPreview]


def contents_of(read: ReadWorkbook, ledger: Ledger) -> dict[str, str]:
    """Return language → content as text: whoever looks may speak another language than whoever checked."""
    contents = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            content = _content(read, ledger)
        contents[code] = json.dumps(asdict(content), ensure_ascii=False, separators=(",", ":"))
    return contents


def content_from(text: str) -> Content:
    """Return the content that was kept as text."""
    kept = json.loads(text)
    return Content(kept["problems"], [_sheet_from(sheet) for sheet in kept["sheets"]])


def _sheet_from(kept: dict[str, Any]) -> SheetPreview:
    columns = [ColumnPreview(**column) for column in kept["columns"]]
    return SheetPreview(kept["name"], columns, [RowPreview(**row) for row in kept["rows"]])


def _content(read: ReadWorkbook, ledger: Ledger) -> Content:
    raw = {sheet.name: sheet for sheet in read.raw}
    return Content(
        shown_problems(read.checked.problems[:MOST_PROBLEMS]),
        [_sheet_preview(ledger, raw[sheet.name], sheet) for sheet in read.checked.sheets],
    )


def _sheet_preview(ledger: Ledger, raw: RawSheet, checked: CheckedSheet) -> SheetPreview:
    columns = [
        ColumnPreview(
            index=column.index,
            letter=column_letters(column.index),
            header=hide_numbers(column.header),
            field=column.field,
            how=str(column.how),
            samples=_samples(ledger, column.field, raw, column.index, checked.rows),
        )
        for column in checked.columns
    ]
    return SheetPreview(checked.name, columns, [_row_preview(ledger, row) for row in checked.rows[:FIRST_ROWS]])


def _samples(ledger: Ledger, field: str | None, raw: RawSheet, index: int, rows: Sequence[CheckedRow]) -> list[str]:
    if field is None:
        return []
    written = (clean(raw.cell(row.number - 1, index)) for row in rows)
    found = dict.fromkeys(text for _place, text in zip(range(FIRST_ROWS), written, strict=False) if text)
    return [_shown(ledger, field, text) for text in list(found)[:SAMPLES]]


def _row_preview(ledger: Ledger, row: CheckedRow) -> RowPreview:
    values = {name: _shown(ledger, name, value) for name, value in row.values.items()}
    return RowPreview(row.number, values, [shown_problem(problem) for problem in row.problems], row.held)


def _shown(ledger: Ledger, field: str, value: Any) -> str:
    """Return a value as it may be shown without a reason."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = str(value)
    try:
        column = ledger.sheet.column(field)
    except KeyError:
        return hide_numbers(text)
    if isinstance(column, IdNumberColumn):
        return mask_id_number(text)
    if isinstance(column, PhoneColumn):
        return mask_phone(text)
    return hide_numbers(text)
