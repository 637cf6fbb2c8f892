"""Columns are recognised by their headers, corrected by a person, and dropped where they must be."""

import pytest

from linli.core.sheets.checking import check, check_workbook
from linli.core.sheets.headers import How, find_header
from linli.core.sheets.never import is_never
from linli.core.sheets.people_rows import PEOPLE_SHEET, people_figures
from linli.core.sheets.reading import RawSheet
from linli.core.sheets.text import Cell, words

HEADER: list[Cell] = ["序号", "小区", "楼栋", "房号", "姓名", "身份证号", "民族", "爱好"]
PERSON: list[Cell] = [1, "黎花园", "3号楼", 501, "张三", "", "汉", "象棋"]


def sheet(*rows: list[Cell]) -> RawSheet:
    return RawSheet("台账", rows)


def how(raw: RawSheet) -> dict[str, tuple[str | None, str]]:
    header = find_header(PEOPLE_SHEET, raw)
    assert header is not None
    return {column.group + column.header: (column.field, str(column.how)) for column in header.columns}


def test_columns_and_how_they_were_found() -> None:
    found = how(sheet(HEADER, PERSON))
    assert found["姓名"] == ("name", "exact")
    assert found["小区"] == ("compound", "synonym")
    assert found["民族"] == (None, "never")
    assert found["爱好"] == (None, "unknown")


def test_a_person_corrects_a_column() -> None:
    checked = check(PEOPLE_SHEET, sheet(HEADER, PERSON), {7: "note", 1: None})
    assert {column.header: column.how for column in checked.columns}["爱好"] is How.CHOSEN
    assert checked.rows[0].values["note"] == "象棋"
    assert checked.rows[0].values["compound"] == ""


def test_a_corrected_field_leaves_its_other_column() -> None:
    checked = check(PEOPLE_SHEET, sheet([*HEADER, "备注"], [*PERSON, "下棋"]), {7: "note"})
    assert {column.header: column.field for column in checked.columns}["备注"] is None
    assert checked.rows[0].values["note"] == "象棋"


def test_nobody_can_bring_back_a_never_column() -> None:
    checked = check(PEOPLE_SHEET, sheet(HEADER, PERSON), {6: "note"})
    assert "汉" not in checked.rows[0].values.values()


@pytest.mark.parametrize(
    "label",
    words(
        "民族 宗教信仰 政治面貌 是否党员 信访情况 前科 吸毒史 患何疾病 疾病诊断 既往病史 婚育情况 避孕措施 "
        "怀孕时间 计生 去向 重点人员"
    ),
)
def test_never_words(label: str) -> None:
    assert is_never(label)


@pytest.mark.parametrize(
    "label",
    words("姓名 性别 身份证号 出生日期 户籍地址 与户主关系 走访时间 文化程度 工作单位 备注 是否出租 婚姻状况 残疾证号"),
)
def test_harmless_words(label: str) -> None:
    assert not is_never(label)


def test_group_heading_over_a_never_column_drops_it() -> None:
    group: list[Cell] = ["姓名", "房号", "楼栋", "性别", "计生情况", ""]
    leaves: list[Cell] = ["", "", "", "", "时间", "备注"]
    found = how(sheet(group, leaves, ["张三", 101, 3, "男", "x", "x"]))
    assert found["计生情况时间"] == (None, "never")
    assert found["计生情况备注"] == (None, "never")


def test_columns_about_somebody_else_are_not_taken() -> None:
    group: list[Cell] = ["楼栋", "房号", "房东信息", "", "居住人信息", "", "户籍", ""]
    leaves: list[Cell] = ["", "", "姓名", "电话", "姓名", "电话", "地址", "性质"]
    found = how(sheet(group, leaves, [3, 101, "王房东", "1", "张三", "13900000001", "山西", "x"]))
    assert found["房东信息姓名"][0] is None
    assert found["居住人信息姓名"][0] == "name"
    assert found["居住人信息电话"][0] == "phone"
    assert found["户籍地址"][0] == "registered_address"


def test_head_and_members_side_by_side() -> None:
    group: list[Cell] = ["楼栋", "房号", "户主信息", "", "家庭成员信息", "", ""]
    leaves: list[Cell] = ["", "", "姓名", "身份证号", "姓名", "与户主关系", "身份证号"]
    found = how(sheet(group, leaves, [3, 101, "张三", "", "李四", "配偶", ""]))
    assert found["户主信息姓名"][0] == "head_name"
    assert found["家庭成员信息姓名"][0] == "name"
    assert found["家庭成员信息身份证号"][0] == "id_number"
    assert found["户主信息身份证号"][0] is None


def test_other_tables_have_no_header_of_this_kind() -> None:
    assert find_header(PEOPLE_SHEET, sheet(["姓名", "联系电话", "职务"], ["王", "13900000001", "网格员"])) is None
    assert find_header(PEOPLE_SHEET, sheet(["楼栋号", "户数"], ["1", 20])) is None
    assert find_header(PEOPLE_SHEET, RawSheet("空", [], first_row=0)) is None


def test_a_workbook_without_a_header_says_so_once() -> None:
    workbook = check_workbook(PEOPLE_SHEET, [sheet(["你好"]), RawSheet("空", [], first_row=0)])
    assert [problem.kind for problem in workbook.problems] == ["no_header"]
    assert people_figures(workbook.rows).people == 0
