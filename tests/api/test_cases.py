"""Cases through the interface: the four paths, who may, conflicts, and rubbish."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest

from linli.cases.models import Case, Category
from tests.api.conftest import Program
from tests.cast import Cast, middle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

Programs = Callable[[Any], Program]


def category(mechanism: str) -> str:
    return Category.objects.filter(mechanism=mechanism, children=None, is_active=True).order_by("position")[0].code


def new_case(cast: Cast, usual: str, **values: Any) -> dict[str, Any]:
    return {
        "category": category(usual),
        "mechanism": usual,
        "text": "三单元门口路灯不亮",
        "area": cast.grid.code,
        **values,
    }


def act(program: Program, case: dict[str, Any], action: str, **values: Any) -> Any:
    return program.post(f"cases/{case['number']}/actions/{action}", {"version": case["version"], **values})


def test_co_ordination_from_report_to_close(presets: Cast, program: Programs) -> None:
    worker, leader, officer = program(presets.worker), program(presets.leader), program(presets.department)
    made = worker.post("cases", new_case(presets, "coordination"))
    assert made.status_code == 201
    case = made.json()
    assert (case["state"], case["owner"]["username"]) == ("reported", "worker")
    assert "accept" in case["can"]
    for program_, action, values, state in (
        (worker, "accept", {}, "accepted"),
        (leader, "dispatch", {"to": "heating"}, "dispatched"),
        (officer, "handle", {"note": "换了灯泡"}, "handled"),
        (officer, "reply", {"note": "路灯修好了"}, "replied"),
        (leader, "check", {"note": "去看过,亮了"}, "closed"),
    ):
        answer = act(program_, case, action, **values)
        assert answer.status_code == 200, answer.content.decode()
        case = answer.json()
        assert case["state"] == state
    steps = leader.get(f"cases/{case['number']}/history").json()
    assert [step["action"] for step in steps] == ["report", "accept", "dispatch", "handle", "reply", "check"]
    assert steps[0]["from"] is None
    assert all(before["to"] == after["from"] for before, after in pairwise(steps))


def test_on_the_spot_is_one_step(presets: Cast, program: Programs) -> None:
    case = program(presets.worker).post("cases", new_case(presets, "on_spot")).json()
    assert case["state"] == "closed"
    assert len(program(presets.worker).get(f"cases/{case['number']}/history").json()) == 1


def test_an_emergency_has_one_hour_from_discovery_and_needs_a_written_report(
    presets: Cast, program: Programs, tuesday: datetime
) -> None:
    worker, leader = program(presets.worker), program(presets.leader)
    body = new_case(presets, "emergency", discovered_at="2026-11-24T09:58:00+08:00")
    case = worker.post("cases", body).json()
    assert datetime.fromisoformat(case["due_at"]) == datetime.fromisoformat("2026-11-24T10:58:00+08:00")
    refused = act(leader, case, "handle", note="关了阀门")
    assert refused.status_code == 409
    case = act(
        worker, case, "report_oral", told="社区 郭建英", told_at="2026-11-24T10:01:00+08:00", note="燃气味"
    ).json()
    case = act(worker, case, "report_written", note="首报:二单元燃气异味,已疏散").json()
    assert case["state"] == "written_reported"
    assert act(leader, case, "handle", note="燃气公司已修复").json()["state"] == "handled"


def test_an_approval_is_decided_before_it_is_answered(presets: Cast, program: Programs) -> None:
    worker, street = program(presets.worker), program(presets.street)
    case = worker.post("cases", new_case(presets, "approval")).json()
    case = act(worker, case, "accept").json()
    assert act(worker, case, "reply", note="可以").status_code == 409
    case = act(worker, case, "submit", note="楼门口有三级台阶").json()
    assert act(worker, case, "decide", verdict="approve", note="同意").status_code == 403
    assert act(street, case, "decide", verdict="approve").status_code == 422
    case = act(street, case, "decide", verdict="approve", note="同意加装").json()
    assert case["state"] == "decided"
    assert act(worker, case, "reply", note="街道同意加装坡道").json()["state"] == "replied"


def test_the_second_of_two_officers_is_told_who_did_what(presets: Cast, program: Programs) -> None:
    worker, leader, street = program(presets.worker), program(presets.leader), program(presets.street)
    case = worker.post("cases", new_case(presets, "coordination")).json()
    case = act(worker, case, "accept").json()
    assert act(leader, case, "dispatch", to="heating").status_code == 200
    late = act(street, case, "dispatch", to="heating")
    assert late.status_code == 409
    problem = late.json()
    assert late["Content-Type"].startswith("application/problem+json")
    assert (problem["state"], problem["by"]) == ("dispatched", "leader")
    assert problem["at"]
    assert Case.objects.get(number=case["number"]).steps.count() == 3


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"category": "no-such"}, "category"),
        ({"area": "999"}, "area"),
        ({"area": None}, "area"),
        ({"area": None, "lon": 121.47, "lat": 31.23}, "area"),
        ({"area": None, "lon": 1e9, "lat": 36.1}, "body.lon"),
        ({"text": ""}, "text"),
        ({"text": "长" * 5000}, "text"),
        ({"text": "x" * 1_000_000}, "body.text"),
        ({"text": "有\x00字"}, "text"),
        ({"mechanism": "magic"}, "body.mechanism"),
        ({"discovered_at": "yesterday"}, "body.discovered_at"),
        ({"discovered_at": "2027-01-01T00:00:00+08:00"}, "discovered_at"),
    ],
)
def test_bad_input_is_named_by_field(presets: Cast, program: Programs, values: dict[str, Any], field: str) -> None:
    answer = program(presets.worker).post("cases", new_case(presets, "coordination", **values))
    assert answer.status_code == 422
    assert field.removeprefix("body.") in [error["field"].rpartition(".")[2] for error in answer.json()["errors"]]
    assert not Case.objects.exists()


def test_a_position_gives_the_grid(presets: Cast, program: Programs) -> None:
    lon, lat = middle(1)
    body = new_case(presets, "coordination", area=None, lon=lon, lat=lat)
    case = program(presets.leader).post("cases", body).json()
    assert (case["area"], case["owner"]["username"]) == (presets.other_grid.code, "leader")


def test_lists_are_scoped_and_paged(presets: Cast, program: Programs) -> None:
    worker = program(presets.worker)
    for _number in range(3):
        worker.post("cases", new_case(presets, "coordination"))
    page = worker.get("cases", page_size=2).json()
    assert (len(page["items"]), page["next"]) == (2, 2)
    assert worker.get("cases", page_size=2, page=2).json()["next"] is None
    assert program(presets.far_worker).get("cases").json()["items"] == []
    assert worker.get("cases", page_size=201).status_code == 422
    assert worker.get("cases", page=10**12).status_code == 422
    assert program(presets.district).get("cases", under=presets.grid.code).json()["items"] != []
    assert worker.get("cases", under=presets.far_grid.code).json()["items"] == []


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_costs_as_many_queries_with_one_row_as_with_three(
    presets: Cast, program: Programs, rows: int, django_assert_max_num_queries: Any
) -> None:
    worker = program(presets.worker)
    for _number in range(rows):
        worker.post("cases", new_case(presets, "coordination"))
    with django_assert_max_num_queries(12):
        assert len(worker.get("cases").json()["items"]) == rows


def test_staff_are_not_named_to_the_district(presets: Cast, program: Programs) -> None:
    case = program(presets.worker).post("cases", new_case(presets, "coordination")).json()
    act(program(presets.worker), case, "accept")
    for username, named in (("leader", True), ("district", False)):
        caller = program(presets.users[username])
        answers = [caller.get(path) for path in ("cases", f"cases/{case['number']}", f"cases/{case['number']}/history")]
        assert [answer.status_code for answer in answers] == [200, 200, 200]
        told = json.dumps([answer.json() for answer in answers], ensure_ascii=False)
        for trace in ("李文静", '"username": "worker"', '"by": "worker"'):
            assert (trace in told) is named
        assert answers[1].json()["owner"]["role"] == "worker"
