"""The pledge comes before the ledgers, everywhere; whoever has made it is not asked again."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from linli.accounts.actions import create_token
from linli.accounts.rules import SYSTEM, NotReady, require
from linli.exports.actions import request_export
from linli.people.actions import reveal
from linli.people.choices import RevealPurpose
from linli.staff.actions import accept_pledge
from linli.staff.models import Pledge
from linli.staff.queries import not_pledged
from linli.staff.rules import opens_a_ledger
from linli.staff.text import pledge_text
from tests.cast import Cast, add_newcomer
from tests.rights_rules import roles
from tests.rights_table import CALLS, PAGES, Door
from tests.rights_world import World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]
Browser = Callable[[object], Client]
VERSION = pledge_text().version


def _asked(door: Door) -> bool:
    """Tell whether a door leads into a ledger for a worker."""
    abilities = (door.ability,) if isinstance(door.ability, str) else door.ability
    return any(opens_a_ledger(ability) and ability in roles()["worker"] for ability in abilities)


@pytest.fixture
def world(tuesday: datetime) -> World:
    """Make the world of the rights tests, with a newcomer in the first grid."""
    made = make_world()
    made.tokens["newcomer"] = create_token(add_newcomer(made.cast), by=SYSTEM)
    return made


def test_every_page_of_a_ledger_leads_to_the_pledge_first_and_then_opens(world: World, client_for: Browser) -> None:
    browser = client_for(world.cast.newcomer)
    doors = {name: door for name, door in PAGES.items() if _asked(door) and "GET" in door.methods}
    assert {"household-list", "household", "household-print", "field-household-list", "search"} <= doors.keys()
    for name, door in doors.items():
        path = {key: value.format(**world.inside.values) for key, value in door.path.items()}
        url = reverse(name, kwargs=path)
        url += f"?{door.query.format(**world.inside.values)}" if door.query else ""
        answer = browser.get(url)
        assert answer.status_code == 302, name
        target = urlsplit(answer["Location"])
        assert (target.path, parse_qs(target.query)["next"]) == ("/pledge/", [url]), name
    accept_pledge(version=VERSION, by=world.cast.fresh("newcomer"))
    for name, door in doors.items():
        path = {key: value.format(**world.inside.values) for key, value in door.path.items()}
        query = f"?{door.query.format(**world.inside.values)}" if door.query else ""
        assert not browser.get(reverse(name, kwargs=path) + query).headers.get("Location", "").startswith("/pledge/")


def test_every_call_about_a_ledger_is_refused_in_words_until_the_pledge(world: World) -> None:
    headers = {"Authorization": f"Bearer {world.tokens['newcomer']}"}
    calls = [name for name, door in CALLS.items() if _asked(door)]
    assert len(calls) >= 4
    for name in calls:
        path = name.partition(" ")[2]
        for key, value in CALLS[name].path.items():
            path = path.replace(f"{{{key}}}", value)
        url = f"/api/v1{path.format(**world.inside.values)}"
        answer = Client().get(url, headers=headers)
        assert answer.status_code == 403, name
        assert "保密承诺" in json.dumps(answer.json(), ensure_ascii=False)
        assert Client().get(url, headers={"Authorization": f"Bearer {world.tokens['worker']}"}).status_code == 200


def test_cases_need_no_pledge(world: World, client_for: Browser) -> None:
    browser = client_for(world.cast.newcomer)
    for url in ("/", "/cases/", f"/cases/{world.inside.values['case']}/", "/field/", "/grids/", "/map/", "/absences/"):
        assert browser.get(url).status_code == 200


def test_an_htmx_search_leads_the_whole_page_to_the_pledge(cast: Cast, client_for: Browser) -> None:
    answer = client_for(add_newcomer(cast)).get("/search/?q=7", headers={"HX-Request": "true", "HX-Current-URL": "/"})
    assert answer.status_code == 204
    assert answer["HX-Redirect"].startswith("/pledge/")


def test_actions_are_refused_too(world: World) -> None:
    from linli.people.models import Person

    newcomer, person = world.cast.fresh("newcomer"), Person.objects.get(pk=world.inside.values["person"])
    with pytest.raises(NotReady):
        reveal(person, "phone", by=newcomer, reason=RevealPurpose.VISIT)
    leader = world.cast.fresh("leader")
    Pledge.objects.filter(person=leader).delete()
    with pytest.raises(NotReady):
        request_export(
            "people",
            area=world.cast.community_area,
            filters={},
            columns=["name"],
            form="csv",
            clear=False,
            purpose="核对",
            by=leader,
        )


def test_the_pledge_is_kept_with_version_and_day_and_leads_back(cast: Cast, client_for: Browser) -> None:
    newcomer = add_newcomer(cast)
    browser = client_for(newcomer)
    page = browser.get("/pledge/?next=/households/").content.decode()
    for point in pledge_text().points:
        assert point in page
    assert browser.post("/pledge/", {"version": VERSION, "next": "/households/"}).status_code == 422
    assert not Pledge.objects.filter(person=newcomer).exists()
    answer = browser.post("/pledge/", {"version": VERSION, "agreed": "on", "next": "/households/?q=7"})
    assert answer["Location"] == "/households/?q=7"
    kept = Pledge.objects.get(person=newcomer)
    assert (kept.version, kept.accepted_at.year) == (VERSION, 2026)
    assert browser.get("/households/").status_code == 200


def test_it_leads_to_no_other_site(cast: Cast, client_for: Browser) -> None:
    form = {"version": VERSION, "agreed": "on", "next": "https://example.org/"}
    assert client_for(add_newcomer(cast)).post("/pledge/", form)["Location"] == "/"


def test_a_text_that_has_changed_is_read_again(cast: Cast, client_for: Browser) -> None:
    newcomer = add_newcomer(cast)
    with pytest.raises(ValidationError):
        accept_pledge(version=VERSION - 1, by=newcomer)
    answer = client_for(newcomer).post("/pledge/", {"version": VERSION - 1, "agreed": "on"})
    assert answer.status_code == 422
    Pledge.objects.filter(person=cast.worker).update(version=VERSION + 1)
    with pytest.raises(NotReady):
        require(cast.fresh("worker"), "people.view")


def test_who_has_not_pledged_is_listed_where_it_matters(cast: Cast) -> None:
    newcomer = add_newcomer(cast)
    assert list(not_pledged([cast.community_area.path])) == [newcomer]
    assert not list(not_pledged([cast.far_community.path]))


def test_linli_itself_needs_none() -> None:
    require(SYSTEM, "people.view")
