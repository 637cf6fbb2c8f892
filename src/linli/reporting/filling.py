"""Filling a form: rows are put where they go, and everything else stays as it was drawn."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formula.translate import Translator
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.worksheet import Worksheet

from linli.core import progress
from linli.exports.kinds import Row
from linli.reporting.layout import SERIAL, Layout, opened
from linli.reporting.shifting import Gap

FILL_STEP = "export"
CHUNK = 500
GENERAL, TEXT, DAY = "General", "@", "yyyy-mm-dd"
LONGEST_FOOTER = 200
_NOTE_STYLE = Font(size=9, color="FF808080")


@dataclass(frozen=True)
class _Sample:
    """What the first row of the data area says about all of them: style and formula by column, height, merged cells."""

    styles: dict[int, Any]
    formulas: dict[int, tuple[str, str]]
    height: float | None
    merged: list[tuple[int, int]]


def fill(content: bytes, layout: Layout, rows: Sequence[Row], out: IO[bytes], *, watermark: str) -> int:
    """Write the form with these rows in it; ``rows`` have the fields of the layout in their order."""
    book = opened(content)
    sheet = book[layout.sheet]
    first, last = layout.first, layout.last
    width = max([sheet.max_column, *(column.index + 1 for column in layout.columns)])
    sample = _sample(sheet, first, last, width)
    gap = Gap(layout.sheet, first, last, max(0, len(rows) - max(0, last - first + 1)))
    _clear(sheet, first, last, width)
    _make_room(book, sheet, gap, width)
    _write_rows(sheet, layout, rows, sample, width)
    _mark(sheet, watermark, max(sheet.max_row, first + len(rows) - 1) + 2)
    book.active = book.index(sheet)
    book.save(out)
    return len(rows)


def _sample(sheet: Worksheet, first: int, last: int, width: int) -> _Sample:
    cells = {column: sheet.cell(first, column) for column in range(1, width + 1)} if last >= first else {}
    return _Sample(
        styles={column: _style_of(cell) for column, cell in cells.items() if cell.has_style},
        formulas={
            column: (cell.value, cell.coordinate)
            for column, cell in cells.items()
            if isinstance(cell.value, str) and cell.data_type == "f"
        },
        height=sheet.row_dimensions[first].height if cells else None,
        merged=[
            (merged.min_col, merged.max_col)
            for merged in sheet.merged_cells.ranges
            if cells and merged.min_row == merged.max_row == first
        ],
    )


def _clear(sheet: Worksheet, first: int, last: int, width: int) -> None:
    """Remove the sample rows; their style stays."""
    for merged in list(sheet.merged_cells.ranges):
        if merged.min_row >= first and merged.max_row <= last:
            sheet.unmerge_cells(merged.coord)
    for row in range(first, last + 1):
        for column in range(1, width + 1):
            cell = sheet.cell(row, column)
            if not isinstance(cell, MergedCell):
                cell.value = None
                cell.comment = None
                cell.hyperlink = None


def _make_room(book: Workbook, sheet: Worksheet, gap: Gap, width: int) -> None:
    """Move what stands below the data down, and let formulas, rules and print area follow."""
    if gap.count:
        below = sorted(
            (merged.coord for merged in sheet.merged_cells.ranges if merged.min_row > gap.last), reverse=True
        )
        for coord in below:
            sheet.unmerge_cells(coord)
        _move_cells(sheet, gap, width)
        for coord in below:
            sheet.merge_cells(gap.moved_range(coord))
        _move_rules(sheet, gap)
    for each in book.worksheets:
        _move_formulas(each, gap, own=each is sheet)


def _move_cells(sheet: Worksheet, gap: Gap, width: int) -> None:
    for row in range(sheet.max_row, gap.last, -1):
        for column in range(1, width + 1):
            source = sheet._cells.pop((row, column), None)
            if isinstance(source, Cell):
                source.row = row + gap.count
                sheet._cells[row + gap.count, column] = source
        if row in sheet.row_dimensions:
            dimension = sheet.row_dimensions.pop(row)
            dimension.index = row + gap.count
            sheet.row_dimensions[row + gap.count] = dimension


def _move_rules(sheet: Worksheet, gap: Gap) -> None:
    for validation in sheet.data_validations.dataValidation:
        ranges = " ".join(gap.moved_range(found.coord) for found in validation.sqref.ranges)
        validation.sqref = MultiCellRange(ranges)
    rules, sheet.conditional_formatting = sheet.conditional_formatting, ConditionalFormattingList()
    for formatting in rules:
        ranges = " ".join(gap.moved_range(found.coord) for found in formatting.sqref.ranges)
        for rule in formatting.rules:
            sheet.conditional_formatting.add(ranges, rule)
    if sheet.print_area:
        areas = [area.rpartition("!")[2].replace("$", "") for area in str(sheet.print_area).split(",")]
        sheet.print_area = ",".join(gap.moved_range(area) for area in areas)
    if sheet.auto_filter.ref:
        sheet.auto_filter.ref = gap.moved_range(sheet.auto_filter.ref)
    for table in sheet.tables.values():
        table.ref = gap.moved_range(table.ref)
        if table.autoFilter is not None:
            table.autoFilter.ref = table.ref


def _move_formulas(sheet: Worksheet, gap: Gap, *, own: bool) -> None:
    if not gap.count:
        return
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type == "f" and isinstance(cell.value, str):
                cell.value = gap.moved_formula(cell.value, own=own)


def _write_rows(sheet: Worksheet, layout: Layout, rows: Sequence[Row], sample: _Sample, width: int) -> None:
    fields = layout.fields
    places = {column.index + 1: fields.index(column.field) for column in layout.columns if column.field in fields}
    places = {place: at for place, at in places.items() if _is_filled(layout, place)}
    serial = [column.index + 1 for column in layout.columns if column.field == SERIAL and column.is_filled]
    progress.begin(FILL_STEP, len(rows))
    for number, row in enumerate(rows, 1):
        position = layout.first + number - 1
        _draw(sheet, position, sample, width)
        for place, at in places.items():
            _put(sheet.cell(position, place), row[at])
        for place in serial:
            sheet.cell(position, place).value = number
        for place, (formula, origin) in sample.formulas.items():
            if place not in places and place not in serial:
                target = sheet.cell(position, place)
                target.value = Translator(formula, origin=origin).translate_formula(target.coordinate)
        if number % CHUNK == 0:
            progress.advance(CHUNK)


def _is_filled(layout: Layout, place: int) -> bool:
    return any(column.index + 1 == place and column.is_filled for column in layout.columns)


def _draw(sheet: Worksheet, position: int, sample: _Sample, width: int) -> None:
    for column, style in sample.styles.items():
        if column <= width:
            sheet.cell(position, column)._style = copy(style)  # type: ignore[union-attr]
    if sample.height is not None:
        sheet.row_dimensions[position].height = sample.height
    for left, right in sample.merged:
        sheet.merge_cells(start_row=position, end_row=position, start_column=left, end_column=right)


def _put(cell: Cell | MergedCell, value: Any) -> None:
    if isinstance(cell, MergedCell):
        return
    cell.value = value
    if isinstance(value, str):
        # What a resident is called never becomes a formula.
        cell.data_type = "s"
        if cell.number_format == GENERAL:
            cell.number_format = TEXT
    elif isinstance(value, date) and cell.number_format in (GENERAL, TEXT):
        cell.number_format = DAY


def _mark(sheet: Worksheet, watermark: str, row: int) -> None:
    note = sheet.cell(row, 1)
    note.value, note.font, note.data_type = watermark, _NOTE_STYLE, "s"
    note.alignment = Alignment(wrap_text=False, horizontal="left")
    foot: Any = sheet.oddFooter
    footer = foot.center
    own = footer.text or ""
    footer.text = f"{own}\n{watermark[: LONGEST_FOOTER - len(own)]}".strip()
    footer.size = footer.size or 8


def _style_of(cell: Cell | MergedCell) -> Any:
    return copy(cell._style)  # type: ignore[union-attr]
