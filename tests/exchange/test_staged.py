"""While a workbook is taken over, nobody sees half of it, and others are left alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from linli.core import clock
from linli.exchange.actions import apply_batch, applying, finish_batch, finish_interrupted, undo_batch
from linli.exchange.actions.common import held
from linli.exchange.choices import BatchState
from linli.exchange.models import Batch
from linli.exchange.rules import NotPossible
from linli.housing import actions as housing
from linli.housing.models import Building, Dwelling
from linli.housing.values import HomeValues
from linli.people.actions import reveal
from linli.people.choices import RevealPurpose
from linli.people.models import Household, Person
from tests.cast import Cast
from tests.exchange.samples import applied, received, resident, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

KNOWN = workbook([resident("李桂香", birth_date="1961-08-25"), resident("李强", birth_date="1990-02-03")])
LATER = workbook(
    [
        resident("李桂香", birth_date="1961-08-25", phone="15005569934"),
        resident("李强", birth_date="1990-02-03", phone="15005569935"),
        resident("王翠萍", room="602", birth_date="1961-02-30"),
    ]
)
Browser = Callable[[object], Client]


class Broken(BaseException):
    """The end of a process, as far as a test can have one."""


def interrupted(monkeypatch: pytest.MonkeyPatch, batch: Batch, by: Any, at: str) -> None:
    """Take a batch over until a step that is not taken any more."""

    def stop(*_values: object, **_names: object) -> None:
        raise Broken

    with monkeypatch.context() as patch:
        patch.setattr(applying, at, stop)
        with pytest.raises(Broken):
            apply_batch(batch, by=by)
    batch.refresh_from_db()


def test_what_is_staged_is_on_no_page(cast: Cast, client_for: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = received(LATER, cast.community_area, cast.leader)
    interrupted(monkeypatch, batch, cast.leader, "_show")
    assert (batch.state, Person.everything.count(), Person.objects.count()) == (BatchState.STAGING, 3, 0)
    client = client_for(cast.leader)
    for address in ("/households/", "/corrections/", "/search/?q=王翠萍", "/"):
        page = client.get(address).content.decode()
        assert "王翠萍" not in page.replace('value="王翠萍"', "") or "没有" in page
    for household in Household.everything.all():
        assert client.get(f"/households/{household.number}/").status_code == 404
    page = client.get(f"/imports/{batch.number}/").content.decode()
    assert "做到一半时邻里停了" in page


def test_only_one_workbook_of_a_place_is_open(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    first = received(LATER, cast.community_area, cast.leader)
    second = received(KNOWN, cast.community_area, cast.leader)
    elsewhere = received(KNOWN, cast.far_grid.parent, cast.users["far_leader"])  # type: ignore[arg-type]
    interrupted(monkeypatch, first, cast.leader, "_show")
    with pytest.raises(NotPossible, match="这里还有一份表格"):
        apply_batch(second, by=cast.leader)
    apply_batch(elsewhere, by=cast.users["far_leader"])
    finish_batch(first, by=cast.leader)
    assert first.state == BatchState.CHECKED
    apply_batch(second, by=cast.leader)
    assert Person.objects.count() == 4


def test_nobody_finishes_what_somebody_works_on(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = received(LATER, cast.community_area, cast.leader)
    interrupted(monkeypatch, batch, cast.leader, "_show")
    with held(batch):
        assert finish_interrupted(clock.now()) == 0
        with pytest.raises(NotPossible, match="正在处理这张表"):
            finish_batch(batch, by=cast.leader)
    assert finish_interrupted(clock.now()) == 1
    assert Person.everything.count() == 0


def test_who_was_changed_by_somebody_meanwhile_is_left_alone_and_named(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linli.people.plans.COMPARED_AT_ONCE", 1)
    applied(KNOWN, cast.community_area, cast.leader)
    batch = received(LATER, cast.community_area, cast.leader)
    interrupted(monkeypatch, batch, cast.leader, "finish_changes")
    # What is new is seen already, what changes is still to come.
    assert (batch.state, Person.objects.count()) == (BatchState.FINISHING, 3)
    assert not Person.objects.exclude(phone="").exists()
    Person.objects.filter(name="李强").update(employer="第一中学")
    assert finish_interrupted(clock.now()) == 1
    batch.refresh_from_db()
    assert batch.state == BatchState.APPLIED
    found = dict(Person.objects.values_list("name", "phone"))
    assert found == {"李桂香": "15005569934", "李强": "", "王翠萍": ""}
    told = [problem["message"] for problem in batch.report["problems"] if problem["kind"] == "changed_since"]
    assert len(told) == 1
    assert "李强" in told[0]
    undo_batch(batch, by=cast.leader)
    assert sorted(Person.everything.values_list("name", "employer")) == [("李强", "第一中学"), ("李桂香", "")]


def test_a_held_row_without_partial_leaves_everything_as_it_was(cast: Cast) -> None:
    batch = received(
        workbook([resident("李桂香"), resident("", birth_date="1970-01-05")]), cast.community_area, cast.leader
    )
    report = apply_batch(batch, by=cast.leader, partial=False)
    assert (report["state"], report["held"], Person.everything.count()) == (BatchState.CHECKED, 1, 0)


def test_what_was_looked_at_since_can_still_be_taken_back(cast: Cast) -> None:
    batch = applied(LATER, cast.community_area, cast.leader)
    person = Person.objects.get(name="李强")
    assert reveal(person, "phone", by=cast.leader, reason=RevealPurpose.VISIT) == "15005569935"
    undo_batch(batch, by=cast.leader)
    assert not Person.everything.exists()


def test_a_home_that_is_on_its_way_in_is_refused_in_words(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    housing.add_building(housing.NewBuilding(cast.community_area, "1号楼", grid=cast.grid), by=cast.leader)
    building = Building.objects.get()
    rows = workbook([resident("王翠萍", compound="", building="1号楼", entrance="1", room="602")])
    batch = received(rows, cast.community_area, cast.leader)
    interrupted(monkeypatch, batch, cast.leader, "_show")
    hidden = Dwelling.everything.get()
    assert hidden.building == building
    with pytest.raises(ValidationError, match="表里"):
        housing.add_home(building, HomeValues(hidden.entrance, hidden.room), by=cast.leader)
    with pytest.raises(ValidationError, match="表里"):
        housing.add_dwellings([housing.NewDwelling(building, hidden.entrance, hidden.room)], by=cast.leader)
    housing.add_home(building, HomeValues("2", "101"), by=cast.leader)
    finish_batch(batch, by=cast.leader)
    assert [home.room for home in Dwelling.everything.all()] == ["101"]
