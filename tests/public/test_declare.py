"""Declaring on the public pages: what is asked of whom, which home is meant, and the private link afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from linli.accounts.rules import SYSTEM
from linli.core.tokens import new_token, token_digest
from linli.declarations.actions import StepValues, answer, ask, confirm, refuse, take_up
from linli.declarations.choices import Choice, Declarer, Kind, State
from linli.declarations.models import Declaration, DeclarationLink
from linli.declarations.workflow import ASKED
from linli.housing.actions import NewBuilding, add_building
from linli.inbox.models import Message
from tests.public.conftest import Estate

pytestmark = pytest.mark.usefixtures("tuesday")

TENANT = "/declare/tenant/move_in/"
OWNER = "/declare/owner/let/"
NAME, PHONE = "李桂香", "13900005678"


@pytest.fixture
def values() -> dict[str, str]:
    return {
        "once": "form-1",
        "address": "黎花园1号楼",
        "entrance": "2",
        "room": "501",
        "day": "2026-11-20",
        "name": NAME,
        "phone": PHONE,
        "id_number": "",
    }


def text_of(response: Any) -> str:
    return response.content.decode()


def link_in(response: Any) -> str:
    found = re.search(r"/declare/follow/([\w-]+)/", text_of(response))
    assert found is not None
    return found.group(1)


def names_in(page: str) -> set[str]:
    """Return the names of the fields of a page."""
    return set(re.findall(r'name="(\w+)"', page))


def test_the_first_page_offers_to_everybody_what_they_can_declare(visitor: Client, estate: Estate) -> None:
    page = text_of(visitor.get("/declare/", {"plate": estate.plate.token}))
    assert "No account needed" in page
    links = re.findall(r'href="(/declare/\w+/\w+/)\?plate=', page)
    assert links == [f"/declare/{who}/{kind}/" for who, kinds in ASKED.items() for kind in kinds]
    assert all(visitor.get(link).status_code == 200 for link in links)


@pytest.mark.parametrize(
    "path", ["/declare/owner/contact/", "/declare/tenant/let/", "/declare/x/y/", "/declare/owner/x/"]
)
def test_what_nobody_can_declare_is_no_page(visitor: Client, path: str) -> None:
    assert visitor.get(path).status_code == 404
    assert visitor.post(path).status_code == 404


def test_only_what_is_needed_is_asked(visitor: Client, estate: Estate) -> None:
    always = {"address", "entrance", "room", "day", "once", "plate", "community", "website", "csrfmiddlewaretoken"}
    asked = {
        TENANT: {"name", "phone", "id_number", "no_name", "no_phone", "no_id_number"},
        "/declare/resident/contact/": {"name", "phone", "no_name"},
        OWNER: {"headcount", "no_headcount"},
        "/declare/owner/empty/": set(),
        "/declare/employer/move_in/": {"headcount", "no_headcount"},
    }
    for path, fields in asked.items():
        page = text_of(visitor.get(path))
        assert names_in(page.partition("<main")[2]) - always - {"next", "language", "size"} == fields, path


def test_the_form_says_what_for_who_sees_it_and_how_long(visitor: Client, estate: Estate) -> None:
    page = text_of(visitor.get(TENANT))
    for words in (
        "So that the right person",
        "nobody else",
        "180 days",
        "30 days",
        "3 working days",
        "prefer not to say",
    ):
        assert words in page


def test_a_declaration_reaches_the_grid_and_gives_a_private_link_once(
    visitor: Client, estate: Estate, values: dict[str, str]
) -> None:
    response = visitor.post(TENANT, values)
    assert (response.status_code, response["Location"]) == (302, "/declare/sent/")
    made = Declaration.objects.get()
    assert (made.declarer, made.kind, made.building) == (Declarer.TENANT, Kind.MOVE_IN, estate.first)
    assert (made.entrance, made.room, made.name, made.phone) == ("2", "501", NAME, PHONE)
    assert Message.objects.filter(to=estate.cast.worker).exists()
    page = visitor.get("/declare/sent/")
    token = link_in(page)
    assert made.number in text_of(page)
    assert DeclarationLink.objects.get().digest == token_digest(token)
    for header, value in (("Cache-Control", "no-store"), ("Referrer-Policy", "no-referrer")):
        assert page[header] == value
    assert visitor.get("/declare/sent/").status_code == 404, "the link is shown once"
    assert visitor.get(f"/declare/follow/{token}/").status_code == 200


@pytest.mark.parametrize(
    ("where", "entrance", "room"),
    [
        ({"address": "黎花园1号楼2单元501", "entrance": "", "room": ""}, "2", "501"),
        ({"address": "黎花园1号楼", "entrance": "2单元", "room": "501室"}, "2", "501"),
        ({"address": "潞州区黎花园一号楼", "entrance": "", "room": "501"}, "", "501"),
    ],
)
def test_an_address_may_be_written_in_many_ways(
    visitor: Client, estate: Estate, values: dict[str, str], where: dict[str, str], entrance: str, room: str
) -> None:
    assert visitor.post(TENANT, values | where).status_code == 302
    made = Declaration.objects.get()
    assert (made.building, made.entrance, made.room) == (estate.first, entrance, room)


def test_a_door_plate_names_building_and_entrance(visitor: Client, estate: Estate, values: dict[str, str]) -> None:
    page = text_of(visitor.get(TENANT, {"plate": estate.plate.token}))
    assert "黎花园1号楼2单元" in page
    given = values | {"address": "", "entrance": "", "plate": estate.plate.token}
    assert visitor.post(TENANT, given).status_code == 302
    made = Declaration.objects.get()
    assert (made.building, made.entrance) == (estate.first, "2")


def test_a_building_is_found_by_walking_from_street_to_building(visitor: Client, estate: Estate) -> None:
    street, community = estate.cast.street_area, estate.cast.community_area
    assert f"?under={street.code}" in text_of(visitor.get(f"{OWNER}pick/"))
    assert f"?under={community.code}" in text_of(visitor.get(f"{OWNER}pick/", {"under": street.code}))
    page = text_of(visitor.get(f"{OWNER}pick/", {"under": community.code}))
    names = re.findall(r">(\d+号楼)<", page)
    assert names == ["1号楼", "2号楼", "10号楼", "77号楼"]
    found = re.search(r'href="(/declare/owner/let/\?[^"]+)">2号楼', page)
    assert found is not None
    assert "黎花园2号楼" in text_of(visitor.get(found[1].replace("&amp;", "&")))
    assert visitor.get(f"{OWNER}pick/", {"under": "no-such-code"}).status_code == 404


def test_where_several_buildings_are_called_so_one_is_chosen_and_nothing_typed_is_lost(
    visitor: Client, estate: Estate, values: dict[str, str]
) -> None:
    twin = add_building(
        NewBuilding(estate.cast.far_community, "1号楼", address="黎花园1号楼", grid=estate.cast.far_grid), by=SYSTEM
    )
    response = visitor.post(TENANT, values)
    assert response.status_code == 422
    page = text_of(response)
    assert "Several buildings are called so" in page
    assert NAME in page
    chosen = f"{estate.cast.far_community.code}|黎花园1号楼"
    assert chosen in page
    assert visitor.post(TENANT, values | {"chosen": chosen}).status_code == 302
    assert Declaration.objects.get().building == twin


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"address": "没有这个小区9号楼"}, "don&#x27;t know this address"),
        ({"address": ""}, "Say which home it is"),
        ({"room": ""}, "Write the number of the home"),
        ({"day": ""}, "Choose the day"),
        ({"day": "soon"}, "This is no day"),
        ({"day": "2031-01-01"}, "last three years"),
        ({"name": ""}, "Write your name, or tick"),
        ({"phone": "123"}, "A mobile number has 11 digits"),
        ({"id_number": "123"}, "ID number is not right"),
        ({"website": "http://x"}, "Leave this empty"),
        ({"name": "a\x00b"}, "Null characters"),
        ({"address": "字" * 5000}, "too long"),
    ],
)
def test_what_is_wrong_is_said_next_to_the_field_and_what_was_typed_stays(
    visitor: Client, estate: Estate, values: dict[str, str], wrong: dict[str, str], words: str
) -> None:
    response = visitor.post(TENANT, values | wrong)
    assert response.status_code == 422
    page = text_of(response)
    assert words in page
    assert 'value="2"' in page
    assert not Declaration.objects.exists()
    assert visitor.post(TENANT, values).status_code == 302, "the form can be sent again"


def test_what_is_not_said_is_an_answer(visitor: Client, estate: Estate, values: dict[str, str]) -> None:
    silent = {"name": "", "phone": "no", "no_name": "on", "no_phone": "on", "no_id_number": "on"}
    assert visitor.post(TENANT, values | silent).status_code == 302
    made = Declaration.objects.get()
    assert (made.name, made.phone, made.id_number) == ("", "", "")
    assert sorted(made.declined) == ["id_number", "name", "phone"]


def test_an_owner_declares_a_number_and_no_identity_is_taken(
    visitor: Client, estate: Estate, values: dict[str, str]
) -> None:
    page = text_of(visitor.get(OWNER))
    assert "Please name nobody" in page
    assert visitor.post(OWNER, values | {"headcount": "3", "day": "2026-12-01"}).status_code == 302
    made = Declaration.objects.get()
    assert (made.headcount, made.name, made.phone, f"{made.day}") == (3, "", "", "2026-12-01")


def test_a_double_press_makes_one(visitor: Client, estate: Estate, values: dict[str, str]) -> None:
    first, second = visitor.post(TENANT, values), visitor.post(TENANT, values)
    assert (first.status_code, second.status_code) == (302, 302)
    assert Declaration.objects.count() == 1
    assert visitor.get("/declare/sent/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_one_moment_make_one(estate: Estate, values: dict[str, str]) -> None:
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _press: _send(values), range(2)))
    assert answers == [302, 302]
    assert Declaration.objects.count() == 1


def _send(values: dict[str, str]) -> int:
    from django.db import connection

    try:
        return Client().post(TENANT, values).status_code
    finally:
        connection.close()


def test_too_many_declarations_have_to_wait_and_stay_typed(
    visitor: Client, estate: Estate, values: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.LINLI_RATES, "declare", "1/h")
    assert visitor.post(TENANT, values).status_code == 302
    response = visitor.post(TENANT, values | {"once": "form-2"})
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert NAME in text_of(response)
    assert Declaration.objects.count() == 1


class Declared:
    """A declaration of a tenant and its private link."""

    def __init__(self, visitor: Client, values: dict[str, str], path: str = TENANT) -> None:
        visitor.post(path, values)
        self.token = link_in(visitor.get("/declare/sent/"))
        self.address = f"/declare/follow/{self.token}/"

    @property
    def now(self) -> Declaration:
        return Declaration.objects.get()


@pytest.fixture
def made(visitor: Client, estate: Estate, values: dict[str, str]) -> Declared:
    return Declared(visitor, values)


def test_the_link_tells_how_far_it_is_and_nothing_personal(visitor: Client, estate: Estate, made: Declared) -> None:
    cast = estate.cast

    def page() -> str:
        return text_of(visitor.get(made.address))

    assert "You have an answer by" in page()
    take_up(made.now, by=cast.worker)
    assert "Somebody is looking into it" in page()
    ask(made.now, "是几单元?", by=cast.worker)
    assert "是几单元?" in page()
    answer(made.token, "2单元, 我姓李")
    assert "You answered." in page()
    refuse(made.now, "楼里没有这个房号", by=cast.leader)
    told = page()
    assert "楼里没有这个房号" in told
    for hidden in (NAME, PHONE, "黎花园", "501", "李文静", "郭建英", "我姓李"):
        assert hidden not in told
    assert made.now.number in told


def test_a_confirmed_one_says_so(visitor: Client, estate: Estate, made: Declared) -> None:
    confirm(made.now, StepValues(choice=Choice.NEW), by=estate.cast.leader)
    page = text_of(visitor.get(made.address))
    assert "It is confirmed and written down" in page
    assert f"{made.address}withdraw/" not in page
    assert visitor.post(f"{made.address}withdraw/").status_code == 409
    assert made.now.state == State.CONFIRMED


def test_a_question_is_answered_at_the_link(visitor: Client, estate: Estate, made: Declared) -> None:
    assert visitor.post(f"{made.address}answer/", {"words": "2单元"}).status_code == 409, "nothing is asked yet"
    ask(made.now, "是几单元?", by=estate.cast.worker)
    assert visitor.post(f"{made.address}answer/", {"words": " "}).status_code == 422
    assert visitor.post(f"{made.address}answer/", {"words": "字" * 501}).status_code == 422
    response = visitor.post(f"{made.address}answer/", {"words": "2单元"}, follow=True)
    assert "Your answer has arrived" in text_of(response)
    assert made.now.state == State.LOOKED_AT


def test_an_owner_is_kept_from_passing_on_numbers(visitor: Client, estate: Estate, values: dict[str, str]) -> None:
    declared = Declared(visitor, values | {"headcount": "3"}, OWNER)
    ask(declared.now, "住了几个人?", by=estate.cast.worker)
    response = visitor.post(f"{declared.address}answer/", {"words": "租客13900001234"})
    assert response.status_code == 422
    assert "who lives there tells it themselves" in text_of(response)
    assert "租客13900001234" in text_of(response)


def test_it_is_withdrawn_at_the_link(visitor: Client, made: Declared) -> None:
    response = visitor.post(f"{made.address}withdraw/", follow=True)
    assert "It is withdrawn" in text_of(response)
    assert made.now.state == State.WITHDRAWN


def test_a_renewed_link_ends_the_old_one(visitor: Client, made: Declared) -> None:
    response = visitor.post(f"{made.address}renew/")
    assert response["Location"] != made.address
    assert visitor.get(response["Location"]).status_code == 200
    assert visitor.get(made.address).status_code == 404


def test_the_link_stays_out_of_caches_referrers_and_search_machines(visitor: Client, made: Declared) -> None:
    answers = [visitor.get(made.address), visitor.get("/declare/follow/unknown/")]
    answers.append(visitor.post(f"{made.address}renew/"))
    for response in answers:
        assert response["Cache-Control"] == "no-store"
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert response["Referrer-Policy"] == "no-referrer"


def test_guessed_links_hit_nothing_and_are_slowed_down(visitor: Client, made: Declared) -> None:
    statuses = [visitor.get(f"/declare/follow/{new_token()}/").status_code for _guess in range(100)]
    assert set(statuses) == {404, 429}
    assert visitor.get(made.address).status_code == 429, "a right guess is not told from a wrong one"
    assert Client(REMOTE_ADDR="10.1.1.1").get(made.address).status_code == 200


def test_words_on_one_link_are_limited_from_wherever(
    visitor: Client, estate: Estate, made: Declared, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(made.now, "是几单元?", by=estate.cast.worker)
    monkeypatch.setitem(settings.LINLI_RATES, "declare", "1/h")
    visitors = [Client(REMOTE_ADDR=f"198.51.100.{number}") for number in range(2)]
    answers = [one.post(f"{made.address}answer/", {"words": "2单元"}) for one in visitors]
    assert [response.status_code for response in answers] == [302, 429]
    assert Client(REMOTE_ADDR="198.51.100.9").post(f"{made.address}renew/").status_code == 429


def test_looking_changes_nothing(visitor: Client, made: Declared) -> None:
    for step in ("answer", "withdraw", "renew"):
        assert visitor.get(f"{made.address}{step}/").status_code == 405
    assert visitor.post(made.address).status_code == 405


@pytest.mark.parametrize(
    "path", ["/find/", "/grid/140403007002001/", "/find/?q=黎花园1号楼", "/find/at/?lon=113.1025&lat=36.1825"]
)
def test_the_way_to_declaring_stands_on_the_pages_of_the_grid(visitor: Client, estate: Estate, path: str) -> None:
    page = text_of(visitor.get(path))
    assert "Has something changed at your home?" in page
    assert "/declare/" in page


def test_the_plate_leads_to_declaring_with_the_home(visitor: Client, estate: Estate) -> None:
    page = text_of(visitor.get(f"/d/{estate.plate.token}/"))
    assert f"/declare/?plate={estate.plate.token}" in page


def test_the_number_of_queries_does_not_grow_with_the_steps(
    visitor: Client, estate: Estate, made: Declared, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    few = count_queries(lambda: visitor.get(made.address))
    for _time in range(3):
        ask(made.now, "是几单元?", by=estate.cast.worker)
        answer(made.token, "2单元")
    assert count_queries(lambda: visitor.get(made.address)) <= few
    assert few <= 12
