"""People of 广场西社区 and requests to take them out."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from openpyxl import load_workbook

from linli.areas.models import Area
from linli.exports.actions import request_export
from linli.exports.models import Export

COLUMNS = ["address", "name", "id_number", "phone"]


def asked(by: Any, area: Area, kind: str = "people", **values: Any) -> Export:
    """Ask for a list; masked, as a workbook, unless ``values`` say otherwise."""
    given: dict[str, Any] = {
        "filters": {},
        "columns": COLUMNS if kind == "people" else ["address", "head"],
        "form": "xlsx",
        "clear": False,
        "purpose": "核对住户电话",
    } | values
    return request_export(kind, area=area, by=by, **given)


def table(content: Iterable[bytes]) -> list[tuple[Any, ...]]:
    """Return the rows of a workbook, the watermark first."""
    sheet = load_workbook(io.BytesIO(b"".join(content))).worksheets[0]
    return [tuple(row) for row in sheet.iter_rows(values_only=True)]
