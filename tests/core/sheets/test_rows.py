"""Addresses that follow their household, and the rows that are no data."""

import pytest

from linli.core import idnumber
from linli.core.clock import today
from linli.core.sheets.checking import CheckedSheet, check
from linli.core.sheets.people_rows import PEOPLE_SHEET, people_figures
from linli.core.sheets.reading import RawSheet
from linli.core.sheets.rows import inherit
from linli.core.sheets.text import Cell

HEADER: list[Cell] = ["序号", "小区", "楼栋", "单元", "房号", "关系", "姓名", "身份证号", "出生日期", "备注"]
ABOVE = ["黎花园", "3", "2", "501"]


def people(*rows: list[Cell]) -> CheckedSheet:
    return check(PEOPLE_SHEET, RawSheet("台账", [HEADER, *rows]))


def kinds(checked: CheckedSheet) -> list[str]:
    return [problem.kind for problem in checked.problems]


@pytest.mark.parametrize(
    ("parts", "starts", "filled"),
    [
        (["", "", "", ""], False, ABOVE),
        (["", "", "", ""], True, ABOVE),
        (["", "", "", "502"], True, ["黎花园", "3", "2", "502"]),
        (["", "4", "", "502"], True, ["黎花园", "4", "", "502"]),
        (["黎花园", "", "", ""], False, ABOVE),
        (["黎花园", "", "", ""], True, ["黎花园", "", "", ""]),
        (["黎花园", "", "", "502"], True, ["黎花园", "3", "2", "502"]),
        (["黎花园", "3", "", "502"], False, ["黎花园", "3", "", "502"]),
        (["刘小区", "", "", ""], False, ["刘小区", "", "", ""]),
    ],
)
def test_blank_parts_of_an_address_inherit(parts: list[str], starts: bool, filled: list[str]) -> None:
    assert inherit(parts, ABOVE, starts_household=starts) == filled


def test_rows_that_are_no_data_are_passed_over() -> None:
    checked = people(
        [1, "黎花园", "3", "2", "501", "户主", "张三", "", "", ""],
        ["", "", "", "", "", "", "", "", "", ""],
        [2, "", "", "", "", "", "", "", "", ""],
        ["小计", "", "", "1人"],
        HEADER,
        [3, "", "", "", "", "配偶", "李四", "", "", ""],
        ["合计", "", "", "2人"],
        ["注：空置请注明"],
        ["填表人：王五", "", "", "", "审核人：赵六"],
    )
    assert [row.number for row in checked.rows] == [2, 7]
    assert checked.rows[1].values["room"] == "501"


def test_a_person_without_a_home_is_held_and_one_with_a_house_is_not() -> None:
    assert kinds(people([1, "", "", "", "", "户主", "张三", "", "", ""])) == ["no_dwelling"]
    assert kinds(people([1, "黎花园", "3", "", "501", "户主", "张三", "", "", ""])) == []


def test_repeats_need_the_same_id_number_or_the_same_name_birth_and_home() -> None:
    home: list[Cell] = ["黎花园", "3", "2", "501", "之女"]
    first, second = (
        idnumber.make("149999", today().replace(year=1990), 2),
        idnumber.make("149999", today().replace(year=1990), 4),
    )
    twins = people([1, *home, "张三", first, "", ""], [2, *home, "张三", second, "", ""])
    assert kinds(twins) == []
    same_number = people(
        [1, *home, "张三", first, "", ""], [2, "刘小区", "1", "1", "101", "户主", "张山", first, "", ""]
    )
    assert kinds(same_number) == ["duplicate"]
    without_number = people([1, *home, "张三", "", "1990-01-01", ""], [2, *home, "张三", "", "1990.1.1", ""])
    assert kinds(without_number) == ["duplicate"]
    other_birth = people([1, *home, "张三", "", "1990-01-01", ""], [2, *home, "张三", "", "1991-01-01", ""])
    assert kinds(other_birth) == []


def test_vacancy_in_the_name_makes_an_empty_home_and_a_real_name_a_person() -> None:
    checked = people(
        [1, "黎花园", "3", "2", "501", "", "空户", "", "", ""],
        [2, "黎花园", "3", "2", "502", "户主", "张三", "", "", "常年空置"],
    )
    figures = people_figures(checked.rows)
    assert (figures.empty_homes, figures.people) == (1, 1)
