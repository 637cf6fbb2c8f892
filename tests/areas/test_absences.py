"""Absences: who asks, who answers, who stands in, and that all of it is over with the last day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from linli.accounts.rules import SYSTEM, Refused
from linli.areas.actions import (
    NewAbsence,
    appoint,
    ask_absence,
    create_post,
    decide_absence,
    end_absence,
    set_min_workers,
    show_name,
)
from linli.areas.choices import AbsenceReason, AbsenceState, Role
from linli.areas.cover import stand_ins_on
from linli.areas.models import Absence, Post
from linli.areas.queries import absences_to_decide, board_of, doers_of, shortages_for, vacant_posts
from linli.areas.scope import covered_by
from linli.core import clock
from linli.inbox.actions import remind_of_vacancies
from linli.inbox.models import Message
from tests.cast import OPENED, Cast
from tests.conftest import TUESDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]
TODAY = date(2026, 11, 24)


def away(cast: Cast, name: str = "worker", since: date = TODAY, days: int = 3, **values: Any) -> NewAbsence:
    until = since + timedelta(days=days - 1)
    return NewAbsence(cast.fresh(name), since, until, AbsenceReason.SICK, **values)


def approved(cast: Cast, name: str = "worker", **values: Any) -> Absence:
    return ask_absence(away(cast, name, **values), by=SYSTEM)


def stands_in(cast: Cast, name: str = "worker", day: date = TODAY) -> str:
    found = stand_ins_on(day).get(cast.posts[name].pk)
    return found.user.username if found and found.user else ""


def told(kind: str) -> list[str]:
    return sorted(Message.objects.filter(kind=kind).values_list("to__username", flat=True))


def test_one_asks_the_leader_answers_and_nobody_beside(cast: Cast) -> None:
    absence = ask_absence(away(cast), by=cast.fresh("worker"))
    assert absence.state == AbsenceState.ASKED
    assert stands_in(cast) == ""
    assert told("posts.absence_asked") == ["community", "leader"]
    assert absences_to_decide(cast.fresh("leader")) == [absence]
    for name in ("worker", "partner", "far_leader", "police", "department", "auditor", "outsider"):
        assert absences_to_decide(cast.fresh(name)) == []
        with pytest.raises(Refused):
            decide_absence(absence, approve=True, by=cast.fresh(name))
    decide_absence(absence, approve=True, by=cast.fresh("leader"))
    assert told("posts.absence_approved") == ["worker"]
    assert told("posts.you_stand_in") == ["partner"]
    assert stands_in(cast) == "partner"


def test_nobody_approves_their_own(cast: Cast) -> None:
    absence = ask_absence(away(cast, "leader"), by=cast.fresh("leader"))
    with pytest.raises(Refused):
        decide_absence(absence, approve=True, by=cast.fresh("leader"))
    with pytest.raises(Refused):
        decide_absence(absence, approve=True, by=cast.fresh("community"))
    assert decide_absence(absence, approve=True, by=cast.fresh("street")).state == AbsenceState.APPROVED


def test_a_refusal_says_why(cast: Cast) -> None:
    absence = ask_absence(away(cast), by=cast.fresh("worker"))
    with pytest.raises(ValidationError):
        decide_absence(absence, approve=False, by=cast.fresh("leader"))
    decide_absence(absence, approve=False, answer="那天要换届", by=cast.fresh("leader"))
    assert Message.objects.get(kind="posts.absence_refused").values["answer"] == "那天要换届"
    assert stands_in(cast) == ""
    with pytest.raises(ValidationError):
        decide_absence(absence, approve=True, by=cast.fresh("leader"))


def test_who_answers_notes_an_absence_at_once_and_nobody_else_does(cast: Cast) -> None:
    assert ask_absence(away(cast), by=cast.fresh("leader")).state == AbsenceState.APPROVED
    for name in ("partner", "far_leader", "police"):
        with pytest.raises(Refused):
            ask_absence(away(cast, "community"), by=cast.fresh(name))


def test_the_chosen_one_comes_before_the_partner_and_the_next_level_last(cast: Cast) -> None:
    approved(cast, cover=cast.fresh("community"))
    assert stands_in(cast) == "community"
    approved(cast, "community")
    assert stands_in(cast) == "partner"
    approved(cast, "partner")
    assert stands_in(cast) == "leader"
    assert "leader" in told("posts.nobody_beside")


def test_somebody_of_another_community_is_no_stand_in(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        approved(cast, cover=cast.fresh("far_worker"))


@pytest.mark.parametrize(
    ("since", "days"), [(TODAY, 0), (TODAY - timedelta(days=9), 3), (TODAY, 400)], ids=["backwards", "over", "too long"]
)
def test_days_that_do_not_fit_are_refused(cast: Cast, since: date, days: int) -> None:
    with pytest.raises(ValidationError):
        approved(cast, since=since, days=days)


def test_two_absences_do_not_overlap(cast: Cast) -> None:
    approved(cast)
    with pytest.raises(ValidationError):
        approved(cast, since=TODAY + timedelta(days=2))
    approved(cast, since=TODAY + timedelta(days=3))


def test_the_work_comes_back_with_the_day_after_the_last(cast: Cast) -> None:
    approved(cast)
    assert [one.post for one in covered_by(cast.fresh("partner"))] == [cast.posts["worker"]]
    assert doers_of([cast.posts["worker"]]) == [cast.partner]
    with clock.frozen(TUESDAY + timedelta(days=3)):
        assert covered_by(cast.fresh("partner")) == []
        assert doers_of([Post.objects.get(pk=cast.posts["worker"].pk)]) == [cast.worker]


def test_one_may_be_back_before_and_take_back_what_has_not_begun(cast: Cast) -> None:
    absence = approved(cast, since=TODAY - timedelta(days=1), days=4)
    with pytest.raises(Refused):
        end_absence(absence, by=cast.fresh("partner"))
    assert end_absence(absence, by=cast.fresh("worker")).until == TODAY - timedelta(days=1)
    assert stands_in(cast) == ""
    later = ask_absence(away(cast, since=TODAY + timedelta(days=5)), by=cast.fresh("worker"))
    assert end_absence(later, by=cast.fresh("worker")).state == AbsenceState.WITHDRAWN


def test_a_stand_in_reaches_what_the_post_reaches_only_while_it_lasts(cast: Cast) -> None:
    approved(cast, "leader", cover=cast.fresh("partner"))
    assert cast.fresh("partner").has_perm("cases.check", cast.other_grid)
    assert not cast.fresh("worker").has_perm("cases.check", cast.other_grid)
    with clock.frozen(TUESDAY + timedelta(days=3)):
        assert not cast.fresh("partner").has_perm("cases.check", cast.other_grid)


def test_the_board_says_whom_to_ask_today_and_not_why(cast: Cast) -> None:
    approved(cast)
    board = board_of(cast.grid)
    assert board is not None
    assert (board.name, board.away, board.ask_name, board.ask_phone) == ("李文静", "leave", "申海波", "0355-000-0301")


def test_a_name_stands_on_the_board_by_consent_alone(cast: Cast) -> None:
    post = cast.posts["worker"]
    with pytest.raises(Refused):
        show_name(post, shown=False, by=cast.fresh("administrator"))
    show_name(post, shown=False, by=cast.fresh("worker"))
    board = board_of(cast.grid)
    assert board is not None
    assert (board.name, board.named) == ("网格员", False)
    show_name(post, shown=True, by=cast.fresh("worker"))
    appoint(post, cast.outsider, by=cast.fresh("administrator"))
    after = board_of(cast.grid)
    assert after is not None
    assert after.name == "网格员"


def test_a_vacancy_is_told_to_community_and_street_and_again_after_a_week(cast: Cast) -> None:
    appoint(cast.posts["worker"], None, by=cast.fresh("administrator"))
    assert told("posts.vacant") == ["community", "leader", "street"]
    Message.objects.all().delete()
    with clock.frozen(TUESDAY + timedelta(days=3)):
        remind_of_vacancies(clock.now())
        assert not Message.objects.filter(kind="posts.still_vacant", values__area=cast.grid.name, to=cast.far_leader)
    with clock.frozen(TUESDAY + timedelta(days=8)):
        remind_of_vacancies(clock.now())
        assert {"community", "leader", "street"} <= set(told("posts.still_vacant"))
        before = Message.objects.count()
        remind_of_vacancies(clock.now())
        assert Message.objects.count() == before


def test_vacancies_and_too_few_workers_are_seen_by_those_who_arrange_covers(cast: Cast) -> None:
    assert set(vacant_posts(cast.fresh("leader"))) == {cast.posts["vacant"]}
    for name in ("far_leader", "worker", "district"):
        assert not vacant_posts(cast.fresh(name)).exists()
    assert [one.grid for one in shortages_for(cast.fresh("leader"))] == [cast.other_grid]
    set_min_workers(cast.community_area, 2, by=cast.fresh("administrator"))
    assert [one.grid for one in shortages_for(cast.fresh("leader"))] == [cast.grid, cast.other_grid]
    create_post(role=Role.WORKER, area=cast.grid, holder=cast.outsider, since=OPENED, by=SYSTEM)
    assert [one.grid for one in shortages_for(cast.fresh("leader"))] == [cast.other_grid]
    with pytest.raises(ValidationError):
        set_min_workers(cast.grid, 3, by=cast.fresh("administrator"))
    with pytest.raises(Refused):
        set_min_workers(cast.grid, 2, by=cast.fresh("leader"))
