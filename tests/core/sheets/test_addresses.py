"""One home, however it is written."""

import pytest

from linli.core.sheets.addresses import (
    Address,
    building_number,
    compound_name,
    entrance_number,
    find_building,
    room_number,
    split_address,
    split_within_building,
)


@pytest.mark.parametrize("written", ["3", "3号楼", "3#", "三号楼", "3栋", "3幢", "第3栋", "03", "3.0", "３号楼", "3# "])
def test_building_three_is_always_three(written: str) -> None:
    assert building_number(written) == "3"


@pytest.mark.parametrize(
    ("written", "number"), [("二十三号楼", "23"), ("a座", "A"), ("西楼", "西楼"), ("十号楼", "10")]
)
def test_other_buildings(written: str, number: str) -> None:
    assert building_number(written) == number


@pytest.mark.parametrize("written", ["2", "2单元", "二单元", "第2单元", "02"])
def test_entrance_two(written: str) -> None:
    assert entrance_number(written) == "2"


@pytest.mark.parametrize("written", ["501", "501室", "501号", "0501", "５０１"])
def test_room(written: str) -> None:
    assert room_number(written) == "501"


@pytest.mark.parametrize(
    "written",
    [
        "黎花园3号楼2单元501",
        "黎花园3栋2单元501室",
        "黎花园三号楼二单元501",
        "黎花园3#2-501",
        "黎花园3-2-501",
        "黎花园 3号楼 2单元 501",
        "黎花园３号楼２单元５０１",
        "山西省长治市潞州区黎花园3号楼2单元501室",
        "广场西社区黎花园3幢2单元5层501",
    ],
)
def test_whole_address_is_split(written: str) -> None:
    assert split_address(written) == Address("黎花园", "3", "2", "501")


def test_address_without_entrance_and_without_building() -> None:
    assert split_address("刘小区2号楼301") == Address("刘小区", "2", "", "301")
    assert split_address("东街12号") == Address("东街", "12")
    assert split_address("五一小区3号楼1单元101") == Address("五一小区", "3", "1", "101")
    assert split_address("平房") is None


def test_address_within_a_building() -> None:
    assert split_within_building("2单元501") == Address(entrance="2", room="501")
    assert split_within_building("2-501") == Address(entrance="2", room="501")
    assert split_within_building("501") == Address(room="501")
    assert split_within_building("东街拐角") is None


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("潞州区刘小区", "刘小区"),
        ("长治市潞州区太行西街街道广场西社区黎花园", "黎花园"),
        ("刘小区", "刘小区"),
        ("社区大院", "社区大院"),
        ("市政家属院", "市政家属院"),
        ("开发区小区", "开发区小区"),
    ],
)
def test_compound_keeps_its_own_name_only(written: str, name: str) -> None:
    assert compound_name(written) == name


def test_building_in_a_sheet_name_or_title() -> None:
    assert find_building("广场西社区黎花园3号楼居民信息台账") == Address("黎花园", "3")
    assert find_building("3栋2单元(共24户)") == Address("", "3", "2")
    for text in ("居民台账", "2026年10月", "1号网格", "Sheet3"):
        assert find_building(text) is None
