"""Tables out of Linli: workbooks and CSV files for people, and the workbook of what needs correcting.

Text stays text: nothing that is written here becomes a formula or a link when the file is opened.
"""

import csv
import datetime
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from linli.core.sheets.checking import CheckedRow, CheckedSheet
from linli.core.sheets.headers import ColumnMatch, How
from linli.core.sheets.problems import Problem
from linli.core.sheets.reading import RawSheet
from linli.core.sheets.text import Cell, clean

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
SHEET_NAME_LENGTH = 31
LONGEST_CELL = 32_767

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
_NOT_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_NOTE_SIZE = {"x_scale": 2, "y_scale": 1.2}


def write_table(
    out: Path | IO[bytes], headers: Sequence[str], rows: Iterable[Sequence[Cell]], title: str = "", watermark: str = ""
) -> int:
    """Write a workbook with one table and return how many rows it has; ``rows`` are taken one by one.

    ``watermark``, who took the table and when, stands above the table and at the foot of every printed page.
    """
    with xlsxwriter.Workbook(_target(out), _OPTIONS) as workbook:
        styles = _styles(workbook)
        sheet = workbook.add_worksheet(_sheet_name(title))
        position = 0
        for text, style in ((title, styles["title"]), (watermark, styles["watermark"])):
            if text:
                sheet.write_string(position, 0, text, style)
                position += 1
        if watermark:
            sheet.set_footer("&C&8" + watermark.replace("&", "&&"))
        _write_row(sheet, position, headers, styles, styles["header"])
        sheet.freeze_panes(position + 1, 0)
        sheet.repeat_rows(position)
        count = 0
        for count, row in enumerate(rows, 1):
            _write_row(sheet, position + count, row, styles)
        return count


def write_csv(out: IO[bytes], headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """Write a CSV file that spreadsheet programs open in Chinese, and return how many rows it has.

    UTF-8 with its mark. A text that such a program would take for a formula gets an apostrophe before it.
    """
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    try:
        writer = csv.writer(text)
        writer.writerow([guarded(header) for header in headers])
        count = 0
        for row in rows:
            writer.writerow([guarded(cell) for cell in row])
            count += 1
        return count
    finally:
        text.detach()


def guarded(cell: Cell) -> str:
    """A cell as CSV text that no spreadsheet program takes for a formula."""
    if isinstance(cell, str):
        return "'" + cell if cell.lstrip(" ").startswith(FORMULA_STARTS) else cell
    return clean(cell)


def write_errors(out: Path | IO[bytes], raw: RawSheet, checked: CheckedSheet) -> int:
    """Write the rows that need work, to be corrected and sent again; returns how many there are.

    Each problem is a note at its cell and is told in the last column. Addresses that came from the row above are
    written out, so that every row stands for itself. Columns that must never be stored are not in it.
    """
    return write_workbook_errors(out, [(raw, checked)])


def write_workbook_errors(out: Path | IO[bytes], sheets: Iterable[tuple[RawSheet, CheckedSheet]]) -> int:
    """``write_errors`` for several sheets; those without problems are left out."""
    count = 0
    with xlsxwriter.Workbook(_target(out), _OPTIONS) as workbook:
        styles = _styles(workbook)
        names: set[str] = set()
        for raw, checked in sheets:
            if checked.problems and checked.header:
                sheet = workbook.add_worksheet(_unique(_sheet_name(raw.name), names))
                count += _write_error_rows(sheet, raw, checked, styles)
        if not names:
            workbook.add_worksheet().write_string(0, 0, _("No row needs correcting."))
    return count


def _write_error_rows(sheet: Worksheet, raw: RawSheet, checked: CheckedSheet, styles: Mapping[str, Format]) -> int:
    columns = [column for column in checked.columns if column.how is not How.NEVER]
    first, last = _("Original row"), _("What to correct")
    leaves = [first, *(column.header for column in columns), last]
    groups = [first, *(column.group or column.header for column in columns), last]
    # 地址 alone could be any address: the group heading, if there is one, stands in a row above, as it did.
    header_rows = [leaves] if groups == leaves else [groups, leaves]
    for position, headers in enumerate(header_rows):
        _write_row(sheet, position, headers, styles, styles["header"])
    sheet.freeze_panes(len(header_rows), 0)
    wrong = [row for row in checked.rows if row.problems]
    for position, row in enumerate(wrong, len(header_rows)):
        _write_error_row(sheet, position, raw, row, columns, styles)
    return len(wrong)


def _write_error_row(
    sheet: Worksheet,
    position: int,
    raw: RawSheet,
    row: CheckedRow,
    columns: Sequence[ColumnMatch],
    styles: Mapping[str, Format],
) -> None:
    by_index: dict[int | None, list[Problem]] = defaultdict(list)
    for problem in row.problems:
        by_index[problem.index].append(problem)
    sheet.write_string(position, 0, str(row.number))
    for place, column in enumerate(columns, 1):
        cell = raw.cell(row.number - 1, column.index)
        inherited = row.values.get(column.field) if column.field else None
        if not clean(cell) and isinstance(inherited, str):
            cell = inherited
        found = by_index.get(column.index, [])
        _write_cell(sheet, position, place, cell, styles, styles["wrong"] if found else None)
        if found:
            sheet.write_comment(position, place, "\n".join(problem.message for problem in found), _NOTE_SIZE)
    messages = [_told(problem) for problem in row.problems]
    sheet.write_string(position, len(columns) + 1, "\n".join(messages), styles["told"])
    for problem in by_index.get(None, []):
        sheet.write_comment(position, 0, problem.message, _NOTE_SIZE)


def _told(problem: Problem) -> str:
    return f"{problem.column}: {problem.message}" if problem.column else problem.message


def _write_row(
    sheet: Worksheet, position: int, cells: Sequence[Cell], styles: Mapping[str, Format], style: Format | None = None
) -> None:
    for place, cell in enumerate(cells):
        _write_cell(sheet, position, place, cell, styles, style)


def _write_cell(
    sheet: Worksheet, row: int, column: int, cell: Cell, styles: Mapping[str, Format], style: Format | None = None
) -> None:
    if isinstance(cell, datetime.datetime):
        sheet.write_datetime(row, column, cell.replace(tzinfo=None), style or styles["moment"])
    elif isinstance(cell, datetime.date):
        sheet.write_datetime(row, column, cell, style or styles["date"])
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        sheet.write_number(row, column, cell, style)
    elif isinstance(cell, str):
        sheet.write_string(row, column, cell[:LONGEST_CELL], style)
    elif cell is not None:
        sheet.write_string(row, column, clean(cell), style)
    elif style is not None:
        sheet.write_blank(row, column, None, style)


def _styles(workbook: Any) -> dict[str, Format]:
    looks: dict[str, dict[str, object]] = {
        "title": {"bold": True, "font_size": 14},
        "watermark": {"font_color": "#808080"},
        "header": {"bold": True, "bottom": 1, "text_wrap": True},
        "date": {"num_format": "yyyy-mm-dd"},
        "moment": {"num_format": "yyyy-mm-dd hh:mm"},
        "wrong": {"bg_color": "#FBE9C8", "num_format": "@"},
        "told": {"text_wrap": True},
    }
    return {name: workbook.add_format(look) for name, look in looks.items()}


def _target(out: Path | IO[bytes]) -> str | IO[bytes]:
    return str(out) if isinstance(out, Path) else out


def _sheet_name(name: str) -> str:
    return name.translate(_NOT_IN_SHEET_NAMES).strip()[:SHEET_NAME_LENGTH] or _("Table")


def _unique(name: str, names: set[str]) -> str:
    unique, number = name, 2
    while unique.lower() in names:
        unique = f"{name[: SHEET_NAME_LENGTH - 4]} {number}"
        number += 1
    names.add(unique.lower())
    return unique
