"""Every address, everybody of the cast, inside and outside the scope: the answers that the roles table asks for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.paginator import Page
from django.db import connection, transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from linli.api.api import api
from linli.core import clock
from linli.exports.kinds import kind_for, kinds
from linli.web.lists import STAYS
from tests.conftest import TUESDAY
from tests.rights_rules import has, reaches
from tests.rights_table import (
    CALLS,
    LISTS,
    NOWHERE,
    PAGES,
    PUBLIC,
    ROSTER_LISTS,
    ROSTERS,
    SIGNED_IN,
    Door,
    Listing,
)
from tests.rights_world import Place, World, make_world

pytestmark = pytest.mark.django_db

NOBODY = ""
# The rules are the same Python on every database. What PostgreSQL does itself, finding rows, shows with these: two
# sides, above both, a department and the police with ways of their own to a case, and those who see other things.
# SQLite answers everybody.
FEW = ("worker", "far_worker", "leader", "street", "department", "police", "administrator", "auditor", "outsider")
OPEN = 200
SIGN_IN = "/sign-in/"


@pytest.fixture(scope="module", autouse=True)
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give all tests of this module one data folder: the uploads of the world lie there."""
    folder = tmp_path_factory.mktemp("rights")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "DATA_DIR", folder)
        yield folder


@pytest.fixture(scope="module")
def world(data_dir: Path, django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Make the world once; it is rolled back behind the last test."""
    with django_db_blocker.unblock(), clock.frozen(TUESDAY), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def browsers(world: World) -> dict[str, Client]:
    """Return a browser for everybody of the cast, and for nobody."""
    made = {NOBODY: Client(raise_request_exception=False)}
    for username, user in world.cast.users.items():
        made[username] = Client(raise_request_exception=False)
        made[username].force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        # What the first page writes into the session would be taken back, and written again, with every other.
        made[username].get("/")
    return made


def names(resolver: URLResolver | None = None) -> Iterator[str]:
    """Yield the name of every address but those of the JSON interface."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace != "api":
                yield from names(entry)
        elif isinstance(entry, URLPattern):
            yield str(entry.name)


def calls() -> Iterator[str]:
    """Yield every call of the JSON interface."""
    for _prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                yield from (f"{method} {path}" for method in operation.methods if path != NOWHERE)


def test_the_table_holds_every_address_and_no_other() -> None:
    assert sorted(names()) == sorted(PAGES)
    assert sorted(calls()) == sorted(CALLS)


def test_every_list_is_an_address() -> None:
    assert set(LISTS) <= set(PAGES) | set(CALLS)


def expected(username: str, door: Door, place: Place, world: World) -> int:
    """Return 200 for a door that opens, else 302 (sign in first), 403 or 404."""
    if door.ability == PUBLIC:
        return door.opened
    if username == NOBODY:
        return 302
    if door.ability == SIGNED_IN:
        return OPEN
    abilities = (door.ability,) if isinstance(door.ability, str) else door.ability
    if not has(username, *abilities):
        return 403
    if not door.kind:
        return OPEN
    thing, areas = place.things[door.kind], world.cast.areas
    if door.visible != PUBLIC and not reaches(username, door.visible, thing, areas):
        return 404
    if door.own and (thing.reporter == username) != (door.own == "only"):
        return 403
    reached = place.things[door.reach_kind or door.kind]
    return OPEN if not door.reach or reaches(username, door.reach, reached, areas) else 403


def told(answer: Any) -> int:
    """Return what an answer comes down to: a redirect elsewhere and a word on a wrong form both mean “open”."""
    status: int = answer.status_code
    if status == 302:
        return 302 if answer["Location"].startswith(SIGN_IN) and "next=" in answer["Location"] else OPEN
    return OPEN if status in (200, 201, 409, 422) else status


def askers(door: Door, world: World) -> tuple[str, ...]:
    """Return who tries a door: everybody; at a public one three are enough."""
    return (NOBODY, "outsider", "worker") if door.ability == PUBLIC else (NOBODY, *staff(world))


def staff(world: World) -> tuple[str, ...]:
    """Return who of the cast asks on this database."""
    return FEW if connection.vendor == "postgresql" else tuple(world.cast.users)


def filled(text: str, place: Place) -> str:
    return text.format(**place.values)


def address(name: str, door: Door, place: Place) -> str:
    path = {key: filled(value, place) for key, value in door.path.items()}
    if name in CALLS:
        base = "/api/v1" + name.partition(" ")[2]
        for key, value in path.items():
            base = base.replace("{" + key + "}", value)
    else:
        base = reverse(name, kwargs=path)
    return f"{base}?{filled(door.query, place)}" if door.query else base


def ask(browser: Client, method: str, url: str, **values: Any) -> Any:
    """Send a request and take back what it changed, in the database and in the browser."""
    cookies = SimpleCookie(browser.cookies.output(header="", sep=";"))
    with transaction.atomic():
        answer = browser.generic(method, url, **values)
        transaction.set_rollback(True)
    browser.cookies = cookies
    return answer


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_opens_to_those_who_may(name: str, world: World, browsers: dict[str, Client]) -> None:
    assert not (wrong := wrongly_opened(name, PAGES[name], world, browsers)), "\n".join(wrong)


@pytest.mark.parametrize("name", sorted(ROSTERS))
def test_a_page_of_a_workbook_of_posts_opens_to_others(name: str, world: World, browsers: dict[str, Client]) -> None:
    assert not (wrong := wrongly_opened(name, ROSTERS[name], world, browsers)), "\n".join(wrong)


def wrongly_opened(name: str, door: Door, world: World, browsers: dict[str, Client]) -> list[str]:
    """Return in words where a page answers somebody otherwise than the roles table asks for."""
    wrong = []
    for place in (world.inside, world.outside) if door.kind else (world.inside,):
        url = address(name, door, place)
        for username in askers(door, world):
            browser = browsers[username]
            for method in door.methods:
                form = {"content_type": "application/x-www-form-urlencoded"} if method == "POST" else {}
                answer = told(ask(browser, method, url, **form))
                right = expected(username, door, place, world)
                if answer != right:
                    wrong.append(f"{method} {url} {username or 'nobody'}: {answer} instead of {right}")
    return wrong


@pytest.mark.parametrize("name", sorted(CALLS))
def test_a_call_is_answered_to_those_who_may(name: str, world: World) -> None:
    door = CALLS[name]
    client = Client(raise_request_exception=False)
    wrong = []
    for place in (world.inside, world.outside) if door.kind else (world.inside,):
        url = address(name, door, place)
        body = json.dumps({key: filled(value, place) for key, value in door.body.items()})
        for username in askers(door, world):
            headers = {"Authorization": f"Bearer {world.tokens[username]}"} if username else {}
            right = expected(username, door, place, world)
            right = 401 if right == 302 else right
            values = {"data": body, "content_type": "application/json"} if door.methods == ("POST",) else {}
            answer = told(ask(client, door.methods[0], url, headers=headers, **values))
            if answer != right:
                wrong.append(f"{name} {url} {username or 'nobody'}: {answer} instead of {right}")
    assert not wrong, "\n".join(wrong)


def shown(name: str, listing: Listing, username: str, place: Place, world: World, browser: Client) -> bool | None:
    """Tell whether a list shows the mark of an object; None where the list is closed to this person."""
    url = f"/api/v1{name.partition(' ')[2]}" if name in CALLS else reverse(name)
    headers = {"Authorization": f"Bearer {world.tokens[username]}"} if name in CALLS else {}
    query = filled(listing.query, place)
    answer = ask(browser, "GET", f"{url}?{query}" if query else url, headers=headers)
    if answer.status_code != 200:
        return None
    text = json.dumps(answer.json(), ensure_ascii=False) if name in CALLS else answer.content.decode()
    # What was typed into a search stands on the page of those who find nothing, too.
    text = text.replace(f'value="{place.values["name"]}"', "")
    return filled(listing.mark, place) in text


@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_list_shows_what_lies_in_reach_and_nothing_else(name: str, world: World, browsers: dict[str, Client]) -> None:
    assert not (wrong := wrongly_listed(name, LISTS[name], world, browsers)), "\n".join(wrong)


@pytest.mark.parametrize("name", sorted(ROSTER_LISTS))
def test_a_list_of_workbooks_shows_those_of_posts_to_others(
    name: str, world: World, browsers: dict[str, Client]
) -> None:
    assert not (wrong := wrongly_listed(name, ROSTER_LISTS[name], world, browsers)), "\n".join(wrong)


def wrongly_listed(name: str, listing: Listing, world: World, browsers: dict[str, Client]) -> list[str]:
    """Return in words who sees in a list what is out of reach, or misses what is within."""
    wrong, looked = [], 0
    for username in staff(world):
        browser = Client(raise_request_exception=False) if name in CALLS else browsers[username]
        for place in (world.inside, world.outside):
            found = shown(name, listing, username, place, world, browser)
            if found is None:
                continue
            looked += 1
            visible = reaches(username, listing.ability, place.things[listing.kind], world.cast.areas)
            if found and not visible:
                wrong.append(f"{username} sees {filled(listing.mark, place)}")
            if listing.whole and visible and not found:
                wrong.append(f"{username} does not see {filled(listing.mark, place)}")
    assert looked
    return wrong


def opened_lists(world: World, browsers: dict[str, Client]) -> set[str]:
    """Return the names of the staff's pages that show a list: those called so, and those that turn pages."""
    found = set()
    for name, door in PAGES.items():
        if door.ability == PUBLIC or "GET" not in door.methods:
            continue
        url = address(name, door, world.inside)
        for username in ("leader", "worker", "administrator", "auditor"):
            if expected(username, door, world.inside, world) == OPEN:
                contexts = ask(browsers[username], "GET", url).context or ()
                turned = any(
                    isinstance(value, Page) for one in contexts for part in one.dicts for value in part.values()
                )
                if turned or name.endswith("-list"):
                    found.add(name)
                break
    return found


def test_every_list_can_be_taken_out_or_says_why_not(world: World, browsers: dict[str, Client]) -> None:
    lists = opened_lists(world, browsers)
    taken = {kind_for(kind).list_name for kind in kinds.names() if kind_for(kind).write is None}
    assert not (forgotten := lists - taken - set(STAYS)), (
        f"register a kind, or give a reason in web/lists.py: {forgotten}"
    )
    assert not (both := taken & set(STAYS)), f"taken out, and yet with a reason not to: {both}"
    assert not (stale := set(STAYS) - lists), f"no list any more: {stale}"
    assert all(len(reason) > 20 for reason in STAYS.values())


# Lists of which another kind stands on the page under this query.
ASKED_WITH = {
    "merges": "pile=merged",
    "quality-homes": "home=not_yet",
    "quality-people": "fact=phone",
    "slow-changes": "under=140403007002",
}


@pytest.mark.parametrize("kind", [name for name in kinds.names() if kind_for(name).write is None and name != "people"])
def test_a_list_offers_to_be_taken_out_to_those_who_may(kind: str, world: World, browsers: dict[str, Client]) -> None:
    """Those who see the list and may ask for it, and nobody else, find the way there on its page."""
    known, offered = kind_for(kind), set()
    url = f"{reverse(known.list_name)}?{ASKED_WITH.get(kind, '')}"
    for username in staff(world):
        page = ask(browsers[username], "GET", url)
        if page.status_code == 200 and f'"/exports/new/?kind={kind}' in page.content.decode():
            offered.add(username)
            assert ask(browsers[username], "GET", f"/exports/new/?kind={kind}").status_code == 200
        elif not has(username, "exports.request") or not has(username, known.ability):
            assert ask(browsers[username], "GET", f"/exports/new/?kind={kind}").status_code == 403
    reached = {name for name in staff(world) if has(name, "exports.request") and has(name, known.ability)}
    # Of another community nobody sees the page of this one.
    assert offered == reached - ({"far_leader"} if kind == "slow-changes" else set())


def test_the_world_has_both_sides_of_every_rule(world: World) -> None:
    """Guard the guard: the doors with an object open, hide and refuse at least once somewhere."""
    answers = {
        expected(username, door, place, world)
        for door in (*PAGES.values(), *CALLS.values())
        for place in (world.inside, world.outside)
        for username in (NOBODY, *world.cast.users)
    }
    assert answers == {OPEN, 302, 403, 404}
    case = world.inside.things["case"]
    seers = {name for name in world.cast.users if reaches(name, "cases.view", case, world.cast.areas)}
    assert seers == {"worker", "partner", "leader", "community", "street", "department", "district", "police"}


def test_no_address_needs_values_that_the_table_does_not_give() -> None:
    missing = []
    for name, door in PAGES.items():
        try:
            reverse(name, kwargs=dict.fromkeys(door.path, "1"))
        except NoReverseMatch:
            missing.append(name)
    assert missing == []
