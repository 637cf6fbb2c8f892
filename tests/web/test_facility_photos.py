"""Photos of facilities: shown to whoever sees the facility, added and removed by its keepers, on desktop and phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.accounts.rules import SYSTEM, Refused
from linli.cases.actions import load_presets
from linli.files.choices import FileState
from linli.files.models import Upload
from linli.housing.actions import (
    add_facility,
    add_facility_photos,
    load_lists,
    remove_facility,
    remove_facility_photo,
    report_repair,
)
from linli.housing.actions.facilities import MOST_PHOTOS
from linli.housing.choices import ListKind
from linli.housing.models import Facility, FacilityPhoto, ListItem
from linli.housing.rules import NotPossible
from linli.housing.values import FacilityValues
from linli.journal.models import Entry
from tests.cast import Cast, middle
from tests.files.pictures import CAMERA, picture, with_position
from tests.web.counting import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]
ClientFor = Callable[[object], Client]


@pytest.fixture
def lamp(cast: Cast) -> Facility:
    load_lists(by=SYSTEM)
    kind = ListItem.objects.get(kind=ListKind.FACILITY, code="light")
    return add_facility(FacilityValues(kind, "南门路灯", *middle(0)), by=SYSTEM)


def english(client: Client) -> Client:
    client.cookies["linli_language"] = "en"
    return client


def file(content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile("灯.jpg", content or with_position(), "image/jpeg")


def kept(lamp: Facility, count: int = 1) -> list[FacilityPhoto]:
    """Keep photos; in tests they are re-drawn at once."""
    return add_facility_photos(lamp, [picture()] * count, by=SYSTEM)


def text_of(answer: Any) -> str:
    return answer.content.decode()


@pytest.mark.parametrize("surface", ["", "/field"])
@pytest.mark.parametrize("who", ["worker", "community"])
def test_a_photo_is_added_and_shown_without_what_the_camera_wrote(
    cast: Cast, client_for: ClientFor, lamp: Facility, surface: str, who: str
) -> None:
    client = english(client_for(getattr(cast, who)))
    answer = client.post(f"{surface}/facilities/{lamp.pk}/photos/", {"photos": [file()]}, follow=True)
    assert "1 photo is added" in text_of(answer)
    photo = FacilityPhoto.objects.get()
    address = f"/facilities/{lamp.pk}/photos/{photo.pk}/"
    assert address in text_of(client.get(f"{surface}/facilities/{lamp.pk}/"))
    shown = client.get(address)
    assert shown["Content-Type"] == "image/jpeg"
    assert CAMERA.encode() not in shown.content
    assert b"Exif" not in shown.content


def test_nobody_sees_a_photo_before_it_was_re_drawn(cast: Cast, client_for: ClientFor, lamp: Facility) -> None:
    [photo] = kept(lamp)
    Upload.objects.update(state=FileState.RECEIVED)
    worker = english(client_for(cast.worker))
    address = f"/facilities/{lamp.pk}/photos/{photo.pk}/"
    assert worker.get(address).status_code == 404
    for surface in ("", "/field"):
        page = text_of(worker.get(f"{surface}/facilities/{lamp.pk}/"))
        assert "is being prepared" in page
        assert f'src="{address}"' not in page
        assert "being prepared" in text_of(worker.get(f"{surface}/facilities/{lamp.pk}/photos/"))


def test_whoever_sees_the_facility_sees_its_photos_and_nobody_else(
    cast: Cast, client_for: ClientFor, lamp: Facility
) -> None:
    [photo] = kept(lamp)
    address = f"/facilities/{lamp.pk}/photos/{photo.pk}/"
    street = client_for(cast.street)
    assert street.get(address).status_code == 200
    assert f"{address}remove/" not in text_of(street.get(f"/facilities/{lamp.pk}/"))
    assert client_for(cast.far_worker).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    assert street.get(f"/facilities/{lamp.pk}/photos/{2**63}/").status_code == 404


def test_no_photo_stands_on_a_public_page(cast: Cast, lamp: Facility) -> None:
    [photo] = kept(lamp)
    for address in (f"/grid/{cast.grid.code}/", f"/community/{cast.community_area.code}/"):
        page = text_of(Client().get(address))
        assert "南门路灯" in page
        assert f"photos/{photo.pk}/" not in page


def test_only_keepers_add_and_remove(cast: Cast, client_for: ClientFor, lamp: Facility) -> None:
    [photo] = kept(lamp)
    for who in (cast.street, cast.far_worker):
        with pytest.raises(Refused):
            add_facility_photos(lamp, [picture()], by=who)
        with pytest.raises(Refused):
            remove_facility_photo(photo, by=who)
    assert FacilityPhoto.objects.count() == 1
    assert client_for(cast.street).post(f"/facilities/{lamp.pk}/photos/", {"photos": [file()]}).status_code == 403


@pytest.mark.parametrize("surface", ["", "/field"])
def test_a_photo_is_removed_for_good_after_one_more_question(
    cast: Cast, client_for: ClientFor, lamp: Facility, surface: str
) -> None:
    [photo] = kept(lamp)
    worker = client_for(cast.worker)
    address = f"{surface}/facilities/{lamp.pk}/photos/{photo.pk}/remove/"
    assert address in text_of(worker.get(f"{surface}/facilities/{lamp.pk}/photos/"))
    assert f"/facilities/{lamp.pk}/photos/{photo.pk}/" in text_of(worker.get(address))
    assert FacilityPhoto.objects.exists()
    worker.post(address)
    assert not FacilityPhoto.objects.exists()
    assert Upload.objects.get(pk=photo.upload_id).state == FileState.GONE
    assert worker.post(address).status_code == 404
    assert Entry.objects.filter(action="housing.remove_facility_photo", actor="worker").count() == 1


def test_two_who_remove_the_same_photo_both_have_their_way(cast: Cast, lamp: Facility) -> None:
    [photo] = kept(lamp)
    again = FacilityPhoto.objects.get()
    remove_facility_photo(photo, by=cast.worker)
    remove_facility_photo(again, by=cast.leader)
    assert Entry.objects.filter(action="housing.remove_facility_photo").count() == 1


def test_photos_go_with_their_facility_and_stay_when_it_stays(cast: Cast, lamp: Facility) -> None:
    kept(lamp, 2)
    remove_facility(lamp, by=cast.worker)
    assert set(Upload.objects.values_list("state", flat=True)) == {FileState.GONE}


def test_photos_of_a_facility_with_repairs_stay_with_it(cast: Cast, lamp: Facility) -> None:
    load_presets(by=SYSTEM)
    kept(lamp)
    report_repair(lamp, "灯不亮", by=cast.worker)
    with pytest.raises(NotPossible):
        remove_facility(lamp, by=cast.worker)
    assert FacilityPhoto.objects.get().can_be_shown


@pytest.mark.parametrize("surface", ["", "/field"])
def test_what_is_no_photo_is_refused_in_words(cast: Cast, client_for: ClientFor, lamp: Facility, surface: str) -> None:
    worker = english(client_for(cast.worker))
    address = f"{surface}/facilities/{lamp.pk}/photos/"
    refused = worker.post(address, {"photos": [file(b"no picture")]})
    assert refused.status_code == 422
    assert "not a photo" in text_of(refused)
    none = worker.post(address)
    assert none.status_code == 422
    assert "First choose a photo" in text_of(none)


def test_one_that_can_not_be_opened_is_told_and_may_be_removed(
    cast: Cast, client_for: ClientFor, lamp: Facility
) -> None:
    [photo] = add_facility_photos(lamp, [picture()[:2000]], by=SYSTEM)
    worker = english(client_for(cast.worker))
    assert "could not be opened" in text_of(worker.get(f"/facilities/{lamp.pk}/"))
    assert "could not be opened" in text_of(worker.get(f"/facilities/{lamp.pk}/photos/"))
    worker.post(f"/facilities/{lamp.pk}/photos/{photo.pk}/remove/")
    assert not FacilityPhoto.objects.exists()


@pytest.mark.parametrize("surface", ["", "/field"])
def test_there_are_not_too_many(cast: Cast, client_for: ClientFor, lamp: Facility, surface: str) -> None:
    add_facility_photos(lamp, [picture()] * (MOST_PHOTOS - 1), by=SYSTEM)
    worker = english(client_for(cast.worker))
    refused = worker.post(f"{surface}/facilities/{lamp.pk}/photos/", {"photos": [file(), file()]})
    assert refused.status_code == 422
    assert f"there are {MOST_PHOTOS - 1}. Remove some first." in text_of(refused)
    assert FacilityPhoto.objects.count() == MOST_PHOTOS - 1


@pytest.mark.parametrize(
    "address", ["/facilities/{}/", "/facilities/{}/photos/", "/field/facilities/{}/", "/field/facilities/{}/photos/"]
)
def test_the_pages_cost_the_same_for_one_and_three(
    cast: Cast, client_for: ClientFor, lamp: Facility, address: str
) -> None:
    worker = client_for(cast.worker)
    kept(lamp)
    once = queries_of(worker, address.format(lamp.pk))
    kept(lamp, 2)
    assert queries_of(worker, address.format(lamp.pk)) == once
