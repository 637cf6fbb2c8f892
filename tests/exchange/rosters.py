"""Rosters of posts as offices write them, and tables with merged cells."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter

Merge = tuple[int, int, int, int]


def merged_table(rows: Sequence[Sequence[str]], merged: Sequence[Merge] = ()) -> bytes:
    """Return an .xlsx file; ``merged`` are cells as first row, first column, last row, last column, from 0."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("花名册")
        inside = {
            (row, column)
            for top, left, bottom, right in merged
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        }
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                if text and (number, column) not in inside:
                    sheet.write_string(number, column, text)
        for top, left, bottom, right in merged:
            sheet.merge_range(top, left, bottom, right, rows[top][left])
    return out.getvalue()
