from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.cases import actions
from linli.cases.models import CasePhoto, FollowLink
from linli.files.actions import keep_photos, process_photo
from linli.files.choices import FileState
from linli.journal.models import Entry
from tests.cast import Cast
from tests.files.pictures import picture
from tests.web.cases_data import answered, from_resident, new_case, presets, report

ClientFor = Callable[[object], Client]
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def ready(cast: Cast, tuesday: datetime) -> None:
    presets()


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (None, 302),
        ("worker", 200),
        ("street", 200),
        ("district", 200),
        ("department", 404),
        ("far_worker", 404),
        ("volunteer", 404),
        ("auditor", 403),
    ],
)
def test_who_opens_a_case(cast: Cast, client_for: ClientFor, who: str | None, status: int) -> None:
    case = new_case(cast)
    assert client_for(cast.users[who] if who else None).get(f"/cases/{case.number}/").status_code == status


def test_a_case_that_is_not_there(cast: Cast, client_for: ClientFor) -> None:
    assert client_for(cast.worker).get("/cases/NOTHING/").status_code == 404


def test_the_department_opens_what_was_given_to_it(cast: Cast, client_for: ClientFor) -> None:
    case = answered(cast, from_resident(cast))
    assert client_for(cast.department).get(f"/cases/{case.number}/").status_code == 200
    assert client_for(cast.far_department).get(f"/cases/{case.number}/").status_code == 404


def test_the_page_tells_the_story(cast: Cast, client_for: ClientFor) -> None:
    case = answered(cast, from_resident(cast, text="灯不亮"))
    actions.write_note(case, by=cast.leader, note="门锁在物业")
    page = client_for(cast.leader).get(f"/cases/{case.number}/").content.decode()
    history = page[page.index("l-timeline") : page.index("</ol>", page.index("l-timeline"))]
    talk = page[page.index("l-talk") : page.index("</ul>", page.index("l-talk"))]
    assert history.index("灯已经亮了") < history.index("灯泡换了") < history.index("供热公司")
    assert "灯不亮" in talk
    assert "灯已经亮了" in talk
    assert "灯泡换了" not in talk
    assert "门锁在物业" in page
    assert "门锁在物业" not in history + talk


def test_the_next_step_is_the_filled_one(cast: Cast, client_for: ClientFor) -> None:
    case = new_case(cast)
    page = client_for(cast.worker).get(f"/cases/{case.number}/").content.decode()
    bar = page[page.index("l-actions", page.index("l-promise")) :]
    assert bar.index("btn-primary") < bar.index(f"/cases/{case.number}/steps/accept/")
    assert f"/cases/{case.number}/steps/dispatch/" not in page


def test_an_emergency_shows_its_hour(cast: Cast, client_for: ClientFor) -> None:
    case = new_case(cast, "emergency")
    page = client_for(cast.worker).get(f"/cases/{case.number}/").content.decode()
    assert "data-clock-since" in page
    case = actions.report_written(case, by=cast.worker, note="燃气味来自三楼")
    assert "data-clock-since" not in client_for(cast.worker).get(f"/cases/{case.number}/").content.decode()


def test_the_phone_is_masked_until_a_purpose_is_said(cast: Cast, client_for: ClientFor) -> None:
    case = from_resident(cast)
    client = client_for(cast.worker)
    page = client.get(f"/cases/{case.number}/").content.decode()
    assert "139****1234" in page
    assert "13900001234" not in page
    address = f"/cases/{case.number}/contact/"
    asked = client.get(address, **HTMX)
    assert "13900001234" not in asked.content.decode()
    missing = client.post(address, {}, **HTMX)
    assert missing.status_code == 422
    assert not Entry.objects.filter(action="cases.reveal_contact").exists()
    shown = client.post(address, {"reason": "case"}, **HTMX)
    assert "13900001234" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    assert Entry.objects.get(action="cases.reveal_contact").reason == "case"
    assert "13900001234" in client.post(address, {"reason": "case"}).content.decode()


@pytest.mark.parametrize(("who", "status"), [("district", 403), ("far_worker", 404), ("volunteer", 403), (None, 302)])
def test_who_may_not_see_the_phone(cast: Cast, client_for: ClientFor, who: str | None, status: int) -> None:
    case = from_resident(cast)
    client = client_for(cast.users[who] if who else None)
    assert client.post(f"/cases/{case.number}/contact/", {"reason": "case"}).status_code == status


def test_no_phone_no_page_for_it(cast: Cast, client_for: ClientFor) -> None:
    case = new_case(cast)
    assert client_for(cast.worker).get(f"/cases/{case.number}/contact/").status_code == 404


def test_a_new_private_link_ends_the_old_one(cast: Cast, client_for: ClientFor) -> None:
    reported = report(cast, by=actions.RESIDENT, contact="13900001234")
    address = f"/cases/{reported.case.number}/link/"
    client = client_for(cast.worker)
    assert "/follow/" not in client.get(address).content.decode()
    answer = client.post(address)
    assert "/follow/" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert FollowLink.objects.filter(case=reported.case, ended_at=None).count() == 1
    assert FollowLink.objects.filter(case=reported.case).exclude(ended_at=None).count() == 1


def test_a_case_that_nobody_follows_has_no_link(cast: Cast, client_for: ClientFor) -> None:
    case = new_case(cast)
    assert client_for(cast.worker).post(f"/cases/{case.number}/link/").status_code == 409
    assert client_for(cast.street).get(f"/cases/{case.number}/link/").status_code == 403
    assert client_for(cast.far_worker).get(f"/cases/{case.number}/link/").status_code == 404


def test_photos_are_seen_only_when_ready_and_only_in_scope(cast: Cast, client_for: ClientFor) -> None:
    [upload] = keep_photos([picture()], by=cast.worker)
    case = new_case(cast, photos=[upload])
    photo = CasePhoto.objects.get(case=case)
    address = f"/cases/{case.number}/photos/{photo.pk}/"
    process_photo(upload.pk)
    upload.refresh_from_db()
    assert upload.state == FileState.READY
    shown = client_for(cast.worker).get(address)
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert address in client_for(cast.worker).get(f"/cases/{case.number}/").content.decode()
    assert client_for(cast.far_worker).get(address).status_code == 404
    upload.state = FileState.RECEIVED
    upload.save()
    assert client_for(cast.worker).get(address).status_code == 404
    assert address not in client_for(cast.worker).get(f"/cases/{case.number}/").content.decode()


def test_neighbours_of_the_same_kind_are_offered_for_a_merge(cast: Cast, client_for: ClientFor) -> None:
    case, other = new_case(cast), new_case(cast, text="还是路灯")
    different = new_case(cast, "approval", text="坡道")
    page = client_for(cast.leader).get(f"/cases/{case.number}/").content.decode()
    assert f"/cases/{case.number}/steps/merge/?into={other.number}" in page
    assert f"into={different.number}" not in page
    assert different.number in page
    assert f"into={other.number}" not in client_for(cast.worker).get(f"/cases/{case.number}/").content.decode()
    points = client_for(cast.leader).get(f"/cases/{case.number}/nearby.geojson").json()
    assert len(points["features"]) == 2
    assert client_for(cast.far_leader).get(f"/cases/{case.number}/nearby.geojson").status_code == 404


def test_a_merged_case_leads_to_the_one_that_goes_on(cast: Cast, client_for: ClientFor) -> None:
    case, other = new_case(cast), new_case(cast)
    actions.merge_case(case, by=cast.leader, into=other)
    page = client_for(cast.leader).get(f"/cases/{case.number}/").content.decode()
    assert f'href="/cases/{other.number}/"' in page
    assert f'href="/cases/{case.number}/"' in client_for(cast.leader).get(f"/cases/{other.number}/").content.decode()


def test_the_number_of_queries_does_not_grow_with_the_history(cast: Cast, client_for: ClientFor) -> None:
    case = from_resident(cast)
    counts = []
    for more in (1, 2):
        for _one in range(more):
            actions.write_note(case, by=cast.leader, note="看过")
        client = client_for(cast.leader)
        client.get(f"/cases/{case.number}/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/cases/{case.number}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
