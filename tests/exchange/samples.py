"""Workbooks and batches for the tests of the intake."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from linli.areas.models import Area
from linli.exchange.actions import apply_batch, check_batch, receive_workbook
from linli.exchange.models import Batch
from tests.once import once

REAL_WORKBOOK = Path(__file__).parents[1] / "data" / "居民台账-广场西社区.xlsx"
HEADERS = (
    "小区名称",
    "楼栋号",
    "单元",
    "房号",
    "与户主关系",
    "姓名",
    "性别",
    "公民身份号码",
    "出生日期",
    "联系电话",
    "居住状态",
    "是否出租",
    "备注",
)

# The same rows make the same file.
CREATED = datetime(2026, 11, 24)  # noqa: DTZ001 - the format knows no time zone

Row = Sequence[str]


def workbook(rows: Sequence[Row], headers: Sequence[str] = HEADERS) -> bytes:
    """Return an .xlsx file with one sheet."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_numbers": False}) as book:
        book.set_properties({"created": CREATED})
        sheet = book.add_worksheet("居民台账")
        for number, row in enumerate([headers, *rows]):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)
    return out.getvalue()


def resident(name: str, **values: str) -> Row:
    """Return a row about somebody in 黎花园 3号楼 2单元 501; ``values`` by our field names."""
    said = {
        "compound": "黎花园",
        "building": "3号楼",
        "entrance": "2单元",
        "room": "501",
        "relation": "户主",
        "name": name,
        "sex": "女",
        "id_number": "",
        "birth_date": "",
        "phone": "",
        "residence_status": "户籍常住",
        "renting": "否",
        "note": "",
    } | values
    return list(said.values())


def received(content: bytes, area: Area, by: Any) -> Batch:
    """Return a batch whose workbook was received and checked."""
    batch = receive_workbook(content, name="台账.xlsx", area=area, kind="people", by=by)
    check_batch(batch, by=by)
    return batch


def applied(content: bytes, area: Area, by: Any) -> Batch:
    """Return a batch whose workbook was taken over, held rows left out."""
    once((content, area.code, by.username), lambda: apply_batch(received(content, area, by), by=by))
    return Batch.objects.latest("pk")
