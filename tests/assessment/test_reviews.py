"""The quarterly review: what is looked at, who signs, what is kept, and who is reminded."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from linli.accounts.rules import SYSTEM
from linli.areas.models import Area
from linli.assessment.actions import remind_of_reviews, sign_review
from linli.assessment.choices import Age, ToReview
from linli.assessment.models import Review
from linli.assessment.quality import of_age, people_behind
from linli.assessment.reviews import items_of, open_counts, past_reviews, quarter_of, reviews_of, rows_to_review
from linli.core import clock
from linli.housing.choices import Occupancy
from linli.housing.models import Dwelling, Tenancy
from linli.inbox.models import Message
from linli.inbox.texts import text_of
from linli.people.actions import confirm_household
from linli.people.choices import Certainty
from linli.people.models import Correction, Duplicate, Household, Person
from linli.people.rules import NotPossible
from tests.cast import Cast
from tests.people.homes import Homes, make_homes

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=480)


@pytest.fixture
def homes(cast: Cast, tuesday: object) -> Homes:
    with clock.frozen(clock.now() - LONG_AGO):
        made = make_homes(cast)
    Dwelling.objects.filter(pk=made.homes[2].pk).update(occupancy=Occupancy.EMPTY)
    return made


def open_in(grid: Area) -> dict[str, int]:
    return {str(kind): count for kind, count in open_counts([grid.path])[grid.path].items() if count}


def pair(homes: Homes, first: str, second: str) -> Duplicate:
    one, other = sorted((homes.person(first), homes.person(second)), key=lambda person: person.pk)
    return Duplicate.objects.create(
        first=one, second=other, certainty=Certainty.LIKELY, likeness=80, found_at=clock.now()
    )


def test_each_kind_is_what_the_ledgers_ask_anyway(homes: Homes) -> None:
    grid, leader = homes.cast.grid, homes.cast.fresh("leader")
    assert open_in(grid) == {"stale": 2}
    assert open_in(homes.cast.other_grid) == {"stale": 1, "nobody": 2}
    person = homes.person("王明")
    Correction.objects.create(person=person, path=person.path, field="phone", kind="bad_phone", found_at=clock.now())
    pair(homes, "王明", "葛远航")
    Tenancy.objects.create(
        dwelling=homes.homes[1],
        contact="房客",
        since=clock.today() - LONG_AGO,
        agreed_until=clock.today() - timedelta(1),
    )
    Tenancy.objects.create(
        dwelling=homes.homes[0], contact="房客", since=clock.today() - LONG_AGO, agreed_until=clock.today()
    )
    assert open_in(grid) == {"stale": 2, "correction": 1, "duplicate": 1, "lease": 1}
    assert open_in(homes.cast.other_grid) == {"stale": 1, "duplicate": 1, "nobody": 2}
    for place in (grid, homes.cast.other_grid):
        for kind, count in open_counts([place.path])[place.path].items():
            assert len(items_of(rows_to_review(leader, place, kind))) == count


def test_a_household_is_stale_until_something_is_written_or_confirmed(homes: Homes) -> None:
    worker, grid = homes.cast.worker, homes.cast.grid
    (stale, other) = rows_to_review(worker, grid, ToReview.STALE)
    older = of_age(Age.OLDER, clock.now())
    assert people_behind(worker, grid, older).count() == 5
    confirm_household(stale, by=worker)
    assert list(rows_to_review(worker, grid, ToReview.STALE)) == [other]
    assert people_behind(worker, grid, older).count() == 2
    Person.objects.filter(residences__household=other).update(changed_at=clock.now())
    assert not rows_to_review(worker, grid, ToReview.STALE).exists()
    with clock.frozen(clock.now() + LONG_AGO):
        assert rows_to_review(worker, grid, ToReview.STALE).count() == 2


@pytest.mark.parametrize("who", ["street", "district", "far_worker", "police", "outsider", "auditor"])
def test_nobody_confirms_out_of_reach(homes: Homes, who: str) -> None:
    with pytest.raises(PermissionDenied):
        confirm_household(homes.household("单田芳"), by=homes.cast.fresh(who))
    assert Household.objects.filter(confirmed_at=None).count() == 3


def test_nobody_confirms_a_household_that_is_no_more(homes: Homes) -> None:
    household = homes.household("单田芳")
    Household.objects.filter(pk=household.pk).update(ended_on=clock.today())
    with pytest.raises(NotPossible):
        confirm_household(household, by=homes.cast.worker)


@pytest.mark.parametrize("who", ["leader", "community"])
def test_leader_and_community_sign_with_what_is_open(homes: Homes, who: str) -> None:
    by = homes.cast.fresh(who)
    with pytest.raises(NotPossible) as refusal:
        sign_review(homes.cast.grid, "  ", by=by)
    assert refusal.value.field == "remark"
    review = sign_review(homes.cast.grid, " 下季先看 ", by=by)
    assert (review.still_open, review.remark, review.households) == ({"stale": 2}, "下季先看", 2)
    assert (review.signed_by, review.signed_by_name) == (who, by.name)
    assert review.quarter == quarter_of(clock.today()).first
    with pytest.raises(NotPossible):
        sign_review(homes.cast.grid, "再签", by=homes.cast.leader)
    assert Review.objects.get().remark == "下季先看"


@pytest.mark.parametrize("who", ["worker", "partner", "street", "district", "far_leader", "police", "outsider"])
def test_nobody_else_signs(homes: Homes, who: str) -> None:
    with pytest.raises(PermissionDenied):
        sign_review(homes.cast.grid, "都看过了", by=homes.cast.fresh(who))
    assert not Review.objects.exists()


def test_only_grids_are_signed(homes: Homes) -> None:
    with pytest.raises(NotPossible):
        sign_review(homes.cast.community_area, "都看过了", by=homes.cast.leader)


def test_nothing_open_needs_no_remark(homes: Homes) -> None:
    for household in Household.objects.filter(path=homes.cast.grid.path):
        confirm_household(household, by=homes.cast.worker)
    assert sign_review(homes.cast.grid, by=homes.cast.leader).still_open == {}


def test_past_reviews_stay_as_they_were_signed(homes: Homes) -> None:
    leader, grid = homes.cast.fresh("leader"), homes.cast.grid
    before = quarter_of(clock.today()).before
    with clock.frozen(before.end - timedelta(days=5)):
        sign_review(grid, "上季", by=leader)
    for household in Household.objects.filter(path=grid.path):
        confirm_household(household, by=homes.cast.worker)
    sign_review(grid, "本季", by=leader)
    assert [review.remark for review in past_reviews(leader, grid)] == ["本季", "上季"]
    (then,) = reviews_of(leader, [grid], before)
    assert then.signed
    assert then.total == 2
    assert reviews_of(leader, [grid], quarter_of(clock.today()))[0].total == 0
    (never,) = reviews_of(leader, [homes.cast.other_grid], before)
    assert (never.signed, never.total) == (False, 0)
    for name in ("far_leader", "district", "outsider"):
        assert not past_reviews(homes.cast.fresh(name), grid).exists()


def end_of_quarter(days: int) -> datetime:
    return quarter_of(clock.today()).end - timedelta(days=days)


def test_holders_are_reminded_once_in_the_last_days(homes: Homes) -> None:
    assert remind_of_reviews(end_of_quarter(20)) == 0
    assert remind_of_reviews(end_of_quarter(10)) == 2
    assert remind_of_reviews(end_of_quarter(9)) == 0
    told = {(message.to.username, message.url) for message in Message.objects.filter(kind="assessment.review_due")}
    grid, vacant = homes.cast.grid, homes.cast.other_grid
    assert {("worker", f"/reviews/{grid.code}/"), ("partner", f"/reviews/{grid.code}/")} <= told
    # Nobody serves the second grid: whoever signs for it hears of it.
    assert {user for user, url in told if vacant.code in url} == {"leader", "community"}
    message = Message.objects.filter(to=homes.cast.worker, kind="assessment.review_due").get()
    assert "第一网格" in text_of(message.kind, message.values)
    assert "12-31" in text_of(message.kind, message.values)


def test_nobody_is_reminded_of_what_is_signed(homes: Homes) -> None:
    sign_review(homes.cast.grid, "都看过了", by=homes.cast.leader)
    assert remind_of_reviews(end_of_quarter(3)) == 1
    assert not Message.objects.filter(to=homes.cast.worker, kind="assessment.review_due").exists()


def test_a_reminded_review_is_still_to_be_signed(homes: Homes) -> None:
    remind_of_reviews(end_of_quarter(3))
    (state,) = reviews_of(homes.cast.fresh("leader"), [homes.cast.grid], quarter_of(clock.today()))
    assert (state.signed, state.total) == (False, 2)
    sign_review(homes.cast.grid, "看了", by=homes.cast.leader)
    assert Review.objects.filter(signed_at__isnull=False).count() == 1


def test_grids_without_households_are_not_asked(cast: Cast, tuesday: Any) -> None:
    assert remind_of_reviews(end_of_quarter(3)) == 0
    assert sign_review(cast.grid, by=SYSTEM).households == 0
