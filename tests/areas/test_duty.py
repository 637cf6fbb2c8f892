"""On which days an absence leaves a grid of two with one or none: named, never refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.accounts.models import User
from linli.accounts.rules import SYSTEM
from linli.areas.actions import NewAbsence, appoint, ask_absence, create_post, end_post
from linli.areas.choices import AbsenceReason, AbsenceState, Role
from linli.areas.duty import thin_spells
from linli.areas.models import Absence
from tests.cast import OPENED, Cast, add_newcomer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]
TODAY = date(2026, 11, 24)


def _days(first: int, last: int) -> tuple[date, date]:
    return TODAY + timedelta(days=first), TODAY + timedelta(days=last)


def _away(cast: Cast, name: str, first: int, last: int) -> Absence:
    since, until = _days(first, last)
    return ask_absence(NewAbsence(cast.fresh(name), since, until, AbsenceReason.LEAVE), by=SYSTEM)


def _told(person: User, first: int, last: int, **values: object) -> list[str]:
    since, until = _days(first, last)
    return [spell.words for spell in thin_spells(Absence(person=person, since=since, until=until, **values))]


def test_one_of_two_is_named_as_the_only_one(cast: Cast) -> None:
    assert _told(cast.worker, 0, 2) == ["第一网格 11-24 – 11-26：只有申海波一人在岗"]
    assert _told(cast.partner, 1, 1) == ["第一网格 11-25：只有李文静一人在岗"]


def test_days_on_which_nobody_is_left_stand_apart(cast: Cast) -> None:
    _away(cast, "partner", 1, 2)
    assert _told(cast.worker, 0, 4) == [
        "第一网格 11-24：只有申海波一人在岗",
        "第一网格 11-25 – 11-26：没有人在岗",
        "第一网格 11-27 – 11-28：只有申海波一人在岗",
    ]


def test_what_is_asked_and_not_answered_counts_as_there(cast: Cast) -> None:
    absence = _away(cast, "partner", 0, 0)
    Absence.objects.filter(pk=absence.pk).update(state=AbsenceState.ASKED)
    assert _told(cast.worker, 0, 0) == ["第一网格 11-24：只有申海波一人在岗"]


def test_of_three_one_may_be_away(cast: Cast) -> None:
    third = add_newcomer(cast)
    assert _told(cast.worker, 0, 1) == []
    _away(cast, "partner", 1, 1)
    assert _told(cast.worker, 0, 1) == ["第一网格 11-25：只有任小雨一人在岗"]
    assert _told(third, 0, 1) == ["第一网格 11-25：只有李文静一人在岗"]


def test_a_grid_of_one_and_other_posts_are_not_warned_about(cast: Cast) -> None:
    assert _told(cast.far_worker, 0, 2) == []
    assert _told(cast.leader, 0, 2) == []
    assert _told(cast.outsider, 0, 2) == []


def test_posts_that_begin_and_end_meanwhile_count_day_by_day(cast: Cast) -> None:
    end_post(cast.posts["partner"], TODAY + timedelta(days=1), by=SYSTEM)
    assert _told(cast.worker, 0, 3) == ["第一网格 11-24 – 11-25：只有申海波一人在岗"]


def test_only_from_today_on_and_only_for_the_post_that_is_meant(cast: Cast) -> None:
    assert _told(cast.worker, -3, 0) == ["第一网格 11-24：只有申海波一人在岗"]
    appoint(cast.posts["vacant"], cast.fresh("worker"), by=SYSTEM)
    assert _told(cast.worker, 0, 0, post=cast.posts["vacant"]) == []
    create_post(role=Role.ASSISTANT, area=cast.other_grid, holder=cast.far_worker, since=OPENED, by=SYSTEM)
    both = ["第一网格 11-24：只有申海波一人在岗", "第二网格 11-24：只有赵远一人在岗"]
    assert _told(cast.worker, 0, 0) == both
    assert _told(cast.worker, 0, 0, post=cast.posts["worker"]) == both[:1]


def test_the_absence_itself_is_counted_once_when_it_is_answered(cast: Cast) -> None:
    absence = ask_absence(NewAbsence(cast.fresh("worker"), TODAY, TODAY, AbsenceReason.SICK), by=cast.fresh("worker"))
    assert [spell.left for spell in thin_spells(absence)] == ["申海波"]


def test_a_year_costs_as_many_queries_as_a_day(cast: Cast) -> None:
    def cost(last: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert _told(cast.worker, 0, last)
        return len(captured)

    assert cost(0) == cost(365) == 2
