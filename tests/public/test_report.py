from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.accounts import ratelimit
from linli.accounts.rules import SYSTEM
from linli.cases.actions import load_presets
from linli.cases.models import Case, FollowLink
from linli.cases.queries import categories_in_use
from linli.core.tokens import token_digest
from linli.files.choices import FileState
from linli.files.models import Upload
from linli.public import once
from tests.cast import Cast, middle
from tests.files.pictures import CAMERA, picture, with_position
from tests.public.conftest import Estate

PHONE = "0355-000-0172"


@pytest.fixture(autouse=True)
def presets(cast: Cast) -> None:
    load_presets(by=SYSTEM)


@pytest.fixture
def values() -> dict[str, Any]:
    longitude, latitude = middle(0)
    return {
        "once": "form-1",
        "category": categories_in_use(for_residents=True)[0].code,
        "text": "The lamp before building 1 is broken.",
        "lon": str(longitude),
        "lat": str(latitude),
    }


def text_of(response: Any) -> str:
    return response.content.decode()


def link_in(response: Any) -> str:
    found = re.search(r"/follow/([\w-]+)/", text_of(response))
    assert found is not None
    return found.group(1)


def test_the_page_needs_no_account_and_offers_categories(visitor: Client) -> None:
    page = text_of(visitor.get("/report/"))
    assert "No account needed" in page
    assert page.count('type="radio"') == categories_in_use(for_residents=True).count() > 5
    assert re.search(r'name="once" value="[\w-]{22}"', page)
    assert 'enctype="multipart/form-data"' in page


def test_a_report_reaches_the_grid_and_gives_a_private_link_once(
    visitor: Client, cast: Cast, values: dict[str, Any]
) -> None:
    response = visitor.post("/report/", {**values, "contact": PHONE})
    assert (response.status_code, response["Location"]) == (302, "/report/sent/")

    case = Case.objects.get()
    assert (case.area, case.owner, case.contact) == (cast.grid, cast.posts["worker"], PHONE.replace("-", ""))
    page = visitor.get("/report/sent/")
    token = link_in(page)
    assert case.number in text_of(page)
    assert "<svg" in text_of(page)
    assert FollowLink.objects.get().digest == token_digest(token)
    for header, value in (("Cache-Control", "no-store"), ("X-Robots-Tag", "noindex, nofollow")):
        assert page[header] == value

    again = visitor.get("/report/sent/")
    assert again.status_code == 404
    assert token not in text_of(again)


def test_nothing_of_a_report_stays_in_session_or_readable_cookie(visitor: Client, values: dict[str, Any]) -> None:
    response = visitor.post("/report/", {**values, "contact": PHONE})
    assert Session.objects.count() == 0
    cookie = response.cookies["linli_sent"]
    assert cookie["httponly"]
    assert cookie["path"] == "/report/sent/"
    token = link_in(visitor.get("/report/sent/"))
    assert token not in cookie.value
    assert PHONE not in cookie.value


@pytest.mark.parametrize("cookie", ["", "nonsense", "v1:AAAA"])
def test_a_made_up_cookie_shows_nothing(visitor: Client, cookie: str) -> None:
    visitor.cookies["linli_sent"] = cookie
    assert visitor.get("/report/sent/").status_code == 404


def test_the_place_may_be_an_address(visitor: Client, estate: Estate, values: dict[str, Any]) -> None:
    visitor.post("/report/", {**values, "lon": "", "lat": "", "address": "黎花园2号楼"})
    case = Case.objects.get()
    assert (case.building, case.place, case.area) == (estate.second, "黎花园2号楼", estate.cast.grid)


def test_the_place_may_be_a_door_plate(visitor: Client, estate: Estate, values: dict[str, Any]) -> None:
    page = text_of(visitor.get("/report/", {"plate": estate.plate.token}))
    assert "黎花园1号楼" in page
    visitor.post("/report/", {**values, "lon": "", "lat": "", "plate": estate.plate.token})
    assert Case.objects.get().building == estate.first


def test_the_place_may_be_a_whole_grid(visitor: Client, cast: Cast, values: dict[str, Any]) -> None:
    visitor.post("/report/", {**values, "lon": "", "lat": "", "grid": cast.other_grid.code})
    assert Case.objects.get().area == cast.other_grid


def test_what_was_typed_outranks_the_plate_and_describes_the_point(
    visitor: Client, estate: Estate, values: dict[str, Any]
) -> None:
    visitor.post("/report/", {**values, "plate": estate.plate.token, "address": "黎花园10号楼"})
    assert Case.objects.get().building == estate.tenth
    visitor.post("/report/", {**values, "once": "form-2", "address": "behind the shed"})
    case = Case.objects.exclude(building=estate.tenth).get()
    assert (case.place, case.longitude) == ("behind the shed", middle(0)[0])


WRONG = {
    "nothing at all": (
        {"text": "", "category": "", "lon": "", "lat": ""},
        "Choose what it is about",
        "Say where it is",
    ),
    "no words": ({"text": "   "}, "Write a few words here."),
    "an unknown category": ({"category": "nonsense"}, "no such category"),
    "another country": ({"lon": "2.35", "lat": "48.85"}, "outside the district"),
    "no number": ({"lon": "nan", "lat": "36"}, "not a place on the map"),
    "an unknown address": ({"lon": "", "lat": "", "address": "nowhere"}, "not know this address"),
    "an unknown plate": ({"lon": "", "lat": "", "plate": "NOTAPLATE234"}, "not know this door plate"),
    "a short phone": ({"contact": "1390000"}, "4 digits are missing"),
    "a long phone": ({"contact": "139000011112"}, "1 digit too many"),
    "a phone of letters": ({"contact": "call me"}, "This is no phone number"),
    "no phone's beginning": ({"contact": "99900001111"}, "This is no phone number"),
    "NUL": ({"text": "a\x00b"}, "can&#x27;t be kept"),
    "a trap filled in": ({"website": "http://spam"}, "Leave this empty"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_report_is_answered_in_words_and_keeps_what_was_typed(
    visitor: Client, values: dict[str, Any], name: str
) -> None:
    changed, *words = WRONG[name]
    response = visitor.post("/report/", {**values, **changed})
    page = text_of(response)
    assert response.status_code == 422
    for said in words:
        assert said in page
    if "text" not in changed:
        assert values["text"] in page
    assert Case.objects.count() == 0


def test_several_addresses_are_named(visitor: Client, estate: Estate, values: dict[str, Any]) -> None:
    page = text_of(visitor.post("/report/", {**values, "lon": "", "lat": "", "address": "黎花园"}))
    assert "Which one do you mean" in page
    assert "黎花园10号楼" in page


def test_a_million_characters_are_refused_in_words_and_kept(visitor: Client, values: dict[str, Any]) -> None:
    text = "路" * 1_000_000
    response = visitor.post("/report/", {**values, "text": text})
    assert response.status_code == 422
    assert "At most 2000 characters" in text_of(response)
    assert text in text_of(response)
    assert Case.objects.count() == 0


def test_photos_come_with_the_report_and_lose_their_position(visitor: Client, values: dict[str, Any]) -> None:
    files = [SimpleUploadedFile("at-home.jpg", with_position()), SimpleUploadedFile("b.png", picture("PNG"))]
    assert visitor.post("/report/", {**values, "photos": files}).status_code == 302
    uploads = Upload.objects.all()
    assert [upload.state for upload in uploads] == [FileState.READY, FileState.READY]
    assert "at-home" not in {upload.name for upload in uploads}
    token = link_in(visitor.get("/report/sent/"))
    shown = visitor.get(f"/follow/{token}/photos/1/")
    assert shown["Content-Type"] == "image/jpeg"
    assert CAMERA.encode() not in shown.content
    assert visitor.get(f"/follow/{token}/photos/2/").status_code == 200
    assert visitor.get(f"/follow/{token}/photos/3/").status_code == 404
    assert visitor.get(f"/follow/{token}/photos/0/").status_code == 404


def test_a_photo_that_is_no_photo_is_refused_at_its_field(visitor: Client, values: dict[str, Any]) -> None:
    response = visitor.post("/report/", {**values, "photos": SimpleUploadedFile("virus.jpg", b"MZ" + b"\x00" * 99)})
    page = text_of(response)
    assert response.status_code == 422
    assert "virus.jpg: This file is not a photo" in page
    assert "choose them once more" in page
    assert values["text"] in page
    assert Upload.objects.count() == Case.objects.count() == 0


def test_too_many_reports_wait_and_keep_what_was_typed(
    visitor: Client, values: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.LINLI_RATES, "report", "1/h")
    assert visitor.post("/report/", values).status_code == 302
    response = visitor.post("/report/", {**values, "once": "form-2"})
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 3600
    assert values["text"] in text_of(response)
    assert Case.objects.count() == 1
    monkeypatch.setitem(settings.LINLI_RATES, "report", "9/h")
    assert visitor.post("/report/", {**values, "once": "form-2"}).status_code == 302


def test_a_second_press_makes_no_second_case_and_gets_the_same_link(visitor: Client, values: dict[str, Any]) -> None:
    visitor.post("/report/", values)
    first = link_in(visitor.get("/report/sent/"))
    assert visitor.post("/report/", values).status_code == 302
    assert link_in(visitor.get("/report/sent/")) == first
    assert Case.objects.count() == 1


def test_a_press_while_the_first_is_running_is_told_and_can_be_sent_anew(
    visitor: Client, values: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(once, "_WAIT_SECONDS", 0.0)
    assert once.first(values["once"])
    response = visitor.post("/report/", values)
    page = text_of(response)
    assert response.status_code == 409
    assert "Send it once more" in page
    found = re.search(r'name="once" value="([\w-]+)"', page)
    assert found is not None
    assert found.group(1) != values["once"]
    assert visitor.post("/report/", {**values, "once": found.group(1)}).status_code == 302


def test_a_report_that_failed_may_be_sent_again(
    visitor: Client, values: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("linli.public.views.report.report_case", broken)
        with pytest.raises(RuntimeError):
            visitor.post("/report/", values)
    assert visitor.post("/report/", values).status_code == 302
    assert Case.objects.count() == 1


def test_the_number_of_queries_of_an_intake_is_bounded(
    visitor: Client, values: dict[str, Any], count_queries: Callable[[Callable[[], object]], int]
) -> None:
    assert count_queries(lambda: visitor.post("/report/", values)) <= 60
    assert Case.objects.count() == 1


def test_the_answer_of_the_first_press_is_kept_sealed() -> None:
    assert once.first("form-9")
    assert not once.first("form-9")
    once.finish("form-9", "1124-ABCDE token")
    assert once.answer_of_first("form-9") == "1124-ABCDE token"
    once.release("form-9")
    assert once.first("form-9")
    assert ratelimit.check("report", "x") == 0


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_one_moment_make_one_case(cast: Cast, values: dict[str, Any]) -> None:
    def press(_number: int) -> int:
        from django.db import connection

        try:
            return Client().post("/report/", values).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(press, range(2))) == [302, 302]
    assert Case.objects.count() == 1
