from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from linli.cases import actions
from linli.cases.choices import State
from linli.cases.models import Case, Step
from linli.core import clock
from tests.cast import Cast
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
