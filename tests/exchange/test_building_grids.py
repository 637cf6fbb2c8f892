"""The grid of a building in a workbook: new ones come into it, known ones move with everything in them, and back."""

from __future__ import annotations

import pytest

from linli.areas.models import Area
from linli.exchange.actions import apply_batch, check_batch, receive_workbook, undo_batch
from linli.exchange.actions.changing import roll_forward
from linli.exchange.choices import DifferenceKind
from linli.exchange.ledgers import ledger_for
from linli.exchange.queries import difference_of, differences_of
from linli.exchange.rules import NotPossible
from linli.housing.actions import NewBuilding, add_building, assign_grid
from linli.housing.models import Building, Dwelling
from linli.journal.models import Entry
from linli.people.models import Household, Person
from linli.units.actions import UnitFacts, Where, add_unit
from linli.units.models import Unit
from tests.cast import Cast
from tests.exchange.rosters import merged_table
from tests.exchange.samples import applied, resident, workbook
from tests.exchange.test_homes import rows, table, taken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

HOUSES = ("小区", "楼栋", "层数", "所属网格")


def where() -> set[str]:
    """Return the paths of everything that lies in a building."""
    found: set[str] = set()
    for model in (Building, Dwelling, Household, Person, Unit):
        found |= set(model._default_manager.values_list("path", flat=True))
    return found


@pytest.mark.parametrize(
    "written", ["第二网格", "140403007002002", "2网格", "第2网格", "网格02", "广场西社区第二网格", "广场西第二网格"]
)
def test_a_new_building_comes_into_the_grid_that_is_named_or_coded(cast: Cast, written: str) -> None:
    batch = taken(cast, "buildings", table(HOUSES, ("黎花园", "3号楼", "6", written), ("", "4号楼", "", "")))
    assert batch.report["problems"] == []
    third, fourth = Building.objects.order_by("name")
    assert (third.grid, third.path, third.floors) == (cast.other_grid, cast.other_grid.path, 6)
    assert (fourth.grid, fourth.path) == (None, cast.community_area.path)
    undo_batch(batch, by=cast.leader)
    assert rows() == []


def test_a_known_building_moves_with_everything_in_it_and_back(cast: Cast) -> None:
    applied(workbook([resident("李桂香")]), cast.community_area, cast.leader)
    building = assign_grid(Building.objects.get(), cast.grid, by=cast.leader)
    add_unit(UnitFacts("惠民超市"), Where(cast.grid, "底商", building=building), by=cast.worker)
    before = rows()
    batch = taken(cast, "buildings", table(HOUSES, ("黎花园", "3号楼", "6", "第二网格")))
    shown = [difference_of(row) for row in differences_of(batch, DifferenceKind.BUILDING)]
    assert [row["lines"] for row in shown] == [[["floors", "", "6"], ["grid", "第一网格", "第二网格"]]]
    assert where() == {cast.other_grid.path}
    assert Unit.objects.get().grid == cast.other_grid
    assert Entry.objects.filter(action="housing.assign_grid").order_by("pk").last().detail == {
        "grid": cast.other_grid.code
    }
    undo_batch(batch, by=cast.leader)
    assert where() == {cast.grid.path}
    assert Unit.objects.get().grid == cast.grid
    assert rows() == before


def test_the_grid_alone_is_a_difference_and_the_same_again_is_none(cast: Cast) -> None:
    add_building(NewBuilding(cast.community_area, "老粮站"), by=cast.leader)
    content = table(("楼栋", "网格"), ("老粮站", "第一网格"))
    first = taken(cast, "buildings", content)
    assert (first.report["applied"]["updated"], Building.objects.get().grid) == (1, cast.grid)
    again = taken(cast, "buildings", content)
    assert (again.report["applied"]["updated"], differences_of(again).count()) == (0, 0)
    undo_batch(again, by=cast.leader)
    undo_batch(first, by=cast.leader)
    assert (Building.objects.get().grid, where()) == (None, {cast.community_area.path})


def test_a_grid_that_nobody_knows_is_a_problem_and_the_building_comes_in_without(cast: Cast) -> None:
    known = add_building(NewBuilding(cast.community_area, "老粮站", grid=cast.grid), by=cast.leader)
    content = table(
        HOUSES, ("黎花园", "3号楼", "6", "第九网格"), ("", "4号楼", "", cast.beside_grid.code), ("", "老粮站", "", "?")
    )
    batch = taken(cast, "buildings", content)
    told = [(row["kind"], row["column"], row["value"], row["held"]) for row in batch.report["problems"]]
    assert [row[:2] + row[3:] for row in told] == [("unknown_code", "所属网格", False)] * 3
    assert set(Building.objects.exclude(pk=known.pk).values_list("grid", "path")) == {(None, cast.community_area.path)}
    known.refresh_from_db()
    assert known.grid == cast.grid


def test_a_grid_that_was_closed_is_not_known_any_more(cast: Cast) -> None:
    Area.objects.filter(pk=cast.other_grid.pk).update(closed_on="2026-01-01")
    batch = taken(cast, "buildings", table(HOUSES, ("黎花园", "3号楼", "6", "第二网格")))
    assert ([row["kind"] for row in batch.report["problems"]], Building.objects.get().grid) == (["unknown_code"], None)


def test_a_building_that_somebody_moved_since_stops_the_undo_and_one_that_the_workbook_only_describes_stays(
    cast: Cast,
) -> None:
    building = add_building(NewBuilding(cast.community_area, "老粮站", grid=cast.grid), by=cast.leader)
    described = taken(cast, "buildings", table(("楼栋", "层数"), ("老粮站", "6")))
    moved = taken(cast, "buildings", table(("楼栋", "网格"), ("老粮站", "第二网格")))
    assign_grid(building, None, by=cast.leader)
    with pytest.raises(NotPossible, match="老粮站"):
        undo_batch(moved, by=cast.leader)
    undo_batch(described, by=cast.leader)
    building.refresh_from_db()
    assert (building.floors, building.grid, building.path) == (None, None, cast.community_area.path)


def test_what_was_made_before_is_passed_over_when_it_is_made_once_more(cast: Cast) -> None:
    building = add_building(NewBuilding(cast.community_area, "老粮站", grid=cast.grid), by=cast.leader)
    batch = taken(cast, "buildings", table(("楼栋", "网格"), ("老粮站", "第二网格")))
    step = batch.changes.get().step
    assert roll_forward(batch, step, ledger_for("buildings"), by=cast.leader) == []
    assign_grid(building, None, by=cast.leader)
    assert roll_forward(batch, step, ledger_for("buildings"), by=cast.leader) == ["老粮站"]
    building.refresh_from_db()
    assert building.grid is None


def test_a_row_in_which_the_grid_is_merged_over_several_buildings(cast: Cast) -> None:
    content = merged_table(
        [("小区", "楼栋", "网格"), ("黎花园", "1号楼", "第一网格"), ("", "2号楼", ""), ("", "3号楼", "")],
        [(1, 2, 2, 2)],
    )
    taken(cast, "buildings", content)
    found = Building.objects.order_by("name").values_list("name", "grid")
    assert list(found) == [("1号楼", cast.grid.pk), ("2号楼", cast.grid.pk), ("3号楼", None)]


def test_nothing_is_taken_over_when_the_building_was_moved_after_somebody_looked(cast: Cast) -> None:
    building = add_building(NewBuilding(cast.community_area, "老粮站", grid=cast.grid), by=cast.leader)
    content = table(("楼栋", "网格"), ("老粮站", "第二网格"))
    batch = receive_workbook(content, name="楼栋.xlsx", area=cast.community_area, kind="buildings", by=cast.leader)
    check_batch(batch, by=cast.leader)
    assign_grid(building, None, by=cast.leader)
    with pytest.raises(NotPossible, match="核对"):
        apply_batch(batch, by=cast.leader)
