"""The one box finds more than residents: owners, tenants, contacts of units, facilities, declarations, places."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from linli.accounts.rules import SYSTEM
from linli.areas.actions import rename_area
from linli.core.nameterms import hidden_searches, hidden_terms
from linli.finder import Found
from linli.housing.actions import (
    add_facility,
    add_owner,
    change_facility,
    change_owner,
    end_ownership,
    end_tenancy,
    load_lists,
    start_tenancy,
)
from linli.housing.choices import Occupancy
from linli.housing.models import Dwelling, Facility, ListItem, Ownership, Tenancy
from linli.housing.values import FacilityValues, OwnerValues, TenancyValues
from linli.units.actions import UnitFacts, Where, add_unit, change_unit
from linli.units.models import Unit
from tests.cast import Cast, middle
from tests.declarations.samples import declared
from tests.exchange.test_homes import table, taken
from tests.exchange.test_rentals import HEADERS, LET
from tests.exchange.test_units import HEADERS as UNIT_HEADERS
from tests.exchange.test_units import SHOP
from tests.web.counting import queries_of
from tests.web.ledgers import settle

Browser = Callable[[object], Client]
OWNER, OWNER_PHONE = "郭建国", "13900001111"
TENANT, TENANT_PHONE = "尉迟敬德", "13900002222"
CONTACT, CONTACT_PHONE = "常桂英", "13900003333"


@pytest.fixture
def settled(cast: Cast, tuesday: object) -> Cast:
    settle(cast)
    load_lists(by=SYSTEM)
    home = Dwelling.objects.get(room="602")
    add_owner(home, OwnerValues(OWNER, phone=OWNER_PHONE), by=cast.fresh("worker"))
    let = TenancyValues(date(2026, 1, 1), contact=TENANT, phone=TENANT_PHONE, headcount=2)
    start_tenancy(home, let, by=cast.fresh("worker"))
    facts = UnitFacts(name="惠民超市", contact_name=CONTACT, contact_phone=CONTACT_PHONE)
    add_unit(facts, Where(cast.grid, "黎花园3号楼"), by=cast.fresh("worker"))
    kind = ListItem.objects.filter(kind="facility").first()
    assert kind is not None
    add_facility(FacilityValues(kind, "健身长廊", *middle(0), place="老槐树下"), by=cast.fresh("worker"))
    return cast


def found(client: Client, text: str) -> Found:
    answer: Found = client.get("/search/", {"q": text}).context["found"]
    return answer


@pytest.mark.parametrize("text", [OWNER, "建国", "郭", "guojianguo", "gjg", "guojg", "jianguo", "1111", OWNER_PHONE])
def test_an_owner_leads_to_the_home(settled: Cast, client_for: Browser, text: str) -> None:
    home = Dwelling.objects.get(room="602")
    page = client_for(settled.fresh("worker")).get("/search/", {"q": text})
    assert [(one.name, one.dwelling, one.rents) for one in page.context["found"].owners] == [(OWNER, home, False)]
    assert f'href="/dwellings/{home.pk}/"' in page.content.decode()
    assert "139****1111" in page.content.decode()
    if text != OWNER_PHONE:
        assert OWNER_PHONE not in page.content.decode()
    for name in ("far_worker", "far_leader", "department", "district"):
        assert client_for(settled.fresh(name)).get("/search/", {"q": text}).context["found"].owners == []


@pytest.mark.parametrize("text", [TENANT, "敬德", "yuchijingde", "yuchijd", "ycjd", "2222", "02222"])
def test_a_tenant_who_is_no_resident_of_the_ledger_leads_to_the_home(
    settled: Cast, client_for: Browser, text: str
) -> None:
    (one,) = found(client_for(settled.fresh("worker")), text).owners
    assert (one.name, one.dwelling.room, one.rents, one.phone) == (TENANT, "602", True, "139****2222")
    assert found(client_for(settled.fresh("far_worker")), text).owners == []


def test_who_owned_or_rented_a_home_before_is_not_found(settled: Cast, client_for: Browser) -> None:
    client, today = client_for(settled.fresh("worker")), date(2026, 11, 24)
    end_ownership(Ownership.objects.get(), today, by=settled.fresh("worker"))
    end_tenancy(Tenancy.objects.get(), today, Occupancy.EMPTY, by=settled.fresh("worker"))
    for text in (OWNER, "1111", TENANT, "2222"):
        assert found(client, text).empty


def test_a_changed_owner_is_found_by_the_new_name_and_no_more_by_the_old(settled: Cast, client_for: Browser) -> None:
    change_owner(Ownership.objects.get(), OwnerValues("郭建华", phone="13900004444"), by=settled.fresh("worker"))
    client = client_for(settled.fresh("worker"))
    assert [found(client, text).empty for text in ("郭建国", "gjg", "1111")] == [True, True, True]
    assert [len(found(client, text).owners) for text in ("郭建华", "gjh", "4444")] == [1, 1, 1]


def test_owners_and_tenants_of_workbooks_are_found_and_go_with_them(cast: Cast, client_for: Browser) -> None:
    batch = taken(cast, "rentals", table(HEADERS, LET))
    client = client_for(cast.fresh("leader"))
    for text in ("郭桂香", "guoguixiang", "9934"):
        assert [one.name for one in found(client, text).owners] == ["郭桂香"]
    for text in ("单田芳", "shantf", "9935"):
        assert [one.name for one in found(client, text).owners] == ["单田芳"]
    taken(cast, "rentals", table(HEADERS, (*LET[:5], "15005560000", *LET[6:])))
    assert [len(found(client, text).owners) for text in ("9934", "0000")] == [0, 1]
    assert batch.report["applied"]["owners"] == 1


@pytest.mark.parametrize("text", [CONTACT, "桂英", "changguiying", "cgy", "changgy", "guiying", "3333", CONTACT_PHONE])
def test_the_contact_of_a_unit_leads_to_it_and_stays_masked(settled: Cast, client_for: Browser, text: str) -> None:
    unit = Unit.objects.get()
    page = client_for(settled.fresh("worker")).get("/search/", {"q": text})
    assert [one.unit for one in page.context["found"].contacts] == [unit]
    shown = page.content.decode().replace(f'value="{text}"', "")
    assert "常*" in shown
    assert "139****3333" in shown
    # What was typed stands on the page once more, in the way back from the choice of a language.
    assert text == CONTACT or CONTACT not in shown
    assert text == CONTACT_PHONE or CONTACT_PHONE not in shown
    assert f'href="/units/{unit.pk}/"' in shown
    for name in ("far_worker", "department", "district"):
        assert client_for(settled.fresh(name)).get("/search/", {"q": text}).context["found"].contacts == []


@pytest.mark.parametrize("text", ["常", "c", "333", "chang", "王桂英", "v", "ω", "hwgy"])
def test_what_is_no_whole_piece_of_a_hidden_name_finds_no_contact(
    settled: Cast, client_for: Browser, text: str
) -> None:
    assert found(client_for(settled.fresh("worker")), text).contacts == []


def test_nothing_of_a_hidden_name_lies_in_what_it_is_found_by(settled: Cast, client_for: Browser) -> None:
    terms = Unit.objects.get().search_terms
    assert not any(piece in terms for piece in ("常", "桂", "英", "chang", "cgy", "3333"))
    assert not set(hidden_terms("常桂花", "").split()) >= set(hidden_terms(CONTACT, "").split())
    assert hidden_searches("3号楼") == hidden_searches("a") == hidden_searches("123") == []


def test_a_contact_who_is_taken_out_is_found_no_more(settled: Cast, client_for: Browser) -> None:
    change_unit(Unit.objects.get(), UnitFacts(name="惠民超市", contact_declined=True), by=settled.fresh("worker"))
    client = client_for(settled.fresh("worker"))
    assert [found(client, text).contacts for text in (CONTACT, "cgy", "3333")] == [[], [], []]


def test_the_contact_of_a_workbook_is_found(cast: Cast, client_for: Browser) -> None:
    taken(cast, "units", table(UNIT_HEADERS, SHOP))
    client = client_for(cast.fresh("leader"))
    assert [len(found(client, text).contacts) for text in ("常桂英", "cgy", "5678")] == [1, 1, 1]
    taken(cast, "units", table(UNIT_HEADERS, (*SHOP[:5], "常桂花", "13900009999", *SHOP[7:])))
    assert [len(found(client, text).contacts) for text in ("常桂英", "常桂花", "5678", "9999")] == [0, 1, 0, 1]


@pytest.mark.parametrize("text", ["健身", "健身长廊", "jianshen", "jscl", "老槐树"])
def test_facilities_are_found_by_name_pinyin_and_place(settled: Cast, client_for: Browser, text: str) -> None:
    facility = Facility.objects.get()
    page = client_for(settled.fresh("worker")).get("/search/", {"q": text})
    assert page.context["found"].facilities == [facility]
    assert f'href="/facilities/{facility.pk}/"' in page.content.decode()
    assert found(client_for(settled.fresh("far_worker")), text).empty


def test_a_renamed_facility_is_found_by_its_new_name(settled: Cast, client_for: Browser) -> None:
    facility = Facility.objects.get()
    change_facility(facility, FacilityValues(facility.kind, "石桥", *middle(0)), by=settled.fresh("worker"))
    client = client_for(settled.fresh("worker"))
    assert [len(found(client, text).facilities) for text in ("健身", "石桥", "sq")] == [0, 1, 1]


def test_a_declaration_is_found_by_its_number(settled: Cast, client_for: Browser) -> None:
    house = Dwelling.objects.get(room="602").building
    number = declared(house).declaration.number
    client = client_for(settled.fresh("worker"))
    for text in (number, number.lower(), number.replace("-", "")):
        page = client.get("/search/", {"q": text})
        assert [one.number for one in page.context["found"].declarations] == [number]
        assert f'href="/declarations/{number}/"' in page.content.decode()
    for name in ("far_worker", "street", "district"):
        assert found(client_for(settled.fresh(name)), number).empty


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("leader", "广场西", ["广场西社区", "第一网格", "第二网格"]),
        ("leader", "guangchangxi", ["广场西社区", "第一网格", "第二网格"]),
        ("leader", "广场西社区第二网格", ["第二网格"]),
        ("worker", "第一网格", ["第一网格"]),
        ("worker", "dywg", ["第一网格"]),
        ("district", "桥北", ["桥北社区", "第一网格"]),
        ("far_leader", "广场西", []),
        ("department", "广场西", []),
    ],
)
def test_communities_and_grids_are_found_by_name(
    settled: Cast, client_for: Browser, name: str, text: str, expected: list[str]
) -> None:
    page = client_for(settled.fresh(name)).get("/search/", {"q": text})
    assert [area.name for area in page.context["found"].areas] == expected
    for area in page.context["found"].areas:
        way = "grids" if area.level == "grid" else "communities"
        assert f'href="/{way}/{area.code}/"' in page.content.decode()


def test_a_renamed_community_is_found_with_its_grids(settled: Cast, client_for: Browser) -> None:
    rename_area(settled.community_area, "槐荫社区", by=SYSTEM)
    client = client_for(settled.fresh("leader"))
    assert [area.name for area in found(client, "槐荫").areas] == ["槐荫社区", "第一网格", "第二网格"]
    assert found(client, "广场西").areas == []


def test_the_phone_leads_to_its_own_pages(settled: Cast, client_for: Browser) -> None:
    client, home, unit = client_for(settled.fresh("worker")), Dwelling.objects.get(room="602"), Unit.objects.get()
    house = home.building
    number = declared(house).declaration.number
    wanted = {
        OWNER: f"/field/dwellings/{home.pk}/",
        "ycjd": f"/field/dwellings/{home.pk}/",
        "3333": f"/field/units/{unit.pk}/",
        "健身": "/field/facilities/?q=%E5%81%A5%E8%BA%AB%E9%95%BF%E5%BB%8A",
        number: f"/declarations/{number}/",
        "第一网格": f"/field/grid/?grid={settled.grid.code}",
    }
    for text, address in wanted.items():
        assert f'href="{address}"' in client.get("/field/search/", {"q": text}).content.decode(), text
        assert client.get(address).status_code == 200


def test_many_owners_and_contacts_cost_the_same_number_of_queries(settled: Cast, client_for: Browser) -> None:
    client, counts = client_for(settled.fresh("worker")), []
    home = Dwelling.objects.get(room="602")
    for number in range(3):
        add_owner(home, OwnerValues(f"苗润{'生声升'[number]}", phone=f"1390000555{number}"), by=settled.fresh("worker"))
        facts = UnitFacts(name=f"粮店{number}", contact_name=f"苗润{'花华画'[number]}", contact_phone="13900006666")
        add_unit(facts, Where(settled.grid, "黎花园3号楼"), by=settled.fresh("worker"))
        counts.append(queries_of(client, "/search/?q=苗润"))
    assert len(found(client, "苗润").owners) == len(found(client, "苗润").contacts) == 3
    assert counts[0] == counts[2]
