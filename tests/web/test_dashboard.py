from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.cases import actions
from linli.web.views.dashboard import tone_of
from tests.cast import Cast
from tests.web.cases_data import answered, from_resident, make_late, new_case, presets

ClientFor = Callable[[object], Client]
NUMBER = re.compile(r'<a class="l-rows[^"]*" href="(/cases/[^"]*figure=[^"]*)"[^>]*>([\d.]+)')


@pytest.fixture(autouse=True)
def ready(cast: Cast, tuesday: datetime) -> None:
    presets()


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (None, 302),
        ("worker", 200),
        ("community", 200),
        ("district", 200),
        ("department", 403),
        ("volunteer", 403),
        ("administrator", 403),
    ],
)
def test_who_sees_figures(cast: Cast, client_for: ClientFor, who: str | None, status: int) -> None:
    client = client_for(cast.users[who] if who else None)
    assert client.get("/dashboard/").status_code == status
    assert client.get("/dashboard/areas.geojson").status_code == status


def test_a_place_out_of_reach_is_not_there(cast: Cast, client_for: ClientFor) -> None:
    client = client_for(cast.community)
    assert client.get(f"/dashboard/?under={cast.grid.code}").status_code == 200
    assert client.get(f"/dashboard/?under={cast.far_grid.code}").status_code == 404
    assert client.get(f"/dashboard/?under={cast.street_area.code}").status_code == 404
    assert client.get("/dashboard/areas.geojson?under=none").status_code == 404


def test_every_number_opens_exactly_its_rows(cast: Cast, client_for: ClientFor) -> None:
    make_late(new_case(cast))
    case = answered(cast, from_resident(cast))
    actions.check_case(case, by=cast.leader)
    new_case(cast, "on_spot", area=cast.grid)
    new_case(cast, "approval", area=cast.other_grid, by=cast.leader)
    client = client_for(cast.street)
    page = client.get("/dashboard/?span=week&level=grid").content.decode()
    found = NUMBER.findall(page)
    counted = [(address.replace("&amp;", "&"), int(number)) for address, number in found if "." not in number]
    assert len(counted) > 20
    assert sum(number for _address, number in counted) > 10
    for address, number in counted:
        rows = client.get(address).context["page"].paginator.count
        assert rows == number, address


def test_the_periods_differ(cast: Cast, client_for: ClientFor) -> None:
    new_case(cast)
    client = client_for(cast.leader)
    now = client.get("/dashboard/?span=month").context["totals"][0]
    before = client.get("/dashboard/?span=month&at=2026-10-01").context["totals"][0]
    assert (now.value, before.value) == (1, 0)
    assert client.get("/dashboard/?span=day&at=9999-99-99").context["asked"].period.span == "month"


def test_places_stand_in_the_order_of_codes(cast: Cast, client_for: ClientFor) -> None:
    for _case in range(2):
        new_case(cast, area=cast.other_grid, by=cast.leader)
    lines = client_for(cast.community).get("/dashboard/").context["by_area"]
    assert [line.note for line in lines] == [cast.grid.code, cast.other_grid.code]
    assert [line.cells[0].value for line in lines] == [0, 2]


def test_district_leaders_see_streets_and_no_names(cast: Cast, client_for: ClientFor) -> None:
    new_case(cast)
    answer = client_for(cast.district).get("/dashboard/")
    assert [line.note for line in answer.context["by_area"]] == [cast.far_street.code, cast.street_area.code]
    assert cast.worker.name not in answer.content.decode()


def test_the_map_takes_the_tones_of_the_rate(cast: Cast, client_for: ClientFor) -> None:
    answered(cast, from_resident(cast))
    shapes = client_for(cast.community).get("/dashboard/areas.geojson").json()["features"]
    tones = {shape["properties"]["code"]: shape["properties"].get("tone") for shape in shapes}
    assert tones == {cast.grid.code: "far-above", cast.other_grid.code: None}


@pytest.mark.parametrize(
    ("value", "tone"),
    [
        (None, ""),
        (0.0, "far-below"),
        (79.9, "far-below"),
        (80.0, "below"),
        (90.0, "above"),
        (95.0, "well-above"),
        (98.0, "far-above"),
    ],
)
def test_tones_change_at_their_limits(value: float | None, tone: str) -> None:
    assert tone_of(value) == tone


def test_the_number_of_queries_does_not_grow(cast: Cast, client_for: ClientFor) -> None:
    counts = []
    for more in (1, 2):
        for _one in range(more):
            new_case(cast)
        client = client_for(cast.leader)
        client.get("/dashboard/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/dashboard/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
