"""How complete and fresh the ledgers are: every person and home counts once, and every number opens its own rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from linli.areas.models import Area
from linli.assessment import quality
from linli.assessment.actions import count_community, count_ledgers
from linli.assessment.choices import Age, Fact, FactState, HomeState
from linli.assessment.models import LedgerCount
from linli.assessment.quality import KEYS, Part, Quality, counted_under, report
from linli.core import clock
from linli.housing.choices import Occupancy
from linli.housing.models import Dwelling
from linli.people.models import Household, Particulars, Person, Residence
from tests.cast import Cast
from tests.people.homes import Homes, make_homes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


@pytest.fixture
def homes(cast: Cast) -> Homes:
    return make_homes(cast)


def counted(cast: Cast, area: Area | None = None, by: Any = None) -> quality.Report:
    count_ledgers(clock.now(), seconds=60)
    LedgerCount.objects.all()
    return report(by or cast.street, area or cast.street_area)


def recount(cast: Cast) -> Quality:
    count_community(cast.community_area, clock.now())
    return report(cast.leader, cast.community_area).total


def test_collected_of_known_homes_in_whole_per_cent() -> None:
    counts = {"home.collected": 12000, "home.empty": 1540, "home.declined": 310, "home.not_yet": 1880}
    part = Quality(counts).collection
    assert (part.count, part.of, part.percent, part.declined) == (13540, 15730, 86, 310)


@pytest.mark.parametrize(
    ("count", "of", "percent"), [(0, 0, None), (0, 9, 0), (9, 9, 100), (999, 1000, 99), (1, 1000, 1), (1, 2, 50)]
)
def test_all_is_only_said_of_all(count: int, of: int, percent: int | None) -> None:
    assert Part(count, of).percent == percent


def test_who_prefers_not_to_say_leaves_the_denominator() -> None:
    part = Quality({"phone.known": 6, "phone.declined": 2, "phone.missing": 2}).completeness(Fact.PHONE)
    assert (part.count, part.of, part.declined, part.percent) == (6, 8, 2, 75)


def test_homes_by_state(homes: Homes) -> None:
    empty, declined = homes.homes[2], homes.homes[4]
    Dwelling.objects.filter(pk=empty.pk).update(occupancy=Occupancy.EMPTY)
    Dwelling.objects.filter(pk=declined.pk).update(occupancy=Occupancy.DECLINED)
    # People say how they live, or not: they are written down all the same.
    Dwelling.objects.filter(pk=homes.homes[0].pk).update(occupancy=Occupancy.DECLINED)
    found = recount(homes.cast)
    assert {state: found.home(state) for state in HomeState} == {
        HomeState.COLLECTED: 3,
        HomeState.EMPTY: 1,
        HomeState.DECLINED: 1,
        HomeState.NOT_YET: 1,
    }
    assert (found.collection.count, found.collection.of) == (4, 6)
    Household.objects.filter(dwelling=homes.homes[3]).update(ended_on=clock.today())
    assert recount(homes.cast).home(HomeState.NOT_YET) == 2


def test_facts_are_known_declined_or_missing(homes: Homes) -> None:
    declined, missing, both = homes.person("李桂香"), homes.person("王明"), homes.person("单田芳")
    Person.objects.filter(pk__in=[declined.pk, missing.pk]).update(phone="", phone_index="", birth_date=None)
    Particulars.objects.create(person=declined, declined=["phone", "emergency_contact"])
    # What is known is known, also of somebody who did not want to say it before.
    Particulars.objects.create(person=both, declined=["phone"], emergency_name="单小雨")
    Residence.objects.filter(person=missing).update(since=None)
    found = recount(homes.cast)

    def states(fact: Fact) -> tuple[int, ...]:
        return tuple(found.fact(fact, state) for state in FactState)

    assert states(Fact.PHONE) == (4, 1, 1)
    assert states(Fact.BIRTH_DATE) == (4, 0, 2)
    assert states(Fact.EMERGENCY_CONTACT) == (1, 1, 4)
    assert states(Fact.SINCE) == (5, 0, 1)
    assert states(Fact.REGISTRATION) == (6, 0, 0)
    assert states(Fact.USE) == (0, 0, 6)


def test_who_moved_away_counts_no_more(homes: Homes) -> None:
    Person.objects.filter(name="王明").update(path="")
    assert recount(homes.cast).people == 5


def test_a_person_with_a_past_counts_once(homes: Homes) -> None:
    person = homes.person("葛远航")
    day = clock.today() - timedelta(days=400)
    Residence.objects.create(person=person, household=homes.household("单田芳"), since=day, until=day)
    found = recount(homes.cast)
    assert found.people == 6
    assert sum(found.fact(Fact.SINCE, state) for state in FactState) == 6


def test_ages_of_data(homes: Homes) -> None:
    for name, days in (("李桂香", 100), ("单小雨", 200), ("王翠萍", 400), ("王明", 4000)):
        Person.objects.filter(name=name).update(changed_at=clock.now() - timedelta(days=days))
    found = recount(homes.cast)
    assert [found.age(age) for age in Age] == [2, 1, 1, 2]
    assert (found.freshness.count, found.freshness.of) == (4, 6)


def test_every_number_equals_the_rows_behind_it(homes: Homes) -> None:
    Person.objects.filter(name="王明").update(phone="", phone_index="", changed_at=clock.now() - timedelta(days=300))
    Dwelling.objects.filter(pk=homes.homes[2].pk).update(occupancy=Occupancy.EMPTY)
    cast = homes.cast
    found = recount(cast)
    for state in HomeState:
        rows = quality.homes_behind(cast.leader, cast.community_area, quality.of_home(state))
        assert rows.count() == found.home(state), state
    for fact in Fact:
        behind: Any = quality.homes_behind if fact == Fact.USE else quality.people_behind
        for told in FactState:
            rows = behind(cast.leader, cast.community_area, quality.of_fact(fact, told))
            assert rows.count() == found.fact(fact, told), (fact, told)
    for age in Age:
        behind_age = quality.people_behind(cast.leader, cast.community_area, quality.of_age(age, clock.now()))
        assert behind_age.count() == found.age(age), age


def test_only_known_numbers_are_kept(homes: Homes) -> None:
    for counts in counted_under(homes.cast.community_area.path).values():
        assert set(counts) <= set(KEYS)


def test_places_stand_in_the_order_of_codes_and_add_up(homes: Homes) -> None:
    found = counted(homes.cast)
    codes = [row.area.code for row in found.below]
    assert codes == sorted(codes) == ["140403007001", "140403007002"]
    assert [row.quality.people for row in found.below] == [0, 6]
    assert found.total.people == 6
    inside = counted(homes.cast, homes.cast.community_area)
    assert [(row.area.name, row.quality.people) for row in inside.below] == [("第一网格", 5), ("第二网格", 1)]
    assert inside.elsewhere.people == 0


def test_what_lies_in_no_grid_is_told_apart(homes: Homes) -> None:
    community = homes.cast.community_area
    Person.objects.filter(name="葛远航").update(path=community.path)
    found = counted(homes.cast, community)
    assert (found.total.people, found.elsewhere.people) == (6, 1)


def test_each_place_is_counted_once_a_day(homes: Homes) -> None:
    now = clock.now()
    assert count_ledgers(now, seconds=60) == 3
    assert count_ledgers(now + timedelta(hours=5), seconds=60) == 0
    assert count_ledgers(now + timedelta(hours=21), seconds=60) == 3
    assert {row.counted_at for row in LedgerCount.objects.all()} == {now + timedelta(hours=21)}
    # A little at a time: at least one, so that it gets to its end.
    assert count_ledgers(now + timedelta(days=3), seconds=0) == 1


def test_everybody_sees_the_numbers_of_their_own_place(homes: Homes) -> None:
    cast = homes.cast
    count_ledgers(clock.now(), seconds=60)
    assert report(cast.worker, cast.grid).total.people == 5
    assert report(cast.worker, cast.community_area).total.people == 5
    assert report(cast.far_leader, cast.community_area).total.people == 0
    assert report(cast.district, cast.district_area).total.people == 6
    # The district sees numbers and nobody behind them.
    behind = quality.people_behind(cast.district, cast.district_area, quality.of_fact(Fact.PHONE, FactState.KNOWN))
    assert not behind.exists()
    assert timezone.is_aware(report(cast.worker, cast.grid).counted_at or clock.now())
