"""The staff's pages of declarations: the list, one declaration, and the steps from both sides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from linli.accounts.rules import SYSTEM
from linli.declarations.actions import answer, ask, refuse, withdraw
from linli.declarations.actions.duties import erase_due
from linli.declarations.choices import Choice, Declarer, Kind, State
from linli.declarations.models import Declaration
from linli.housing.actions import NewBuilding, NewDwelling, add_building, add_dwellings
from linli.housing.choices import Occupancy
from linli.journal.models import Entry
from linli.people.models import Person, Residence
from tests.cast import Cast
from tests.declarations.samples import (
    NAME,
    NEWCOMER,
    OTHER_PHONE,
    PHONE,
    building,
    declared,
    family,
    fresh,
    home,
    person,
)
from tests.web.counting import queries_of
from tests.web.ledgers import ID_NUMBER

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]
ClientFor = Callable[[object], Client]


def text_of(response: Any) -> str:
    return response.content.decode()


def english(client: Client) -> Client:
    client.cookies["linli_language"] = "en"
    return client


@pytest.fixture
def worker(cast: Cast, client_for: ClientFor) -> Client:
    return english(client_for(cast.worker))


@pytest.fixture
def leader(cast: Cast, client_for: ClientFor) -> Client:
    return english(client_for(cast.leader))


def address(declaration: Declaration, step: str = "") -> str:
    return f"/declarations/{declaration.number}/{step}"


def test_the_list_shows_what_waits_by_promise_and_hides_names(cast: Cast, worker: Client) -> None:
    house = building(cast)
    waiting, refused = declared(house).declaration, declared(house, room="502").declaration
    refuse(refused, "地址不对", by=cast.leader)
    page = text_of(worker.get("/declarations/"))
    assert waiting.number in page
    assert refused.number not in page
    assert "李*" in page
    assert NEWCOMER not in page
    assert refused.number in text_of(worker.get("/declarations/?state=refused"))
    every = text_of(worker.get("/declarations/?state=all"))
    assert waiting.number in every
    assert refused.number in every


def test_a_list_with_nothing_in_it_says_what_comes(cast: Cast, worker: Client) -> None:
    assert "No declaration waits" in text_of(worker.get("/declarations/"))
    assert "No declaration stands so" in text_of(worker.get("/declarations/?state=confirmed"))


def test_the_list_stands_behind_the_door_of_the_ledgers(cast: Cast, worker: Client, client_for: ClientFor) -> None:
    assert 'href="/declarations/"' in text_of(worker.get("/households/"))
    street = english(client_for(cast.street))
    assert 'href="/declarations/"' not in text_of(street.get("/households/"))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_of_the_list(cast: Cast, worker: Client, rows: int) -> None:
    house = building(cast)
    for room in range(rows):
        declared(house, room=f"50{room}")
    assert queries_of(worker, "/declarations/") <= 8


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_of_one_declaration(cast: Cast, leader: Client, rows: int) -> None:
    dwelling = home(cast)
    for number in range(rows):
        family(dwelling, name=f"{NAME}{number}")
    made = declared(dwelling.building).declaration
    assert queries_of(leader, address(made)) <= 13


def test_numbers_come_masked_and_are_shown_for_a_purpose(cast: Cast, worker: Client) -> None:
    made = declared(building(cast), id_number=ID_NUMBER).declaration
    page = text_of(worker.get(address(made)))
    assert NEWCOMER in page
    assert OTHER_PHONE not in page
    assert ID_NUMBER not in page
    assert "139****5678" in page
    assert worker.post(address(made, "show/phone/")).status_code == 422
    shown = worker.post(address(made, "show/phone/"), {"reason": "check"})
    assert OTHER_PHONE in text_of(shown)
    assert "no-store" in shown["Cache-Control"]
    assert Entry.objects.filter(action="declarations.reveal").count() == 1
    assert worker.get(address(made, "show/name/")).status_code == 404
    dialog = worker.post(address(made, "show/id_number/"), {"reason": "check"}, headers={"HX-Request": "true"})
    assert ID_NUMBER in text_of(dialog)


def test_before_confirming_staff_see_whom_and_what_it_would_touch(cast: Cast, leader: Client) -> None:
    family(home(cast))
    new = home(cast, "602")
    made = declared(new.building, room="602", name=NAME, phone=PHONE).declaration
    page = text_of(leader.get(address(made)))
    assert "same phone" in page
    assert "Would move from 黎花园3号楼2单元501 into this home" in page
    assert "Would be written down in this home, since" in page
    assert "No person would be written down or changed" in page
    assert page.count('name="choice"') == 3


def test_a_leader_confirms_and_the_household_file_shows_the_person(cast: Cast, leader: Client) -> None:
    dwelling = home(cast)
    made = declared(dwelling.building).declaration
    form = {"version": "1", "choice": "new", "relation": "head", "occupancy": Occupancy.RENTED}
    response = leader.post(address(made, "confirm/"), form, follow=True)
    assert "is confirmed, and written into the ledger" in text_of(response)
    household = Residence.objects.get(person__name=NEWCOMER).household
    file = text_of(leader.get(f"/households/{household.number}/"))
    assert NEWCOMER in file
    assert "moved in" in file
    assert f"/households/{household.number}/" in text_of(leader.get(address(made)))


def test_somebody_joins_a_household_that_is_chosen(cast: Cast, leader: Client) -> None:
    household = family(home(cast))
    made = declared(household.dwelling.building).declaration
    page = text_of(leader.get(address(made)))
    assert f"together with {NAME}" in page
    form = {"version": "1", "choice": "new", "household": household.number, "relation": "daughter", "occupancy": ""}
    assert leader.post(address(made, "confirm/"), form).status_code == 302
    assert Residence.objects.get(person__name=NEWCOMER).household == household


def test_who_moves_out_is_chosen_among_those_who_live_there(cast: Cast, leader: Client) -> None:
    household = family(home(cast))
    made = declared(household.dwelling.building, Declarer.RESIDENT, Kind.MOVE_OUT, name=NAME, phone=PHONE).declaration
    page = text_of(leader.get(address(made)))
    assert f'value="person:{person(NAME).pk}" checked' in page
    form = {"version": "1", "choice": f"person:{person(NAME).pk}", "occupancy": Occupancy.EMPTY}
    assert leader.post(address(made, "confirm/"), form).status_code == 302
    assert Residence.objects.get().until == made.day


def test_nothing_chosen_is_said_next_to_the_choice(cast: Cast, leader: Client) -> None:
    made = declared(building(cast)).declaration
    for form in ({"version": "1"}, {"version": "1", "choice": "person:1"}, {"version": "1", "choice": "anything"}):
        response = leader.post(address(made, "confirm/"), form)
        assert response.status_code == 422
        assert "Choose whom of the ledger this is about." in text_of(response)
    assert fresh(made).state == State.RECEIVED


def test_an_owner_is_asked_about_no_person(cast: Cast, leader: Client) -> None:
    dwelling = home(cast)
    made = declared(dwelling.building, Declarer.OWNER, Kind.LET).declaration
    page = text_of(leader.get(address(made)))
    assert 'name="choice"' not in page
    assert "do not ask the owner for names" in page
    assert leader.post(address(made, "confirm/"), {"version": "1", "occupancy": Occupancy.RENTED}).status_code == 302
    dwelling.refresh_from_db()
    assert dwelling.occupancy == Occupancy.RENTED
    assert not Person.objects.exists()


def test_what_is_for_a_day_to_come_waits(cast: Cast, leader: Client) -> None:
    made = declared(home(cast).building, Declarer.OWNER, Kind.LET, day=date(2026, 12, 1)).declaration
    page = text_of(leader.get(address(made)))
    assert "It can be confirmed from that day on" in page
    assert "Confirm, write into the ledger" not in page
    response = leader.post(address(made, "confirm/"), {"version": "1", "occupancy": Occupancy.RENTED})
    assert response.status_code == 422
    assert "This is for 2026-12-01" in text_of(response)


def test_the_ledger_says_no_in_words(cast: Cast, leader: Client) -> None:
    far = add_building(NewBuilding(cast.far_community, "8号楼", grid=cast.far_grid), by=SYSTEM)
    family(add_dwellings([NewDwelling(far, "1", "101")], by=SYSTEM)[0])
    made = declared(building(cast), id_number=ID_NUMBER).declaration
    response = leader.post(address(made, "confirm/"), {"version": "1", "choice": "new"})
    assert response.status_code == 422
    assert "This person is still written down in another home" in text_of(response)
    assert fresh(made).state == State.RECEIVED


def test_a_worker_prepares_and_the_community_finds_it_chosen(cast: Cast, worker: Client, leader: Client) -> None:
    made = declared(home(cast).building).declaration
    page = text_of(worker.get(address(made)))
    assert "Confirm, write into the ledger" not in page
    assert "Refuse" not in page
    form = {"version": "1", "choice": "new", "relation": "head", "occupancy": Occupancy.OWN}
    assert worker.post(address(made, "prepare/"), form).status_code == 302
    assert fresh(made).choice == Choice.NEW
    page = text_of(leader.get(address(made)))
    assert "prepared: a new person" in page
    assert 'value="new" checked' in page
    assert 'value="own" selected' in page
    assert worker.post(address(made, "confirm/"), form).status_code == 403
    assert worker.get(address(made, "steps/refuse/")).status_code == 403


def test_a_question_and_a_refusal_are_written_on_pages_of_their_own(cast: Cast, worker: Client, leader: Client) -> None:
    made = declared(building(cast))
    found = made.declaration
    assert "write no name, phone or home" in text_of(worker.get(address(found, "steps/ask/")))
    assert worker.post(address(found, "steps/ask/"), {"version": "1", "words": " "}).status_code == 422
    assert worker.post(address(found, "steps/ask/"), {"version": "1", "words": "几单元?"}).status_code == 302
    answer(made.token, "2单元")
    page = text_of(leader.get(address(found)))
    assert "几单元?" in page
    assert "2单元" in page
    assert leader.post(address(found, "steps/refuse/"), {"version": "3", "words": "没有这个房号"}).status_code == 302
    assert fresh(found).state == State.REFUSED
    assert worker.get(address(found, "steps/withdraw/")).status_code == 404


def test_taking_it_up_is_one_press(cast: Cast, worker: Client) -> None:
    made = declared(building(cast)).declaration
    response = worker.post(address(made, "take/"), follow=True)
    assert "sees that you look into it" in text_of(response)
    again = worker.post(address(made, "take/"))
    assert again.status_code == 409
    assert "李文静" in text_of(again)


def test_of_two_at_one_moment_the_second_is_told_and_keeps_what_was_typed(
    cast: Cast, leader: Client, client_for: ClientFor
) -> None:
    made = declared(building(cast)).declaration
    other = english(client_for(cast.community))
    assert other.post(address(made, "steps/ask/"), {"version": "1", "words": "几单元?"}).status_code == 302
    late = leader.post(address(made, "steps/refuse/"), {"version": "1", "words": "楼里没有"})
    assert late.status_code == 409
    assert "牛志强" in text_of(late)
    assert "楼里没有" in text_of(late)
    stale = leader.post(address(made, "confirm/"), {"version": "1", "choice": "nobody"})
    assert stale.status_code == 409
    assert "牛志强" in text_of(stale)
    assert fresh(made).state == State.ASKED


def test_what_is_over_shows_no_form_and_after_erasing_nothing_personal(cast: Cast, leader: Client) -> None:
    made = declared(building(cast))
    ask(made.declaration, f"{NEWCOMER}住几单元?", by=cast.worker)
    withdraw(made.token)
    page = text_of(leader.get(address(made.declaration)))
    assert 'name="choice"' not in page
    assert NEWCOMER in page
    erase_at = fresh(made.declaration).erase_at
    assert erase_at is not None
    erase_due(erase_at)
    page = text_of(leader.get(address(made.declaration)))
    assert NEWCOMER not in page
    assert "501" not in page
    assert "everything personal were erased" in page
    assert "erase what is personal" in page
