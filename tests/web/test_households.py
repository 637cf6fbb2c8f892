from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from linli.accounts.rules import SYSTEM
from linli.cases.actions import NewCase, report_case
from linli.cases.actions.presets import load_presets
from linli.cases.models import Category
from linli.housing.models import Building
from linli.journal.models import Entry
from linli.people.models import Household, Person
from tests.cast import Cast
from tests.exchange.samples import applied, resident, workbook
from tests.web.counting import queries_of
from tests.web.ledgers import ID_NUMBER, PHONE, household_of, settle

Browser = Callable[[object], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def settled(cast: Cast, tuesday: object) -> Cast:
    settle(cast)
    return cast


def _listed(client: Client, query: str = "") -> list[str]:
    return [row.dwelling.address for row in client.get(f"/households/?{query}").context["page"]]


def test_each_sees_the_households_of_their_area(settled: Cast, client_for: Browser) -> None:
    assert len(_listed(client_for(settled.fresh("worker")))) == 2
    assert len(_listed(client_for(settled.fresh("community")))) == 3
    assert len(_listed(client_for(settled.fresh("street")))) == 3
    assert _listed(client_for(settled.fresh("far_worker"))) == []


@pytest.mark.parametrize("name", ["department", "district", "police", "volunteer", "administrator", "auditor"])
def test_the_ledger_is_closed_to(settled: Cast, client_for: Browser, name: str) -> None:
    client = client_for(settled.fresh(name))
    assert client.get("/households/").status_code == 403
    assert client.get(f"/households/{household_of('单田芳').number}/").status_code == 403


def test_a_visitor_is_led_to_the_sign_in_page(settled: Cast, client_for: Browser) -> None:
    assert client_for(None).get("/households/").status_code == 302
    assert client_for(None).get(f"/households/{household_of('单田芳').number}/").status_code == 302


def test_filters_narrow_by_grid_building_and_words(settled: Cast, client_for: Browser) -> None:
    client = client_for(settled.fresh("leader"))
    assert len(_listed(client, f"under={settled.grid.code}")) == 2
    building = Building.objects.get(name="9号楼")
    assert len(_listed(client, f"building={building.pk}")) == 1
    assert len(_listed(client, "q=ligx")) == len(_listed(client, "q=liguix")) == 1
    assert len(_listed(client, "q=liyx")) == 0
    assert len(_listed(client, "q=lgx")) == 1
    assert _listed(client, "under=nowhere") == []
    assert "没有符合的住户" in client.get("/households/?q=没有这个人").content.decode()


def test_a_household_out_of_reach_is_not_found(settled: Cast, client_for: Browser) -> None:
    number = household_of("王翠萍").number
    assert client_for(settled.fresh("worker")).get(f"/households/{number}/").status_code == 404
    assert client_for(settled.fresh("leader")).get(f"/households/{number}/").status_code == 200
    assert client_for(settled.fresh("leader")).get("/households/NOSUCH/").status_code == 404


def test_the_file_shows_members_masked(settled: Cast, client_for: Browser) -> None:
    answer = client_for(settled.fresh("worker")).get(f"/households/{household_of('单田芳').number}/")
    page = answer.content.decode()
    assert "单田芳" in page
    assert "单小雨" in page
    assert "1499**********7324" in page
    assert "150****9934" in page
    assert ID_NUMBER not in page
    assert PHONE not in page
    assert "未满14岁" in page
    assert "no-store" in answer["Cache-Control"]


def test_the_face_of_the_building_links_the_neighbours(settled: Cast, client_for: Browser) -> None:
    answer = client_for(settled.fresh("worker")).get(f"/households/{household_of('单田芳').number}/")
    page = answer.content.decode()
    assert f'href="/households/{household_of("李桂香").number}/"' in page
    assert [floor for floor, _homes in answer.context["floors"]] == [6, 5]


def test_the_file_shows_cases_of_the_building(settled: Cast, client_for: Browser) -> None:
    load_presets(by=SYSTEM)
    category = Category.objects.filter(parent__isnull=False, mechanism="coordination").first()
    assert category is not None
    new = NewCase(category=category, text="楼道灯不亮", building=Building.objects.get(name="3号楼"))
    report_case(new, by=settled.fresh("worker"))
    page = client_for(settled.fresh("worker")).get(f"/households/{household_of('单田芳').number}/").content.decode()
    assert "楼道灯不亮" in page


def test_the_eye_asks_for_the_purpose_first(settled: Cast, client_for: Browser) -> None:
    client, person = client_for(settled.fresh("worker")), Person.objects.get(name="单田芳")
    address = f"/people/{person.pk}/phone/"
    asked = client.get(address, headers=HTMX)
    assert "查看单田芳的电话" in asked.content.decode()
    assert PHONE not in asked.content.decode()
    without = client.post(address, headers=HTMX)
    assert without.status_code == 422
    assert PHONE not in without.content.decode()
    assert not Entry.objects.filter(action="people.reveal").exists()


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_with_a_purpose_the_number_is_shown_and_journalled(
    settled: Cast, client_for: Browser, headers: dict[str, str]
) -> None:
    client, person = client_for(settled.fresh("worker")), Person.objects.get(name="单田芳")
    shown = client.post(f"/people/{person.pk}/phone/", {"reason": "visit"}, headers=headers)
    assert f"tel:{PHONE}" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    entry = Entry.objects.get(action="people.reveal")
    assert (entry.actor, entry.reason, entry.detail["field"]) == ("worker", "visit", "phone")
    other = client.post(f"/people/{person.pk}/id_number/", {"reason": "check"}, headers=headers)
    assert ID_NUMBER in other.content.decode()
    assert "tel:" not in other.content.decode()


def test_a_number_out_of_reach_stays_hidden(settled: Cast, client_for: Browser) -> None:
    person = Person.objects.get(name="王翠萍")
    address = f"/people/{person.pk}/phone/"
    assert client_for(None).get(address).status_code == 302
    assert client_for(settled.fresh("worker")).post(address, {"reason": "visit"}).status_code == 404
    assert client_for(settled.fresh("district")).post(address, {"reason": "visit"}).status_code == 403
    assert client_for(settled.fresh("leader")).get(f"/people/{person.pk}/note/").status_code == 404
    assert client_for(settled.fresh("leader")).get("/people/99999999/phone/").status_code == 404


def _content(client: Client, address: str) -> str:
    """Return what stands between the doors of a page."""
    return client.get(address).content.decode().split("<main", 1)[1].split("</main>", 1)[0]


def test_the_street_reads_and_reveals_but_corrects_nothing(settled: Cast, client_for: Browser) -> None:
    address = f"/households/{household_of('李桂香').number}/"
    read = _content(client_for(settled.fresh("street")), address)
    assert "/id_number/" in read
    assert "/corrections/" not in read
    assert "/corrections/" in _content(client_for(settled.fresh("worker")), address)


def test_households_cost_the_same_number_of_queries(settled: Cast, client_for: Browser) -> None:
    client = client_for(settled.fresh("far_leader"))
    counts = []
    for room in ("101", "102", "103"):
        applied(workbook([resident(f"郭{room}", room=room)]), settled.far_community, settled.far_leader)
        counts.append(queries_of(client, "/households/"))
    assert Household.objects.visible_to(settled.fresh("far_leader")).count() == 3
    assert counts[0] == counts[2]


def test_members_cost_the_same_number_of_queries(settled: Cast, client_for: Browser) -> None:
    client = client_for(settled.fresh("leader"))
    alone, together = household_of("李桂香").number, household_of("单田芳").number
    assert queries_of(client, f"/households/{alone}/") == queries_of(client, f"/households/{together}/")
