"""The form of an absence warns in words when a grid of two is left with one or none, and takes it all the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from linli.areas.models import Absence
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]
Browser = Callable[[object], Client]
FORM = {"since": "2026-11-25", "until": "2026-11-26", "reason": "sick", "cover": ""}
DAYS = {"since": "2026-11-25", "until": "2026-11-26"}
ONE_LEFT = "第一网格 11-25 – 11-26：只有申海波一人在岗"
HTMX = {"HTTP_HX_REQUEST": "true"}


def test_the_form_warns_while_the_days_are_chosen(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.fresh("worker"))
    assert "第一网格 11-24：只有申海波一人在岗" in client.get("/absences/new/").content.decode()
    part = client.get("/absences/new/", DAYS, **HTMX).content.decode()
    assert ONE_LEFT in part
    assert "照样可以登记" in part
    assert "<form" not in part
    page = client.get("/absences/new/", DAYS).content.decode()
    assert ONE_LEFT in page
    assert 'value="2026-11-25"' in page


@pytest.mark.parametrize(
    "days",
    [
        {"since": "2026-11-26", "until": "2026-11-25"},
        {"since": "rubbish", "until": "2026-11-25"},
        {"since": "9999-12-31", "until": "9999-12-31"},
        {"since": "2026-11-25", "until": "2028-11-25"},
        {"since": "2026-11-25"},
        {**DAYS, "post": "9" * 40},
    ],
)
def test_days_that_make_no_sense_are_answered_quietly(cast: Cast, client_for: Browser, days: dict[str, str]) -> None:
    assert client_for(cast.fresh("worker")).get("/absences/new/", days, **HTMX).status_code == 200


def test_it_is_no_refusal_and_is_said_once_more(cast: Cast, client_for: Browser) -> None:
    answer = client_for(cast.fresh("worker")).post("/absences/new/", FORM, follow=True)
    assert Absence.objects.count() == 1
    assert ONE_LEFT in answer.content.decode()


def test_who_answers_sees_it_before_answering_and_not_after(cast: Cast, client_for: Browser) -> None:
    client_for(cast.fresh("worker")).post("/absences/new/", FORM)
    address = f"/absences/{Absence.objects.get().pk}/"
    leader = client_for(cast.fresh("leader"))
    assert ONE_LEFT in leader.get(address).content.decode()
    leader.post(address, {"verdict": "approve", "answer": ""})
    assert ONE_LEFT not in leader.get(address).content.decode()


def test_the_leader_is_warned_when_noting_for_somebody_and_nobody_else_asks_about_them(
    cast: Cast, client_for: Browser
) -> None:
    asked = {**DAYS, "person": str(cast.worker.pk)}
    assert ONE_LEFT in client_for(cast.fresh("leader")).get("/absences/new/", asked, **HTMX).content.decode()
    for who in ("partner", "far_leader", "outsider"):
        assert client_for(cast.fresh(who)).get("/absences/new/", asked, **HTMX).status_code == 404


def test_whoever_leaves_nobody_alone_is_not_warned(cast: Cast, client_for: Browser) -> None:
    for who in ("leader", "far_worker"):
        page = client_for(cast.fresh(who)).get("/absences/new/", DAYS).content.decode()
        assert "会只剩一个人" not in page


def test_what_is_wrong_and_what_is_thin_stand_together(cast: Cast, client_for: Browser) -> None:
    answer = client_for(cast.fresh("worker")).post("/absences/new/", FORM | {"reason": ""})
    assert answer.status_code == 422
    assert ONE_LEFT in answer.content.decode()
