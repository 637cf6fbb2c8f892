"""Errors are problem documents; the description of the interface lists exactly what there is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.api.conftest import Program
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

Programs = Callable[[Any], Program]
FIXED = {
    "/areas": {"get"},
    "/areas/{code}": {"get"},
    "/areas.geojson": {"get"},
    "/locate": {"get"},
    "/cases": {"get", "post"},
    "/cases/{number}": {"get"},
    "/cases/{number}/history": {"get"},
    "/cases/{number}/actions/{action}": {"post"},
    "/reports": {"post"},
    "/reports/{token}": {"get"},
    "/reports/{token}/reply": {"post"},
    "/people": {"get"},
    "/people/{person_id}": {"get"},
    "/households/{number}": {"get"},
    "/dwellings": {"get"},
    "/units": {"get"},
    "/units/{unit_id}": {"get"},
}


def problem_of(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.content.decode()
    assert answer["Content-Type"].startswith("application/problem+json")
    document: dict[str, Any] = json.loads(answer.content)
    assert (document["type"], document["status"]) == ("about:blank", status)
    assert re.search(r"[\u4e00-\u9fff]", document["title"]), "the title speaks the language of the visitor"
    return document


def test_every_kind_of_error_is_a_problem_document(presets: Cast, program: Programs) -> None:
    worker, outsider, visitor = program(presets.worker), program(presets.outsider), Program(None)
    case = {"category": "heating", "mechanism": "coordination", "text": "暖气不热", "area": presets.grid.code}
    number = worker.post("cases", case).json()["number"]
    problem_of(visitor.get("cases"), 401)
    problem_of(outsider.get("cases"), 403)
    problem_of(worker.get("cases/NOSUCH"), 404)
    problem_of(worker.get("nothing/here"), 404)
    problem_of(visitor.post("nothing/here", {}), 404)
    conflict = problem_of(worker.post(f"cases/{number}/actions/reply", {"version": 9, "note": "好"}), 409)
    assert {"state", "by", "at"} <= set(conflict)
    wrong = problem_of(worker.post("cases", case | {"text": ""}), 422)
    assert [set(error) for error in wrong["errors"]] == [{"field", "message"}]
    for _number in range(60):
        visitor.get("reports/x")
    problem_of(visitor.get("reports/x"), 429)


def test_more_than_we_take_is_said_so(presets: Cast, program: Programs) -> None:
    large = json.dumps({"text": "x" * 5_000_000})
    assert problem_of(Client().post("/api/v1/reports", large, content_type="application/json"), 413)
    unreadable = Client().post("/api/v1/reports", b"rubbish", content_type="multipart/form-data; boundary=")
    problem_of(unreadable, 400)


EVERY_METHOD = {"get", "post", "put", "patch", "delete", "options"}


@pytest.mark.parametrize("path", FIXED)
def test_a_wrong_method_is_told_which_are_right(presets: Cast, program: Programs, path: str) -> None:
    caller = program(presets.worker)
    address = "/api/v1" + re.sub(r"{\w+}", "1", path)
    for method in EVERY_METHOD - FIXED[path]:
        answer = caller.client.generic(method.upper(), address, headers=caller.headers)
        document = problem_of(answer, 405)
        allowed = {name.strip().lower() for name in answer["Allow"].split(",")}
        assert allowed == FIXED[path]
        assert method.upper() in document["title"]


def test_a_wrong_method_elsewhere_is_a_problem_document_too(presets: Cast) -> None:
    answer = Client(enforce_csrf_checks=True).post("/healthz")
    problem_of(answer, 405)
    assert "GET" in answer["Allow"]
    assert Client().head("/healthz").status_code in (200, 503)
    assert Client().head("/api/v1/areas").status_code == 405


@pytest.mark.parametrize("path", ["/api/", "/api/v1/", "/api/v2/cases", "/api/v1/nothing"])
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_addresses_without_a_call_are_not_found(presets: Cast, path: str, method: str) -> None:
    problem_of(Client().generic(method, path), 404)


@pytest.mark.parametrize(
    "address", ["/api/v1/areas/%00", "/api/v1/areas?under=%00", "/api/v1/people?q=%00", "/api/v1/%00", "/healthz?%00"]
)
def test_a_nul_byte_in_an_address_is_a_problem_document(presets: Cast, address: str) -> None:
    problem_of(Client().get(address), 400)
    english = Client()
    english.cookies["linli_language"] = "en"
    assert english.get(address).json()["title"].startswith("This request can't be read.")


def test_a_fault_on_our_side_is_a_problem_document(presets: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_values: Any, **_named: Any) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("linli.api.areas.household_counts", broken)
    answer = Client(raise_request_exception=False).get(f"/api/v1/areas/{presets.grid.code}")
    problem_of(answer, 500)
    assert "secret" not in answer.content.decode()


@pytest.mark.parametrize("rubbish", [b"", b"{", b"\xff\xfe", b"[]", b"null", b"[" * 5000, b'"x"', b"\x00"])
def test_rubbish_for_staff_is_answered_too(presets: Cast, program: Programs, rubbish: bytes) -> None:
    caller = program(presets.worker)
    answer = caller.client.post("/api/v1/cases", rubbish, content_type="application/json", headers=caller.headers)
    assert answer.status_code in (400, 422)
    assert answer["Content-Type"].startswith("application/problem+json")


@pytest.mark.parametrize(("field", "text"), [("place", "楼\x00下"), ("place", "\ud800"), ("category", "heat\x00")])
def test_what_can_not_be_stored_is_refused(presets: Cast, program: Programs, field: str, text: str) -> None:
    case = {"category": "heating", "mechanism": "coordination", "text": "暖气不热", "area": presets.grid.code}
    errors = problem_of(program(presets.worker).post("cases", case | {field: text}), 422)["errors"]
    assert [error["field"].rpartition(".")[2] for error in errors] == [field]


def test_english_is_spoken_to_who_chose_it(presets: Cast) -> None:
    client = Client()
    client.cookies["linli_language"] = "en"
    assert client.get("/api/v1/cases").json()["title"] == "Sign in, or send a Bearer token."


@pytest.fixture
def description(db: None) -> dict[str, Any]:
    answer = Client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    return json.loads(answer.content)  # type: ignore[no-any-return]


def parts(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every object inside a JSON document."""
    if isinstance(value, dict):
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        yield from parts(one)


def test_the_description_lists_exactly_the_fixed_calls(description: dict[str, Any]) -> None:
    listed = {path.removeprefix("/api/v1"): set(calls) for path, calls in description["paths"].items()}
    assert listed == FIXED


def test_the_description_holds_together(description: dict[str, Any]) -> None:
    assert description["openapi"].startswith("3.")
    assert description["info"]["title"]
    known = {f"#/components/schemas/{name}" for name in description["components"]["schemas"]}
    assert {part["$ref"] for part in parts(description) if isinstance(part.get("$ref"), str)} <= known
    ids = []
    for path, calls in description["paths"].items():
        for call in calls.values():
            ids.append(call["operationId"])
            assert call["responses"], path
            given = {one["name"] for one in call.get("parameters", []) if one["in"] == "path"}
            assert given == set(re.findall(r"{(\w+)}", path))
    assert len(set(ids)) == len(ids)


def test_the_body_of_a_report_is_described(description: dict[str, Any]) -> None:
    body = description["paths"]["/api/v1/reports"]["post"]["requestBody"]["content"]
    assert set(body) == {"application/json", "multipart/form-data"}
    assert {"category", "text", "lon", "lat", "address", "contact"} <= set(
        body["application/json"]["schema"]["properties"]
    )


def test_the_architecture_names_the_same_calls(description: dict[str, Any]) -> None:
    text = (Path(__file__).parents[2] / "docs" / "architecture.md").read_text(encoding="utf-8")
    told = {
        (method.lower(), re.sub(r"\?.*", "", address))
        for method, address in re.findall(r"`(GET|POST) ([a-z][\w./{}?=&]*)`", text)
    }
    names = {"person_id": "id", "unit_id": "id"}
    listed = {
        (method, re.sub(r"{(\w+)}", lambda found: f"{{{names.get(found[1], found[1])}}}", path[1:]))
        for path, methods in FIXED.items()
        for method in methods
    }
    assert listed <= told
