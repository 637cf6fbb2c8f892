"""An invented table that a department wants back, kept for the first community to be filled."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from linli.areas.choices import COMMUNITY_SIDE, Role
from linli.areas.models import Area
from linli.areas.queries import staff_of
from linli.demo.staff import SHOWCASE_COMMUNITY
from linli.reporting.actions import keep_template

TITLE = "老旧小区改造入户登记表"
HEADERS = ("序号", "姓名", "与户主关系", "出生日期", "联系电话", "楼号", "单元", "房号", "民族", "是否同意加装电梯")
WIDTHS = (6, 10, 12, 13, 15, 10, 8, 8, 8, 18)
BLANK_ROWS = 4
_SIDE = Side(style="thin")
_THIN = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)


def form() -> bytes:
    """Return the empty form: a title, two rows of headers, blank rows, a sum, a note and a line to sign on."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "登记表"
    sheet.merge_cells("A1:J1")
    sheet["A1"] = TITLE
    sheet["A1"].font, sheet["A1"].alignment = Font(bold=True, size=18), Alignment(horizontal="center")
    sheet.append([*HEADERS[:5], "住址", None, None, *HEADERS[8:]])
    sheet.append([None] * 5 + list(HEADERS[5:8]) + [None] * 2)
    sheet.merge_cells("F2:H2")
    for letter in "ABCDEIJ":
        sheet.merge_cells(f"{letter}2:{letter}3")
    last = 3 + BLANK_ROWS
    for row in sheet.iter_rows(min_row=2, max_row=last + 1, max_col=len(HEADERS)):
        for cell in row:
            cell.border = _THIN
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    sheet.cell(last + 1, 1, "合计")
    sheet.cell(last + 1, 2, f"=COUNTA(B4:B{last})")
    sheet.cell(last + 2, 1, "说明：电梯一栏入户时当面问，不愿说的写“不愿说”。")
    sheet.cell(last + 3, 1, "填表人：            负责人：            日期：")
    for number, width in enumerate(WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.print_title_rows = "1:3"
    sheet.page_setup.orientation = "landscape"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def write_tables(places: Mapping[str, Area]) -> None:
    """Let the leader of the first community send the form in; nothing where nobody serves it."""
    community = places[SHOWCASE_COMMUNITY]
    leaders = [post.holder for post in staff_of(community, (Role.LEADER, *COMMUNITY_SIDE)) if post.holder]
    if leaders:
        keep_template(form(), name=f"{TITLE}.xlsx", title=TITLE, area=community, by=leaders[0])
