"""One spelling for addresses."""

from __future__ import annotations

import pytest

from linli.housing.addresses import HomeKey, floor_of, home_key, spell_building, spell_home


@pytest.mark.parametrize("building", ["3", "3号楼", "3#", "三号楼", "第3栋", "03", "3 号 楼", "３号楼"])
def test_a_building_has_one_key_however_it_is_written(building: str) -> None:
    assert home_key("黎花园", building, "2单元", "501室") == HomeKey("黎花园", "3", "2", "501")


def test_a_name_stays_a_name() -> None:
    assert home_key("黎花园", "南楼").building == "南楼"
    assert home_key("黎花园", "3").house == home_key("黎花园", "3号楼", "1", "201").house
    assert home_key("黎花园", "3") != home_key("黎花园", "13")


@pytest.mark.parametrize(("written", "spoken"), [("3", "3号楼"), ("A", "A号楼"), ("南楼", "南楼"), ("", "")])
def test_buildings_are_spelled_as_people_say_them(written: str, spoken: str) -> None:
    assert spell_building(written) == spoken


@pytest.mark.parametrize(
    ("entrance", "room", "spoken"),
    [
        ("2", "501", "黎花园3号楼2单元501"),
        ("", "501", "黎花园3号楼501"),
        ("东", "501", "黎花园3号楼东501"),
        ("", "", "黎花园3号楼"),
    ],
)
def test_homes_are_spelled_as_people_say_them(entrance: str, room: str, spoken: str) -> None:
    assert spell_home("黎花园3号楼", entrance, room) == spoken


@pytest.mark.parametrize(
    ("room", "floor"), [("501", 5), ("1203", 12), ("0101", 1), ("12", None), ("南屋", None), ("", None)]
)
def test_the_room_tells_the_floor(room: str, floor: int | None) -> None:
    assert floor_of(room) == floor
