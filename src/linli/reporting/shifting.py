"""Rows that are put into a sheet: where every address and formula points afterwards."""

from __future__ import annotations

import re
from dataclasses import dataclass

from openpyxl.formula.tokenizer import Token, Tokenizer
from openpyxl.worksheet.cell_range import CellRange

_CELL = re.compile(r"^(\$?)([A-Za-z]{1,3})(\$?)(\d+)$")
_ROWS = re.compile(r"^(\$?)(\d+)$")


@dataclass(frozen=True)
class Gap:
    """``count`` rows more between ``first`` and ``last`` of a sheet than it was drawn with.

    What stands below moves down; a range that ends among the data reaches to their new end.
    """

    sheet: str
    first: int
    last: int
    count: int

    def moved(self, row: int) -> int:
        """Return where a row is afterwards."""
        return row + self.count if row > self.last else row

    def moved_end(self, start: int, end: int) -> int:
        """Return where the end of a range is afterwards."""
        if self.first <= end <= self.last and start <= end:
            return self.last + self.count
        return self.moved(end)

    def moved_range(self, coord: str) -> str:
        """Return a range such as ``A5:C6`` as it is afterwards."""
        found = CellRange(coord)
        top, bottom = self.moved(found.min_row), self.moved_end(found.min_row, found.max_row)
        found.max_row = max(bottom, top)
        found.min_row = top
        return str(found.coord)

    def moved_formula(self, formula: str, *, own: bool) -> str:
        """Return a formula that points to what it pointed to before; ``own``: it stands in the sheet itself."""
        tokens = Tokenizer(formula)
        for token in tokens.items:
            if token.type == Token.OPERAND and token.subtype == Token.RANGE:
                token.value = self._moved_reference(token.value, own=own)
        return "=" + "".join(token.value for token in tokens.items)

    def _moved_reference(self, reference: str, *, own: bool) -> str:
        sheet, mark, cells = reference.rpartition("!")
        named = sheet.strip("'").replace("''", "'")
        if (mark and named != self.sheet) or (not mark and not own):
            return reference
        start, colon, end = cells.partition(":")
        moved = self._moved_pair(start, end) if colon else self._moved_cell(start)
        return f"{sheet}{mark}{moved}"

    def _moved_pair(self, start: str, end: str) -> str:
        first, last = _row_of(start), _row_of(end)
        if first is None or last is None:
            return f"{start}:{end}"
        return f"{_with_row(start, self.moved(first))}:{_with_row(end, self.moved_end(first, last))}"

    def _moved_cell(self, cell: str) -> str:
        row = _row_of(cell)
        return cell if row is None else _with_row(cell, self.moved(row))


def _row_of(cell: str) -> int | None:
    found = _CELL.match(cell)
    if found:
        return int(found[4])
    found = _ROWS.match(cell)
    return int(found[2]) if found else None


def _with_row(cell: str, row: int) -> str:
    found = _CELL.match(cell)
    if found:
        return f"{found[1]}{found[2]}{found[3]}{row}"
    return re.sub(r"\d+$", str(row), cell)
