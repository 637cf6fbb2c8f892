"""While somebody is away, cases and notices reach whoever stands in, and come back with the day after the last."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from linli.accounts.rules import SYSTEM, Refused
from linli.areas.actions import NewAbsence, ask_absence
from linli.areas.choices import AbsenceReason
from linli.cases.actions import accept_case, dispatch_case, hand_up_case, return_case
from linli.cases.models import Case, Step
from linli.core import clock
from linli.inbox.models import Message
from tests.cases.stage import reported
from tests.cast import Cast
from tests.conftest import TUESDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scene")]
Browser = Callable[[object], Client]
AFTER = timedelta(days=2)


def leave(cast: Cast, name: str = "worker", cover: str = "") -> None:
    today = clock.today()
    chosen = cast.fresh(cover) if cover else None
    new = NewAbsence(cast.fresh(name), today, today + timedelta(days=1), AbsenceReason.LEAVE, cover=chosen)
    ask_absence(new, by=SYSTEM)


def lists(cast: Cast, client_for: Browser, name: str, case: Case) -> bool:
    """Tell whether a case stands among one's own, on the desk and on the phone; both agree."""
    browser = client_for(cast.fresh(name))
    pages = ("/cases/?pile=mine", "/field/cases/?pile=mine")
    found = {case.number in browser.get(address).content.decode() for address in pages}
    assert len(found) == 1
    return found.pop()


def test_a_case_moves_to_the_chosen_stand_in_and_back(cast: Cast, client_for: Browser) -> None:
    case = reported(cast).case
    assert case.handler == cast.posts["worker"]
    assert (lists(cast, client_for, "worker", case), lists(cast, client_for, "leader", case)) == (True, False)
    leave(cast, cover="leader")
    assert lists(cast, client_for, "leader", case)
    assert not lists(cast, client_for, "far_leader", case)
    assert not lists(cast, client_for, "partner", case)
    with clock.frozen(TUESDAY + AFTER):
        assert (lists(cast, client_for, "worker", case), lists(cast, client_for, "leader", case)) == (True, False)
    assert Case.objects.get().handler == cast.posts["worker"]


def test_news_of_a_case_goes_to_the_stand_in(cast: Cast) -> None:
    leave(cast)
    Message.objects.all().delete()
    reported(cast)
    to = set(Message.objects.values_list("to__username", flat=True))
    assert "partner" in to
    assert "worker" not in to
    with clock.frozen(TUESDAY + AFTER):
        Message.objects.all().delete()
        reported(cast, text="路灯不亮了")
        to = set(Message.objects.values_list("to__username", flat=True))
        assert "worker" in to
        assert "partner" not in to


def test_the_stand_in_works_by_the_covered_post_and_the_history_says_so(cast: Cast) -> None:
    case = reported(cast).case
    leave(cast)
    accept_case(case, by=cast.fresh("partner"))
    step = Step.objects.filter(case=case).latest("number")
    assert step.by == "partner"
    assert step.detail["stood_in_for"] == cast.worker.name
    assert Case.objects.get().handler == cast.posts["worker"]


def test_what_is_sent_back_returns_to_the_post_and_not_to_the_person(cast: Cast) -> None:
    case = reported(cast).case
    leave(cast)
    accept_case(case, by=cast.fresh("partner"))
    hand_up_case(Case.objects.get(), by=cast.fresh("partner"), note="要找供热公司")
    with clock.frozen(TUESDAY + AFTER):
        return_case(Case.objects.get(), by=cast.fresh("leader"), note="先去看看")
        assert Case.objects.get().handler == cast.posts["worker"]


def test_a_stand_in_of_the_leader_shares_out_work_only_while_it_lasts(cast: Cast) -> None:
    case = reported(cast).case
    accept_case(case, by=cast.fresh("worker"))
    with pytest.raises(Refused):
        dispatch_case(Case.objects.get(), by=cast.fresh("partner"), to=cast.heating, note="请去看看")
    leave(cast, "leader", cover="partner")
    dispatch_case(Case.objects.get(), by=cast.fresh("partner"), to=cast.heating, note="请去看看")
    assert Case.objects.get().department == cast.heating


def test_the_ledger_of_the_covered_grid_opens_only_while_it_lasts(cast: Cast, client_for: Browser) -> None:
    address = f"/households/?under={cast.grid.code}"
    leave(cast, cover="leader")
    assert client_for(cast.fresh("leader")).get(address).status_code == 200
    assert client_for(cast.fresh("leader")).get("/field/").content.decode().count("今天我顶班") == 1
    with clock.frozen(TUESDAY + AFTER):
        assert "今天我顶班" not in client_for(cast.fresh("leader")).get("/field/").content.decode()
