from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.cases.choices import Mechanism, State
from linli.cases.models import Case, CasePhoto
from tests.cast import Cast, middle
from tests.files.pictures import picture
from tests.web.cases_data import category, presets

ClientFor = Callable[[object], Client]


@pytest.fixture(autouse=True)
def ready(cast: Cast, tuesday: datetime) -> None:
    presets()


def filled(cast: Cast, way: str = "coordination", **values: Any) -> dict[str, Any]:
    data = {"category": category(way).code, "text": "路灯不亮", "area": cast.grid.code, "mechanism": ""}
    return data | values


@pytest.mark.parametrize(
    ("who", "status"),
    [(None, 302), ("worker", 200), ("volunteer", 200), ("street", 200), ("district", 403), ("department", 403)],
)
def test_who_may_report(cast: Cast, client_for: ClientFor, who: str | None, status: int) -> None:
    client = client_for(cast.users[who] if who else None)
    assert client.get("/cases/new/").status_code == status
    assert client.get("/cases/new/areas.geojson").status_code == status


def test_the_usual_way_of_the_category_is_taken(cast: Cast, client_for: ClientFor) -> None:
    answer = client_for(cast.worker).post("/cases/new/", filled(cast, "approval"))
    case = Case.objects.get()
    assert answer["Location"] == f"/cases/{case.number}/"
    assert (case.mechanism, case.area, case.owner) == (Mechanism.APPROVAL, cast.grid, cast.posts["worker"])


def test_a_tap_on_the_map_gives_the_grid(cast: Cast, client_for: ClientFor) -> None:
    longitude, latitude = middle(0)
    client_for(cast.worker).post("/cases/new/", filled(cast, area="", lon=longitude, lat=latitude))
    assert Case.objects.get().area == cast.grid


def test_what_is_done_already_takes_one_step(cast: Cast, client_for: ClientFor) -> None:
    client_for(cast.worker).post("/cases/new/", filled(cast, done="拧紧了灯泡"))
    case = Case.objects.get()
    assert (case.mechanism, case.state, case.answer) == (Mechanism.ON_SPOT, State.CLOSED, "拧紧了灯泡")


@pytest.mark.parametrize("way", list(Mechanism))
def test_each_category_tells_the_page_its_usual_way(cast: Cast, client_for: ClientFor, way: str) -> None:
    page = client_for(cast.worker).get("/cases/new/").content.decode()
    chip = re.search(rf'<input[^>]*value="{category(way).code}"[^>]*>', page)
    assert chip is not None
    assert f'data-way="{way}"' in chip[0]
    assert "data-usual-way" in page


def test_the_usual_way_chosen_by_the_page_says_not_yet_that_it_is_done(cast: Cast, client_for: ClientFor) -> None:
    client_for(cast.worker).post("/cases/new/", filled(cast, "on_spot", mechanism="on_spot"))
    case = Case.objects.get()
    assert (case.mechanism, case.state) == (Mechanism.ON_SPOT, State.REPORTED)


def test_on_the_spot_against_the_usual_way_says_that_it_is_done(cast: Cast, client_for: ClientFor) -> None:
    client_for(cast.worker).post("/cases/new/", filled(cast, text="拧紧了灯泡", mechanism="on_spot"))
    case = Case.objects.get()
    assert (case.mechanism, case.state, case.answer) == (Mechanism.ON_SPOT, State.CLOSED, "拧紧了灯泡")


@pytest.mark.parametrize(("way", "chosen"), [("coordination", "emergency"), ("on_spot", "approval")])
def test_a_way_chosen_by_hand_is_kept(cast: Cast, client_for: ClientFor, way: str, chosen: str) -> None:
    client_for(cast.worker).post("/cases/new/", filled(cast, way, mechanism=chosen))
    assert Case.objects.get().mechanism == chosen


@pytest.mark.parametrize(("who", "status"), [("partner", 302), ("volunteer", 422), ("head", 422)])
def test_what_somebody_did_is_kept_or_refused_at_its_field(
    cast: Cast, client_for: ClientFor, who: str, status: int
) -> None:
    answer = client_for(cast.users[who]).post("/cases/new/", filled(cast, done="拧紧了灯泡"))
    assert answer.status_code == status
    assert Case.objects.filter(answer="拧紧了灯泡").exists() == (status == 302)
    if status == 422:
        assert "您的岗位不能当场办结" in answer.content.decode()
        assert "拧紧了灯泡" in answer.content.decode()
        assert not Case.objects.exists()


def test_done_already_and_another_way_contradict_each_other(cast: Cast, client_for: ClientFor) -> None:
    answer = client_for(cast.worker).post("/cases/new/", filled(cast, done="拧紧了", mechanism="approval"))
    assert answer.status_code == 422
    assert "拧紧了" in answer.content.decode()
    assert not Case.objects.exists()


def test_an_emergency_starts_its_clock_at_once(cast: Cast, client_for: ClientFor) -> None:
    page = client_for(cast.worker).post("/cases/new/", filled(cast, "emergency"), follow=True).content.decode()
    assert "data-clock-since" in page


def test_a_resident_who_left_a_phone_gets_a_private_link_once(cast: Cast, client_for: ClientFor) -> None:
    answer = client_for(cast.worker).post("/cases/new/", filled(cast, contact="13900001234"))
    assert "/follow/" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    case = Case.objects.get()
    assert "/follow/" not in client_for(cast.worker).get(f"/cases/{case.number}/").content.decode()


def test_photos_come_along(cast: Cast, client_for: ClientFor) -> None:
    photo = SimpleUploadedFile("lamp.jpg", picture(), content_type="image/jpeg")
    client_for(cast.worker).post("/cases/new/", filled(cast, photos=photo))
    assert CasePhoto.objects.filter(case=Case.objects.get()).count() == 1


def test_a_photo_that_is_none_is_refused_and_the_text_stays(cast: Cast, client_for: ClientFor) -> None:
    photo = SimpleUploadedFile("lamp.jpg", b"no photo at all", content_type="image/jpeg")
    answer = client_for(cast.worker).post("/cases/new/", filled(cast, text="写了很久", photos=photo))
    assert answer.status_code == 422
    assert "写了很久" in answer.content.decode()
    assert not Case.objects.exists()


def test_what_is_missing_is_said_at_the_field(cast: Cast, client_for: ClientFor) -> None:
    answer = client_for(cast.worker).post("/cases/new/", {"text": "只写了这个"})
    assert answer.status_code == 422
    assert answer.content.decode().count("l-error") >= 2
    assert "只写了这个" in answer.content.decode()


def test_a_place_outside_the_own_area_is_refused_in_words(cast: Cast, client_for: ClientFor) -> None:
    answer = client_for(cast.worker).post("/cases/new/", filled(cast, area=cast.far_grid.code, text="远处"))
    assert answer.status_code == 403
    assert "远处" in answer.content.decode()
    assert not Case.objects.exists()


def test_the_map_offers_only_grids_where_one_may_report(cast: Cast, client_for: ClientFor) -> None:
    shapes = client_for(cast.volunteer).get("/cases/new/areas.geojson").json()
    assert [feature["properties"]["code"] for feature in shapes["features"]] == [cast.grid.code]
