"""What goes along with people who move: only what they agreed to, and a transfer file for one named office."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from linli.accounts.rules import Refused
from linli.core import clock
from linli.journal.models import Entry
from linli.people import actions as people
from linli.people.choices import Consent, CorrectionState, Destination
from linli.people.histories import broken_histories
from linli.people.models import Correction, Departure, Event, Household, Particulars, Person, Transfer
from linli.people.queries import household_file, search_people
from linli.people.rules import NotPossible
from linli.people.transfers import departures_for, leavers_of
from tests.cast import Cast
from tests.people.homes import Homes, make_homes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

TODAY = date(2026, 11, 24)
MOVED = TODAY - timedelta(days=5)
TOLD = {
    "phone": "19000007777",
    "employer": "供热公司",
    "note": "腿脚不便",
    "emergency_name": "王翠萍",
    "emergency_phone": "19000000132",
    "skills": "理发",
}


@pytest.fixture
def homes(cast: Cast) -> Homes:
    made = make_homes(cast)
    with clock.frozen(clock.now() - timedelta(days=20)):
        people.change_person(made.person("李桂香"), TOLD, by=cast.worker)
    return made


def moved(homes: Homes, said: people.Said | None) -> tuple[Household, Transfer]:
    """Let 李桂香 move to another grid, which takes her over today."""
    left = homes.household("李桂香")
    row = people.ask_transfer(
        left, [homes.person("李桂香")], homes.buildings[1], by=homes.cast.worker, day=MOVED, said=said
    )
    people.accept_transfer(row, homes.homes[4], by=homes.cast.leader)
    return left, row


def facts(person: Person) -> dict[str, Any]:
    beside = Particulars.objects.get(person=person)
    return {name: getattr(person, name, None) or getattr(beside, name, "") for name in TOLD}


def test_with_a_yes_everything_goes_along(homes: Homes) -> None:
    _left, row = moved(homes, people.Said(Consent.AGREED, "张队长", MOVED))
    assert facts(homes.person("李桂香")) == TOLD
    assert (row.agreed, row.consent_asked_by, row.consent_on) == (True, "张队长", MOVED)


@pytest.mark.parametrize("said", [None, people.Said(), people.Said(Consent.DECLINED)])
def test_without_a_yes_the_move_is_noted_and_only_what_is_needed_goes_along(
    homes: Homes, said: people.Said | None
) -> None:
    before = homes.person("李桂香")
    left, _row = moved(homes, said)
    person = homes.person("李桂香")
    assert set(facts(person).values()) == {""}
    assert (person.name, person.sex, person.birth_date) == (before.name, before.sex, before.birth_date)
    assert (person.id_number, person.phone_index) == (before.id_number, "")
    assert person.path == homes.homes[4].path
    assert search_people(homes.cast.leader, "7777") == []
    assert list(broken_histories(Person.objects.all())) == []
    # Those whom they left still see how it was; no day of the new home shows it.
    there = homes.household("李桂香").number
    old = household_file(homes.cast.worker, left.number, MOVED - timedelta(days=1))
    assert next(one.person.employer for one in old.members if one.person.name == "李桂香") == "供热公司"
    for day in (MOVED, TODAY - timedelta(days=1), TODAY):
        (one,) = household_file(homes.cast.leader, there, day).members
        assert (one.person.employer, one.phone, one.particulars.skills) == ("", "", "")


def test_what_was_changed_between_the_move_and_its_confirmation_stays_behind_too(homes: Homes) -> None:
    left = homes.household("李桂香")
    row = people.ask_transfer(left, [homes.person("李桂香")], homes.buildings[1], by=homes.cast.worker, day=MOVED)
    people.change_person(homes.person("李桂香"), {"employer": "路灯所"}, by=homes.cast.worker)
    people.accept_transfer(row, homes.homes[4], by=homes.cast.leader)
    for day in (MOVED, TODAY):
        (one,) = household_file(homes.cast.leader, homes.household("李桂香").number, day).members
        assert one.person.employer == ""


def test_nothing_that_stays_behind_waits_to_be_put_right(homes: Homes) -> None:
    person = homes.person("李桂香")
    now = person.changed_at
    Correction.objects.create(person=person, path=person.path, field="phone", kind="bad_phone", found_at=now)
    moved(homes, None)
    assert Correction.objects.get().state == CorrectionState.DONE


def test_the_day_of_asking_has_come(homes: Homes) -> None:
    said = people.Said(Consent.AGREED, on=TODAY + timedelta(days=1))
    with pytest.raises(NotPossible) as refusal:
        moved(homes, said)
    assert refusal.value.field == "consent_on"
    assert not Transfer.objects.exists()


def departed(homes: Homes, said: people.Said | None = None) -> Departure:
    gone, where = [homes.person("李桂香")], Destination.ELSEWHERE
    event = people.move_out(
        homes.household("单田芳"), gone, by=homes.cast.worker, day=MOVED, destination=where, said=said
    )
    return event.departure


HANDOVER = people.Handover("太原市柳巷街道", "本人同意")


def test_who_moved_away_stands_in_a_list_of_those_who_keep_the_ledger(homes: Homes) -> None:
    row = departed(homes)
    (found,) = departures_for(homes.cast.leader)
    assert [line.person.name for line in leavers_of(found)] == ["李桂香"]
    assert (found.pk, found.consent) == (row.pk, Consent.NOT_ASKED)
    for name in ("far_leader", "far_worker", "street", "department", "district", "police"):
        assert not departures_for(homes.cast.users[name]).exists()


def test_a_transfer_file_needs_a_yes_a_recipient_and_a_basis_and_is_journalled(homes: Homes) -> None:
    row, worker = departed(homes), homes.cast.worker
    with pytest.raises(NotPossible, match="没有同意"):
        people.print_transfer_file(row, HANDOVER, by=worker)
    people.change_answer(row, people.Said(Consent.AGREED), by=worker)
    for wrong, field in ((people.Handover(" ", "本人同意"), "recipient"), (people.Handover("柳巷街道", " "), "basis")):
        with pytest.raises(NotPossible) as refusal:
            people.print_transfer_file(row, wrong, by=worker)
        assert refusal.value.field == field
    people.print_transfer_file(row, HANDOVER, by=worker)
    entry = Entry.objects.filter(action="people.print_transfer_file").get()
    assert (entry.detail["recipient"], entry.detail["basis"]) == ("太原市柳巷街道", "本人同意")
    people.change_answer(row, people.Said(Consent.DECLINED), by=worker)
    with pytest.raises(NotPossible, match="没有同意"):
        people.print_transfer_file(row, HANDOVER, by=worker)


@pytest.mark.parametrize("who", ["far_worker", "street", "police", "district", "administrator"])
def test_nobody_else_hands_anything_over(homes: Homes, who: str) -> None:
    row, other = departed(homes, people.Said(Consent.AGREED)), homes.cast.users[who]
    with pytest.raises(Refused):
        people.print_transfer_file(row, HANDOVER, by=other)
    with pytest.raises(Refused):
        people.change_answer(row, people.Said(), by=other)
    assert not Entry.objects.filter(action="people.print_transfer_file").exists()


def test_an_answer_that_is_taken_back_leaves_nobody_who_asked(homes: Homes) -> None:
    row = departed(homes, people.Said(Consent.AGREED))
    assert (row.consent_asked_by, row.consent_on) == (homes.cast.worker.name, TODAY)
    row = people.change_answer(row, people.Said(), by=homes.cast.worker)
    assert (row.consent, row.consent_asked_by, row.consent_on) == (Consent.NOT_ASKED, "", None)
    assert Event.objects.get().departure == row
