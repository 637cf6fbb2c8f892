from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.assessment.choices import Figure, Span
from linli.assessment.periods import period_of
from linli.cases import actions
from linli.cases.choices import Action
from linli.core import clock
from linli.web.case_words import STEPS, next_step, ordered_steps
from linli.web.links import figure_link
from tests.cast import Cast
from tests.web.cases_data import answered, from_resident, make_late, new_case, presets

ClientFor = Callable[[object], Client]


@pytest.fixture(autouse=True)
def ready(cast: Cast, tuesday: datetime) -> None:
    presets()


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (None, 302),
        ("worker", 200),
        ("district", 200),
        ("department", 200),
        ("volunteer", 200),
        ("administrator", 403),
        ("auditor", 403),
        ("outsider", 403),
    ],
)
def test_who_opens_the_list(cast: Cast, client_for: ClientFor, who: str | None, status: int) -> None:
    assert client_for(cast.users[who] if who else None).get("/cases/").status_code == status


def test_the_list_holds_what_the_post_reaches(cast: Cast, client_for: ClientFor) -> None:
    case = new_case(cast)
    far = new_case(cast, area=cast.far_grid, by=cast.far_worker)
    page = client_for(cast.community).get("/cases/").content.decode()
    assert case.number in page
    assert far.number not in page


def test_each_filter_narrows(cast: Cast, client_for: ClientFor) -> None:
    lamp = new_case(cast, text="路灯坏了")
    stairs = new_case(cast, "approval", text="申请坡道")
    make_late(lamp)
    client = client_for(cast.leader)
    for query, shown, hidden in (
        ("pile=late", lamp, stairs),
        ("mechanism=approval", stairs, lamp),
        (f"category={stairs.category.code}", stairs, lamp),
        (f"under={cast.grid.code}&q=路灯", lamp, stairs),
        (f"q={stairs.number}", stairs, lamp),
    ):
        page = client.get(f"/cases/?{query}").content.decode()
        assert shown.number in page, query
        assert hidden.number not in page, query
    accepted = actions.accept_case(lamp, by=cast.worker)
    page = client.get("/cases/?state=accepted").content.decode()
    assert accepted.number in page
    assert stairs.number not in page


@pytest.mark.parametrize(
    "query", ["page=abc", "at=2026-99-99&figure=new&span=x", "state=no", "under=%00", "at=0001-01-01&figure=new"]
)
def test_nonsense_in_the_address_is_no_error(cast: Cast, client_for: ClientFor, query: str) -> None:
    assert client_for(cast.leader).get(f"/cases/?{query}").status_code in (200, 400)


def test_a_list_without_matches_offers_the_way_back(cast: Cast, client_for: ClientFor) -> None:
    page = client_for(cast.leader).get("/cases/?q=nothing-like-this").content.decode()
    assert "l-nothing" in page
    assert 'href="/cases/"' in page


def test_a_figure_shows_exactly_its_rows(cast: Cast, client_for: ClientFor) -> None:
    recent = new_case(cast)
    month = period_of(Span.MONTH, clock.today())
    with clock.frozen(clock.now() - timedelta(days=40)):
        old = new_case(cast)
    page = client_for(cast.leader).get(figure_link(Figure.NEW, month)).content.decode()
    assert recent.number in page
    assert old.number not in page
    assert str(Figure.NEW.label) in page


def test_district_leaders_read_no_names(cast: Cast, client_for: ClientFor) -> None:
    case = answered(cast, from_resident(cast))
    assert cast.worker.name not in client_for(cast.district).get("/cases/").content.decode()
    page = client_for(cast.district).get(f"/cases/{case.number}/").content.decode()
    for person in ("worker", "leader", "department"):
        assert cast.users[person].name not in page, person
    assert "139" not in page
    assert cast.leader.name in client_for(cast.street).get(f"/cases/{case.number}/").content.decode()


def test_the_number_of_queries_does_not_grow(cast: Cast, client_for: ClientFor) -> None:
    counts = []
    for more in (1, 2):
        for _one in range(more):
            from_resident(cast)
        client = client_for(cast.leader)
        client.get("/cases/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/cases/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_every_step_has_words() -> None:
    assert set(STEPS) == set(Action)


def test_the_first_hour_of_an_emergency_comes_first(cast: Cast) -> None:
    case = new_case(cast, "emergency")
    possible = ["merge", "report_written", "report_oral", "reclassify"]
    assert next_step(case, possible) == Action.REPORT_ORAL
    case.written_at = clock.now()
    assert next_step(case, ["report_written", "dispatch", "note"]) == Action.DISPATCH
    assert ordered_steps(case, ["report_written", "dispatch", "note"]) == ["dispatch", "report_written"]
    assert next_step(case, ["merge", "note"]) == ""
