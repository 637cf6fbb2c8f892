"""The lists that an administrator edits."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from linli.accounts.rules import SYSTEM
from linli.cases import actions as cases
from linli.housing.actions import load_lists
from linli.housing.choices import ListKind
from linli.housing.models import ListItem
from linli.housing.presets import presets
from tests.cast import Cast
from tests.web.counting import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]
ClientFor = Callable[[object], Client]


@pytest.fixture
def administrator(cast: Cast, client_for: ClientFor) -> Client:
    cases.load_presets(by=SYSTEM)
    client = client_for(cast.administrator)
    client.cookies["linli_language"] = "en"
    return client


def test_the_usual_rows_are_added_once(administrator: Client) -> None:
    assert b"usual rows" in administrator.get("/lists/").content
    administrator.post("/lists/load/")
    assert ListItem.objects.count() == len(presets())
    page = administrator.get("/lists/").content.decode()
    assert "Ditches" in page
    assert "/lists/load/" not in page


def test_a_row_is_added_changed_and_taken_out_of_use(administrator: Client) -> None:
    told = {"name": "休息亭", "name_en": "Pavilion", "category": "", "value": "0.5", "position": 3, "is_active": "on"}
    assert administrator.post("/lists/new/facility/", told)["Location"] == "/lists/"
    row = ListItem.objects.get(kind=ListKind.FACILITY)
    assert (row.name, row.code, row.is_active) == ("休息亭", "pavilion", True)
    del told["is_active"]
    administrator.post(f"/lists/{row.pk}/", told)
    row.refresh_from_db()
    assert not row.is_active
    assert administrator.post(f"/lists/{row.pk}/", told | {"name": ""}).status_code == 422
    assert administrator.get("/lists/new/nothing/").status_code == 404


def test_a_standard_needs_its_figure(administrator: Client) -> None:
    load_lists(by=SYSTEM)
    row = ListItem.objects.get(kind=ListKind.STANDARD)
    told = {"name": "用房", "name_en": "Premises", "value": "", "position": 0, "is_active": "on"}
    answer = administrator.post(f"/lists/{row.pk}/", told)
    assert answer.status_code == 422
    assert "A standard needs a figure" in answer.content.decode()


def test_the_page_costs_the_same_however_many_rows(administrator: Client) -> None:
    load_lists(by=SYSTEM)
    once = queries_of(administrator, "/lists/")
    for number in range(3):
        ListItem.objects.create(kind=ListKind.FACILITY, code=f"more-{number}", name="亭", name_en="Pavilion")
    assert queries_of(administrator, "/lists/") == once


@pytest.mark.parametrize("who", ["worker", "leader", "street", "district", "auditor"])
def test_nobody_else_opens_them(cast: Cast, client_for: ClientFor, who: str) -> None:
    load_lists(by=SYSTEM)
    client = client_for(cast.users[who])
    row = ListItem.objects.all()[0]
    for address in ("/lists/", "/lists/new/facility/", f"/lists/{row.pk}/"):
        assert client.get(address).status_code == 403
    assert client.post("/lists/load/").status_code == 403
