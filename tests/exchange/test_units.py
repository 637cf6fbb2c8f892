"""Workbooks of units: written down, compared with those that are known, taken back."""

from __future__ import annotations

import pytest

from linli.accounts.rules import Refused
from linli.core.sheets.text import Cell
from linli.core.sheets.unit_rows import UNITS_SHEET
from linli.exchange.actions import receive_workbook, undo_batch
from linli.exchange.choices import DifferenceKind
from linli.exchange.queries import difference_of, differences_of
from linli.exchange.rules import NotPossible
from linli.housing.actions import NewBuilding, add_building
from linli.units.actions import UnitFacts, Where, add_unit, change_unit
from linli.units.choices import UnitKind
from linli.units.models import Unit
from linli.units.queries import changes_of, search_contacts, search_units
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


MORE = (
    *HEADERS,
    "第二联系人",
    "第二联系电话",
    "任职人员",
    "登记证号",
    "营业时间",
    "会员人数",
    "劳动合同签订率",
    "任期开始",
    "任期结束",
    "社区联络人",
    "执照有效期",
)
COMMITTEE = (
    *("1", "黎花园业主委员会", "业委会", "", "黎花园底商", "常桂英", "13900005678", "", ""),
    *("申 建 国", "13900007788", "主任尚小云、副主任关小羽、不方便", "社证第7号", "周一至周五", "20", "0"),
    *("2024-03-01", "2027-02-28", "牛志强", "2027-05-01"),
)
DECLINED_HEADERS = ("单位名称", "联系人", "电话", "不愿留联系方式")


def _with(**cells: str) -> tuple[str, ...]:
    return tuple(cells.get(header, cell) for header, cell in zip(MORE, COMMITTEE, strict=True))


def test_every_column_of_a_unit_comes_in(cast: Cast) -> None:
    batch = taken(cast, "units", table(MORE, COMMITTEE))
    unit = Unit.objects.get()
    assert batch.report["problems"] == []
    assert (unit.second_name, unit.second_phone) == ("申建国", "13900007788")
    assert unit.officers == "主任：尚小云；副主任：关小羽；副主任：—"
    assert (unit.register_number, unit.opening_hours, unit.liaison) == ("社证第7号", "周一至周五", "牛志强")
    assert (unit.members, unit.contract_rate) == (20, 0)
    assert (str(unit.term_from), str(unit.term_until), str(unit.licence_until)) == (
        "2024-03-01",
        "2027-02-28",
        "2027-05-01",
    )
    assert [found.pk for found, _contact in search_contacts(cast.leader, "7788", 5)] == [unit.pk]
    again = taken(cast, "units", table(MORE, COMMITTEE))
    assert again.report["applied"]["updated"] == 0


def test_what_would_change_about_hidden_columns_is_shown_masked_and_taken_back(cast: Cast) -> None:
    taken(cast, "units", table(MORE, COMMITTEE))
    batch = taken(cast, "units", table(MORE, _with(第二联系人="王小毛", 任职人员="主任：曲大江")))
    lines = [difference_of(row)["lines"] for row in differences_of(batch)]
    assert lines == [
        [
            ["second_name", "申*", "王*"],
            ["officers", "主任：尚*；副主任：关*；副主任：—", "主任：曲*"],
        ]
    ]
    undo_batch(batch, by=cast.leader)
    unit = Unit.objects.get()
    assert (unit.second_name, unit.officers[:6]) == ("申建国", "主任：尚小云")


def test_what_an_earlier_table_hid_is_not_taken_over(cast: Cast) -> None:
    taken(cast, "units", table(MORE, COMMITTEE))
    masked = _with(负责人="常*", 第二联系人="申*", 第二联系电话="139****7788", 任职人员="主任：尚*")
    batch = taken(cast, "units", table(MORE, masked))
    unit = Unit.objects.get()
    assert (unit.contact_name, unit.second_name, unit.second_phone) == ("常桂英", "申建国", "13900007788")
    assert unit.officers.startswith("主任：尚小云")
    assert batch.report["applied"]["updated"] == 0
    assert {problem["column"] for problem in batch.report["problems"]} >= {"负责人", "第二联系人", "任职人员"}


def test_unreadable_offices_a_wrong_share_and_a_term_that_ends_early_are_named(cast: Cast) -> None:
    wrong = _with(任职人员="尚小云", 劳动合同签订率="150", 任期结束="2023-01-01")
    batch = taken(cast, "units", table(MORE, wrong))
    unit = Unit.objects.get()
    assert (unit.officers, unit.contract_rate, unit.term_until) == ("", None, None)
    told = {problem["column"]: problem for problem in batch.report["problems"]}
    assert set(told) == {"任职人员", "劳动合同签订率", "任期结束"}
    assert "尚小云" not in str(told)


@pytest.mark.parametrize(("cell", "rate"), [("95%", 95), (0.95, 95), (1.0, 100), (1, 100), ("1", 1), (88, 88), (0, 0)])
def test_the_share_of_contracts_is_read_as_spreadsheets_keep_it(cell: Cell, rate: int) -> None:
    column = next(column for column in UNITS_SHEET.columns if column.field == "contract_rate")
    assert column.parse(cell).value == rate


def test_who_prefers_not_to_give_a_contact_says_so_in_a_workbook_too(cast: Cast) -> None:
    taken(cast, "units", table(DECLINED_HEADERS, ("惠民超市", "常桂英", "13900005678", "")))
    taken(cast, "units", table(DECLINED_HEADERS, ("惠民超市", "常桂英", "13900005678", "是")))
    unit = Unit.objects.get()
    assert (unit.contact_declined, unit.contact_name, unit.contact_phone) == (True, "", "")
    assert search_contacts(cast.leader, "5678", 5) == []
    taken(cast, "units", table(DECLINED_HEADERS, ("惠民超市", "常桂英", "13900005678", "否")))
    unit.refresh_from_db()
    assert (unit.contact_declined, unit.contact_name) == (True, "")
