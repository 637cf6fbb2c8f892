"""Declaring, asking back, answering, confirming into the ledger, refusing, withdrawing; and what each one refuses."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from linli.accounts.rules import SYSTEM, Refused
from linli.core import clock
from linli.declarations.actions import (
    Conflict,
    NewDeclaration,
    NotPossible,
    StepValues,
    answer,
    ask,
    confirm,
    declare,
    prepare,
    refuse,
    renew_own_link,
    reveal,
    take_up,
    withdraw,
)
from linli.declarations.choices import Action, Choice, Declarer, Field, Kind, State
from linli.declarations.models import Declaration, DeclarationLink, DeclarationStep, Words
from linli.declarations.queries import dwelling_of, link_by_token, matches_for, said_with
from linli.housing.actions import NewBuilding, NewDwelling, add_building, add_dwellings, assign_grid
from linli.housing.choices import Occupancy
from linli.housing.models import Dwelling, Tenancy
from linli.inbox.models import Message
from linli.inbox.texts import text_of
from linli.journal.models import Entry
from linli.people import rules as people_rules
from linli.people.choices import Relation
from linli.people.models import Household, Person, Residence
from tests.cast import Cast
from tests.declarations.samples import (
    DAY,
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
from tests.web.ledgers import ID_NUMBER

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]
NEW = StepValues(choice=Choice.NEW)
NOBODY = StepValues(choice=Choice.NOBODY)


def test_a_declaration_is_written_with_a_link_and_told_to_grid_and_community(cast: Cast) -> None:
    made = declared(building(cast))
    found = Declaration.objects.get()
    assert (found.state, found.path, found.entrance, found.room) == (State.RECEIVED, cast.grid.path, "2", "501")
    assert (found.name, found.phone, found.id_number) == (NEWCOMER, OTHER_PHONE, "")
    link = link_by_token(made.token)
    assert link is not None
    assert link.declaration == found
    assert made.token not in str(DeclarationLink.objects.values())
    told = {message.to.username for message in Message.objects.all()}
    assert told == {"worker", "partner", "leader", "community"}
    message = Message.objects.all()[0]
    assert found.number in text_of(message.kind, message.values)
    assert NEWCOMER not in text_of(message.kind, message.values)


def test_what_is_personal_lies_encrypted(cast: Cast) -> None:
    made = declared(building(cast), id_number=ID_NUMBER).declaration
    ask(made, "哪一间?", by=cast.worker)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone, id_number FROM declarations_declaration")
        (row,) = cursor.fetchall()
        cursor.execute("SELECT text FROM declarations_words")
        said = cursor.fetchall()
    assert all(value.startswith("v1:") for value in row)
    assert said[0][0].startswith("v1:")


def test_what_is_declined_is_an_answer(cast: Cast) -> None:
    made = declared(building(cast), declined=("name", "phone", "id_number")).declaration
    assert (made.name, made.phone) == ("", "")
    assert made.has_declined(Field.NAME)
    assert made.has_declined(Field.PHONE)


@pytest.mark.parametrize("declarer", [Declarer.OWNER, Declarer.EMPLOYER])
def test_of_owners_and_employers_no_name_is_taken_whatever_is_sent(cast: Cast, declarer: str) -> None:
    made = declared(building(cast), declarer, Kind.MOVE_IN, id_number=ID_NUMBER).declaration
    assert (made.name, made.phone, made.id_number, made.headcount) == ("", "", "", 3)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("name", {"name": ""}),
        ("name", {"name": "字" * 41}),
        ("phone", {"phone": "1390000123"}),
        ("phone", {"phone": ""}),
        ("id_number", {"id_number": "140403199001011233"}),
        ("day", {"day": date(2028, 1, 1)}),
        ("day", {"day": date(2020, 1, 1)}),
        ("room", {"room": ""}),
        ("room", {"room": "5" * 30}),
    ],
)
def test_what_is_wrong_is_said_at_the_field(cast: Cast, field: str, values: dict[str, Any]) -> None:
    home(cast)
    house = Dwelling.objects.get().building
    with pytest.raises(ValidationError) as refused:
        declared(house, **values)
    assert field in refused.value.message_dict
    assert not Declaration.objects.exists()


def test_a_new_number_can_not_be_declined_where_it_is_the_thing_itself(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        declared(building(cast), kind=Kind.CONTACT, declined=("phone",), phone="")


@pytest.mark.parametrize("count", [None, 0, 100, "3"])
def test_a_number_of_people_is_a_number(cast: Cast, count: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        declared(building(cast), Declarer.OWNER, Kind.LET, headcount=count)
    assert "headcount" in refused.value.message_dict


def test_an_owner_can_not_declare_what_only_the_person_can(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        declare(NewDeclaration(Declarer.OWNER, Kind.CONTACT, building(cast), DAY))


def test_a_question_is_answered_through_the_link(cast: Cast) -> None:
    made = declared(building(cast))
    ask(made.declaration, "是几单元?", by=cast.worker)
    asked = fresh(made.declaration)
    assert (asked.state, asked.due_at) == (State.ASKED, None)
    answer(made.token, "2单元")
    answered = fresh(made.declaration)
    assert answered.state == State.LOOKED_AT
    assert answered.due_at is not None
    steps = DeclarationStep.objects.select_related("words").order_by("number")
    assert [(step.number, step.action, said_with(step)) for step in steps] == [
        (1, Action.DECLARE, ""),
        (2, Action.ASK, "是几单元?"),
        (3, Action.ANSWER, "2单元"),
    ]
    assert Message.objects.filter(kind="declarations.answer").count() == 4


@pytest.mark.parametrize("words", ["租客电话13900001234", "身份证140403199001011230", "号码 14040319900101123X"])
def test_an_owner_passes_on_no_numbers_of_others_in_an_answer(cast: Cast, words: str) -> None:
    made = declared(building(cast), Declarer.OWNER, Kind.LET)
    ask(made.declaration, "几个人?", by=cast.worker)
    with pytest.raises(ValidationError) as refused:
        answer(made.token, words)
    assert "words" in refused.value.message_dict
    answer(made.token, "3个人, 合同到2027年")


def test_questions_and_refusals_need_words(cast: Cast) -> None:
    made = declared(building(cast)).declaration
    for step, by in ((ask, cast.worker), (refuse, cast.leader)):
        for words in ("", "   ", "字" * 501, "a\x00b"):
            with pytest.raises(ValidationError):
                step(made, words, by=by)
    assert fresh(made).version == 1


def test_a_newcomer_is_written_into_the_home_on_the_day(cast: Cast) -> None:
    dwelling = home(cast)
    made = declared(dwelling.building, id_number="").declaration
    confirm(made, StepValues(choice=Choice.NEW, occupancy=Occupancy.RENTED), by=cast.leader)
    residence = Residence.objects.get(person__name=NEWCOMER)
    assert (residence.household.dwelling, residence.since, residence.until) == (dwelling, DAY, None)
    assert residence.relation == Relation.HEAD
    dwelling.refresh_from_db()
    assert dwelling.occupancy == Occupancy.RENTED
    assert person(NEWCOMER).phone == OTHER_PHONE
    assert fresh(made).state == State.CONFIRMED


def test_a_newcomer_may_join_a_household(cast: Cast) -> None:
    household = family(home(cast))
    made = declared(household.dwelling.building).declaration
    values = StepValues(choice=Choice.NEW, household=household, relation=Relation.DAUGHTER)
    confirm(made, values, by=cast.community)
    residence = Residence.objects.get(person__name=NEWCOMER)
    assert (residence.household, residence.relation) == (household, Relation.DAUGHTER)


def test_somebody_of_the_ledger_moves_and_the_former_home_stays_as_history(cast: Cast) -> None:
    old, new = family(home(cast)), home(cast, "602")
    made = declared(new.building, room="602", name=NAME, phone=PHONE).declaration
    (match,) = matches_for(made, cast.leader, dwelling_of(made))
    assert (match.person.name, match.lives_here) == (NAME, False)
    confirm(made, StepValues(choice=Choice.PERSON, person=match.person), by=cast.leader)
    rows = list(Residence.objects.filter(person=match.person).order_by("pk"))
    assert [(row.household.dwelling_id, row.until) for row in rows] == [(old.dwelling_id, DAY), (new.pk, None)]
    old.refresh_from_db()
    assert old.ended_on == DAY


def test_who_moves_out_leaves_the_home_on_the_day(cast: Cast) -> None:
    household = family(home(cast))
    made = declared(household.dwelling.building, Declarer.RESIDENT, Kind.MOVE_OUT, name=NAME, phone=PHONE).declaration
    confirm(made, StepValues(choice=Choice.PERSON, person=person(NAME)), by=cast.leader)
    assert Residence.objects.get().until == DAY
    assert Person.objects.get(name=NAME).path == ""


def test_a_new_phone_is_written_down(cast: Cast) -> None:
    household = family(home(cast))
    made = declared(household.dwelling.building, Declarer.RESIDENT, Kind.CONTACT, name=NAME, phone=OTHER_PHONE)
    confirm(made.declaration, StepValues(choice=Choice.PERSON, person=person(NAME)), by=cast.leader)
    assert person(NAME).phone == OTHER_PHONE


def test_an_owner_changes_the_use_of_the_home_and_no_person(cast: Cast) -> None:
    dwelling = home(cast)
    made = declared(dwelling.building, Declarer.OWNER, Kind.LET).declaration
    confirm(made, StepValues(occupancy=Occupancy.RENTED), by=cast.leader)
    dwelling.refresh_from_db()
    assert dwelling.occupancy == Occupancy.RENTED
    assert not Person.objects.exists()


def test_no_person_is_touched_on_the_word_of_an_owner_even_if_one_is_sent(cast: Cast) -> None:
    household = family(home(cast))
    made = declared(household.dwelling.building, Declarer.OWNER, Kind.MOVE_OUT).declaration
    confirm(made, StepValues(choice=Choice.PERSON, person=person(NAME)), by=cast.leader)
    assert Residence.objects.get().until is None
    assert fresh(made).person is None


def test_who_preferred_not_to_be_named_is_not_written_down(cast: Cast) -> None:
    dwelling = home(cast)
    made = declared(dwelling.building, declined=("name", "phone", "id_number")).declaration
    with pytest.raises(ValidationError):
        confirm(made, NEW, by=cast.leader)
    confirm(made, StepValues(choice=Choice.NOBODY, occupancy=Occupancy.RENTED), by=cast.leader)
    assert not Person.objects.exists()
    assert fresh(made).state == State.CONFIRMED


def test_a_home_that_the_ledger_did_not_know_is_written_down_with_its_people(cast: Cast) -> None:
    made = declared(building(cast)).declaration
    confirm(made, NEW, by=cast.leader)
    assert Residence.objects.get().household.dwelling.address == "黎花园3号楼2单元501"


def test_nothing_is_written_for_nobody(cast: Cast) -> None:
    made = declared(building(cast)).declaration
    confirm(made, NOBODY, by=cast.leader)
    assert not Dwelling.objects.exists()
    assert not Household.objects.exists()


def test_who_is_no_match_can_not_be_chosen(cast: Cast) -> None:
    elsewhere = family(home(cast, "602"), name="苗润生")
    made = declared(elsewhere.dwelling.building).declaration
    for values in (StepValues(choice=Choice.PERSON, person=person("苗润生")), StepValues()):
        with pytest.raises(ValidationError):
            confirm(made, values, by=cast.leader)
    assert fresh(made).state == State.RECEIVED


def test_a_known_id_number_of_another_community_is_not_written_twice(cast: Cast) -> None:
    far = add_building(NewBuilding(cast.far_community, "8号楼", grid=cast.far_grid), by=SYSTEM)
    family(add_dwellings([NewDwelling(far, "1", "101")], by=SYSTEM)[0])
    made = declared(building(cast), id_number=ID_NUMBER).declaration
    assert matches_for(made, cast.leader, dwelling_of(made)) == []
    with pytest.raises(people_rules.NotPossible):
        confirm(made, NEW, by=cast.leader)
    assert fresh(made).state == State.RECEIVED
    assert not Dwelling.objects.filter(building=made.building).exists(), "nothing is half done"


def test_what_will_be_is_not_confirmed_before_its_day(cast: Cast) -> None:
    dwelling = home(cast)
    made = declared(dwelling.building, Declarer.OWNER, Kind.LET, day=date(2026, 12, 1)).declaration
    with pytest.raises(NotPossible) as refused:
        confirm(made, StepValues(occupancy=Occupancy.RENTED), by=cast.leader)
    assert "2026-12-01" in refused.value.message
    with clock.frozen(clock.now() + timedelta(days=7)):
        confirm(made, StepValues(occupancy=Occupancy.RENTED), by=cast.leader)
    dwelling.refresh_from_db()
    assert dwelling.occupancy == Occupancy.RENTED


def test_the_promise_counts_from_a_day_to_come(cast: Cast) -> None:
    house = building(cast)
    now = declared(house).declaration
    later = declared(house, Declarer.OWNER, Kind.LET, day=date(2026, 12, 1)).declaration
    assert now.due_at is not None
    assert later.due_at is not None
    # Three working days from Tuesday 24 November, and from Tuesday 1 December.
    assert f"{clock.local(now.due_at):%m-%d %H:%M}" == "11-27 18:00"
    assert f"{clock.local(later.due_at):%m-%d %H:%M}" == "12-04 18:00"


def test_of_two_at_one_moment_one_wins_and_the_other_is_told_who_did_what(cast: Cast) -> None:
    made = declared(building(cast)).declaration
    refuse(made, "地址不对", by=cast.leader, version=made.version)
    with pytest.raises(Conflict) as conflict:
        confirm(made, NOBODY, by=cast.community, version=made.version)
    assert "郭建英" in conflict.value.message
    assert (conflict.value.state, conflict.value.by) == (State.REFUSED, "leader")
    assert fresh(made).state == State.REFUSED


def test_a_stale_page_is_refused_even_where_the_step_is_possible(cast: Cast) -> None:
    made = declared(building(cast)).declaration
    take_up(made, by=cast.worker)
    with pytest.raises(Conflict):
        refuse(made, "不对", by=cast.leader, version=made.version)


def test_a_worker_prepares_and_does_not_decide(cast: Cast) -> None:
    made = declared(home(cast).building).declaration
    prepare(made, StepValues(choice=Choice.NEW, occupancy=Occupancy.RENTED), by=cast.worker)
    prepared = fresh(made)
    assert (prepared.state, prepared.choice, prepared.occupancy) == (State.LOOKED_AT, Choice.NEW, Occupancy.RENTED)
    assert not Person.objects.exists()
    with pytest.raises(Refused):
        confirm(made, NEW, by=cast.worker)
    with pytest.raises(Refused):
        refuse(made, "不对", by=cast.worker)


def test_a_declaration_is_withdrawn_until_it_is_decided(cast: Cast) -> None:
    made = declared(building(cast))
    withdraw(made.token)
    assert fresh(made.declaration).state == State.WITHDRAWN
    other = declared(building(cast, "4号楼"))
    refuse(other.declaration, "地址不对", by=cast.leader)
    with pytest.raises(Conflict) as conflict:
        withdraw(other.token)
    assert "郭建英" not in conflict.value.message, "the declarer is told no names"


def test_an_unknown_link_does_nothing(cast: Cast) -> None:
    for action in (lambda: withdraw("no-such-token"), lambda: answer("no-such-token", "2单元")):
        with pytest.raises(Declaration.DoesNotExist):
            action()


def test_a_renewed_link_ends_the_old_one(cast: Cast) -> None:
    made = declared(building(cast))
    token = renew_own_link(made.token)
    assert link_by_token(made.token) is None
    assert link_by_token(token) is not None


def test_a_hidden_number_is_shown_for_a_purpose_and_journalled(cast: Cast) -> None:
    made = declared(building(cast)).declaration
    assert reveal(made, "phone", by=cast.worker, reason="check") == OTHER_PHONE
    entry = Entry.objects.order_by("-number")[0]
    assert (entry.action, entry.reason, entry.detail["field"]) == ("declarations.reveal", "check", "phone")
    with pytest.raises(people_rules.NotPossible):
        reveal(made, "phone", by=cast.worker, reason="")
    with pytest.raises(Refused):
        reveal(made, "phone", by=cast.far_worker, reason="check")
    with pytest.raises(ValueError, match="name"):
        reveal(made, "name", by=cast.worker, reason="check")


def test_history_is_only_added_to(cast: Cast) -> None:
    declared(building(cast))
    with pytest.raises(TypeError):
        DeclarationStep.objects.update(note="")
    with pytest.raises(TypeError):
        DeclarationStep.objects.all().delete()


def test_declarations_follow_their_buildings(cast: Cast) -> None:
    house = building(cast)
    made = declared(house).declaration
    assign_grid(house, cast.other_grid, by=cast.leader)
    assert fresh(made).path == cast.other_grid.path
    assert not Declaration.objects.visible_to(cast.fresh("worker")).exists()
    assert Declaration.objects.visible_to(cast.fresh("leader")).exists()


def test_nothing_personal_stands_in_the_journal(cast: Cast) -> None:
    made = declared(building(cast), id_number=ID_NUMBER)
    ask(made.declaration, f"{NEWCOMER}是哪位?", by=cast.worker)
    answer(made.token, f"我是{NEWCOMER}")
    told = "".join(f"{entry.detail}{entry.reason}" for entry in Entry.objects.all())
    assert [word for word in (NEWCOMER, OTHER_PHONE, ID_NUMBER) if word in told] == []
    assert Words.objects.count() == 2


def test_an_owner_who_lets_a_home_begins_a_tenancy_without_names(cast: Cast) -> None:
    dwelling = home(cast)
    new = NewDeclaration(
        Declarer.OWNER, Kind.LET, dwelling.building, DAY, entrance="2", room="501", answers={Field.HEADCOUNT: 3}
    )
    confirm(declare(new).declaration, StepValues(occupancy=Occupancy.RENTED), by=cast.leader)
    tenancy = Tenancy.objects.get()
    assert (tenancy.dwelling, tenancy.since, tenancy.headcount) == (dwelling, DAY, 3)
    assert (tenancy.household, tenancy.phone) == ("", "")


def test_a_tenant_who_moves_in_is_the_household_of_the_tenancy_until_it_is_no_longer_let(cast: Cast) -> None:
    dwelling = home(cast)
    confirm(
        declared(dwelling.building).declaration,
        StepValues(choice=Choice.NEW, occupancy=Occupancy.RENTED),
        by=cast.leader,
    )
    tenancy = Tenancy.objects.get()
    assert tenancy.household == Household.objects.get(dwelling=dwelling).number
    ended = NewDeclaration(Declarer.OWNER, Kind.LET_ENDED, dwelling.building, DAY, entrance="2", room="501")
    confirm(declare(ended).declaration, StepValues(occupancy=Occupancy.OWN), by=cast.leader)
    tenancy.refresh_from_db()
    dwelling.refresh_from_db()
    assert (tenancy.until, dwelling.occupancy) == (DAY, Occupancy.OWN)


def test_staff_who_leave_the_use_as_it_is_begin_no_tenancy(cast: Cast) -> None:
    made = declared(home(cast).building).declaration
    confirm(made, NEW, by=cast.leader)
    assert not Tenancy.objects.exists()
