from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client, RequestFactory

from linli.web import errors
from tests.cast import Cast

Browser = Callable[[object], Client]


def test_a_wrong_address_says_what_to_do(cast: Cast) -> None:
    answer = Client().get("/there/is/no/such/page/")
    assert answer.status_code == 404
    assert "这里什么也没有" in answer.content.decode()


def test_a_page_without_the_right_names_the_way_to_it(cast: Cast, client_for: Browser) -> None:
    answer = client_for(cast.outsider).get("/journal/")
    assert answer.status_code == 403
    assert "您的岗位不能做这件事" in answer.content.decode()


def test_an_expired_form_is_told_from_a_missing_right(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/sign-in/", {"username": "worker", "password": "x"})
    assert answer.status_code == 403
    assert "这张表放太久了" in answer.content.decode()


def test_a_nul_byte_in_an_address_is_refused(cast: Cast) -> None:
    assert Client().get("/sign-in/?next=%00").status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        "/%00",
        "/?pile=%00",
        "/cases/%00/",
        "/cases/?q=%00",
        "/imports/%00/",
        "/field/cases/?q=a%00b",
        "/field/households/%00/",
        "/report/?address=%00",
        "/find/?q=%00",
        "/follow/%00/",
        "/sign-in/?next=%00",
    ],
)
def test_a_nul_byte_in_an_address_gets_the_page_for_what_can_not_be_read(
    cast: Cast, client_for: Browser, address: str
) -> None:
    english = Client()
    english.cookies["linli_language"] = "en"
    for client, words in (
        (Client(), "这次请求读不懂"),
        (client_for(cast.worker), "这次请求读不懂"),
        (english, "can't be read"),
    ):
        answer = client.get(address)
        assert answer.status_code == 400
        assert answer["Content-Type"].startswith("text/html")
        page = answer.content.decode()
        assert words in page
        assert 'href="/"' in page
        assert "\x00" not in page


def test_a_nul_byte_in_the_address_of_a_form_changes_nothing(cast: Cast, client_for: Browser) -> None:
    answer = client_for(cast.worker).post("/cases/%00/steps/note/", {"note": "x"})
    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(("view", "status"), [(errors.bad_request, 400), (errors.server_error, 500)])
def test_error_pages_are_whole_pages_in_chinese(view: Callable[..., object], status: int, db: None) -> None:
    answer = view(RequestFactory().get("/"))
    assert answer.status_code == status  # type: ignore[attr-defined]
    page = answer.content.decode()  # type: ignore[attr-defined]
    assert 'lang="zh-Hans"' in page
    assert "回首页" in page
