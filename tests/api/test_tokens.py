"""Who calls: a Bearer token, or the session of somebody who has signed in."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from linli.accounts.actions import TOKEN_DAYS, create_token, set_active
from linli.accounts.models import Token
from linli.accounts.rules import SYSTEM
from linli.areas.actions import appoint
from linli.core import clock
from tests.api.conftest import Program
from tests.cast import PASSWORD, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

Programs = Callable[[Any], Program]


def test_a_token_opens_the_own_area(cast: Cast, program: Programs) -> None:
    assert program(cast.worker).get("cases").status_code == 200


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Bearer x", "Basic d29ya2VyOng=", "Bearer \u4e2d"])
def test_without_a_token_there_is_nothing(cast: Cast, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    answer = Client().get("/api/v1/cases", headers=headers)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer["Content-Type"].startswith("application/problem+json")


def test_a_token_ends_after_ninety_days(cast: Cast, tuesday: datetime) -> None:
    caller = Program(create_token(cast.worker, by=SYSTEM))
    last = tuesday + timedelta(days=TOKEN_DAYS)
    with clock.frozen(last - timedelta(seconds=1)):
        assert caller.get("cases").status_code == 200
    with clock.frozen(last):
        assert caller.get("cases").status_code == 401


def test_a_token_ends_with_the_account(cast: Cast, program: Programs) -> None:
    caller = program(cast.worker)
    set_active(cast.worker, False, by=SYSTEM)
    assert caller.get("cases").status_code == 401


def test_a_token_is_worth_what_the_posts_are_worth_now(cast: Cast, program: Programs) -> None:
    caller = program(cast.worker)
    appoint(cast.posts["worker"], None, by=SYSTEM)
    assert caller.get("cases").status_code == 403


def test_only_the_digest_of_a_token_is_kept(cast: Cast) -> None:
    token = create_token(cast.worker, by=SYSTEM)
    assert token not in "".join(str(row) for row in Token.objects.values_list())


def test_a_session_reads_and_writes_only_with_the_mark_of_its_page(presets: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(presets.worker, backend="django.contrib.auth.backends.ModelBackend")
    assert browser.get("/api/v1/cases").status_code == 200
    new = json.dumps({"category": "heating", "text": "暖气不热", "area": presets.grid.code})
    assert browser.post("/api/v1/cases", new, content_type="application/json").status_code == 403
    browser.get("/settings/")
    mark = browser.cookies["csrftoken"].value
    written = browser.post("/api/v1/cases", new, content_type="application/json", headers={"X-CSRFToken": mark})
    assert written.status_code == 201


def test_a_password_is_no_token(cast: Cast) -> None:
    assert Program(PASSWORD).get("cases").status_code == 401
