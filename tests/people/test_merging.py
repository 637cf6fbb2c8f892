"""Finding, deciding, merging, and taking back."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.accounts.rules import Refused
from linli.core import clock
from linli.exchange import actions as exchange
from linli.exchange.models import Batch
from linli.exchange.rules import NotPossible as ImportNotPossible
from linli.exchange.snapshots import snapshot
from linli.housing.actions import assign_grid
from linli.housing.models import Building
from linli.jobs import actions as jobs
from linli.jobs.choices import JobState
from linli.journal.models import Entry
from linli.people.actions import correct
from linli.people.choices import Certainty, CorrectionState, DuplicateState, Side
from linli.people.merging import (
    ask_again,
    ask_to_check,
    check_changed,
    cut,
    merge_people,
    put_off,
    seal_of_pair,
    tell_apart,
    undo_merge,
)
from linli.people.models import Correction, Duplicate, DuplicateCheck, Household, Merge, Person, Residence
from linli.people.queries import household_file, households_for, search_people
from linli.people.rules import NotPossible
from tests.cast import Cast
from tests.exchange.samples import applied, resident, workbook
from tests.jobs.queue import WAITING
from tests.people.pairs import ID, PHONE, all_from, check_now, found_in, settle_across, settle_pair

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

TABLES: tuple[Any, ...] = (Person, Household, Residence, Correction, Duplicate)
WRONG_ID = "149999196108257325"


def everything() -> list[str]:
    return [snapshot(row) for model in TABLES for row in model.objects.order_by("pk")]


def test_the_same_person_in_two_grids_is_found_and_certain(cast: Cast) -> None:
    pair = settle_pair(cast)
    assert (pair.first.name, pair.second.name) == ("单田芳", "單田芳")
    assert pair.certainty == Certainty.CERTAIN
    assert Duplicate.objects.count() == 1


def test_a_pair_across_communities_is_found_from_either_side(cast: Cast) -> None:
    settle_across(cast)
    for area in (cast.community_area, cast.beside_community, cast.grid):
        assert found_in(area) == {("单田芳", "單田芳"): "certain"}
    assert found_in(cast.far_community) == {}


def test_those_who_share_nothing_but_a_name_are_not_asked_about(cast: Cast) -> None:
    rows = [resident("单田芳"), resident("单田芳", building="9号楼")]
    applied(workbook(rows), cast.community_area, cast.leader)
    assert found_in(cast.community_area) == {}


def test_whoever_has_no_place_any_more_is_compared_with_nobody(cast: Cast) -> None:
    pair = settle_pair(cast)
    Person.objects.filter(pk=pair.second_id).update(path="")
    assert found_in(cast.community_area) == {}


def test_merging_makes_one_entry_that_everybody_finds(cast: Cast) -> None:
    pair = settle_pair(cast)
    merge = merge_people(pair, all_from(Side.FIRST, home=Side.SECOND), by=cast.leader, seen=seal_of_pair(pair))
    kept = Person.objects.get(pk=merge.kept_id)
    assert (merge.kept_id, merge.dropped_id) == (pair.second_id, pair.first_id)
    assert (kept.name, kept.id_number, kept.note, kept.path) == ("单田芳", ID, "爱下棋", cast.other_grid.path)
    for text in ("单田芳", ID, PHONE, "9934", "stf", "9号楼"):
        assert search_people(cast.fresh("leader"), text) == [kept]
    assert found_in(cast.community_area) == {}
    left = Household.objects.get(dwelling__building__name="3号楼", dwelling__room="501")
    assert left.ended_on == clock.today()
    assert left not in households_for(cast.fresh("leader"))
    assert Residence.objects.filter(person=kept).count() == 2
    assert Duplicate.objects.get().state == DuplicateState.MERGED


def test_the_entry_that_went_is_in_no_list(cast: Cast) -> None:
    pair = settle_pair(cast)
    merge = merge_people(pair, all_from(Side.FIRST), by=cast.leader)
    for who in cast.users:
        assert not Person.objects.visible_to(cast.fresh(who)).filter(pk=merge.dropped_id).exists()
    number = Household.objects.get(dwelling__building__name="3号楼", dwelling__room="501").number
    assert [member.person.pk for member in household_file(cast.leader, number).members] == [merge.kept_id]


def test_a_second_workbook_finds_the_merged_person(cast: Cast) -> None:
    pair = settle_pair(cast)
    merge = merge_people(pair, all_from(Side.FIRST), by=cast.leader)
    row = resident("单田芳", id_number=ID, phone="13805569934")
    applied(workbook([row]), cast.community_area, cast.leader)
    assert Person.objects.count() == 3
    assert Person.objects.get(pk=merge.kept_id).phone == "13805569934"


def test_undo_puts_everything_back_exactly(cast: Cast) -> None:
    pair = settle_pair(cast, id_number=WRONG_ID)
    before = everything()
    merge = merge_people(pair, all_from(Side.FIRST, phone=Side.SECOND), by=cast.leader)
    assert everything() != before
    assert Correction.objects.get().state == CorrectionState.DONE
    undo_merge(merge, by=cast.fresh("community"))
    assert everything() == before
    with pytest.raises(NotPossible):
        undo_merge(merge, by=cast.leader)
    again = merge_people(Duplicate.objects.get(), all_from(Side.SECOND), by=cast.leader)
    undo_merge(again, by=cast.leader)
    assert everything() == before


def test_a_wrong_value_that_was_chosen_stays_marked(cast: Cast) -> None:
    pair = settle_pair(cast, id_number=WRONG_ID)
    merge_people(pair, all_from(Side.SECOND, home=Side.FIRST), by=cast.leader)
    row = Correction.objects.get()
    assert (row.state, row.person_id, row.path) == (CorrectionState.OPEN, pair.first_id, cast.grid.path)
    assert correct(row, ID, by=cast.worker).pk == pair.first_id


def test_undo_follows_buildings_that_came_to_another_grid_meanwhile(cast: Cast) -> None:
    pair = settle_pair(cast)
    merge = merge_people(pair, all_from(Side.SECOND), by=cast.leader)
    assign_grid(Building.objects.get(name="3号楼"), cast.other_grid, by=cast.leader)
    undo_merge(merge, by=cast.leader)
    assert Person.objects.get(pk=pair.first_id).path == cast.other_grid.path


def test_undo_is_refused_where_something_newer_stands_on_it(cast: Cast) -> None:
    pair = settle_pair(cast)
    merge = merge_people(pair, all_from(Side.FIRST), by=cast.leader)
    row = resident("单田芳", id_number=ID, phone="13805569934")
    applied(workbook([row]), cast.community_area, cast.leader)
    before = everything()
    with pytest.raises(NotPossible):
        undo_merge(merge, by=cast.leader)
    assert everything() == before


def test_undo_is_refused_where_something_new_points_to_the_person(cast: Cast) -> None:
    pair = settle_pair(cast)
    merge = merge_people(pair, all_from(Side.FIRST), by=cast.leader)
    now = clock.now()
    Correction.objects.create(
        person_id=merge.kept_id, path=cast.grid.path, field="phone", kind="bad_phone", found_at=now
    )
    with pytest.raises(NotPossible):
        undo_merge(merge, by=cast.leader)


def test_a_workbook_can_not_be_undone_below_a_merging(cast: Cast) -> None:
    pair = settle_pair(cast)
    merge_people(pair, all_from(Side.FIRST), by=cast.leader)
    with pytest.raises(ImportNotPossible):
        exchange.undo_batch(Batch.objects.get(), by=cast.leader)


def test_a_merging_needs_both_and_the_right(cast: Cast) -> None:
    pair = settle_pair(cast)
    for who in set(cast.users) - {"leader", "community", "street"}:
        for action in (tell_apart, put_off, ask_again):
            with pytest.raises(Refused):
                action(pair, by=cast.users[who])
        with pytest.raises(Refused):
            merge_people(pair, all_from(Side.FIRST), by=cast.users[who])
    merge = merge_people(pair, all_from(Side.FIRST), by=cast.street)
    for who in set(cast.users) - {"leader", "community", "street"}:
        with pytest.raises(Refused):
            undo_merge(merge, by=cast.users[who])


def test_across_communities_the_street_decides(cast: Cast) -> None:
    pair = settle_across(cast)
    assert pair.path == cast.street_area.path
    with pytest.raises(Refused):
        merge_people(pair, all_from(Side.FIRST), by=cast.leader)
    merge = merge_people(pair, all_from(Side.FIRST), by=cast.street)
    with pytest.raises(Refused):
        undo_merge(merge, by=cast.leader)
    undo_merge(merge, by=cast.street)


def test_what_changed_since_it_was_seen_is_not_merged(cast: Cast) -> None:
    pair = settle_pair(cast)
    seen = seal_of_pair(pair)
    Person.objects.filter(pk=pair.first_id).update(employer="供热公司")
    with pytest.raises(NotPossible):
        merge_people(pair, all_from(Side.FIRST), by=cast.leader, seen=seen)


def test_two_people_are_never_proposed_again(cast: Cast) -> None:
    pair = settle_pair(cast)
    tell_apart(pair, by=cast.leader)
    assert [row.state for row in check_now(cast.community_area, cast.leader)] == [DuplicateState.DIFFERENT]
    with pytest.raises(NotPossible):
        put_off(pair, by=cast.leader)
    ask_again(pair, by=cast.leader)
    assert Duplicate.objects.get().state == DuplicateState.OPEN


def test_being_told_apart_goes_over_to_the_entry_that_stays(cast: Cast) -> None:
    settle_pair(cast)
    third = resident("单田芳", building="9号楼", room="701", phone=PHONE, birth_date="1961-08-25")
    applied(workbook([third]), cast.community_area, cast.leader)
    pairs = {(row.first.name, row.second.name): row for row in check_now(cast.community_area, cast.leader)}
    assert len(pairs) == 3
    one, other = pairs["单田芳", "單田芳"], pairs["單田芳", "单田芳"]
    tell_apart(pairs["单田芳", "单田芳"], by=cast.leader)
    merge_people(one, all_from(Side.SECOND), by=cast.leader)
    Duplicate.objects.filter(pk=other.pk).delete()
    assert {row.state for row in check_now(cast.community_area, cast.leader)} == {"merged", "different"}


def test_pairs_that_fit_no_more_are_gone_after_the_next_check(cast: Cast) -> None:
    pair = settle_pair(cast)
    put_off(pair, by=cast.leader)
    Person.objects.filter(pk=pair.second_id).update(name="李明", phone_index="")
    assert check_now(cast.community_area, cast.leader) == []


def test_the_schedule_looks_at_what_is_new(cast: Cast) -> None:
    rows = [resident("单田芳", id_number=ID), resident("单田芳", building="9号楼")]
    applied(workbook(rows), cast.community_area, cast.leader)
    assert check_changed(clock.now()) == 0
    with clock.frozen(clock.now() + timedelta(hours=1)):
        third = resident("单田芳", building="9号楼", room="701", birth_date="1961-08-25", phone=PHONE)
        fourth = resident("單田芳", building="9号楼", room="702", birth_date="1961-08-25", phone=PHONE)
        applied(workbook([third, fourth]), cast.community_area, cast.leader)
        assert check_changed(clock.now()) == 3
        assert check_changed(clock.now()) == 0
    assert Entry.objects.filter(action="people.check_duplicates", actor="system").count() == 1


def test_a_check_is_work_that_can_be_watched_and_stopped(cast: Cast) -> None:
    settle_pair(cast)
    Duplicate.objects.all().delete()
    with WAITING:
        check = ask_to_check(cast.community_area, by=cast.leader)
        assert ask_to_check(cast.community_area, by=cast.community) == check
        with pytest.raises(Refused):
            ask_to_check(cast.far_community, by=cast.leader)
        with pytest.raises(Refused):
            ask_to_check(cast.grid, by=cast.worker)
    assert check.job is not None
    jobs.run(check.job.pk, {"check": check.pk})
    check.refresh_from_db()
    assert check.job.__class__.objects.get(pk=check.job_id).state == JobState.DONE
    assert (check.seen, check.found, check.finished_at) == (3, 1, clock.now())


def test_a_check_asks_as_often_for_many_people_as_for_few(cast: Cast) -> None:
    settle_pair(cast)
    with CaptureQueriesContext(connection) as few:
        found_in(cast.community_area)
    rows = [resident(name, building="5号楼", room=str(number)) for number, name in enumerate("甲乙丙丁戊己庚", 101)]
    applied(workbook(rows), cast.community_area, cast.leader)
    with CaptureQueriesContext(connection) as many:
        found_in(cast.community_area)
    assert len(many) == len(few)


D = date(2020, 1, 1)


@pytest.mark.parametrize(
    ("span", "taken", "left"),
    [
        ((None, None), [], (None, None)),
        ((None, None), [(D, None)], (None, D)),
        ((D, None), [(None, None)], (D, D)),
        ((None, None), [(None, None)], (date(2026, 11, 24), date(2026, 11, 24))),
        ((None, D), [(None, D)], (D, D)),
        ((D, None), [(None, date(2021, 1, 1)), (date(2022, 1, 1), None)], (date(2021, 1, 1), date(2022, 1, 1))),
        ((D, None), [(D, D)], (D, None)),
    ],
)
def test_residences_are_cut_where_another_one_stands(span: Any, taken: Any, left: Any) -> None:
    assert cut(span, taken, date(2026, 11, 24)) == left


def _history(rng: random.Random, person: Person, homes: list[Household]) -> None:
    """Give somebody residences one after another, some of them with gaps, the last one still going on."""
    Residence.objects.filter(person=person).delete()
    day: date | None = None if rng.random() < 0.5 else date(2015, 1, 1) + timedelta(days=rng.randrange(900))
    for left in range(rng.randint(0, 3), -1, -1):
        start = day if day is None else day + timedelta(days=rng.choice((0, 0, 40)))
        day = (start or date(2015, 1, 1)) + timedelta(days=rng.randint(1, 500))
        home = rng.choice(homes)
        Residence.objects.create(person=person, household=home, since=start, until=day if left else None)
    Person.objects.filter(pk=person.pk).update(path=home.path)
    Correction.objects.filter(person=person).update(path=home.path)


def homes_on(person: int, day: date) -> int:
    rows = Residence.objects.filter(person=person)
    return sum((row.since or date.min) <= day < (row.until or date.max) for row in rows)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_merging_and_undoing_is_nothing_and_nobody_is_in_two_homes(cast: Cast, seed: int) -> None:
    rng = random.Random(seed)
    with transaction.atomic():
        pair = settle_pair(cast, **rng.choice(({}, {"id_number": WRONG_ID})))
        homes = list(Household.objects.order_by("pk"))
        for person in (pair.first, pair.second):
            _history(rng, person, homes)
        before, residences = everything(), Residence.objects.count()
        sides = [rng.choice(list(Side)) for _each in range(9)]
        choices = all_from(sides[0], home=sides[1], name=sides[2], phone=sides[3], id_number=sides[4], note=sides[5])
        merge = merge_people(Duplicate.objects.get(), choices, by=cast.leader)
        assert Residence.objects.count() == Residence.objects.filter(person__in=[merge.kept, *_others(merge)]).count()
        assert Residence.objects.count() == residences
        assert not Residence.objects.filter(person=merge.dropped).exists()
        days = {
            edge + timedelta(days=step)
            for row in Residence.objects.filter(person=merge.kept)
            for edge in (row.since, row.until, date(2010, 1, 1), clock.today())
            if edge
            for step in (-1, 0, 1)
        }
        assert all(homes_on(merge.kept_id, day) <= 1 for day in days)
        assert homes_on(merge.kept_id, clock.today()) == 1
        undo_merge(Merge.objects.get(), by=cast.leader)
        assert everything() == before
        transaction.set_rollback(True)


def _others(merge: Merge) -> list[int]:
    return list(Person.objects.exclude(pk__in=[merge.kept_id, merge.dropped_id]).values_list("pk", flat=True))


def test_a_check_of_its_own_area_only_is_seen(cast: Cast) -> None:
    check_now(cast.community_area, cast.leader)
    seen = {who for who in cast.users if DuplicateCheck.objects.visible_to(cast.fresh(who)).exists()}
    assert seen == {"leader", "community", "street"}
