"""Buildings and homes are written down, put into grids, and given door plates."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from linli.accounts.rules import SYSTEM, Refused
from linli.housing.actions import (
    NewBuilding,
    NewDwelling,
    add_building,
    add_buildings,
    add_compound,
    add_dwellings,
    assign_grid,
    assign_grids,
    make_plates,
    set_occupancy,
)
from linli.housing.choices import Occupancy
from linli.housing.models import Building, Dwelling, Plate
from linli.housing.queries import (
    building_face,
    building_for,
    buildings_geojson,
    buildings_in,
    dwellings_for,
    find_buildings,
    orphan_buildings,
    plate_for,
)
from linli.journal.models import Entry
from linli.people.models import Correction, Household, Person
from tests.cast import Cast, square
from tests.exchange.samples import applied, resident, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


@pytest.fixture
def garden(cast: Cast) -> dict[str, Building]:
    """黎花园 with 3号楼 in the first grid, 13号楼 in the second and 30号楼 in none; 锦花园 3号楼 far away."""
    compound = add_compound(cast.community_area, "黎花园", by=cast.leader)
    far = add_compound(cast.far_community, "锦花园", by=cast.far_leader)
    new = [
        NewBuilding(cast.community_area, "3号楼", compound, cast.grid, geometry=square(0)),
        NewBuilding(cast.community_area, "13号楼", compound, cast.other_grid),
        NewBuilding(cast.community_area, "30号楼", compound),
        NewBuilding(cast.far_community, "3号楼", far, cast.far_grid),
    ]
    return {building.address: building for building in add_buildings(new, by=SYSTEM)}


@pytest.mark.parametrize("who", ["leader", "community", "street", "administrator"])
def test_those_who_keep_map_or_ledger_write_buildings_down(cast: Cast, who: str) -> None:
    building = add_building(NewBuilding(cast.community_area, "南楼", grid=cast.grid), by=cast.users[who])
    assert (building.address, building.path) == ("南楼", cast.grid.path)
    assert Entry.objects.filter(action="housing.add_building", actor=who).count() == 1


@pytest.mark.parametrize("who", ["worker", "far_leader", "department", "district", "police", "volunteer", "auditor"])
def test_nobody_else_does(cast: Cast, garden: dict[str, Building], who: str) -> None:
    user, building = cast.users[who], garden["黎花园3号楼"]
    new = NewBuilding(cast.community_area, "南楼")
    home = add_dwellings([NewDwelling(building, "1", "101")], by=SYSTEM)[0]
    for forbidden in (
        lambda: add_compound(cast.community_area, "新院", by=user),
        lambda: add_building(new, by=user),
        lambda: add_buildings([new], by=user),
        lambda: add_dwellings([NewDwelling(building, "1", "102")], by=user),
        lambda: set_occupancy(home, Occupancy.EMPTY, by=user),
        lambda: assign_grid(building, cast.other_grid, by=user),
        lambda: make_plates([building], by=user),
    ):
        with pytest.raises(Refused):
            forbidden()
    assert (Building.objects.count(), Dwelling.objects.count(), Plate.objects.count()) == (4, 1, 0)


def test_an_address_is_taken_once(cast: Cast, garden: dict[str, Building]) -> None:
    with pytest.raises(ValidationError):
        add_building(NewBuilding(cast.community_area, "黎花园3号楼"), by=cast.leader)
    with pytest.raises(ValidationError):
        add_compound(cast.community_area, "黎花园", by=cast.leader)


def test_a_building_belongs_to_a_grid_of_its_community(cast: Cast, garden: dict[str, Building]) -> None:
    for grid in (cast.far_grid, cast.beside_grid, cast.community_area):
        with pytest.raises(ValidationError):
            add_building(NewBuilding(cast.community_area, "南楼", grid=grid), by=SYSTEM)
        with pytest.raises(ValidationError):
            assign_grid(garden["黎花园3号楼"], grid, by=SYSTEM)


def test_everybody_follows_the_building_into_its_grid(cast: Cast) -> None:
    applied(
        workbook([resident("李桂香", birth_date="1961-02-30"), resident("王明", building="9号楼")]),
        cast.community_area,
        cast.leader,
    )
    building = Building.objects.get(name="3号楼")
    assert not Person.objects.visible_to(cast.worker).exists()
    assign_grid(building, cast.grid, by=cast.leader)
    for model in (Building, Dwelling, Household, Person, Correction):
        assert list(model._default_manager.values_list("path", flat=True)).count(cast.grid.path) == 1
    assert Person.objects.visible_to(cast.worker).get().name == "李桂香"
    assign_grid(building, None, by=cast.leader)
    assert not Person.objects.visible_to(cast.worker).exists()
    assert set(Person.objects.values_list("path", flat=True)) == {cast.community_area.path}


def test_moving_many_is_all_or_nothing(cast: Cast, garden: dict[str, Building]) -> None:
    moves = [(garden["黎花园30号楼"], cast.grid), (garden["锦花园3号楼"], cast.grid)]
    with pytest.raises(ValidationError):
        assign_grids(moves, by=SYSTEM)
    assert list(orphan_buildings(cast.district_area)) == [garden["黎花园30号楼"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("黎花园3号楼", ["黎花园3号楼"]),
        ("黎花园 3 号楼 2单元 501", ["黎花园3号楼"]),
        ("黎花园3-2-501", ["黎花园3号楼"]),
        ("黎花园三号楼", ["黎花园3号楼"]),
        ("潞州区太行西街街道广场西社区黎花园3#", ["黎花园3号楼"]),
        ("黎花园", ["黎花园3号楼", "黎花园13号楼", "黎花园30号楼"]),
        ("lihuayuan", ["黎花园3号楼", "黎花园13号楼", "黎花园30号楼"]),
        ("黎花园99号楼", ["黎花园3号楼", "黎花园13号楼", "黎花园30号楼"]),
        ("3号楼", ["锦花园3号楼", "黎花园3号楼"]),
        ("没有这个地方", []),
        ("", []),
        ("\0\"'*", []),
    ],
)
def test_the_public_finds_buildings_by_address(garden: dict[str, Building], text: str, expected: list[str]) -> None:
    found = [building.address for building in find_buildings(text)]
    assert found == expected


def test_never_more_buildings_than_asked_for(cast: Cast) -> None:
    add_buildings([NewBuilding(cast.community_area, f"长街{number}号楼") for number in range(1, 30)], by=SYSTEM)
    assert len(find_buildings("长街")) == 10
    assert find_buildings("长街" * 50_000) == []


def test_every_door_has_one_plate(cast: Cast, garden: dict[str, Building]) -> None:
    building = garden["黎花园3号楼"]
    add_dwellings([NewDwelling(building, entrance, "101") for entrance in ("1", "2")], by=SYSTEM)
    plates = make_plates([building], by=cast.leader)
    assert [plate.entrance for plate in plates] == ["", "1", "2"]
    assert make_plates([building], by=cast.leader) == []
    found = plate_for(plates[1].token.lower())
    assert found is not None
    assert (found.building, found.building.grid) == (building, cast.grid)
    assert plate_for("unknown") is None


def test_the_face_of_a_building(cast: Cast, garden: dict[str, Building]) -> None:
    building = garden["黎花园3号楼"]
    rooms = [("1", "101"), ("1", "102"), ("2", "101"), ("2", "1001"), ("10", "201"), ("1", "门房")]
    add_dwellings([NewDwelling(building, *room) for room in rooms], by=SYSTEM)
    face = building_face(building, cast.worker)
    assert face.entrances == ["1", "2", "10"]
    shown = [(floor.floor, [[home.room for home in homes] for homes in floor.homes]) for floor in face.floors]
    assert shown == [
        (10, [[], ["1001"], []]),
        (2, [[], [], ["201"]]),
        (1, [["101", "102"], ["101"], []]),
        (None, [["门房"], [], []]),
    ]
    assert building_face(building, cast.far_worker).floors == []


def test_staff_see_the_buildings_of_their_ledger(cast: Cast, garden: dict[str, Building]) -> None:
    assert building_for(cast.worker, garden["黎花园3号楼"].pk).name == "3号楼"
    for who, name in (("worker", "黎花园13号楼"), ("worker", "黎花园30号楼"), ("district", "黎花园3号楼")):
        with pytest.raises(Building.DoesNotExist):
            building_for(cast.users[who], garden[name].pk)
    add_dwellings([NewDwelling(garden["黎花园13号楼"], "1", "101")], by=SYSTEM)
    assert dwellings_for(cast.leader, cast.community_area).count() == 1
    assert dwellings_for(cast.leader, cast.grid).count() == 0
    assert dwellings_for(cast.worker).count() == 0


def test_footprints_are_public(cast: Cast, garden: dict[str, Building]) -> None:
    features = buildings_geojson(buildings_in(cast.community_area))["features"]
    assert [feature["properties"]["name"] for feature in features] == ["黎花园3号楼"]
    building = garden["黎花园3号楼"]
    assert building.longitude == pytest.approx(113.1025)
    assert building.latitude == pytest.approx(36.1825)


def test_declining_is_an_answer(cast: Cast, garden: dict[str, Building]) -> None:
    home = add_dwellings([NewDwelling(garden["黎花园3号楼"], "1", "101")], by=SYSTEM)[0]
    assert set_occupancy(home, "declined", by=cast.leader).occupancy == Occupancy.DECLINED
    with pytest.raises(ValueError, match="guarded"):
        set_occupancy(home, "guarded", by=cast.leader)
