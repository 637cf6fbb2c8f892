"""Merging two entries of one person: what stands beside them, and the history of both."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import models

from linli.core import clock
from linli.housing.models import Building
from linli.people import histories
from linli.people.actions import ask_transfer, change_person, change_tie, withdraw_transfer
from linli.people.choices import EventKind, Registration, Side
from linli.people.merging import STAYING, merge_people, undo_merge
from linli.people.models import Event, EventLine, Particulars, Person, PersonChange, Residence, Transfer
from linli.people.queries import person_for
from linli.people.rules import NotPossible
from tests.cast import Cast
from tests.people.pairs import all_from, settle_pair

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

# Everything that points to a person, and what becomes of it. Whoever adds a relation decides, and tries it, here.
GOES_OVER = {
    "people.residence.person",
    "people.correction.person",
    "people.particulars.person",
    "people.transfer_people.person",
    "declarations.declaration.person",
}
STAYS = {
    "people.duplicate.first",
    "people.duplicate.second",
    "people.merge.kept",
    "people.merge.dropped",
    "people.personchange.person",
    "people.eventline.person",
}


def test_every_relation_to_a_person_is_decided_about() -> None:
    relations = {
        f"{relation.related_model._meta.label_lower}.{relation.field.name}"
        for relation in Person._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel)
    }
    assert relations == GOES_OVER | STAYS
    assert {name.rsplit(".", 1)[0] for name in STAYS} == STAYING


def broken() -> list[int]:
    return list(histories.broken_histories(Person.objects.all()))


def with_history(cast: Cast, person: Person) -> None:
    """Let something happen to somebody, so that there is a history to keep true."""
    tie = Residence.objects.get(person=person, until=None).registration
    other = Registration.HERE if tie != Registration.HERE else Registration.ELSEWHERE
    change_tie(person, by=cast.leader, day=clock.today(), registration=other)


@pytest.mark.parametrize("side", list(Side))
def test_the_history_of_both_leads_to_the_present(cast: Cast, side: Side) -> None:
    pair = settle_pair(cast)
    for person in (pair.first, pair.second):
        with_history(cast, person)
    lines = set(EventLine.objects.values_list("pk", "person"))
    pair.refresh_from_db()
    merge = merge_people(pair, all_from(side), by=cast.leader)
    assert broken() == []
    assert lines <= set(EventLine.objects.values_list("pk", "person"))
    event = Event.objects.get(kind=EventKind.DUPLICATE)
    assert {line.person_id for line in event.lines.all()} == {merge.dropped_id}
    undo_merge(merge, by=cast.leader)
    assert broken() == []
    assert Event.objects.filter(kind=EventKind.DUPLICATE).count() == 2


def test_what_the_person_names_is_kept_of_both_and_given_back(cast: Cast) -> None:
    pair = settle_pair(cast)
    change_person(pair.first, {"skills": "修水管"}, by=cast.leader)
    values = {"emergency_name": "单小雨", "emergency_phone": "13800000002", "declined": ["employer"]}
    change_person(pair.second, values, by=cast.leader)
    before = list(Particulars.objects.order_by("pk").values())
    pair.refresh_from_db()
    merge = merge_people(pair, all_from(Side.FIRST), by=cast.leader)
    named = Particulars.objects.get(person=merge.kept_id)
    assert (named.skills, named.emergency_name, named.declined) == ("修水管", "单小雨", ["employer"])
    undo_merge(merge, by=cast.leader)
    assert list(Particulars.objects.order_by("pk").values()) == before


def test_what_only_the_entry_that_goes_names_goes_over(cast: Cast) -> None:
    pair = settle_pair(cast)
    change_person(pair.second, {"skills": "理发"}, by=cast.leader)
    pair.refresh_from_db()
    merge = merge_people(pair, all_from(Side.FIRST), by=cast.leader)
    assert Particulars.objects.get().person_id == merge.kept_id
    undo_merge(merge, by=cast.leader)
    assert Particulars.objects.get().person_id == merge.dropped_id


def test_facts_that_were_there_before_are_kept(cast: Cast) -> None:
    pair = settle_pair(cast)
    merge = merge_people(pair, all_from(Side.FIRST, name=Side.SECOND), by=cast.leader)
    (change,) = PersonChange.objects.filter(person=merge.kept)
    assert change.fields == ["name"]
    assert "\\u5355" in change.before or "单" in change.before
    undo_merge(merge, by=cast.leader)
    assert PersonChange.objects.filter(person=merge.kept).count() == 2
    assert person_for(cast.leader, merge.kept_id).name == "单田芳"


def test_nobody_is_merged_while_moving(cast: Cast) -> None:
    pair = settle_pair(cast)
    row = Residence.objects.get(person=pair.first, until=None)
    building = Building.objects.get(name="9号楼")
    transfer = ask_transfer(
        row.household, [pair.first], building, by=cast.leader, day=clock.today() - timedelta(days=1)
    )
    with pytest.raises(NotPossible):
        merge_people(pair, all_from(Side.FIRST), by=cast.leader)
    withdraw_transfer(transfer, by=cast.leader)
    pair.refresh_from_db()
    merge = merge_people(pair, all_from(Side.SECOND), by=cast.leader)
    assert list(Transfer.objects.get().people.all()) == [merge.kept]
    undo_merge(merge, by=cast.leader)
    assert list(Transfer.objects.get().people.all()) == [merge.dropped]
