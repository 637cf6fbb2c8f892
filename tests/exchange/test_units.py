"""Workbooks of units: written down, compared with those that are known, taken back."""

from __future__ import annotations

import pytest

from linli.accounts.rules import Refused
from linli.exchange.actions import receive_workbook, undo_batch
from linli.exchange.choices import DifferenceKind
from linli.exchange.queries import difference_of, differences_of
from linli.exchange.rules import NotPossible
from linli.housing.actions import NewBuilding, add_building
from linli.units.actions import UnitFacts, Where, add_unit, change_unit
from linli.units.choices import UnitKind
from linli.units.models import Unit
from linli.units.queries import changes_of, search_units
from tests.cast import Cast
from tests.exchange.test_homes import table, taken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

CODE = "91350100M000100Y43"
HEADERS = ("序号", "单位名称", "单位性质", "统一社会信用代码", "经营地址", "负责人", "联系电话", "从业人数", "经营面积")
SHOP = ("1", "惠民超市", "个体门店", CODE, "黎花园3号楼", "常桂英", "13900005678", "4", "120.5平方米")


def test_units_come_into_the_grid_of_their_building_and_go_again(cast: Cast) -> None:
    building = add_building(NewBuilding(cast.community_area, "黎花园3号楼", grid=cast.grid), by=cast.leader)
    school = ("2", "向阳幼儿园", "民办学校", "", "西大街老院子", "", "", "12", "")
    batch = taken(cast, "units", table(HEADERS, SHOP, school))
    shop, other = Unit.objects.order_by("pk")
    assert (shop.kind, shop.credit_code, shop.credit_code_wrong) == (UnitKind.SHOP, CODE, False)
    assert (shop.grid, shop.building, shop.path) == (cast.grid, building, cast.grid.path)
    assert (shop.contact_name, shop.contact_phone) == ("常桂英", "13900005678")
    assert (shop.employees, shop.floor_area) == (4, 120)
    assert (other.kind, other.grid, other.path) == (UnitKind.SCHOOL, None, cast.community_area.path)
    assert other.place == "西大街老院子"
    assert [unit.name for unit in search_units(cast.worker, "huimin", 5)] == ["惠民超市"]
    assert not Unit.objects.visible_to(cast.worker).filter(pk=other.pk).exists()
    assert batch.report["applied"]["units"] == 2
    undo_batch(batch, by=cast.leader)
    assert not Unit.objects.exists()


def test_the_same_again_changes_nothing_and_what_is_new_is_shown_first(cast: Cast) -> None:
    taken(cast, "units", table(HEADERS, SHOP))
    again = taken(cast, "units", table(HEADERS, SHOP))
    assert (Unit.objects.count(), again.report["applied"]["updated"]) == (1, 0)
    renamed = ("1", "惠民生活超市", "个体门店", CODE, "", "常桂英", "13900009999", "", "")
    batch = taken(cast, "units", table(HEADERS, renamed))
    unit = Unit.objects.get()
    assert (unit.name, unit.contact_phone, unit.employees) == ("惠民生活超市", "13900009999", 4)
    shown = [(row.kind, difference_of(row)["lines"]) for row in differences_of(batch)]
    phone = ["contact_phone", "139****5678", "139****9999"]
    assert shown == [(DifferenceKind.UNIT, [["name", "惠民超市", "惠民生活超市"], phone])]
    assert changes_of(unit)[0].before[0][1] == "惠民超市"
    undo_batch(batch, by=cast.leader)
    assert (Unit.objects.get().name, changes_of(Unit.objects.get())) == ("惠民超市", [])


def test_a_contact_that_was_declined_stays_so(cast: Cast) -> None:
    facts = UnitFacts("惠民超市", contact_declined=True)
    add_unit(facts, Where(cast.grid, "底商"), by=cast.worker)
    taken(cast, "units", table(HEADERS, SHOP))
    unit = Unit.objects.get()
    assert (unit.credit_code, unit.contact_name, unit.contact_phone) == (CODE, "", "")


def test_what_somebody_changed_since_stops_the_undo(cast: Cast) -> None:
    add_building(NewBuilding(cast.community_area, "黎花园3号楼", grid=cast.grid), by=cast.leader)
    batch = taken(cast, "units", table(HEADERS, SHOP))
    change_unit(Unit.objects.get(), UnitFacts("惠民便利店"), by=cast.worker)
    with pytest.raises(NotPossible, match="惠民便利店"):
        undo_batch(batch, by=cast.leader)


def test_rows_without_a_name_are_held_and_a_wrong_code_is_kept_and_marked(cast: Cast) -> None:
    wrong = ("1", "上党面馆", "餐饮", CODE[:-1] + "4", "黎花园底商", "", "1500", "", "")
    nameless = ("2", "", "餐饮", "", "黎花园底商", "", "", "", "")
    batch = taken(cast, "units", table(HEADERS, wrong, nameless))
    unit = Unit.objects.get()
    assert (unit.kind, unit.credit_code_wrong, unit.contact_phone) == (UnitKind.RESTAURANT, True, "")
    assert batch.report["held"] == 1
    assert {problem["kind"] for problem in batch.report["problems"]} == {"missing_name", "bad_phone"}


@pytest.mark.parametrize("who", ["worker", "partner"])
def test_nobody_else_takes_them_in(cast: Cast, who: str) -> None:
    content = table(HEADERS, SHOP)
    with pytest.raises(Refused):
        receive_workbook(content, name="台账.xlsx", area=cast.community_area, kind="units", by=cast.users[who])
