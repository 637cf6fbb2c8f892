"""What must not be opened is refused in words, before it is opened."""

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from django.utils import translation

from linli.core.sheets.checking import check_workbook
from linli.core.sheets.people_rows import PEOPLE_SHEET
from linli.core.sheets.reading import open_workbook
from linli.core.sheets.safety import DEFAULT_LIMITS, Limits, WorkbookRefused
from tests.core.sheets.variants import community, renamed, table, workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def good() -> bytes:
    return workbook(table(community()[0], renamed()))


def repacked(content: bytes, parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename not in parts:
                new.writestr(entry.filename, old.read(entry))
        for name, text in parts.items():
            new.writestr(name, text)
    return out.getvalue()


def refusal(content: bytes | Path, name: str = "台账.xlsx", limits: Limits = DEFAULT_LIMITS) -> str:
    with pytest.raises(WorkbookRefused) as caught:
        open_workbook(content, name, limits)
    with translation.override("en"):
        words = str(caught.value.message)
    assert len(words.split()) > 5
    return caught.value.code


def test_a_good_workbook_is_taken() -> None:
    assert len(open_workbook(good(), "台账.xlsx")) == 1


def test_zip_bomb_is_refused_by_its_ratio() -> None:
    assert refusal(repacked(good(), {"xl/media/image.bin": b"\0" * 30_000_000})) == "zip_bomb"


def test_zip_bomb_is_refused_by_its_total_size() -> None:
    small = Limits(unpacked_size=1000)
    assert refusal(good(), limits=small) == "zip_bomb"


def test_zip_with_too_many_entries_is_refused() -> None:
    assert refusal(repacked(good(), {f"xl/media/{number}": b"" for number in range(10_001)})) == "zip_bomb"


def test_macro_is_refused_by_its_part_and_by_its_type() -> None:
    assert refusal(repacked(good(), {"xl/vbaProject.bin": b"macro"})) == "macro"
    types = b'<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
    assert refusal(repacked(good(), {"[Content_Types].xml": types})) == "macro"


def test_zip_that_is_no_workbook_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("readme.txt", "hello")
    assert refusal(out.getvalue()) == "not_a_workbook"


def test_external_entities_are_refused() -> None:
    evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><sst>&e;</sst>'
    assert refusal(repacked(good(), {"xl/sharedStrings.xml": evil})) == "unsafe_xml"


@pytest.mark.parametrize("name", ["台账.xlsx", "台账.XLS", "台账.et"])
def test_text_that_is_named_like_a_workbook_is_refused(name: str) -> None:
    assert refusal("姓名,性别\n张三,男\n".encode(), name) == "text_named_workbook"


def test_the_same_text_named_csv_is_taken() -> None:
    assert open_workbook("姓名,性别\n张三,男\n".encode(), "台账.csv")[0].rows == [["姓名", "性别"], ["张三", "男"]]


def test_web_page_named_xls_is_refused() -> None:
    assert refusal("<html><table><tr><td>姓名</td></tr></table></html>".encode(), "台账.xls") == "web_page"


def test_file_over_the_limit_is_refused_without_being_read(tmp_path: Path) -> None:
    huge = tmp_path / "huge.xlsx"
    with huge.open("wb") as stream:
        stream.truncate(300 * 1024 * 1024)
    huge.chmod(0)
    assert refusal(huge) == "too_large"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_truncated_zip_is_refused(share: float) -> None:
    content = good()
    assert refusal(content[: int(len(content) * share)]) == "damaged"


def test_damaged_part_is_refused() -> None:
    assert refusal(repacked(good(), {"xl/workbook.xml": b"<workbook><sheets><sheet name="})) == "damaged"


def test_empty_file_is_refused() -> None:
    assert refusal(b"") == "empty"


@pytest.mark.parametrize("content", [b"a,b\0c\n1,2\n", b"\0" * 1000, b"\xff\x00\x81\x00" * 50])
def test_nul_bytes_are_refused(content: bytes) -> None:
    assert refusal(content, "台账.csv") == "not_a_table"


def test_encrypted_and_macro_ole_files_are_refused() -> None:
    assert refusal(OLE + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le")) == "encrypted"
    assert refusal(OLE + b"\0" * 500 + "_VBA_PROJECT".encode("utf-16-le")) == "macro"
    assert refusal(OLE + b"\0" * 500 + "WordDocument".encode("utf-16-le"), "台账.doc") == "not_a_workbook"
    assert refusal(OLE + b"\0" * 500 + "Workbook".encode("utf-16-le"), "台账.xls") == "damaged"


def test_twenty_thousand_columns_are_refused() -> None:
    wide = ",".join(["姓名"] * 20_000).encode()
    assert refusal(wide, "台账.csv") == "too_wide"


def test_cells_far_out_are_refused_before_the_table_between_them_fills_the_memory() -> None:
    rows = b'<worksheet><sheetData><row r="1"><c r="%s" t="str"><v>x</v></c></row></sheetData></worksheet>'
    assert refusal(repacked(good(), {"xl/worksheets/sheet1.xml": rows % b"XFD1"})) == "too_wide"
    assert refusal(repacked(good(), {"xl/worksheets/sheet1.xml": rows % b"ZZ1048576"})) == "too_many_cells"


def test_a_million_characters_in_a_csv_cell_are_refused() -> None:
    assert refusal(("姓名,备注\n张三," + "长" * 1_000_000).encode(), "台账.csv") == "cell_too_long"


def test_a_million_characters_in_a_workbook_cell_are_a_problem_of_that_cell() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for column, text in enumerate(("姓名", "房号", "楼栋", "备注")):
            sheet.write(0, column, text)
        for column, text in enumerate(("张三", "101", "3号楼", "MARK")):
            sheet.write(1, column, text)
    with zipfile.ZipFile(io.BytesIO(out.getvalue())) as package:
        strings = package.read("xl/sharedStrings.xml")
    long = repacked(out.getvalue(), {"xl/sharedStrings.xml": strings.replace(b"MARK", "长".encode() * 1_000_000)})
    checked = check_workbook(PEOPLE_SHEET, open_workbook(long, "台账.xlsx"))
    assert [(problem.kind, problem.cell, problem.held) for problem in checked.problems] == [("too_long", "D2", False)]
    assert len(checked.problems[0].value) < 100
