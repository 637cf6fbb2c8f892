"""From change to note: each change counts once, where it led, after as many days as it took; nobody's name is in it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from linli.assessment.actions import count_community
from linli.assessment.choices import Change, Span
from linli.assessment.delays import Delays, delay_report, slow_changes
from linli.assessment.models import DelayCount
from linli.assessment.periods import Period, period_of
from linli.core import clock
from linli.housing.actions import end_tenancy, start_tenancy
from linli.housing.choices import Occupancy
from linli.housing.models import Tenancy
from linli.housing.values import TenancyValues
from linli.people import actions
from linli.people.actions.histories import note_changes
from linli.people.models import Event, Residence
from linli.people.places import Tie
from tests.cast import Cast
from tests.people.homes import Homes, make_homes

pytestmark = pytest.mark.django_db


@pytest.fixture
def homes(cast: Cast, tuesday: object) -> Homes:
    return make_homes(cast)


def quarter() -> Period:
    return period_of(Span.QUARTER, clock.today())


def ago(days: int) -> date:
    return clock.today() - timedelta(days=days)


def found(homes: Homes, who: str = "leader", place: str = "community_area") -> tuple[dict[str, dict[int, int]], Delays]:
    """Count anew and return change → days → how many, and the total."""
    count_community(homes.cast.community_area, clock.now())
    report = delay_report(homes.cast.fresh(who), homes.cast.areas[place], quarter())
    return {str(change): dict(delays.days) for change, delays in report.by_change}, report.total


def test_every_kind_counts_the_days_between(homes: Homes) -> None:
    worker, first, second = homes.cast.worker, homes.household("单田芳"), homes.household("王翠萍")
    actions.move_in(actions.NewPerson("郭新"), homes.homes[2], Tie(), by=worker, day=ago(3))
    actions.move_out(second, [homes.person("王明")], by=worker, day=ago(10), destination="not_said")
    actions.record_birth(first, actions.NewPerson("单小宝", birth_date=ago(1)), by=worker, day=ago(1))
    actions.record_death(homes.person("单田芳"), by=worker, day=ago(0), new_head=homes.person("李桂香"))
    counted, total = found(homes)
    assert counted == {"move_in": {3: 1}, "move_out": {10: 1}, "birth": {1: 1}, "death": {0: 1}}
    assert (total.count, total.median, total.slow, total.unknown) == (4, 1, 1, 0)
    assert (total.within(3).percent, total.within(7).percent) == (75, 75)


def test_a_family_is_one_change_and_counts_where_it_came_to(homes: Homes) -> None:
    household = homes.household("单田芳")
    people = [homes.person(name) for name in ("李桂香", "单小雨")]
    actions.move_home(household, people, homes.homes[2], by=homes.cast.worker, day=ago(5))
    transfer = actions.ask_transfer(
        homes.household("王翠萍"), [homes.person("王明")], homes.buildings[1], by=homes.cast.worker, day=ago(9)
    )
    actions.accept_transfer(transfer, homes.homes[4], by=homes.cast.leader)
    counted, _total = found(homes)
    assert counted == {"move_home": {5: 1}, "transfer": {9: 1}}
    report = delay_report(homes.cast.fresh("leader"), homes.cast.community_area, quarter())
    assert [(row.area, dict(row.delays.days)) for row in report.below] == [
        (homes.cast.grid, {5: 1}),
        (homes.cast.other_grid, {9: 1}),
    ]
    assert sum(row.delays.count for row in report.below) + report.elsewhere.count == report.total.count


def test_changes_of_head_or_registration_are_no_changes_of_place(homes: Homes) -> None:
    household, worker = homes.household("单田芳"), homes.cast.worker
    actions.change_head(household, homes.person("李桂香"), by=worker, day=ago(8))
    actions.change_tie(homes.person("单小雨"), by=worker, day=ago(8), presence="away")
    assert found(homes)[0] == {}


def test_dividing_a_household_counts_once(homes: Homes) -> None:
    actions.split_household(homes.household("单田芳"), [homes.person("单小雨")], by=homes.cast.worker, day=ago(2))
    assert found(homes)[0] == {"split": {2: 1}}


def test_tenancies_count_when_they_begin_and_when_they_end(homes: Homes) -> None:
    worker, home = homes.cast.worker, homes.homes[2]
    tenancy = start_tenancy(home, TenancyValues(ago(6), contact="房客"), by=worker)
    end_tenancy(tenancy, ago(1), Occupancy.EMPTY, by=worker)
    assert found(homes)[0] == {Change.LET: {6: 1}, Change.LET_NO_MORE: {1: 1}}


def test_what_nobody_noted_the_moment_of_stands_apart(homes: Homes) -> None:
    Tenancy.objects.create(dwelling=homes.homes[2], contact="房客", since=ago(20))
    Tenancy.objects.create(dwelling=homes.homes[4], contact="房客", since=ago(900), until=ago(2))
    actions.change_tie(homes.person("单小雨"), by=homes.cast.worker, day=ago(1), presence="away")
    Residence.objects.filter(person=homes.person("单小雨"), until=None).update(presence="here")
    note_changes([homes.person("单小雨").pk], by=homes.cast.leader, detail={})
    counted, total = found(homes)
    assert (counted, total.count, total.median, total.unknown) == ({}, 0, None, 3)


def test_a_note_counts_in_the_month_in_which_it_was_written(homes: Homes) -> None:
    homes_moved = actions.move_in
    with clock.frozen(clock.now() - timedelta(days=120)):
        homes_moved(actions.NewPerson("郭早"), homes.homes[2], Tie(), by=homes.cast.worker, day=ago(4))
        month = clock.today().replace(day=1)
    assert found(homes)[1].count == 0
    assert [row.month for row in DelayCount.objects.filter(path=homes.cast.grid.path)] == [month]
    before = period_of(Span.MONTH, month)
    assert delay_report(homes.cast.leader, homes.cast.community_area, before).total.days == {4: 1}


def test_larger_places_add_up_their_communities(homes: Homes) -> None:
    actions.move_in(actions.NewPerson("郭新"), homes.homes[2], Tie(), by=homes.cast.worker, day=ago(3))
    for who, place in (("street", "street_area"), ("district", "district_area"), ("worker", "grid")):
        assert found(homes, who, place)[1].days == {3: 1}
    assert found(homes, "far_leader")[1].count == 0
    assert found(homes, "worker", "other_grid")[1].count == 0
    assert found(homes, "outsider")[1].count == 0


def test_slow_ones_can_be_looked_at_by_whoever_sees_the_people(homes: Homes) -> None:
    worker = homes.cast.worker
    actions.move_in(actions.NewPerson("郭新"), homes.homes[2], Tie(), by=worker, day=ago(8))
    actions.move_in(actions.NewPerson("郭快"), homes.homes[2], Tie(), by=worker, day=ago(7))
    area = homes.cast.community_area
    (slow,) = slow_changes(homes.cast.fresh("leader"), area, quarter())
    assert (slow.change, slow.days, slow.dwelling) == (Change.MOVE_IN, 8, homes.homes[2].pk)
    for name in ("district", "far_leader", "outsider"):
        assert slow_changes(homes.cast.fresh(name), area, quarter()) == []


@pytest.mark.parametrize(
    ("days", "median"),
    [({}, None), ({4: 1}, 4), ({0: 1, 9: 1}, 0), ({0: 1, 3: 1, 9: 1}, 3), ({0: 10, 30: 9}, 0)],
)
def test_the_median_is_a_day_that_somebody_took(days: dict[int, int], median: int | None) -> None:
    assert Delays(days).median == median


def test_no_count_knows_who_wrote(homes: Homes) -> None:
    """Line 7 of what Linli never does: places have figures, workers have none."""
    actions.move_in(actions.NewPerson("郭新"), homes.homes[2], Tie(), by=homes.cast.worker, day=ago(3))
    found(homes)
    assert Event.objects.get().by == homes.cast.worker.username
    told = "".join(f"{row.path}{row.counts}{row.whole}" for row in DelayCount.objects.all())
    assert homes.cast.worker.username not in told
