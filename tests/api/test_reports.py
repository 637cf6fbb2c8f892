"""Reports of residents: without an account, with a private link that cannot be guessed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.cases.choices import State
from linli.cases.models import Case, Category
from linli.cases.queries import categories_in_use
from linli.core.tokens import new_token
from linli.files.choices import FileState
from linli.files.models import Upload
from tests.api.conftest import Program
from tests.cases.stage import to_checked
from tests.cast import Cast, middle
from tests.files.pictures import picture, with_position
from tests.web.ledgers import settle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

PHONE = "13900001234"
STAFF_NAMES = ("李文静", "申海波", "郭建英", "韩俊杰", "worker", "leader", "department")


@pytest.fixture
def visitor(presets: Cast) -> Program:
    return Program(None)


def body(**values: Any) -> dict[str, Any]:
    longitude, latitude = middle(0)
    given = {"category": "heating", "text": "暖气不热", "lon": longitude, "lat": latitude}
    return given | values


def case_of(answer: Any) -> Case:
    assert answer.status_code == 201, answer.content.decode()
    return Case.objects.get(number=answer.json()["number"])


def fields(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.content.decode()
    return [error["field"].rpartition(".")[2] for error in answer.json()["errors"]]


def test_a_report_reaches_the_worker_of_the_grid(visitor: Program, presets: Cast) -> None:
    answer = visitor.post("reports", body(contact=PHONE))
    case = case_of(answer)
    assert (case.area, case.owner, case.contact, case.source) == (
        presets.grid,
        presets.posts["worker"],
        PHONE,
        "resident",
    )
    made = answer.json()
    assert set(made) == {"number", "token", "url"}
    assert made["url"].endswith(f"/follow/{made['token']}/")
    assert len(made["token"]) >= 22
    assert Client().get(made["url"]).status_code == 200


def test_a_report_may_be_anonymous(visitor: Program) -> None:
    case = case_of(visitor.post("reports", body()))
    assert (case.contact, case.reporter) == ("", None)


def test_a_form_with_photos(presets: Cast) -> None:
    photos = [
        SimpleUploadedFile("front.jpg", with_position(), content_type="image/jpeg"),
        SimpleUploadedFile("back.png", picture("PNG"), content_type="image/png"),
    ]
    case = case_of(Client().post("/api/v1/reports", body(photo=photos, contact="")))
    assert [photo.upload.state for photo in case.photos.all()] == [FileState.READY] * 2


@pytest.mark.parametrize(
    ("files", "stays"),
    [
        ([b"this is no picture"], False),
        ([b""], False),
        ([b"<svg xmlns='http://www.w3.org/2000/svg'/>"], False),
        ([picture()] * 7, False),
        ([picture()] * 6, True),
    ],
)
def test_what_is_no_photo_or_one_too_many_is_refused(presets: Cast, files: list[bytes], stays: bool) -> None:
    photos = [SimpleUploadedFile(f"{number}.jpg", content) for number, content in enumerate(files)]
    answer = Client().post("/api/v1/reports", body(photo=photos))
    if stays:
        assert case_of(answer).photos.count() == 6
    else:
        assert fields(answer) == ["photo"]
        assert not Case.objects.exists()
        assert not Upload.objects.exists()


def test_an_address_stands_for_the_position(visitor: Program, presets: Cast) -> None:
    settle(presets)
    case = case_of(visitor.post("reports", body(lon=None, lat=None, address="黎花园9号楼")))
    assert (case.area, case.building.address) == (presets.other_grid, "黎花园9号楼")  # type: ignore[union-attr]
    assert fields(visitor.post("reports", body(lon=None, lat=None, address="没有这个地方"))) == ["address"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"category": "no-such"}, "category"),
        ({"category": 7}, "category"),
        ({"category": "heat\x00ing"}, "category"),
        ({"text": ""}, "text"),
        ({"text": "   \n"}, "text"),
        ({"text": "长" * 2001}, "text"),
        ({"text": "x" * 1_000_000}, "text"),
        ({"text": "有\x00字"}, "text"),
        ({"text": "\ud800"}, "text"),
        ({"text": None}, "text"),
        ({"lon": None, "lat": None}, "address"),
        ({"lon": 121.49, "lat": 31.24}, "address"),
        ({"lon": -77.03, "lat": 38.9}, "address"),
        ({"lon": 0, "lat": 0}, "address"),
        ({"lon": 1e300}, "lon"),
        ({"lat": "north"}, "lat"),
        ({"address": "黎花园\x00"}, "address"),
        ({"address": "黎" * 201}, "address"),
        ({"contact": "12345"}, "contact"),
        ({"contact": "139\x0000001234"}, "contact"),
    ],
)
def test_bad_values_are_named_and_nothing_is_kept(visitor: Program, values: dict[str, Any], field: str) -> None:
    assert fields(visitor.post("reports", body(**values))) == [field]
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    "rubbish", [b"", b"{", b"\xff\xfe", b"[]", b"null", b'"text"', b"NaN", b"[" * 5000, b'{"text": 1e999}']
)
def test_rubbish_is_answered_in_words(presets: Cast, rubbish: bytes) -> None:
    answer = Client().post("/api/v1/reports", rubbish, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert not Case.objects.exists()


def test_more_than_we_take_is_refused_in_words(presets: Cast) -> None:
    too_long = json.dumps(body(text="x" * 5_000_000))
    answer = Client().post("/api/v1/reports", too_long, content_type="application/json")
    assert answer.status_code in (413, 422)
    assert answer["Content-Type"].startswith("application/problem+json")


def test_a_category_for_staff_only_is_not_offered(visitor: Program) -> None:
    assert "heating" in categories_in_use(for_residents=True).values_list("code", flat=True)
    Category.objects.filter(code="heating").update(offered_to_residents=False)
    assert fields(visitor.post("reports", body())) == ["category"]


def test_following_tells_how_far_it_is_and_names_nobody(visitor: Program, presets: Cast) -> None:
    made = visitor.post("reports", body(contact=PHONE))
    token, case = made.json()["token"], case_of(made)
    at_first = visitor.get(f"reports/{token}").json()
    assert set(at_first) == {"number", "state", "promised_by", "steps", "can"}
    assert (at_first["state"], len(at_first["steps"])) == ("reported", 1)
    assert at_first["promised_by"]

    to_checked(presets, case)
    answer = visitor.get(f"reports/{token}")
    told = answer.json()
    assert told["state"] == "checked"
    assert {"confirm", "reopen"} <= set(told["can"])
    assert all(set(step) == {"at", "text"} and step["text"] for step in told["steps"])
    assert any("阀门已换" in step["text"] for step in told["steps"])
    text = json.dumps(told, ensure_ascii=False)
    assert [name for name in (*STAFF_NAMES, PHONE) if name in text] == []


@pytest.mark.parametrize(
    ("reply", "state", "closing"),
    [
        ({"verdict": "confirm", "rating": 5, "text": "谢谢"}, State.CLOSED, "confirmed"),
        ({"verdict": "confirm"}, State.CLOSED, "confirmed"),
        ({"verdict": "reopen", "text": "还是不热"}, State.ACCEPTED, ""),
    ],
)
def test_the_resident_has_the_last_word(
    visitor: Program, presets: Cast, reply: dict[str, Any], state: str, closing: str
) -> None:
    made = visitor.post("reports", body())
    to_checked(presets, case_of(made))
    answer = visitor.post(f"reports/{made.json()['token']}/reply", reply)
    assert answer.status_code == 200, answer.content.decode()
    case = case_of(made)
    assert (case.state, case.closing) == (state, closing)
    assert answer.json()["state"] == state


def test_a_reply_before_the_answer_is_a_conflict_that_names_nobody(visitor: Program) -> None:
    token = visitor.post("reports", body()).json()["token"]
    answer = visitor.post(f"reports/{token}/reply", {"verdict": "confirm"})
    assert answer.status_code == 409
    assert (answer.json()["state"], answer.json()["by"]) == ("reported", "")


@pytest.mark.parametrize(
    "reply", [{}, {"verdict": "explode"}, {"verdict": "confirm", "rating": 6}, {"verdict": "confirm", "text": [1]}]
)
def test_a_reply_that_says_nothing_we_know(visitor: Program, presets: Cast, reply: dict[str, Any]) -> None:
    made = visitor.post("reports", body())
    to_checked(presets, case_of(made))
    assert fields(visitor.post(f"reports/{made.json()['token']}/reply", reply))
    assert case_of(made).state == State.CHECKED


def test_a_wrong_token_leads_nowhere(visitor: Program, presets: Cast) -> None:
    made = visitor.post("reports", body()).json()
    for token in (new_token(), made["number"], made["token"][:-1], made["token"] + "x", "x" * 5000):
        assert visitor.get(f"reports/{token}").status_code == 404
    assert visitor.post(f"reports/{new_token()}/reply", {"verdict": "confirm"}).status_code == 404


def test_a_thousand_guesses_find_nothing_and_are_slowed_down(visitor: Program) -> None:
    visitor.post("reports", body())
    answers = [visitor.get(f"reports/{new_token()}") for _number in range(1000)]
    statuses = [answer.status_code for answer in answers]
    assert statuses == [404] * 10 + [429] * 990
    assert all(0 < int(answer["Retry-After"]) <= 60 for answer in answers[10:])


def test_one_link_is_asked_only_so_often_from_wherever(
    visitor: Program, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.LINLI_RATES, "follow", "2/m")
    address = f"/api/v1/reports/{visitor.post('reports', body()).json()['token']}"
    answers = [client.get(address, REMOTE_ADDR=f"198.51.100.{number}") for number in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]


def test_a_flood_of_reports_is_stopped(visitor: Program) -> None:
    answers = [visitor.post("reports", body()) for _number in range(21)]
    assert [answer.status_code for answer in answers] == [201] * 20 + [429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 3600
    assert Case.objects.count() == 20


def test_an_account_is_neither_asked_nor_used(presets: Cast, program: Callable[[Any], Program]) -> None:
    case = case_of(program(presets.worker).post("reports", body()))
    assert (case.reporter, case.source) == (None, "resident")
