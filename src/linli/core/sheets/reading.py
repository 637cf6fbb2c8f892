"""Workbooks and CSV files to plain rows, numbered as the spreadsheet program numbers them."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum
from python_calamine import SheetVisibleEnum as Visible

from linli.core.sheets.safety import (
    DEFAULT_LIMITS,
    FileKind,
    Limits,
    WorkbookRefused,
    cell_too_long,
    check_text,
    damaged,
    encrypted,
    inspect,
    open_binary,
    too_wide,
)
from linli.core.sheets.text import Cell

DELIMITERS = ",\t;|"
_SNIFFED_LINES = 30
# Names, places and dates are, and stand in thousands of cells.
_SHORT = 10


@dataclass(frozen=True)
class MergedRange:
    """Cells shown as one; rows and columns count from 0 and both ends belong to it."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class RawSheet:
    """One sheet as it was written.

    ``rows[0]`` is row 1 of the spreadsheet program and ``rows[n][0]`` its column A, blank ones included.
    ``first_row`` is the number (from 1) of the first row with anything in it, 0 for an empty sheet.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    first_row: int = 1
    merged: Sequence[MergedRange] = field(default=())
    hidden: bool = False

    def cell(self, row: int, column: int) -> Cell:
        """The cell at 0-based row and column; ``""`` outside of what is written."""
        if row >= len(self.rows) or column >= len(self.rows[row]):
            return ""
        return self.rows[row][column]


def open_workbook(source: Path | str | bytes, name: str = "", limits: Limits = DEFAULT_LIMITS) -> list[RawSheet]:
    """All sheets of an .xlsx, .xls or CSV file, in their order.

    ``name`` is the file name the user knows; it only matters for the words of a refusal and as the name of a CSV's
    one sheet. Raises `WorkbookRefused` with the reason in words; never anything else because of what is in the file.
    """
    if isinstance(source, str):
        source = Path(source)
    if not name and isinstance(source, Path):
        name = source.name
    if inspect(source, limits) is FileKind.CSV:
        return [_read_text(source, name, limits)]
    return _read_workbook(source, limits)


def refuse_unread(source: bytes, name: str, limits: Limits = DEFAULT_LIMITS) -> None:
    """Raise `WorkbookRefused` where one sees before the table is read that the file can't be taken."""
    if inspect(source, limits) is FileKind.CSV:
        check_text(_decode(source), name)


def _read_workbook(source: Path | bytes, limits: Limits) -> list[RawSheet]:
    try:
        with open_binary(source) as stream, CalamineWorkbook.from_filelike(stream) as workbook:
            return [
                _raw_sheet(workbook.get_sheet_by_name(sheet.name), sheet.visible is not Visible.Visible, limits)
                for sheet in workbook.sheets_metadata
                if sheet.typ is SheetTypeEnum.WorkSheet
            ]
    except PasswordError as error:
        raise encrypted() from error
    except (CalamineError, OSError, ValueError) as error:
        raise damaged() from error
    except BaseException as error:
        # The reader is written in Rust: a panic on a broken file arrives as a class of its own, below Exception.
        if type(error).__name__ == "PanicException":
            raise damaged() from error
        raise


def _raw_sheet(sheet: CalamineSheet, hidden: bool, limits: Limits) -> RawSheet:
    if sheet.start is None:
        return RawSheet(name=sheet.name, rows=[], first_row=0, hidden=hidden)
    if sheet.total_width > limits.columns:
        raise too_wide()
    rows = _rows(sheet)
    merged = [MergedRange(*start, *end) for start, end in sheet.merged_cell_ranges or []]
    return RawSheet(
        name=sheet.name, rows=rows, first_row=sheet.start[0] + 1, merged=sorted(merged, key=_position), hidden=hidden
    )


def _rows(sheet: CalamineSheet) -> list[list[Cell]]:
    """Return the rows from row 1 and column A on; short texts that stand in many cells are kept once."""
    blank = [""] * (sheet.start[1] if sheet.start else 0)
    kept: dict[str, str] = {}
    same = kept.setdefault
    return [
        [*blank, *(same(cell, cell) if cell.__class__ is str and len(cell) <= _SHORT else cell for cell in row)]
        for row in sheet.iter_rows()
    ]


def _position(merged: MergedRange) -> tuple[int, int]:
    return merged.top, merged.left


def _read_text(source: Path | bytes, name: str, limits: Limits) -> RawSheet:
    text = _decode(source.read_bytes() if isinstance(source, Path) else source)
    check_text(text, name)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sniff_delimiter(text))
    try:
        rows = list(reader)
    except csv.Error as error:
        raise cell_too_long() from error
    if any(len(row) > limits.columns for row in rows):
        raise too_wide()
    first_row = next((number for number, row in enumerate(rows, 1) if any(cell.strip() for cell in row)), 0)
    return RawSheet(name=Path(name).stem, rows=rows if first_row else [], first_row=first_row)


def _decode(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise WorkbookRefused(
        "not_a_table",
        _("This file is no table. Send the workbook as .xlsx, or a CSV file."),
    )


def sniff_delimiter(text: str) -> str:
    """The character that parts the cells of a CSV text: the one that the most lines hold equally often."""
    lines = [line for line in text[:200_000].splitlines()[:_SNIFFED_LINES] if line.strip()]
    best, best_score = ",", 0
    for delimiter in DELIMITERS:
        counts = Counter(line.count(delimiter) for line in lines)
        counts.pop(0, None)
        if not counts:
            continue
        times, lines_alike = max(counts.items(), key=lambda item: (item[1], item[0]))
        if times * lines_alike > best_score:
            best, best_score = delimiter, times * lines_alike
    return best
