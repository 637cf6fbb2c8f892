"""Forms as departments send them: each with something that must survive."""

from __future__ import annotations

import io
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

THIN = Border(*[Side(style="thin")] * 4)
HEADERS = ("序号", "姓名", "性别", "身份证号", "出生日期", "联系电话", "现住址", "民族", "幸福指数")
TITLE = "居民基本情况登记表"


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheet_of(content: bytes, name: str = "") -> Worksheet:
    book = load_workbook(io.BytesIO(content))
    return book[name] if name else book.worksheets[0]


def lined(sheet: Worksheet, row: int, values: tuple[Any, ...]) -> None:
    for column, value in enumerate(values, 1):
        sheet.cell(row, column, value).border = THIN


def plain() -> bytes:
    """A merged title, one row of headers, one empty drawn row, nothing below."""
    book = Workbook()
    sheet: Any = book.active
    sheet.merge_cells("A1:I1")
    sheet["A1"] = TITLE
    sheet["A1"].font = Font(bold=True, size=18)
    sheet["A1"].alignment = Alignment(horizontal="center")
    lined(sheet, 2, HEADERS)
    lined(sheet, 3, (None,) * 9)
    sheet.row_dimensions[3].height = 24
    sheet.column_dimensions["G"].width = 33
    sheet.oddFooter.center.text = "民政局制"
    sheet.print_title_rows = "2:2"
    sheet.page_setup.orientation = "landscape"
    return saved(book)


def two_rows_of_headers() -> bytes:
    """Two rows of headers with merged group headings, and a line that numbers the columns."""
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["户籍人口核查表"])
    sheet.merge_cells("A1:F1")
    sheet.append(["姓名", "证件", None, "住址", None, None])
    sheet.append([None, "身份证号", "出生日期", "小区", "楼号", "房号"])
    for merged in ("A2:A3", "B2:C2", "D2:F2"):
        sheet.merge_cells(merged)
    sheet.append([1, 2, 3, 4, 5, 6])
    return saved(book)


def with_totals() -> bytes:
    """Two blank rows, a totals row with a formula, a merged note for signatures, and a formula in another sheet."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "花名册"
    lined(sheet, 1, ("姓名", "性别", "出生日期", "是否出租", "人数"))
    for row in (2, 3):
        lined(sheet, row, (None, None, None, None, "=1"))
    lined(sheet, 4, ("合计", None, None, None, "=SUM(E2:E3)"))
    sheet["E4"].fill = PatternFill("solid", fgColor="FFFFEE00")
    sheet.row_dimensions[4].height = 31
    sheet.merge_cells("A5:E5")
    sheet["A5"] = "填表人：            负责人：            日期："
    sheet.print_area = "A1:E5"
    other = book.create_sheet("汇总")
    other["A1"] = "=花名册!E4"
    other["A2"] = "=COUNTA(花名册!A2:A3)"
    return saved(book)


def with_samples() -> bytes:
    """Two sample rows, one marked as an example, a formula in each row, cells merged across in each row."""
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["姓名", "联系电话", "现住址", None, "出生日期", "年份", "备注"])
    sheet.merge_cells("C1:D1")
    sheet.append(["示例", "13800000000", "某小区1号楼", None, "1980-01-01", "=YEAR(E2)", "样子"])
    sheet.append(["张三", "13900000000", "某小区2号楼", None, "1990-01-01", "=YEAR(E3)", "样子"])
    sheet.merge_cells("C2:D2")
    sheet.merge_cells("C3:D3")
    sheet["E2"].number_format = 'yyyy"年"m"月"d"日"'
    return saved(book)


def with_hidden_column() -> bytes:
    """A column that nobody sees, with a header that would be filled."""
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["姓名", "身份证号", "性别", "现住址"])
    sheet.column_dimensions["B"].hidden = True
    return saved(book)


def on_the_second_sheet() -> bytes:
    """A first sheet with instructions, the form on the second."""
    book = Workbook()
    first: Any = book.active
    first.title = "填表说明"
    first["A1"] = "请如实填写"
    second = book.create_sheet("登记表")
    second.append([TITLE])
    second.append(["户主姓名", "身份证号", "联系电话", "家庭住址"])
    return saved(book)


def with_rules() -> bytes:
    """A list to choose from, a rule that colours, a filter, and a totals row that they must not reach."""
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["姓名", "性别", "与户主关系", "居住状态"])
    sheet.append([None, None, None, None])
    sheet.append(["合计", None, None, "=COUNTA(A2:A2)"])
    choice = DataValidation(type="list", formula1='"男,女"')
    choice.add("B2:B2")
    sheet.add_data_validation(choice)
    sheet.conditional_formatting.add("B2:B2", CellIsRule(operator="equal", formula=['"女"'], font=Font(bold=True)))
    sheet.auto_filter.ref = "A1:D2"
    return saved(book)
