"""Tables out, and the workbook of what needs correcting, which comes back corrected."""

import csv
import datetime
import io

import openpyxl
import pytest

from linli.core.sheets.checking import check
from linli.core.sheets.people_rows import PEOPLE_SHEET
from linli.core.sheets.reading import open_workbook
from linli.core.sheets.text import Cell
from linli.core.sheets.writing import guarded, write_csv, write_errors, write_table
from tests.core.sheets.variants import all_variants


def test_table_keeps_text_as_text_and_carries_its_watermark() -> None:
    out = io.BytesIO()
    rows: list[list[Cell]] = [["=1+1", 3, datetime.date(2026, 1, 2)], ["http://x", 4.5, None]]
    assert write_table(out, ["甲", "乙", "丙"], iter(rows), "台账[1]", "张三 & 李四 2026-11-22") == 2
    sheet = openpyxl.load_workbook(io.BytesIO(out.getvalue())).worksheets[0]
    assert sheet.title == "台账 1"
    assert [cell.value for cell in sheet["A"]] == ["台账[1]", "张三 & 李四 2026-11-22", "甲", "=1+1", "http://x"]
    assert sheet["A4"].data_type == "s"
    assert sheet["C4"].value == datetime.datetime(2026, 1, 2)  # noqa: DTZ001 - a cell knows no zone
    assert "李四" in (sheet.oddFooter.center.text or "")


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@x", "\tx", "\rx", " =1"])
def test_csv_disarms_formulas(text: str) -> None:
    assert guarded(text) == "'" + text


@pytest.mark.parametrize(
    ("cell", "text"), [("张三", "张三"), (-5, "-5"), (None, ""), (datetime.date(2026, 1, 2), "2026-01-02")]
)
def test_csv_leaves_the_rest(cell: Cell, text: str) -> None:
    assert guarded(cell) == text


def test_csv_has_its_mark_and_its_rows() -> None:
    out = io.BytesIO()
    assert write_csv(out, ["姓名", "备注"], [["张三", "=x"], ["李,四", ""]]) == 2
    assert out.getvalue().startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig")))) == [
        ["姓名", "备注"],
        ["张三", "'=x"],
        ["李,四", ""],
    ]


def test_error_workbook_holds_the_wrong_rows_with_notes_and_comes_back() -> None:
    variant = next(variant for variant in all_variants() if variant.name == "columns that are never stored")
    raw = open_workbook(variant.content, variant.file_name)[0]
    checked = check(PEOPLE_SHEET, raw)
    out = io.BytesIO()
    wrong = [row for row in checked.rows if row.problems]
    assert write_errors(out, raw, checked) == len(wrong)
    sheet = openpyxl.load_workbook(io.BytesIO(out.getvalue())).worksheets[0]
    headers = [cell.value for cell in sheet[1]]
    assert "民族" not in headers
    notes = [cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment]
    assert len(notes) == len(checked.problems)

    again = check(PEOPLE_SHEET, open_workbook(out.getvalue(), "要改的.xlsx")[0])
    assert [row.values["name"] for row in again.rows] == [row.values["name"] for row in wrong]
    assert [row.values["room"] for row in again.rows] == [row.values["room"] for row in wrong]


def test_error_workbook_writes_inherited_addresses_out() -> None:
    variant = next(variant for variant in all_variants() if variant.name == "four titles, blank addresses")
    raw = open_workbook(variant.content, variant.file_name)[0]
    checked = check(PEOPLE_SHEET, raw)
    out = io.BytesIO()
    write_errors(out, raw, checked)
    again = check(PEOPLE_SHEET, open_workbook(out.getvalue(), "要改的.xlsx")[0])
    wrong = [row for row in checked.rows if row.problems]
    told = ("compound", "building", "entrance", "room", "name")
    assert [[row.values[name] for name in told] for row in again.rows] == [
        [row.values[name] for name in told] for row in wrong
    ]
