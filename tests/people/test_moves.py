"""What happens to people and their homes: who may write it, what is refused, and what stands there afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from linli.accounts.rules import SYSTEM, Refused
from linli.checks import check_all
from linli.core import clock
from linli.exchange.actions import undo_batch
from linli.exchange.rules import NotPossible as UndoRefused
from linli.inbox.models import Message
from linli.people import actions as people
from linli.people.choices import EventKind, Presence, Registration, Relation, Sex, Standing, TransferState
from linli.people.histories import broken_histories
from linli.people.models import Event, EventLine, Household, Particulars, Person, PersonChange, Residence, Transfer
from linli.people.places import BrokenHistory, Place, Step, Tie, replay
from linli.people.queries import HouseholdFilters, household_file, households_for, search_people
from linli.people.rules import NotPossible
from linli.people.standings import standing_of
from tests.cast import Cast
from tests.exchange.samples import applied, resident, workbook
from tests.people.homes import SINCE, Homes, make_homes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

TODAY = date(2026, 11, 24)
Act = Callable[[Homes, Any], object]


@pytest.fixture
def homes(cast: Cast) -> Homes:
    return make_homes(cast)


ACTS: dict[str, Act] = {
    "move_in": lambda homes, by: people.move_in(people.NewPerson("新"), homes.homes[2], Tie(), by=by, day=TODAY),
    "birth": lambda homes, by: people.record_birth(
        homes.household("单田芳"), people.NewPerson("新", Sex.FEMALE, TODAY), by=by, day=TODAY
    ),
    "move_out": lambda homes, by: people.move_out(
        homes.household("单田芳"), [homes.person("单小雨")], by=by, day=TODAY
    ),
    "move_home": lambda homes, by: people.move_home(
        homes.household("单田芳"), [homes.person("单小雨")], homes.homes[2], by=by, day=TODAY
    ),
    "death": lambda homes, by: people.record_death(homes.person("王明"), by=by, day=TODAY),
    "tie": lambda homes, by: people.change_tie(homes.person("王明"), by=by, day=TODAY, presence=Presence.AWAY),
    "split": lambda homes, by: people.split_household(
        homes.household("单田芳"), [homes.person("单小雨")], by=by, day=TODAY
    ),
    "merge": lambda homes, by: people.merge_households(
        homes.household("单田芳"), homes.household("王翠萍"), by=by, day=TODAY
    ),
    "head": lambda homes, by: people.change_head(homes.household("单田芳"), homes.person("李桂香"), by=by, day=TODAY),
    "ask": lambda homes, by: people.ask_transfer(
        homes.household("单田芳"), [homes.person("单小雨")], homes.buildings[1], by=by, day=TODAY
    ),
    "change": lambda homes, by: people.change_person(homes.person("王明"), {"employer": "供热公司"}, by=by),
    "print": lambda homes, by: people.print_codes(homes.cast.grid, 1, by=by),
}


@pytest.mark.parametrize("act", list(ACTS))
def test_who_keeps_the_ledger_of_the_grid_may(homes: Homes, act: str) -> None:
    ACTS[act](homes, homes.cast.worker)
    assert list(broken_histories(Person.objects.all())) == []


@pytest.mark.parametrize("act", list(ACTS))
@pytest.mark.parametrize("who", ["far_worker", "street", "police", "volunteer", "administrator"])
def test_nobody_else_may(homes: Homes, act: str, who: str) -> None:
    with pytest.raises(Refused):
        ACTS[act](homes, homes.cast.users[who])
    assert not Event.objects.exists()


def test_who_moved_away_is_found_no_more_and_comes_back_as_the_same(homes: Homes) -> None:
    person, worker = homes.person("王明"), homes.cast.worker
    people.move_out(homes.household("王明"), [person], by=worker, day=TODAY - timedelta(days=9))
    assert search_people(worker, "王明") == []
    new = people.NewPerson("王明", id_number=Person.objects.get(pk=person.pk).id_number, employer="供热公司")
    back = people.move_in(new, homes.homes[2], Tie(registration=Registration.ELSEWHERE), by=worker, day=TODAY)
    assert back.pk == person.pk
    assert homes.person("王明").employer == "供热公司"
    assert [found.pk for found in search_people(worker, "王明")] == [person.pk]


def test_who_still_lives_elsewhere_or_died_does_not_move_in(homes: Homes) -> None:
    worker = homes.cast.worker
    there = people.NewPerson("葛", id_number=homes.person("葛远航").id_number)
    with pytest.raises(NotPossible, match="还登记在别的房子里") as refusal:
        people.move_in(there, homes.homes[2], Tie(), by=worker, day=TODAY)
    assert refusal.value.field == "id_number"
    assert "葛远航" not in refusal.value.message
    dead = homes.person("王明")
    people.record_death(dead, by=worker, day=TODAY)
    with pytest.raises(NotPossible, match="已故"):
        people.move_in(dead, homes.homes[2], Tie(), by=worker, day=TODAY)


@pytest.mark.parametrize("day", [TODAY + timedelta(days=1), SINCE - timedelta(days=1)])
def test_a_day_to_come_and_a_day_before_the_last_change_are_refused(homes: Homes, day: date) -> None:
    with pytest.raises(NotPossible) as refusal:
        people.move_out(homes.household("王明"), [homes.person("王明")], by=homes.cast.worker, day=day)
    assert refusal.value.field == "day"
    assert homes.tie("王明").until is None


def test_when_the_last_one_leaves_the_household_ends(homes: Homes) -> None:
    household = homes.household("王明")
    people.move_out(household, [homes.person("王明"), homes.person("王翠萍")], by=homes.cast.worker, day=TODAY)
    household.refresh_from_db()
    assert household.ended_on == TODAY
    with pytest.raises(NotPossible, match="已经没有人了"):
        people.move_in(people.NewPerson("新"), household, Tie(), by=homes.cast.worker, day=TODAY)


def test_the_file_of_a_past_day_shows_who_lived_here_then(homes: Homes) -> None:
    number, worker = homes.household("单田芳").number, homes.cast.worker
    people.move_out(homes.household("单田芳"), [homes.person("单小雨")], by=worker, day=TODAY - timedelta(days=5))
    people.change_person(homes.person("李桂香"), {"employer": "供热公司", "declined": ["phone"]}, by=worker)

    def told(days: int) -> dict[str, tuple[str, list[str]]]:
        file = household_file(worker, number, TODAY - timedelta(days=days))
        return {member.person.name: (member.person.employer, member.declined) for member in file.members}

    assert told(0) == {"单田芳": ("", []), "李桂香": ("供热公司", ["phone"])}
    assert told(5) == {"单田芳": ("", []), "李桂香": ("", [])}
    assert set(told(6)) == {"单田芳", "李桂香", "单小雨"}
    assert household_file(worker, number, TODAY - timedelta(days=6)).members[1].phone == "190****0131"
    assert told(-30) == told(0)
    file = household_file(worker, number)
    assert file.versions == [TODAY, TODAY - timedelta(days=5), SINCE]
    assert file.members[1].phone == ""


def test_a_new_head_turns_the_relations(homes: Homes) -> None:
    people.change_head(homes.household("单田芳"), homes.person("单小雨"), by=homes.cast.worker, day=TODAY)
    assert homes.relations("单小雨") == {
        "单小雨": Relation.HEAD,
        "单田芳": Relation.FATHER,
        "李桂香": Relation.MOTHER,
    }
    (listed,) = households_for(homes.cast.worker, HouseholdFilters(text="单小雨"))
    assert listed.members[0].person.name == "单小雨"  # type: ignore[attr-defined]
    with pytest.raises(NotPossible, match="已经是户主"):
        people.change_head(homes.household("单小雨"), homes.person("单小雨"), by=homes.cast.worker, day=TODAY)


def test_a_second_head_and_a_split_of_everybody_are_refused(homes: Homes) -> None:
    worker = homes.cast.worker
    with pytest.raises(NotPossible, match="已经有户主"):
        people.move_in(people.NewPerson("新"), homes.household("王明"), Tie(Relation.HEAD), by=worker, day=TODAY)
    everybody = [homes.person("王明"), homes.person("王翠萍")]
    with pytest.raises(NotPossible, match="要有人留下"):
        people.split_household(homes.household("王明"), everybody, by=worker, day=TODAY)
    assert Household.objects.count() == 3


def test_homes_of_other_grids_need_the_other_side(homes: Homes) -> None:
    household, moving, leader = homes.household("单田芳"), [homes.person("单小雨")], homes.cast.leader
    with pytest.raises(NotPossible, match="在别的网格"):
        people.move_home(household, moving, homes.homes[4], by=leader, day=TODAY)
    with pytest.raises(NotPossible, match="就在本网格"):
        people.ask_transfer(household, moving, homes.buildings[0], by=leader, day=TODAY)


def test_a_transfer_waits_and_keeps_everybody_where_they_are(homes: Homes) -> None:
    household, person, worker = homes.household("单田芳"), homes.person("单小雨"), homes.cast.worker
    row = people.ask_transfer(household, [person], homes.buildings[1], by=worker, day=TODAY)
    assert homes.household("单小雨") == household
    assert Message.objects.filter(kind="people.transfer_asked", url=f"/transfers/{row.pk}/").exists()
    with pytest.raises(NotPossible, match="正在转往别的网格"):
        people.move_out(household, [person], by=worker, day=TODAY)
    with pytest.raises(Refused):
        people.accept_transfer(row, homes.homes[4], by=worker)
    with pytest.raises(NotPossible, match="那个网格里的房子"):
        people.accept_transfer(row, homes.homes[2], by=homes.cast.leader)
    people.accept_transfer(row, homes.household("葛远航"), by=homes.cast.leader)
    assert homes.household("单小雨") == homes.household("葛远航")
    assert homes.tie("单小雨").registration == Registration.ELSEWHERE
    assert homes.person("单小雨").path == homes.homes[3].path
    with pytest.raises(NotPossible, match="已经有人"):
        people.withdraw_transfer(row, by=worker)


def test_a_transfer_is_refused_only_with_a_reason(homes: Homes) -> None:
    ACTS["ask"](homes, homes.cast.worker)
    row = Transfer.objects.get()
    with pytest.raises(Refused):
        people.refuse_transfer(row, "没住进来", by=homes.cast.worker)
    with pytest.raises(NotPossible, match="写一下原因"):
        people.refuse_transfer(row, " ", by=homes.cast.leader)
    people.refuse_transfer(row, "没住进来", by=homes.cast.leader)
    row.refresh_from_db()
    assert (row.state, row.reason) == (TransferState.REFUSED, "没住进来")
    assert Message.objects.filter(to=homes.cast.worker, kind="people.transfer_refused").exists()


def test_what_is_declined_is_emptied_and_kept_before(homes: Homes) -> None:
    person, worker = homes.person("王明"), homes.cast.worker
    people.change_person(person, {"emergency_name": "王翠萍", "emergency_phone": "19000000131"}, by=worker)
    assert people.reveal(person, "emergency_phone", by=worker, reason="visit") == "19000000131"
    people.change_person(person, {"declined": ["emergency_contact", "nonsense"]}, by=worker)
    beside = Particulars.objects.get(person=person)
    assert (beside.emergency_name, beside.emergency_phone, beside.declined) == ("", "", ["emergency_contact"])
    kept = PersonChange.objects.latest("pk")
    assert json.loads(kept.before)["emergency_name"] == "王翠萍"
    assert people.change_person(person, {"employer": ""}, by=worker) == []


@pytest.mark.parametrize(
    ("registration", "presence", "settled", "standing"),
    [
        (Registration.HERE, Presence.HERE, False, Standing.RESIDENT),
        (Registration.ELSEWHERE, Presence.HERE, True, Standing.IN_FLOW),
        (Registration.ELSEWHERE, Presence.HERE, False, Standing.LODGING),
        (Registration.HERE, Presence.AWAY, True, Standing.OUT_FLOW),
        (Registration.HERE, Presence.NEARBY, True, Standing.APART),
        (Registration.UNKNOWN, Presence.HERE, True, Standing.UNCLEAR),
        (Registration.ELSEWHERE, Presence.AWAY, True, Standing.NEITHER),
    ],
)
def test_how_somebody_belongs_follows_from_what_is_written(
    registration: str, presence: str, settled: bool, standing: Standing
) -> None:
    assert standing_of(registration, presence, settled=settled) == standing


def test_a_history_that_does_not_fit_together_is_found(homes: Homes) -> None:
    ACTS["tie"](homes, homes.cast.worker)
    assert check_all(None, by=SYSTEM)["clean"]
    Residence.objects.filter(person__name="王明", until=None).update(presence=Presence.HERE)
    found = check_all(None, by=SYSTEM)
    assert found["problems"] == [{"kind": "residence_history_broken", "person": homes.person("王明").pk}]
    line = EventLine.objects.get()
    EventLine.objects.create(event=line.event, person=line.person, left=line.left, before=line.before)
    assert list(broken_histories(Person.objects.all())) == [line.person_id]


def test_replaying_leads_to_the_last_place_or_names_the_break() -> None:
    first, second = Place(1, Tie()), Place(2, Tie(Relation.HEAD))
    assert replay([Step(7, None, first), Step(7, first, second), Step(8, first, None)]) == {7: second, 8: None}
    with pytest.raises(BrokenHistory) as broken:
        replay([Step(7, None, first), Step(7, second, None)])
    assert broken.value.person == 7


def test_a_workbook_writes_events_only_for_those_who_have_a_history(cast: Cast) -> None:
    rows = [resident("单田芳"), resident("李桂香", room="602")]
    applied(workbook(rows), cast.community_area, cast.leader)
    assert not Event.objects.exists()
    people.change_tie(Person.objects.get(name="单田芳"), by=cast.leader, day=clock.today(), presence=Presence.AWAY)
    applied(
        workbook([resident("单田芳", room="303"), resident("李桂香", room="302")]), cast.community_area, cast.leader
    )
    kinds = list(Event.objects.order_by("pk").values_list("kind", flat=True))
    assert set(kinds) <= {EventKind.STANDING, EventKind.IMPORT}
    assert list(broken_histories(Person.objects.all())) == []


def test_a_workbook_is_not_taken_back_over_what_happened_since(cast: Cast) -> None:
    batch = applied(workbook([resident("单田芳")]), cast.community_area, cast.leader)
    people.change_tie(Person.objects.get(), by=cast.leader, day=clock.today(), presence=Presence.AWAY)
    with pytest.raises(UndoRefused):
        undo_batch(batch, by=cast.leader)
    assert list(broken_histories(Person.objects.all())) == []
