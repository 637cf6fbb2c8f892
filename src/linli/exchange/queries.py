"""Reading batches: the list, the preview, the workbook of what can be corrected and sent again."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from linli.core.masking import mask_id_number, mask_phone
from linli.core.sheets.checking import CheckedRow, CheckedSheet, ColumnChoices
from linli.core.sheets.columns import IdNumberColumn, PhoneColumn
from linli.core.sheets.problems import column_letters
from linli.core.sheets.reading import RawSheet
from linli.core.sheets.safety import Limits
from linli.core.sheets.text import clean
from linli.core.sheets.writing import write_workbook_errors
from linli.exchange.ledgers import Ledger, ledger_for
from linli.exchange.models import Batch
from linli.exchange.reading import ReadWorkbook, hide_numbers, read_workbook, report_of
from linli.exchange.rules import NotPossible
from linli.files.choices import FileState
from linli.files.queries import content_of

SHOWN_ROWS = 20
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
    """One sheet that holds the ledger."""

    name: str
    columns: list[ColumnPreview]
    rows: list[RowPreview]


@dataclass(frozen=True)
class Preview:
    """A workbook before it is taken over: ``report`` in the reader's language, sheets, and the fields to choose from.

    Once the file is gone, only the report is left and ``sheets`` is empty.
    """

    batch: Batch
    report: dict[str, Any]
    sheets: list[SheetPreview]
    fields: list[tuple[str, str | Promise]]


def batches_for(user: Any) -> QuerySet[Batch]:
    """Return the workbooks that were taken in where the user may take them in, the newest first."""
    return Batch.objects.visible_to(user).select_related("area")


def batch_for(user: Any, number: str) -> Batch:
    """Return one workbook of the user's reach. Raises ``Batch.DoesNotExist``."""
    return Batch.objects.visible_to(user).select_related("area", "upload").get(number=number)


def preview(batch: Batch, shown: int = SHOWN_ROWS) -> Preview:
    """Return what is in a workbook, so that a person can correct the columns and decide.

    Args:
        shown: how many rows of each sheet are shown.
    """
    ledger = ledger_for(batch.kind)
    fields = [(column.field, column.label) for column in ledger.sheet.columns]
    try:
        read = read_batch(batch)
    except NotPossible:
        return Preview(batch, batch.report, [], fields)
    # The stored report speaks the language of whoever checked; this one speaks the reader's.
    report = report_of(read, batch.report.get("applied", {}), number=batch.number, state=batch.state)
    raw = {sheet.name: sheet for sheet in read.raw}
    sheets = [_sheet_preview(ledger, raw[sheet.name], sheet, shown) for sheet in read.checked.sheets]
    return Preview(batch, report, sheets, fields)


def error_workbook(batch: Batch) -> bytes:
    """Return an .xlsx file of the rows that need work, each problem noted at its cell.

    Raises:
        NotPossible: the file was removed.
    """
    read = read_batch(batch)
    raw = {sheet.name: sheet for sheet in read.raw}
    out = io.BytesIO()
    write_workbook_errors(out, [(raw[sheet.name], sheet) for sheet in read.checked.sheets])
    return out.getvalue()


def read_batch(batch: Batch) -> ReadWorkbook:
    """Read the kept file of a batch again, with its columns as corrected.

    Raises:
        NotPossible: the file was removed.
    """
    gone = NotPossible(_("The file was removed after 30 days. Send the workbook again."))
    if batch.upload is None or batch.upload.state == FileState.GONE:
        raise gone
    try:
        content = content_of(batch.upload)
    except FileNotFoundError as error:
        raise gone from error
    return read_workbook(content, batch.file_name, ledger_for(batch.kind), choices_of(batch), limits())


def choices_of(batch: Batch) -> dict[str, ColumnChoices]:
    """Return sheet name → column number → field, as a person corrected them."""
    return {name: {int(index): field for index, field in chosen.items()} for name, chosen in batch.mapping.items()}


def limits() -> Limits:
    """Return how large a workbook may be."""
    return Limits(file_size=settings.LINLI_UPLOAD_MAX_MB * 1024 * 1024)


def _sheet_preview(ledger: Ledger, raw: RawSheet, checked: CheckedSheet, shown: int) -> SheetPreview:
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
    rows = [_row_preview(ledger, row) for row in checked.rows[:shown]]
    return SheetPreview(checked.name, columns, rows)


def _samples(ledger: Ledger, field: str | None, raw: RawSheet, index: int, rows: Sequence[CheckedRow]) -> list[str]:
    if field is None:
        return []
    written = (clean(raw.cell(row.number - 1, index)) for row in rows)
    found = dict.fromkeys(text for _place, text in zip(range(SHOWN_ROWS), written, strict=False) if text)
    return [_shown(ledger, field, text) for text in list(found)[:SAMPLES]]


def _row_preview(ledger: Ledger, row: CheckedRow) -> RowPreview:
    values = {name: _shown(ledger, name, value) for name, value in row.values.items()}
    problems = [{**problem.as_report(), "value": hide_numbers(problem.value)} for problem in row.problems]
    return RowPreview(row.number, values, problems, row.held)


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
