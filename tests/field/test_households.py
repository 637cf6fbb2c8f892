"""The household file on the phone: what the desktop shows, as of a day, for whom, and the ways on from the ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.test import Client

from linli.agreements.actions import Party, Text, draft_agreement
from linli.agreements.models import Agreement
from linli.cases.actions import NewCase, report_case
from linli.cases.models import Case, Category
from linli.core import clock
from linli.declarations.models import Declaration
from linli.housing.actions import add_owner
from linli.housing.models import Dwelling
from linli.housing.values import OwnerValues
from linli.journal.models import Entry
from linli.people.actions import change_person
from linli.people.models import Correction, Household, Person
from tests.cast import Cast
from tests.web.counting import queries_of
from tests.web.ledgers import category, household_of, let_today, settled_home, sign_and_declare

Browser = Callable[[object], Client]
MONTH = timedelta(days=30)
EMERGENCY_PHONE = "13900004321"
DESKTOP = ("/declarations/", "/transfers/", "/departures/", "/corrections/")


@dataclass(frozen=True)
class Kept:
    """The cast, the household of 单田芳, and its home: owned, let for a month, with a paper, a case, a declaration."""

    cast: Cast
    household: Household
    home: Dwelling
    person: Person

    @property
    def page(self) -> str:
        return f"/field/households/{self.household.number}/"


@pytest.fixture
def kept(cast: Cast, tuesday: object) -> Kept:
    household, home = settled_home(cast)
    person = Person.objects.get(name="单田芳")
    add_owner(home, OwnerValues("房明", phone="13900005678"), by=cast.leader)
    with clock.frozen(clock.now() - MONTH):
        paper = let_today(home, cast)
    sign_and_declare(paper, home, cast)
    told = {
        "registered_address": "太原市迎泽区桃园路1号",
        "emergency_name": "单雪",
        "emergency_relation": "女儿",
        "emergency_phone": EMERGENCY_PHONE,
    }
    change_person(person, told, by=cast.worker)
    report_case(NewCase(category(), "水管漏了", building=home.building, place=home.address), by=cast.worker)
    return Kept(cast, household, home, person)


def _page(kept: Kept, client_for: Browser, name: str = "worker", day: date | None = None) -> str:
    query = f"?day={day.isoformat()}" if day else ""
    return client_for(kept.cast.fresh(name)).get(kept.page + query).content.decode()


def test_the_file_at_the_door_shows_what_the_desktop_shows(kept: Kept, client_for: Browser) -> None:
    page = _page(kept, client_for)
    assert page.index("户籍地址") < page.index("太原市迎泽区桃园路1号") < page.index("现住地址")
    for shown in ("单雪", "女儿", "139****4321", "房明", "新租客", "消防责任书", "生效中", "水管漏了"):
        assert shown in page, shown
    for hidden in (EMERGENCY_PHONE, "13900005678"):
        assert hidden not in page, hidden
    for link in (
        f"/field/dwellings/{kept.home.pk}/",
        f"/field/agreements/{Agreement.objects.get().pk}/",
        f"/field/cases/{Case.objects.get().number}/",
        f"/declarations/{Declaration.objects.get().number}/",
        f"/people/{kept.person.pk}/emergency_phone/",
    ):
        assert f'"{link}"' in page, link


def test_the_phone_of_the_emergency_contact_is_shown_for_a_purpose_and_journalled(
    kept: Kept, client_for: Browser
) -> None:
    client, address = client_for(kept.cast.fresh("worker")), f"/people/{kept.person.pk}/emergency_phone/"
    assert client.post(address, {}).status_code == 422
    assert EMERGENCY_PHONE in client.post(address, {"reason": "visit"}).content.decode()
    assert Entry.objects.filter(action="people.reveal").latest("pk").detail == {"field": "emergency_phone"}


def test_who_prefers_not_to_say_is_written_so(kept: Kept, client_for: Browser) -> None:
    with clock.frozen(clock.now() + timedelta(days=1)):
        declined = ["phone", "registered_address", "emergency_contact"]
        told = {"phone": "", "registered_address": "", "emergency_name": "", "emergency_phone": ""}
        change_person(kept.person, told | {"declined": declined}, by=kept.cast.worker)
        page = _page(kept, client_for)
    assert "150****9934" not in page
    assert "139****4321" not in page
    assert page.count("不方便说") >= len(declined)


def test_a_past_day_shows_what_was_known_then_and_nothing_can_be_done(kept: Kept, client_for: Browser) -> None:
    page = _page(kept, client_for, day=clock.today() - timedelta(days=10))
    assert "那天的样子" in page
    for shown in ("单田芳", "房明", "新租客", "消防责任书", "还没签"):
        assert shown in page, shown
    for hidden in ("水管漏了", "生效中", "/emergency_phone/", "/changes/", "/confirm/"):
        assert hidden not in page, hidden
    before = _page(kept, client_for, day=clock.today() - 2 * MONTH)
    assert "新租客" not in before
    assert "消防责任书" not in before


@pytest.mark.parametrize("day", ["2999-01-01", "rubbish", ""])
def test_a_day_to_come_and_rubbish_count_as_today(kept: Kept, client_for: Browser, day: str) -> None:
    answer = client_for(kept.cast.fresh("worker")).get(f"{kept.page}?day={day}")
    assert not answer.context["file"].is_past
    assert "水管漏了" in answer.content.decode()


def test_other_ledgers_are_shown_to_those_who_may_open_them(kept: Kept, client_for: Browser) -> None:
    street = client_for(kept.cast.fresh("street")).get(kept.page)
    assert "declared" not in street.context
    assert not street.context["deeds"]
    assert client_for(kept.cast.fresh("far_worker")).get(kept.page).status_code == 404
    assert client_for(kept.cast.fresh("police")).get(kept.page).status_code == 403


def test_something_to_correct_leads_to_where_it_is_put_right(kept: Kept, client_for: Browser) -> None:
    wrong = Correction.objects.get(person__name="李桂香")
    address = f"/field/households/{household_of('李桂香').number}/"
    link = f'"/corrections/{wrong.pk}/"'
    assert link in client_for(kept.cast.fresh("worker")).get(address).content.decode()
    assert link not in client_for(kept.cast.fresh("street")).get(address).content.decode()


def test_the_ledger_leads_to_what_the_role_may_open(kept: Kept, client_for: Browser) -> None:
    worker, street = client_for(kept.cast.fresh("worker")), client_for(kept.cast.fresh("street"))
    for client, opens in ((worker, True), (street, False)):
        page = client.get("/field/households/").content.decode()
        assert 'href="/rentals/"' in page
        assert client.get("/rentals/").status_code == 200
        for address in DESKTOP:
            assert (f'href="{address}"' in page) == opens, address
            assert (client.get(address).status_code == 200) == opens, address


def test_the_file_costs_the_same_with_more_of_everything(kept: Kept, client_for: Browser) -> None:
    client = client_for(kept.cast.fresh("worker"))
    one = queries_of(client, kept.page)
    category = Category.objects.filter(parent__isnull=False, mechanism="coordination")[0]
    for number in range(2):
        new = NewCase(category, f"下水堵了{number}", building=kept.home.building, place=kept.home.address)
        report_case(new, by=kept.cast.worker)
        party = Party("owner", "房明", kept.cast.grid, kept.home.address, dwelling=kept.home)
        text = Text(f"第{number}份责任书", "owner", 12, ["楼道不堆东西。"])
        draft_agreement(text, party, clock.today(), clock.today() + 12 * MONTH, by=kept.cast.worker)
        add_owner(kept.home, OwnerValues(f"房主{number}"), by=kept.cast.leader)
    assert queries_of(client, kept.page) == one
