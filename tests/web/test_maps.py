from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.cases.models import Case
from linli.core import clock
from linli.housing.models import Building
from tests.cast import Cast, middle, square
from tests.web.cases_data import make_late, new_case, presets

ClientFor = Callable[[object], Client]


@pytest.fixture(autouse=True)
def ready(cast: Cast, tuesday: datetime) -> None:
    presets()


def codes(answer: object) -> set[str]:
    """Return the codes of the shapes of an answer."""
    return {feature["properties"]["code"] for feature in answer.json()["features"]}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("who", "page", "cases"),
    [
        (None, 302, 302),
        ("worker", 200, 200),
        ("district", 200, 200),
        ("administrator", 200, 403),
        ("department", 403, 200),
        ("volunteer", 403, 200),
        ("auditor", 403, 403),
    ],
)
def test_who_opens_the_map(cast: Cast, client_for: ClientFor, who: str | None, page: int, cases: int) -> None:
    client = client_for(cast.users[who] if who else None)
    assert client.get("/map/").status_code == page
    assert client.get("/map/areas.geojson").status_code == page
    assert client.get("/map/cases.geojson").status_code == cases


def test_grids_are_those_of_the_post(cast: Cast, client_for: ClientFor) -> None:
    assert codes(client_for(cast.worker).get("/map/areas.geojson")) == {cast.grid.code}
    street = client_for(cast.street)
    assert codes(street.get("/map/areas.geojson")) == {cast.grid.code, cast.other_grid.code, cast.beside_grid.code}
    assert codes(street.get(f"/map/areas.geojson?under={cast.beside_community.code}")) == {cast.beside_grid.code}
    assert codes(street.get(f"/map/areas.geojson?under={cast.far_grid.code}")) == set()
    assert street.get(f"/map/?under={cast.far_grid.code}").status_code == 404


def test_pins_take_the_colour_of_time(cast: Cast, client_for: ClientFor) -> None:
    west, south = middle(0)
    late = new_case(cast)
    fresh = new_case(cast, "approval", longitude=west, latitude=south - 0.002)
    make_late(late)
    Case.objects.filter(pk=fresh.pk).update(due_at=clock.now() + timedelta(days=3))
    emergency = new_case(cast, "emergency", longitude=west - 0.002, latitude=south)
    new_case(cast, area=cast.far_grid, by=cast.far_worker)
    pins = client_for(cast.leader).get("/map/cases.geojson").json()["features"]
    assert {pin["properties"]["url"]: pin["properties"]["tone"] for pin in pins} == {
        f"/cases/{late.number}/": "late",
        f"/cases/{fresh.number}/": "open",
        f"/cases/{emergency.number}/": "late",
    }


def test_pins_that_would_lie_on_each_other_become_one(cast: Cast, client_for: ClientFor) -> None:
    for _case in range(3):
        case = new_case(cast)
    make_late(case)
    [pin] = client_for(cast.leader).get("/map/cases.geojson").json()["features"]
    assert pin["properties"]["count"] == 3
    assert pin["properties"]["tone"] == "late"
    assert pin["properties"]["url"] == f"/cases/?under={cast.grid.code}&state=open"


def test_buildings_of_a_grid(cast: Cast, client_for: ClientFor) -> None:
    place = {"community": cast.community_area, "grid": cast.grid, "path": cast.grid.path, "geometry": square(0)}
    Building.objects.create(name="3号楼", address="黎花园3号楼", **place)
    address = f"/map/buildings.geojson?grid={cast.grid.code}"
    [shape] = client_for(cast.worker).get(address).json()["features"]
    assert shape["properties"]["label"] == "黎花园3号楼"
    assert client_for(cast.far_worker).get(address).status_code == 404
    assert client_for(cast.worker).get("/map/buildings.geojson").status_code == 404


def test_the_page_lists_what_the_map_shows(cast: Cast, client_for: ClientFor) -> None:
    case = new_case(cast)
    far = new_case(cast, area=cast.far_grid, by=cast.far_worker)
    page = client_for(cast.leader).get("/map/").content.decode()
    assert case.number in page
    assert far.number not in page
    assert "l-nothing" in client_for(cast.leader).get(f"/map/?under={cast.other_grid.code}").content.decode()


def test_the_number_of_queries_does_not_grow(cast: Cast, client_for: ClientFor) -> None:
    for address in ("/map/", "/map/cases.geojson"):
        counts = []
        for more in (1, 2):
            for _one in range(more):
                new_case(cast)
            client = client_for(cast.leader)
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            counts.append(len(queries))
        assert counts[0] == counts[1], address
