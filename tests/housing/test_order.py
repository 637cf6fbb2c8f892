"""Buildings, entrances and rooms stand as people count them, whoever wrote them down and wherever they are listed."""

from __future__ import annotations

import importlib
from collections.abc import Callable

import pytest
from django.apps import apps
from django.test import Client

from linli.accounts.rules import SYSTEM
from linli.checks import check_all
from linli.declarations.choices import Declarer
from linli.exports import kinds
from linli.exports.kinds import Asked
from linli.housing.actions import add_compound, assign_grids
from linli.housing.actions.places import add_home, add_house, change_building, change_home, rename_compound
from linli.housing.addresses import building_order, home_order
from linli.housing.models import Building, Compound, Dwelling
from linli.housing.queries import building_face, find_buildings
from linli.housing.values import BuildingValues, HomeValues
from linli.people.deed_forms import home_choices
from tests.cast import Cast
from tests.exchange.samples import applied, resident, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]
Browser = Callable[[object], Client]

HOMES = (("2号楼", "2", "201"), ("2号楼", "2", "1001"), ("2号楼", "10", "101"), ("10号楼", "1", "101"))
IN_ORDER = ["黎花园2号楼2单元201", "黎花园2号楼2单元1001", "黎花园2号楼10单元101", "黎花园10号楼1单元101"]


@pytest.fixture
def row(cast: Cast) -> Cast:
    """2号楼 and 10号楼 came with a workbook, the last ones first, and lie in one grid."""
    rows = [
        resident(name, building=building, entrance=entrance, room=room)
        for name, (building, entrance, room) in zip("赵钱孙李", reversed(HOMES), strict=True)
    ]
    applied(workbook(rows), cast.community_area, cast.leader)
    assign_grids([(building, cast.grid) for building in Building.objects.all()], by=SYSTEM)
    return cast


def test_buildings_stand_in_order_on_every_list(row: Cast, client_for: Browser) -> None:
    expected = ["黎花园2号楼", "黎花园10号楼"]
    desktop, phone, nobody = client_for(row.fresh("leader")), client_for(row.fresh("worker")), Client()
    for client, address in (
        (desktop, "/buildings/"),
        (desktop, f"/grids/{row.grid.code}/"),
        (phone, "/field/grid/"),
        (phone, "/field/households/"),
    ):
        context = client.get(address).context
        shown = context["page"] if "page" in context else context["buildings"]
        assert [building.address for building in shown] == expected, address
    chosen = desktop.get(f"/households/?under={row.grid.code}").context["form"].fields["building"].choices
    assert [address for _pk, address in chosen[1:]] == expected
    assert nobody.get(f"/grid/{row.grid.code}/").context["compounds"] == [("黎花园", ["2号楼", "10号楼"])]
    picked = nobody.get(f"/declare/{Declarer.TENANT}/move_in/pick/?under={row.grid.code}").context["compounds"]
    assert [(name, [house for house, _form in houses]) for name, houses in picked] == [("黎花园", ["2号楼", "10号楼"])]
    assert [building.address for building in find_buildings("黎花园")] == expected


def test_homes_stand_in_order_on_every_list(row: Cast, client_for: Browser) -> None:
    desktop, phone = client_for(row.fresh("leader")), client_for(row.fresh("worker"))
    assert [home.address for home in desktop.get("/dwellings/").context["page"]] == IN_ORDER
    building = Building.objects.get(name="2号楼").pk
    assert [home.address for home in desktop.get(f"/dwellings/?building={building}").context["page"]] == IN_ORDER[:3]
    called = desktop.get("/api/v1/dwellings").json()["items"]
    assert [home["address"] for home in called] == IN_ORDER
    for client, address, expected in (
        (desktop, "/households/", IN_ORDER),
        (phone, f"/field/households/?building={building}", IN_ORDER[:3]),
    ):
        listed = client.get(address).context["page"]
        assert [household.dwelling.address for household in listed] == expected, address
    groups = home_choices(row.grid.path, None, None)[1:]
    assert [building for building, _homes in groups] == ["黎花园2号楼", "黎花园10号楼"]
    assert [words.split(" ")[0] for _key, words in groups[0][1]][::2] == ["2-201", "2-1001", "10-101"]


def test_lists_that_are_taken_out_stand_in_order(row: Cast) -> None:
    for name in ("people", "households", "dwellings"):
        asked = Asked(row.leader, row.community_area, {}, ("address",))
        assert [address for (address,) in kinds.kinds.get(name).rows(asked)] == IN_ORDER, name


def test_the_face_of_a_building_counts_entrances_and_rooms(row: Cast) -> None:
    face = building_face(Building.objects.get(name="2号楼"), row.leader)
    assert face.entrances == ["2", "10"]


def test_the_order_follows_every_change(cast: Cast) -> None:
    compound = add_compound(cast.community_area, "黎花园10区", by=cast.leader)
    building = add_house(cast.community_area, BuildingValues("三号楼", compound=compound), by=cast.leader)
    home = add_home(building, HomeValues("2", "1001"), by=cast.leader)
    assert building.sort_key == building_order("黎花园10区3号楼"), "a number in words counts as one"
    change_home(home, HomeValues("10", "201"), by=cast.leader)
    rename_compound(compound, "黎花园2区", by=cast.leader)
    change_building(Building.objects.get(), BuildingValues("4号楼", compound=Compound.objects.get()), by=cast.leader)
    assert Compound.objects.get().sort_key == building_order("黎花园2区")
    assert Building.objects.get().sort_key == building_order("黎花园2区4号楼")
    assert Dwelling.objects.get().sort_key == home_order("黎花园2区4号楼", "10", 2, "201")
    assert check_all(None, by=SYSTEM)["clean"]


def test_homes_below_the_ground_come_first_and_those_without_a_floor_last() -> None:
    rooms = [("", -1, "B101"), ("", 1, "101"), ("", 2, "201"), ("", 12, "1201"), ("", None, "东屋")]
    keys = [home_order("黎花园2号楼", *room) for room in rooms]
    assert keys == sorted(keys)
    assert all(building_order("黎花园2号楼") < key < building_order("黎花园10号楼") for key in keys)


def test_what_was_written_down_before_gets_its_place(row: Cast) -> None:
    expected = [list(model.objects.values_list("pk", "sort_key")) for model in (Compound, Building, Dwelling)]
    for model in (Compound, Building, Dwelling):
        model.everything.update(sort_key="")
    kinds_found = [finding["kind"] for finding in check_all(None, by=SYSTEM)["problems"]]
    assert kinds_found == ["building_out_of_order", "dwelling_out_of_order"]
    importlib.import_module("linli.housing.migrations.0006_places_in_order").put_in_order(apps, None)
    assert [list(model.objects.values_list("pk", "sort_key")) for model in (Compound, Building, Dwelling)] == expected
    assert check_all(None, by=SYSTEM)["clean"]
