"""Undoing a batch: the former state exactly, or not at all."""

from __future__ import annotations

import pytest

from linli.exchange.actions import undo_batch
from linli.exchange.choices import BatchState
from linli.exchange.models import Batch, BatchChange
from linli.exchange.rules import NotPossible
from linli.exchange.snapshots import snapshot
from linli.housing.actions import assign_grid, set_occupancy
from linli.housing.choices import Occupancy
from linli.housing.models import Building, Dwelling
from linli.people.actions import correct
from linli.people.models import Correction, Household, Person, Residence
from tests.cast import Cast
from tests.exchange.samples import applied, resident, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

FORMER = workbook(
    [resident("李桂香", id_number="149999196108257324", phone="15005569934"), resident("李强", relation="之子")]
)
LATER = workbook(
    [
        resident("李桂香", id_number="149999196108257324", phone="15005569935", room="602", renting="是"),
        resident("李强", relation="之子", birth_date="1990-02-03"),
        resident("王翠萍", building="9号楼", birth_date="1961-02-30"),
    ]
)


def everything() -> list[str]:
    models = (Building, Dwelling, Household, Person, Residence, Correction)
    return [snapshot(row) for model in models for row in model._default_manager.order_by("pk")]


def test_updates_moves_and_new_rows_are_all_taken_back(cast: Cast) -> None:
    applied(FORMER, cast.community_area, cast.leader)
    before = everything()
    later = applied(LATER, cast.community_area, cast.leader)
    assert later.report["applied"]["updated"] == 2
    assert Person.objects.get(name="李桂香").residences.count() == 2
    undo_batch(later, by=cast.leader)
    assert everything() == before


def test_what_somebody_corrected_since_stops_the_undo_and_is_named(cast: Cast) -> None:
    batch = applied(workbook([resident("李桂香", birth_date="1961-02-30")]), cast.community_area, cast.leader)
    correct(Correction.objects.get(), "1961-02-28", by=cast.leader)
    before = everything()
    with pytest.raises(NotPossible, match="李桂香"):
        undo_batch(batch, by=cast.leader)
    assert everything() == before
    assert Batch.objects.get().state == BatchState.APPLIED


def test_a_home_that_changed_since_stops_the_undo(cast: Cast) -> None:
    batch = applied(FORMER, cast.community_area, cast.leader)
    set_occupancy(Dwelling.objects.get(), Occupancy.DECLINED, by=cast.leader)
    with pytest.raises(NotPossible, match="黎花园3号楼2单元501"):
        undo_batch(batch, by=cast.leader)


def test_a_later_import_must_be_undone_first(cast: Cast) -> None:
    first = applied(FORMER, cast.community_area, cast.leader)
    second = applied(LATER, cast.community_area, cast.leader)
    with pytest.raises(NotPossible, match="李桂香"):
        undo_batch(first, by=cast.leader)
    undo_batch(second, by=cast.leader)
    undo_batch(first, by=cast.leader)
    assert everything() == []


def test_somebody_else_in_the_household_stops_the_undo(cast: Cast) -> None:
    first = applied(FORMER, cast.community_area, cast.leader)
    applied(workbook([resident("李小妹", relation="之女")]), cast.community_area, cast.leader)
    with pytest.raises(NotPossible, match="黎花园3号楼2单元501"):
        undo_batch(first, by=cast.leader)
    assert Person.objects.count() == 3


def test_a_building_that_came_to_a_grid_since_does_not_stop_the_undo(cast: Cast) -> None:
    first = applied(FORMER, cast.community_area, cast.leader)
    second = applied(LATER, cast.community_area, cast.leader)
    assign_grid(Building.objects.get(name="3号楼"), cast.grid, by=cast.leader)
    undo_batch(second, by=cast.leader)
    assert set(Person.objects.values_list("name", "path")) == {("李桂香", cast.grid.path), ("李强", cast.grid.path)}
    assert Person.objects.get(name="李桂香").phone == "15005569934"
    undo_batch(first, by=cast.leader)
    assert everything() == []


def test_what_stood_there_before_is_kept_encrypted(cast: Cast) -> None:
    applied(FORMER, cast.community_area, cast.leader)
    batch = applied(LATER, cast.community_area, cast.leader)
    change = BatchChange.objects.get(batch=batch, model="people.person", object_id=Person.objects.get(name="李桂香").pk)
    assert "15005569934" in change.before
    assert len(change.after_digest) == 64
