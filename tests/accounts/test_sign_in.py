from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client, override_settings

from linli.core import clock
from linli.journal.models import Entry
from tests.cast import PASSWORD, Cast
from tests.conftest import TUESDAY

Browser = Callable[[object], Client]

RIGHT = {"username": "worker", "password": PASSWORD}
WRONG = {"username": "worker", "password": "not-this-one"}


def test_the_right_password_leads_to_the_page_that_was_asked_for(cast: Cast) -> None:
    client = Client()
    assert client.get("/settings/").headers["Location"] == "/sign-in/?next=/settings/"
    answer = client.post("/sign-in/?next=/settings/", RIGHT)
    assert answer.headers["Location"] == "/settings/"
    assert client.get("/settings/").status_code == 200
    assert Entry.objects.filter(action="accounts.sign_in", actor="worker").count() == 1


def test_no_one_is_led_to_another_site(cast: Cast) -> None:
    answer = Client().post("/sign-in/?next=https://example.org/", RIGHT)
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("given", [WRONG, {"username": "no-such-user", "password": PASSWORD}])
def test_a_wrong_pair_is_answered_in_the_same_words(cast: Cast, given: dict[str, str]) -> None:
    answer = Client().post("/sign-in/", given)
    assert answer.status_code == 200
    assert "用户名和密码对不上" in answer.content.decode()


def test_whoever_may_not_sign_in_any_more_can_not(cast: Cast) -> None:
    cast.worker.is_active = False
    cast.worker.save()
    assert Client().post("/sign-in/", RIGHT).status_code == 200


def test_five_wrong_passwords_close_the_page_in_words(cast: Cast) -> None:
    client = Client()
    answers = [client.post("/sign-in/", WRONG) for _attempt in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert answers[-1].headers["Retry-After"] == "900"
    assert "15分钟后再试" in answers[-1].content.decode()
    assert client.post("/sign-in/", RIGHT).status_code == 429


def test_four_wrong_passwords_do_not_close_the_page(cast: Cast) -> None:
    client = Client()
    for _attempt in range(4):
        client.post("/sign-in/", WRONG)
    assert client.post("/sign-in/", RIGHT).status_code == 302


def test_a_closed_page_is_closed_for_one_user_name_only(cast: Cast) -> None:
    client = Client()
    for _attempt in range(5):
        client.post("/sign-in/", WRONG)
    assert client.post("/sign-in/", {"username": "leader", "password": PASSWORD}).status_code == 302


@override_settings(LINLI_RATES={"sign_in": "3/m"})
def test_an_address_that_signs_in_too_often_waits_a_minute(cast: Cast) -> None:
    with clock.frozen(TUESDAY):
        answers = [Client().post("/sign-in/", {"username": f"user{number}", "password": "x"}) for number in range(4)]
        elsewhere = Client(REMOTE_ADDR="198.51.100.9").post("/sign-in/", RIGHT)
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].headers["Retry-After"] == str(60 - TUESDAY.second)
    assert "过一分钟再试" in answers[-1].content.decode()
    assert elsewhere.status_code == 302


def test_after_half_an_hour_away_one_signs_in_again(cast: Cast) -> None:
    client = Client()
    with clock.frozen(TUESDAY):
        client.post("/sign-in/", RIGHT)
        assert client.get("/settings/").status_code == 200
    with clock.frozen(TUESDAY + timedelta(minutes=29)):
        assert client.get("/settings/").status_code == 200
    with clock.frozen(TUESDAY + timedelta(minutes=58)):
        assert client.get("/settings/").status_code == 200
    with clock.frozen(TUESDAY + timedelta(minutes=89)):
        answer = client.get("/settings/", follow=True)
    assert answer.redirect_chain == [("/sign-in/?next=/settings/", 302)]
    assert "已替您退出" in answer.content.decode()


def test_signing_out_is_a_press_of_a_button(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.worker)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").headers["Location"] == "/sign-in/"
    assert client.get("/settings/").status_code == 302
    assert Entry.objects.filter(action="accounts.sign_out", actor="worker").exists()


def test_pages_are_chinese_whatever_the_browser_prefers(db: None) -> None:
    page = Client().get("/sign-in/", headers={"Accept-Language": "en"})
    assert 'lang="zh-Hans"' in page.content.decode()
    assert page.headers["Content-Language"] == "zh-hans"


def test_english_is_chosen_and_remembered_by_a_cookie(db: None) -> None:
    client = Client()
    answer = client.post("/language/", {"language": "en", "next": "/sign-in/"})
    assert answer.headers["Location"] == "/sign-in/"
    page = client.get("/sign-in/")
    assert 'lang="en"' in page.content.decode()
    assert "Sign in" in page.content.decode()


def test_an_unknown_language_changes_nothing(db: None) -> None:
    client = Client()
    client.post("/language/", {"language": "xx", "next": "/sign-in/"})
    assert 'lang="zh-Hans"' in client.get("/sign-in/").content.decode()


def test_dark_and_large_are_remembered_by_cookies(db: None) -> None:
    client = Client()
    client.post("/display/", {"theme": "dark", "size": "large", "next": "https://example.org/"})
    page = client.get("/sign-in/").content.decode()
    assert 'data-bs-theme="dark"' in page
    assert 'data-size="large"' in page
