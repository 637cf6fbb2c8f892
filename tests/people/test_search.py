"""Finding people: order, scope, numbers."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.housing.actions import assign_grid
from linli.housing.models import Building
from linli.people.queries import HouseholdFilters, home_of, households_for, search_people
from tests.cast import Cast
from tests.exchange.samples import applied, resident, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


@pytest.fixture
def neighbours(cast: Cast) -> Cast:
    """People of 广场西社区: 3号楼 lies in the first grid, 9号楼 in the second."""
    rows = [
        resident("单田芳", id_number="149999196108257324", phone="15005569934"),
        resident("单田芳华", relation="之女", room="602"),
        resident("沙田方", relation="户主", room="603"),
        resident("李桂香", room="604", phone="15005561234"),
        resident("李桂", building="9号楼", phone="13805569934"),
    ]
    applied(workbook(rows), cast.community_area, cast.leader)
    for name, grid in (("3号楼", cast.grid), ("9号楼", cast.other_grid)):
        assign_grid(Building.objects.get(name=name), grid, by=cast.leader)
    return cast


def names(cast: Cast, text: str, who: str = "leader") -> list[str]:
    return [person.name for person in search_people(cast.fresh(who), text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("单田芳", ["单田芳", "单田芳华"]),
        ("单", ["单田芳", "单田芳华"]),
        ("田芳", ["单田芳", "单田芳华"]),
        ("shantianfang", ["单田芳", "单田芳华"]),
        ("Shan Tian Fang", ["单田芳", "单田芳华"]),
        ("shatian", ["沙田方"]),
        ("stf", ["单田芳", "沙田方", "单田芳华"]),
        ("dtf", ["单田芳", "单田芳华"]),
        ("lgx", ["李桂香"]),
        ("9934", ["单田芳", "李桂"]),
        ("15005569934", ["单田芳"]),
        ("149999196108257324", ["单田芳"]),
        ("黎花园3号楼2单元602", ["单田芳华"]),
        ("9号楼", ["李桂"]),
        ("李桂香 3号楼", ["李桂香"]),
        ("李桂", ["李桂", "李桂香"]),
        ("李桂香 9号楼", []),
        ("0055", []),
        ("单元", []),
        ("号", []),
        ("3", []),
        ("v", []),
        ("  ", []),
        ("\0'\"*:()", []),
        ("王" * 5000, []),
    ],
)
def test_what_is_found_and_in_which_order(neighbours: Cast, text: str, expected: list[str]) -> None:
    assert names(neighbours, text) == expected


def test_a_worker_finds_the_own_grid_only(neighbours: Cast) -> None:
    assert names(neighbours, "李桂", "worker") == ["李桂香"]
    assert names(neighbours, "9934", "worker") == ["单田芳"]
    assert names(neighbours, "13805569934", "worker") == []
    assert names(neighbours, "13805569934", "leader") == ["李桂"]


@pytest.mark.parametrize(
    "who", ["department", "district", "police", "volunteer", "administrator", "auditor", "outsider"]
)
def test_whoever_keeps_no_ledger_finds_nobody(neighbours: Cast, who: str) -> None:
    assert names(neighbours, "单田芳", who) == []
    assert not households_for(neighbours.fresh(who)).exists()


def test_the_present_home_comes_along(neighbours: Cast) -> None:
    home = home_of(search_people(neighbours.leader, "单田芳")[0])
    assert home is not None
    assert home.dwelling.address == "黎花园3号楼2单元501"


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (HouseholdFilters(), 5),
        (HouseholdFilters(under="140403007002001"), 4),
        (HouseholdFilters(under="140403001001001"), 0),
        (HouseholdFilters(under="no such area"), 0),
        (HouseholdFilters(text="单田芳"), 2),
        (HouseholdFilters(text="9号楼"), 1),
        (HouseholdFilters(building=0), 0),
        (HouseholdFilters.from_query({"building": "rubbish", "q": "李桂"}), 2),
    ],
)
def test_the_list_of_households_is_narrowed(neighbours: Cast, filters: HouseholdFilters, expected: int) -> None:
    assert households_for(neighbours.leader, filters).count() == expected


def test_lists_ask_the_database_as_often_for_many_rows_as_for_one(neighbours: Cast) -> None:
    asked = []
    for text in ("李桂香", "单田"):
        with CaptureQueriesContext(connection) as queries:
            for person in search_people(neighbours.leader, text):
                assert home_of(person) is not None
        asked.append(len(queries))
    assert asked == [5, 5]
    asked = []
    for size in (1, 3):
        with CaptureQueriesContext(connection) as queries:
            for household in list(households_for(neighbours.leader)[:size]):
                assert [member.person.name for member in household.members]
                assert household.dwelling.building.address
        asked.append(len(queries))
    assert asked == [2, 2]
