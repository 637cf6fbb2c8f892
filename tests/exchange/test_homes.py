"""Workbooks of homes and of buildings: taken over, compared with what is known, taken back."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
import xlsxwriter

from linli.accounts.rules import Refused
from linli.exchange.actions import apply_batch, check_batch, receive_workbook, undo_batch
from linli.exchange.choices import BatchState, DifferenceKind
from linli.exchange.models import Batch
from linli.exchange.queries import difference_of, differences_of
from linli.exchange.rules import NotPossible
from linli.exchange.snapshots import snapshot
from linli.housing.actions import set_occupancy
from linli.housing.choices import BuildingKind, Occupancy
from linli.housing.models import Building, Compound, Dwelling
from tests.cast import Cast
from tests.exchange.samples import applied, resident, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

HOMES = ("序号", "小区名称", "楼栋号", "单元", "房号", "房屋性质")
HOUSES = ("小区", "楼栋", "楼栋类型", "层数", "单元数", "户数")


def table(headers: Sequence[str], *rows: Sequence[str]) -> bytes:
    """Return an .xlsx file with a title over its table."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("台账")
        sheet.write_string(0, 0, "广场西社区台账")
        for number, row in enumerate([headers, *rows], 1):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)
    return out.getvalue()


def taken(cast: Cast, kind: str, content: bytes) -> Batch:
    """Receive, check and apply a workbook."""
    batch = receive_workbook(content, name="台账.xlsx", area=cast.community_area, kind=kind, by=cast.leader)
    check_batch(batch, by=cast.leader)
    apply_batch(batch, by=cast.leader)
    batch.refresh_from_db()
    return batch


def rows() -> list[str]:
    return [snapshot(row) for model in (Compound, Building, Dwelling) for row in model._default_manager.order_by("pk")]


@pytest.mark.parametrize(
    ("written", "use"),
    [
        ("出租", Occupancy.RENTED),
        ("已出租", Occupancy.RENTED),
        ("是", Occupancy.RENTED),
        ("未出租", Occupancy.OWN),
        ("自住", Occupancy.OWN),
        ("自有", Occupancy.OWN),
        ("空置", Occupancy.EMPTY),
        ("空置待租", Occupancy.EMPTY),
        ("不便透露", Occupancy.DECLINED),
        ("", Occupancy.UNKNOWN),
    ],
)
def test_how_a_home_is_used_is_understood(cast: Cast, written: str, use: Occupancy) -> None:
    content = table(
        HOMES, ("1", "黎花园", "3号楼", "2单元", "501", written), ("2", "黎花园", "3号楼", "2单元", "502", "")
    )
    batch = taken(cast, "dwellings", content)
    assert batch.report["problems"] == []
    assert Dwelling.objects.get(room="501").occupancy == use
    assert Dwelling.objects.get(room="501").address == "黎花园3号楼2单元501"


def test_homes_come_into_known_buildings_and_go_again(cast: Cast) -> None:
    applied(workbook([resident("李桂香")]), cast.community_area, cast.leader)
    before = rows()
    content = table(
        HOMES,
        ("1", "黎花园", "3号楼", "2单元", "501", "出租"),
        ("2", "", "", "", "502", "空置"),
        ("3", "", "3号楼", "", "502", "自住"),
        ("4", "兴泰园", "1号楼", "1单元", "101", "自住"),
    )
    batch = taken(cast, "dwellings", content)
    assert [problem["kind"] for problem in batch.report["problems"]] == ["duplicate"]
    said = {name: batch.report["applied"][name] for name in ("dwellings", "empty_homes", "renting", "updated")}
    assert said == {"dwellings": 3, "empty_homes": 1, "renting": 1, "updated": 1}
    assert (Compound.objects.count(), Building.objects.count(), Dwelling.objects.count()) == (2, 2, 3)
    assert Dwelling.objects.get(room="501").occupancy == Occupancy.RENTED
    shown = [difference_of(row) for row in differences_of(batch, DifferenceKind.HOME)]
    assert [row["place"] for row in shown] == ["黎花园3号楼2单元501"]
    undo_batch(batch, by=cast.leader)
    assert rows() == before


def test_a_row_without_a_room_stays_out(cast: Cast) -> None:
    content = table(HOMES, ("1", "黎花园", "3号楼", "2单元", "", "出租"), ("2", "黎花园", "3号楼", "2单元", "502", ""))
    batch = taken(cast, "dwellings", content)
    assert (batch.report["held"], Dwelling.objects.count()) == (1, 1)


def test_what_somebody_said_about_a_home_since_stops_the_undo(cast: Cast) -> None:
    batch = taken(cast, "dwellings", table(HOMES, ("1", "黎花园", "3号楼", "2单元", "501", "出租")))
    set_occupancy(Dwelling.objects.get(), Occupancy.OWN, by=cast.leader)
    with pytest.raises(NotPossible, match="黎花园3号楼2单元501"):
        undo_batch(batch, by=cast.leader)


def test_buildings_come_in_and_known_ones_are_described_better(cast: Cast) -> None:
    applied(workbook([resident("李桂香")]), cast.community_area, cast.leader)
    before = rows()
    content = table(
        HOUSES,
        ("黎花园", "3号楼", "住宅楼", "6层", "4", "48"),
        ("黎花园", "4号楼", "商铺", "2", "1", "8"),
        ("", "5号楼", "", "18", "2", ""),
    )
    batch = taken(cast, "buildings", content)
    assert batch.report["problems"] == []
    assert (batch.report["applied"]["buildings"], batch.report["applied"]["updated"]) == (3, 1)
    found = Building.objects.order_by("address").values_list("address", "kind", "floors", "entrances")
    assert list(found) == [
        ("黎花园3号楼", BuildingKind.RESIDENTIAL, 6, 4),
        ("黎花园4号楼", BuildingKind.SHOPS, 2, 1),
        ("黎花园5号楼", BuildingKind.RESIDENTIAL, 18, 2),
    ]
    assert Building.objects.filter(grid=None).count() == 3
    shown = [difference_of(row) for row in differences_of(batch, DifferenceKind.BUILDING)]
    assert [[tuple(line) for line in row["lines"]] for row in shown] == [[("floors", "", "6"), ("entrances", "", "4")]]
    undo_batch(batch, by=cast.leader)
    assert rows() == before


def test_a_building_that_somebody_moved_into_stops_the_undo(cast: Cast) -> None:
    batch = taken(cast, "buildings", table(HOUSES, ("黎花园", "3号楼", "住宅", "6", "4", "48")))
    applied(workbook([resident("李桂香")]), cast.community_area, cast.leader)
    with pytest.raises(NotPossible, match="黎花园3号楼"):
        undo_batch(batch, by=cast.leader)
    batch.refresh_from_db()
    assert batch.state == BatchState.APPLIED


@pytest.mark.parametrize("kind", ["dwellings", "buildings"])
def test_only_who_may_take_workbooks_in_for_the_community(cast: Cast, kind: str) -> None:
    for username in ("worker", "far_leader", "department"):
        with pytest.raises(Refused):
            receive_workbook(
                table(HOMES), name="台账.xlsx", area=cast.community_area, kind=kind, by=cast.users[username]
            )


def test_plate_numbers_come_in_with_homes_and_go_back(cast: Cast) -> None:
    headers = (*HOMES, "标准地址编码")
    taken(cast, "dwellings", table(headers, ("1", "黎花园", "3号楼", "2", "501", "自住", "1404 0300-a501")))
    assert Dwelling.objects.get().plate_number == "14040300-A501"
    known, new = ("1", "黎花园", "3号楼", "2", "501", ""), ("2", "黎花园", "3号楼", "2", "502", "")
    batch = taken(cast, "dwellings", table(headers, (*known, "14040300-B501"), (*new, "")))
    shown = [difference_of(row) for row in differences_of(batch, DifferenceKind.HOME)]
    assert [list(line) for line in shown[0]["lines"]] == [["plate_number", "14040300-A501", "14040300-B501"]]
    assert set(Dwelling.objects.values_list("room", "plate_number")) == {("501", "14040300-B501"), ("502", "")}
    undo_batch(batch, by=cast.leader)
    assert Dwelling.objects.get().plate_number == "14040300-A501"
