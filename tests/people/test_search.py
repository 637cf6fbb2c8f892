"""Finding people: order, scope, numbers."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.accounts.rules import SYSTEM
from linli.areas.actions import appoint
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


def missed(cast: Cast, name: str, typed: str) -> list[str]:
    """Write somebody of this name down beside another, and return the words that do not find just them."""
    applied(workbook([resident(name), resident("郭建国", room="602")]), cast.community_area, cast.leader)
    return [text for text in typed.split() if names(cast, text) != [name]]


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
        ("3-2-501", ["单田芳"]),
        ("黎花园3-2-602", ["单田芳华"]),
        ("3#2-501", ["单田芳"]),
        ("三号楼二单元603", ["沙田方"]),
        ("3号楼501", ["单田芳"]),
        ("3-604", ["李桂香"]),
        ("2-602", ["单田芳华"]),
        ("005569934", ["单田芳"]),
        ("69934", ["单田芳", "李桂"]),
        ("00005569934", []),
        ("tianfang", ["单田芳", "沙田方", "单田芳华"]),
        ("tianf", ["单田芳", "单田芳华", "沙田方"]),
        ("chantianfang", ["单田芳", "单田芳华"]),
        ("dantian", ["单田芳", "单田芳华"]),
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


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("曾长乐", "zengchangle zengchangyue zengzhangle cengchangle zcl zzy"),
        ("覃重阳", "qinchongyang qinzhongyang tanchongyang qcy qzy chongyang zhongyang"),
        ("仇行", "qiuxing qiuhang chouxing qx qh"),
        ("解放", "xiefang jiefang xf jf"),
        ("区长治", "ouchangzhi quchangzhi ocz changzhi zhangzhi"),
        ("查盖世", "zhagaishi chagaishi zhageshi zgs cgs gaishi"),
        ("尉迟敬德", "yuchijingde ycjd weichijingde jingde"),
        ("吕娜", "lvna lüna lvnuo ln"),
        ("单于鸿", "chanyuhong cyh danyuhong shanyuhong"),
    ],
)
def test_every_reading_finds(cast: Cast, name: str, typed: str) -> None:
    assert missed(cast, name, typed) == []


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("单田芳", "shantf chantf dantf stianf stfang shtf shantianf sTianFang"),
        ("尉迟敬德", "yuchijd yucjd ychijd ychjingd ycjingde weichijd wcjd"),
        ("张三丰", "zhangsf zsanf zsfeng zhsf zhangsanf zhangsfeng"),
        ("曾长乐", "zengcl zengzy ccyue zchangl cengcle"),
        ("吕娜", "lvn lna lvna"),
        ("仇行", "qiux qhang choux"),
    ],
)
def test_whole_syllables_and_first_letters_may_be_mixed(cast: Cast, name: str, typed: str) -> None:
    assert missed(cast, name, typed) == []
    assert names(cast, typed.split()[0], "far_leader") == []


@pytest.mark.parametrize("text", ["zhangsz", "shansf", "stg", "stfx", "shantif", "sfang", "dantfh x", "xstf", "sxxf"])
def test_mixed_letters_that_nobody_is_read_as_find_nobody(neighbours: Cast, text: str) -> None:
    assert "单田芳" not in names(neighbours, text)


def test_who_is_read_so_to_the_end_comes_before_who_begins_so(neighbours: Cast) -> None:
    assert names(neighbours, "shantf") == ["单田芳", "单田芳华"]
    assert names(neighbours, "shatf") == ["沙田方"]
    assert names(neighbours, "liguix", "worker") == ["李桂香"]
    assert names(neighbours, "lguix", "worker") == ["李桂香"]
    assert names(neighbours, "ligui", "worker") == ["李桂香"]


def test_equal_comes_before_beginning_and_the_own_grid_before_others(neighbours: Cast) -> None:
    rows = [resident("李桂香", building="9号楼", room="701"), resident("李桂", room="702")]
    applied(workbook([*rows, resident("王李桂", room="703")]), neighbours.community_area, neighbours.leader)
    assert names(neighbours, "李桂") == ["李桂", "李桂", "李桂香", "李桂香", "王李桂"]
    paths = [person.path for person in search_people(neighbours.fresh("leader"), "李桂")]
    assert paths[:2] == [neighbours.other_grid.path, neighbours.grid.path]
    appoint(neighbours.posts["worker"], neighbours.users["leader"], by=SYSTEM)
    paths = [person.path for person in search_people(neighbours.fresh("leader"), "李桂")]
    assert paths[:3] == [neighbours.grid.path, neighbours.other_grid.path, neighbours.grid.path]


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
