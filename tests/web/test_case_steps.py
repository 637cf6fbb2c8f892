from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.cases import actions
from linli.cases.choices import State
from linli.cases.models import Case, CasePhoto, Step
from linli.core import clock
from linli.files.models import Upload
from tests.cast import Cast
from tests.files.pictures import picture
from tests.web.cases_data import from_resident, new_case, presets

ClientFor = Callable[[object], Client]
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def ready(cast: Cast, tuesday: datetime) -> None:
    presets()


def step(client: Client, case: Case, action: str, **values: Any) -> Any:
    """Send the form of a step as the page would, from the present version."""
    case.refresh_from_db()
    data = {"version": case.version, **values}
    return client.post(f"/cases/{case.number}/steps/{action}/", data)


def state(case: Case) -> str:
    case.refresh_from_db()
    return case.state


def test_co_ordination_from_the_first_step_to_the_check(cast: Cast, client_for: ClientFor) -> None:
    case = new_case(cast)
    worker, leader, department = (client_for(cast.users[who]) for who in ("worker", "leader", "department"))
    assert step(worker, case, "accept")["Location"] == f"/cases/{case.number}/"
    step(worker, case, "hand_up", note="要社区协调")
    step(leader, case, "dispatch", to="heating", note="请去看看")
    assert state(case) == State.DISPATCHED
    step(department, case, "handle", note="换了灯泡")
    step(department, case, "reply", note="亮了")
    step(leader, case, "check")
    assert state(case) == State.CLOSED


def test_an_emergency_is_told_and_written(cast: Cast, client_for: ClientFor) -> None:
    case = new_case(cast, "emergency", discovered_at=clock.now() - timedelta(minutes=5))
    worker = client_for(cast.worker)
    told_at = f"{clock.local(clock.now()):%Y-%m-%dT%H:%M}"
    step(worker, case, "report_oral", told="119 和街道值班室", told_at=told_at)
    assert state(case) == State.ORAL_REPORTED
    step(worker, case, "report_written", note="三楼燃气味，已关阀", report_kind="first")
    assert state(case) == State.WRITTEN_REPORTED


def test_an_approval_is_decided_with_a_reason(cast: Cast, client_for: ClientFor) -> None:
    case = new_case(cast, "approval")
    step(client_for(cast.worker), case, "accept")
    step(client_for(cast.worker), case, "submit", note="坡道不占道")
    street = client_for(cast.street)
    assert step(street, case, "decide", verdict="approve").status_code == 422
    assert state(case) == State.SUBMITTED
    step(street, case, "decide", verdict="approve", note="符合规定")
    assert state(case) == State.DECIDED


def test_the_form_asks_what_the_step_needs(cast: Cast, client_for: ClientFor) -> None:
    case = actions.accept_case(new_case(cast), by=cast.worker)
    client = client_for(cast.leader)
    page = client.get(f"/cases/{case.number}/steps/dispatch/").content.decode()
    assert "<html" in page
    assert 'name="to"' in page
    dialog = client.get(f"/cases/{case.number}/steps/dispatch/", **HTMX).content.decode()
    assert dialog.lstrip().startswith("<dialog")
    assert 'value="heating"' in dialog
    merge = client.get(f"/cases/{case.number}/steps/merge/?into=ABC").content.decode()
    assert 'value="ABC"' in merge


def test_what_is_missing_stands_at_the_field_and_what_was_typed_stays(cast: Cast, client_for: ClientFor) -> None:
    case = new_case(cast, "emergency")
    answer = client_for(cast.worker).post(
        f"/cases/{case.number}/steps/report_oral/", {"version": case.version, "note": "写了一半"}, **HTMX
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'aria-invalid="true"' in page
    assert "写了一半" in page
    assert state(case) == State.REPORTED


def test_what_an_action_refuses_stands_at_the_field(cast: Cast, client_for: ClientFor) -> None:
    case = new_case(cast)
    answer = step(client_for(cast.leader), case, "merge", into=case.number)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()


def test_the_slower_of_two_is_told_who_did_what_and_keeps_the_text(cast: Cast, client_for: ClientFor) -> None:
    case = actions.accept_case(new_case(cast), by=cast.worker)
    seen = case.version
    actions.dispatch_case(case, by=cast.community, to=cast.heating, note="请去")
    address = f"/cases/{case.number}/steps/handle/"
    answer = client_for(cast.leader).post(address, {"version": seen, "note": "我自己修好了"}, **HTMX)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert cast.community.name in page
    assert "我自己修好了" in page
    assert f'href="/cases/{case.number}/"' in page
    assert Step.objects.filter(case=case).count() == 3
    case.refresh_from_db()
    again = client_for(cast.leader).post(address, {"version": case.version, "note": "我自己修好了"}, **HTMX)
    assert again["HX-Redirect"] == f"/cases/{case.number}/"
    assert state(case) == State.HANDLED


def test_a_step_that_is_over_can_not_be_asked_for(cast: Cast, client_for: ClientFor) -> None:
    case = actions.accept_case(new_case(cast), by=cast.worker)
    answer = client_for(cast.partner).get(f"/cases/{case.number}/steps/accept/")
    assert answer.status_code == 409
    assert cast.worker.name in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "action", "status"),
    [
        (None, "accept", 302),
        ("worker", "accept", 200),
        ("worker", "dispatch", 403),
        ("district", "accept", 403),
        ("far_worker", "accept", 404),
        ("auditor", "accept", 403),
        ("worker", "confirm", 404),
        ("worker", "nonsense", 404),
    ],
)
def test_who_may_ask_for_a_step(cast: Cast, client_for: ClientFor, who: str | None, action: str, status: int) -> None:
    case = new_case(cast)
    client = client_for(cast.users[who] if who else None)
    assert client.get(f"/cases/{case.number}/steps/{action}/").status_code == status
    if status in (403, 404):
        assert step(client, case, action, note="试试").status_code == status
        assert state(case) == State.REPORTED


def test_a_note_stays_among_staff(cast: Cast, client_for: ClientFor) -> None:
    case = from_resident(cast)
    step(client_for(cast.worker), case, "note", note="晚上才有人")
    assert Step.objects.get(case=case, action="note").note == "晚上才有人"
    assert state(case) == State.REPORTED


def photo(content: bytes = b"", name: str = "lamp.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or picture(), content_type="image/jpeg")


def test_photos_come_with_a_step_and_stand_beside_it(cast: Cast, client_for: ClientFor) -> None:
    case = actions.accept_case(from_resident(cast), by=cast.worker)
    answer = step(client_for(cast.leader), case, "handle", note="换了灯泡", photos=[photo(), photo()])
    assert answer.status_code == 302
    page = client_for(cast.worker).get(f"/cases/{case.number}/").content.decode()
    history = page[page.index("l-timeline") : page.index("</ol>", page.index("l-timeline"))]
    for kept in CasePhoto.objects.filter(case=case):
        address = f"/cases/{case.number}/photos/{kept.pk}/"
        assert f'<img class="l-thumb" src="{address}"' in history
        assert page.count(f'src="{address}"') == 1
        assert client_for(cast.worker).get(address).status_code == 200
        assert client_for(cast.far_worker).get(address).status_code == 404
        assert client_for(cast.auditor).get(address).status_code == 403
        assert client_for(None).get(address).status_code == 302


def test_photos_of_a_note_stand_beside_the_note(cast: Cast, client_for: ClientFor) -> None:
    case = from_resident(cast)
    assert 'name="photos"' in client_for(cast.worker).get(f"/cases/{case.number}/").content.decode()
    step(client_for(cast.worker), case, "note", note="晚上才有人", photos=photo())
    page = client_for(cast.leader).get(f"/cases/{case.number}/").content.decode()
    notes = page[page.index("l-sunk") :]
    assert f"/cases/{case.number}/photos/{CasePhoto.objects.get(case=case).pk}/" in notes


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("content", "said"), [(b"no photo at all", "lamp.jpg"), (b"\x00\x00\x00\x18ftypheic" + b"x" * 40, "HEIC")]
)
def test_a_photo_that_is_none_is_named_at_its_field_and_nothing_is_lost(
    cast: Cast, client_for: ClientFor, headers: dict[str, str], content: bytes, said: str
) -> None:
    case = actions.accept_case(new_case(cast), by=cast.worker)
    data = {"version": case.version, "note": "写了很久的话", "photos": [photo(), photo(content)]}
    answer = client_for(cast.leader).post(f"/cases/{case.number}/steps/handle/", data, **headers)
    assert answer.status_code == 422
    page = answer.content.decode()
    field = page[page.index("data-photo") : page.index("l-dialog-foot")]
    assert said in field[field.index("l-error") :]
    assert "照片要重新选一次" in field
    assert "写了很久的话" in page
    assert not Upload.objects.exists()
    assert state(case) == State.ACCEPTED


def test_more_photos_than_six_and_more_than_we_take_are_refused(
    cast: Cast, client_for: ClientFor, settings: Any
) -> None:
    case = actions.accept_case(new_case(cast), by=cast.worker)
    many = step(client_for(cast.leader), case, "handle", note="换了", photos=[photo() for _one in range(7)])
    assert many.status_code == 422
    settings.LINLI_UPLOAD_MAX_MB = 1
    large = step(client_for(cast.leader), case, "handle", note="换了", photos=photo(picture() + b"x" * 2_000_000))
    assert large.status_code == 422
    assert "1 MB" in large.content.decode().replace("\xa0", " ")
    assert not Upload.objects.exists()


def test_the_slower_of_two_keeps_the_text_and_is_asked_for_the_photos_again(cast: Cast, client_for: ClientFor) -> None:
    case = actions.accept_case(new_case(cast), by=cast.worker)
    seen = case.version
    actions.dispatch_case(case, by=cast.community, to=cast.heating, note="请去")
    data = {"version": seen, "note": "我自己修好了", "photos": photo()}
    answer = client_for(cast.leader).post(f"/cases/{case.number}/steps/handle/", data, **HTMX)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "我自己修好了" in page
    assert "照片要重新选一次" in page
    assert "l-error" not in page
    assert not Upload.objects.exists()


def test_the_form_says_who_will_see_the_photos(cast: Cast, client_for: ClientFor) -> None:
    case = from_resident(cast)
    actions.accept_case(case, by=cast.worker)
    client = client_for(cast.leader)
    assert "只有工作人员看得到" in client.get(f"/cases/{case.number}/steps/handle/").content.decode()
    actions.handle_case(case, by=cast.leader, note="换了")
    assert "居民会和答复一起看到" in client.get(f"/cases/{case.number}/steps/reply/").content.decode()
    alone = actions.handle_case(actions.accept_case(new_case(cast), by=cast.worker), by=cast.leader, note="换了")
    assert "只有工作人员看得到" in client.get(f"/cases/{alone.number}/steps/reply/").content.decode()
