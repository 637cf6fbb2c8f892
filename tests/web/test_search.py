from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from linli.accounts.rules import SYSTEM
from linli.cases.actions import NewCase, report_case
from linli.cases.actions.presets import load_presets
from linli.cases.models import Case, Category
from linli.housing.actions import NewDwelling, add_dwellings, make_home_plates, make_plates
from linli.housing.models import Building, Dwelling
from linli.people.models import Household
from tests.cast import Cast
from tests.exchange.samples import applied, resident, workbook
from tests.web.counting import queries_of
from tests.web.ledgers import ID_NUMBER, PHONE, settle

Browser = Callable[[object], Client]


@pytest.fixture
def settled(cast: Cast, tuesday: object) -> Cast:
    settle(cast)
    load_presets(by=SYSTEM)
    category = Category.objects.filter(parent__isnull=False, mechanism="coordination").first()
    assert category is not None
    report_case(NewCase(category=category, text="楼道灯不亮", area=cast.grid), by=cast.fresh("worker"))
    return cast


def _people(client: Client, text: str) -> list[str]:
    return [one.person.name for one in client.get("/search/", {"q": text}).context["found"].people]


@pytest.mark.parametrize("text", ["单田芳", "shantianfang", "stf", "9934", PHONE, ID_NUMBER])
def test_people_are_found_by_name_pinyin_initials_and_numbers(settled: Cast, client_for: Browser, text: str) -> None:
    assert _people(client_for(settled.fresh("leader")), text)[0] == "单田芳"


def test_what_is_found_is_masked_and_scoped(settled: Cast, client_for: Browser) -> None:
    page = client_for(settled.fresh("worker")).get("/search/", {"q": "单田芳"}).content.decode()
    assert "150****9934" in page
    assert PHONE not in page
    assert _people(client_for(settled.fresh("worker")), "王翠萍") == []
    assert _people(client_for(settled.fresh("leader")), "王翠萍") == ["王翠萍"]
    assert client_for(settled.fresh("far_leader")).get("/search/", {"q": "单田芳"}).context["found"].empty


def test_an_address_finds_households_and_buildings(settled: Cast, client_for: Browser) -> None:
    found = client_for(settled.fresh("leader")).get("/search/", {"q": "黎花园3号楼"}).context["found"]
    assert [home.dwelling.room for home in found.households] == ["501", "602"]
    assert [building.name for building in found.buildings] == ["3号楼"]
    assert found.people == []


def test_a_case_is_found_by_number_and_by_words(settled: Cast, client_for: Browser) -> None:
    client, case = client_for(settled.fresh("worker")), Case.objects.get()
    for text in (case.number, case.number.lower(), "楼道灯"):
        assert [row.number for row in client.get("/search/", {"q": text}).context["found"].cases] == [case.number]
    assert client_for(settled.fresh("far_worker")).get("/search/", {"q": case.number}).context["found"].empty


def test_a_case_number_may_be_typed_without_its_hyphen(settled: Cast, client_for: Browser) -> None:
    client, case = client_for(settled.fresh("worker")), Case.objects.get()
    for text in (case.number.replace("-", ""), case.number.replace("-", " "), case.number[5:], case.number[:7]):
        assert [row.number for row in client.get("/search/", {"q": text}).context["found"].cases] == [case.number]


@pytest.mark.parametrize("text", ["3-2-501", "3号楼2单元501", "3号楼501", "三号楼二单元501", "黎花园3#2-501", "3-501"])
def test_pieces_of_an_address_find_the_home(settled: Cast, client_for: Browser, text: str) -> None:
    found = client_for(settled.fresh("leader")).get("/search/", {"q": text}).context["found"]
    assert [home.dwelling.address for home in found.households] == ["黎花园3号楼2单元501"]
    assert found.people == []
    assert [building.name for building in found.buildings][:1] in (["3号楼"], [])


@pytest.mark.parametrize("text", ["3-2-701", "3号楼2单元701", "黎花园3号楼701", "三号楼701", "黎花园3#2-701", "2-701"])
def test_a_home_where_nobody_lives_is_found_too(settled: Cast, client_for: Browser, text: str) -> None:
    building = Building.objects.get(name="3号楼")
    room = next(iter(add_dwellings([NewDwelling(building, "2", "701")], by=SYSTEM)))
    add_dwellings([NewDwelling(building, "2", "702")], by=SYSTEM)
    client = client_for(settled.fresh("worker"))
    answer = client.get("/search/", {"q": text})
    assert [home.pk for home in answer.context["found"].homes] == [room.pk]
    assert f'href="/dwellings/{room.pk}/"' in answer.content.decode()
    assert client.get(f"/dwellings/{room.pk}/").status_code == 200
    for name in ("far_leader", "far_worker", "department"):
        assert client_for(settled.fresh(name)).get("/search/", {"q": text}).context["found"].homes == []


def test_a_home_where_somebody_lives_is_found_as_a_household_only(settled: Cast, client_for: Browser) -> None:
    found = client_for(settled.fresh("leader")).get("/search/", {"q": "3-2-501"}).context["found"]
    assert found.homes == []
    assert len(found.households) == 1
    for text in ("3号楼", "501", "黎花园"):
        assert client_for(settled.fresh("leader")).get("/search/", {"q": text}).context["found"].homes == []


def test_homes_of_nobody_cost_the_same_number_of_queries(settled: Cast, client_for: Browser) -> None:
    client, counts = client_for(settled.fresh("leader")), []
    building = Building.objects.get(name="3号楼")
    for entrance in ("1", "3", "4"):
        add_dwellings([NewDwelling(building, entrance, "701")], by=SYSTEM)
        counts.append(queries_of(client, "/search/?q=3号楼701"))
    assert counts[0] == counts[2]


def test_a_plate_finds_its_building_and_who_lives_behind_its_door(settled: Cast, client_for: Browser) -> None:
    home = Household.objects.get(dwelling__building__name="3号楼", dwelling__room="501").dwelling
    plates = [*make_plates([home.building], by=SYSTEM), *make_home_plates([home], by=SYSTEM)]
    door = next(plate for plate in plates if plate.dwelling_id == home.pk)
    client = client_for(settled.fresh("leader"))
    for text in (door.token, door.token.lower(), f"https://linli.example/d/{door.token}/"):
        found = client.get("/search/", {"q": text}).context["found"]
        assert [household.dwelling for household in found.households] == [home]
        assert [building.name for building in found.buildings] == ["3号楼"]
    assert client_for(settled.fresh("far_leader")).get("/search/", {"q": door.token}).context["found"].empty


def test_a_municipal_plate_number_finds_who_lives_behind_it(settled: Cast, client_for: Browser) -> None:
    home = Household.objects.get(dwelling__building__name="3号楼", dwelling__room="501").dwelling
    Dwelling.objects.filter(pk=home.pk).update(plate_number="140403007002-000501")
    client = client_for(settled.fresh("leader"))
    for text in ("140403007002-000501", "140403007002"):
        found = client.get("/search/", {"q": text}).context["found"]
        assert [household.dwelling for household in found.households] == [home]
        assert found.homes == []
    assert client.get("/search/", {"q": "14"}).context["found"].households == []
    assert client_for(settled.fresh("far_leader")).get("/search/", {"q": "140403007002"}).context["found"].empty


def test_a_service_code_finds_its_household(settled: Cast, client_for: Browser) -> None:
    number = Household.objects.get(dwelling__building__name="3号楼", dwelling__room="501").number
    found = client_for(settled.fresh("worker")).get("/search/", {"q": number.lower()}).context["found"]
    assert [household.number for household in found.households] == [number]
    assert client_for(settled.fresh("far_worker")).get("/search/", {"q": number}).context["found"].empty


def test_who_sees_cases_only_finds_no_people(settled: Cast, client_for: Browser) -> None:
    answer = client_for(settled.fresh("district")).get("/search/", {"q": "楼道灯"})
    assert len(answer.context["found"].cases) == 1
    assert client_for(settled.fresh("district")).get("/search/", {"q": "单田芳"}).context["found"].empty


def test_search_is_for_those_who_have_something_to_find(settled: Cast, client_for: Browser) -> None:
    assert client_for(None).get("/search/").status_code == 302
    assert client_for(settled.fresh("auditor")).get("/search/").status_code == 403
    assert client_for(settled.fresh("outsider")).get("/search/").status_code == 403
    assert client_for(settled.fresh("worker")).get("/search/").status_code == 200


def test_htmx_gets_the_results_alone(settled: Cast, client_for: Browser) -> None:
    part = client_for(settled.fresh("leader")).get("/search/", {"q": "单"}, headers={"HX-Request": "true"})
    assert "单田芳" in part.content.decode()
    assert "<html" not in part.content.decode()


@pytest.mark.parametrize("text", ["", "   ", "　"])
def test_nothing_typed_says_what_can_be_typed(settled: Cast, client_for: Browser, text: str) -> None:
    assert "输入姓名、地址或编号" in client_for(settled.fresh("leader")).get("/search/", {"q": text}).content.decode()


@pytest.mark.parametrize("text", ["'; DROP TABLE", '" OR *', "%%%", "号" * 5000, "NEAR(", "不存在的人"])
def test_rubbish_finds_nothing_and_breaks_nothing(settled: Cast, client_for: Browser, text: str) -> None:
    assert client_for(settled.fresh("leader")).get("/search/", {"q": text}).status_code == 200


def test_search_costs_the_same_number_of_queries(settled: Cast, client_for: Browser) -> None:
    client = client_for(settled.fresh("far_leader"))
    counts = []
    for room in ("101", "102", "103"):
        applied(workbook([resident(f"郭{room}", room=room)]), settled.far_community, settled.far_leader)
        counts.append(queries_of(client, "/search/?q=郭"))
    assert counts[0] == counts[2]
