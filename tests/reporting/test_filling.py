from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from linli.core.sheets.headers import How
from linli.core.sheets.safety import WorkbookRefused
from linli.reporting.filling import fill
from linli.reporting.layout import Layout, understood
from linli.reporting.shifting import Gap
from tests.reporting import forms

MARK = "郭建英于2026-11-24 10:18导出"
VALUES: dict[str, Any] = {
    "name": "单田芳",
    "sex": "女",
    "id_number": "1499**********7324",
    "birth_date": date(1961, 8, 25),
    "phone": "150****9934",
    "address": "黎花园3号楼2单元501",
    "compound": "黎花园",
    "building": "3号楼",
    "room": "501",
    "renting": "否",
    "head_name": "单田芳",
    "relation": "户主",
    "residence_status": "户籍常住",
}


def filled(form: bytes, count: int, sheet: str = "") -> tuple[Worksheet, Layout]:
    layout = understood(form, "表.xlsx", {})
    out = io.BytesIO()
    rows = [[VALUES[field] for field in layout.fields] for _number in range(count)]
    assert fill(form, layout, rows, out, watermark=MARK) == count
    return forms.sheet_of(out.getvalue(), sheet or layout.sheet), layout


def row(sheet: Worksheet, number: int) -> list[Any]:
    return [cell.value for cell in sheet[number]]


def test_title_widths_styles_and_print_settings_stay() -> None:
    sheet, layout = filled(forms.plain(), 3)
    assert sheet["A1"].value == forms.TITLE
    assert sheet["A1"].font.size == 18
    assert [str(merged) for merged in sheet.merged_cells.ranges] == ["A1:I1"]
    assert sheet.column_dimensions["G"].width == 33
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == "$2:$2"
    assert row(sheet, 3)[:3] == [1, "单田芳", "女"]
    assert row(sheet, 5)[0] == 3
    for number in (3, 4, 5):
        assert sheet.cell(number, 1).border.left.style == "thin"
        assert sheet.row_dimensions[number].height == 24
    assert layout.by_household is False


def test_what_linli_never_keeps_and_what_it_does_not_know_stay_empty() -> None:
    sheet, layout = filled(forms.plain(), 2)
    how = {column.header: (column.how, column.is_filled) for column in layout.columns}
    assert how["民族"] == (How.NEVER, False)
    assert how["幸福指数"] == (How.UNKNOWN, False)
    assert [sheet.cell(number, column).value for number in (3, 4) for column in (8, 9)] == [None] * 4


def test_dates_are_dates_and_numbers_are_text() -> None:
    sheet, _layout = filled(forms.plain(), 1)
    born, number = sheet.cell(3, 5), sheet.cell(3, 4)
    assert (born.value.date(), born.number_format) == (date(1961, 8, 25), "yyyy-mm-dd")
    assert (number.value, number.number_format) == ("1499**********7324", "@")


def test_the_watermark_stands_below_and_at_the_foot_beside_the_form_s_own() -> None:
    sheet, _layout = filled(forms.plain(), 3)
    assert sheet["A7"].value == MARK
    assert "民政局制" in sheet.oddFooter.center.text
    assert MARK in sheet.oddFooter.center.text


def test_two_rows_of_headers_and_a_line_of_numbers() -> None:
    sheet, layout = filled(forms.two_rows_of_headers(), 2)
    assert layout.first == 5
    assert row(sheet, 4) == [1, 2, 3, 4, 5, 6]
    assert row(sheet, 5)[3:] == ["黎花园", "3号楼", "501"]
    assert {"A2:A3", "B2:C2", "D2:F2"} <= {str(merged) for merged in sheet.merged_cells.ranges}


@pytest.mark.parametrize("count", [0, 1, 2, 3, 40])
def test_totals_signatures_and_other_sheets_follow(count: int) -> None:
    form = forms.with_totals()
    layout = understood(form, "表.xlsx", {})
    out = io.BytesIO()
    fill(form, layout, [[VALUES[field] for field in layout.fields]] * count, out, watermark=MARK)
    sheet, other = forms.sheet_of(out.getvalue(), "花名册"), forms.sheet_of(out.getvalue(), "汇总")
    total = max(4, count + 2)
    assert sheet.cell(total, 1).value == "合计"
    assert sheet.cell(total, 5).value == f"=SUM(E2:E{total - 1})"
    assert sheet.cell(total, 5).fill.fgColor.rgb == "FFFFEE00"
    assert sheet.row_dimensions[total].height == 31
    assert str(sheet.cell(total + 1, 1).value).startswith("填表人")
    assert f"A{total + 1}:E{total + 1}" in {str(merged) for merged in sheet.merged_cells.ranges}
    assert sheet.print_area == f"'花名册'!$A$1:$E${total + 1}"
    assert (other["A1"].value, other["A2"].value) == (f"=花名册!E{total}", f"=COUNTA(花名册!A2:A{total - 1})")
    assert [sheet.cell(number, 1).value for number in range(2, count + 2)] == ["单田芳"] * count


def test_samples_go_and_their_formulas_and_merged_cells_stay() -> None:
    sheet, _layout = filled(forms.with_samples(), 5)
    text = str([row(sheet, number) for number in range(1, sheet.max_row + 1)])
    assert "张三" not in text
    assert "示例" not in text
    assert "样子" not in text
    for number in range(2, 7):
        assert sheet.cell(number, 6).value == f"=YEAR(E{number})"
        assert f"C{number}:D{number}" in {str(merged) for merged in sheet.merged_cells.ranges}
        assert sheet.cell(number, 5).number_format == 'yyyy"年"m"月"d"日"'


def test_fewer_rows_than_samples_leave_the_rest_blank() -> None:
    sheet, _layout = filled(forms.with_samples(), 1)
    assert sheet.cell(2, 1).value == "单田芳"
    assert [sheet.cell(3, column).value for column in (1, 2, 3, 5)] == [None] * 4


def test_a_hidden_column_stays_hidden_and_empty() -> None:
    sheet, layout = filled(forms.with_hidden_column(), 2)
    assert sheet.column_dimensions["B"].hidden
    assert [sheet.cell(number, 2).value for number in (2, 3)] == [None, None]
    assert "id_number" not in layout.fields


def test_the_form_may_stand_on_the_second_sheet_and_ask_for_households() -> None:
    sheet, layout = filled(forms.on_the_second_sheet(), 2)
    assert (layout.sheet, layout.by_household) == ("登记表", True)
    assert row(sheet, 3)[0] == "单田芳"
    form, out = forms.on_the_second_sheet(), io.BytesIO()
    fill(form, layout, [], out, watermark=MARK)
    assert forms.sheet_of(out.getvalue(), "填表说明")["A1"].value == "请如实填写"


def test_rules_reach_all_rows_and_no_further() -> None:
    sheet, _layout = filled(forms.with_rules(), 30)
    assert str(sheet.data_validations.dataValidation[0].sqref) == "B2:B31"
    assert [str(found.sqref) for found in sheet.conditional_formatting] == ["B2:B31"]
    assert sheet.auto_filter.ref == "A1:D31"
    assert sheet["D32"].value == "=COUNTA(A2:A31)"
    assert sheet["A32"].value == "合计"


def test_a_name_never_becomes_a_formula() -> None:
    form = forms.plain()
    layout = understood(form, "表.xlsx", {})
    out = io.BytesIO()
    fill(form, layout, [["=1+1" if field == "name" else "" for field in layout.fields]], out, watermark="=" + MARK)
    sheet = forms.sheet_of(out.getvalue())
    assert (sheet.cell(3, 2).value, sheet.cell(3, 2).data_type) == ("=1+1", "s")


def test_a_person_says_what_a_column_is_but_never_fills_what_is_never_kept() -> None:
    layout = understood(forms.plain(), "表.xlsx", {8: "employer", 5: None, 7: "employer"})
    fields = {column.header: column.field for column in layout.columns if column.is_filled}
    assert fields["幸福指数"] == "employer"
    assert "联系电话" not in fields
    assert "民族" not in fields


@pytest.mark.parametrize("name", ["表.xls", "表.csv", "表.pdf"])
def test_only_xlsx_keeps_its_layout(name: str) -> None:
    with pytest.raises(WorkbookRefused):
        understood(forms.plain(), name, {})


def test_what_is_no_form_of_people_is_refused_in_words() -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["型号", "数量", "单价"])
    for content in (forms.saved(book), b"PK\x03\x04 broken", b"text"):
        with pytest.raises(WorkbookRefused):
            understood(content, "表.xlsx", {})


@pytest.mark.parametrize(
    ("formula", "moved"),
    [
        ("=SUM(E2:E3)", "=SUM(E2:E13)"),
        ("=SUM($E$2:$E$3)*E5", "=SUM($E$2:$E$13)*E15"),
        ("=SUM(E1:E9)", "=SUM(E1:E19)"),
        ('=E1&"E5:E9"', '=E1&"E5:E9"'),
        ("=SUM(别的!E5:E9)+'花 名'!A4", "=SUM(别的!E5:E9)+'花 名'!A14"),
        ("=SUM(E:E)+SUM(2:3)", "=SUM(E:E)+SUM(2:13)"),
    ],
)
def test_formulas_point_to_what_they_pointed_to(formula: str, moved: str) -> None:
    assert Gap("花 名", 2, 3, 10).moved_formula(formula, own=True) == moved
