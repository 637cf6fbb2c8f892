"""Plain workbooks as communities write them: a title over the table, one row of headers, rows."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook


def titled_workbook(title: str, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return an .xlsx file with one sheet; every row begins with its number below the first header."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = title
    sheet.append([title])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(headers))
    sheet.append(headers)
    for number, row in enumerate(rows, 1):
        sheet.append((number, *row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
