from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.accounts.rules import SYSTEM
from linli.areas.actions import add_area
from linli.areas.choices import AreaKind, Level
from linli.housing.models import Building
from tests.cast import Cast
from tests.web.cases_data import make_late, new_case, presets

ClientFor = Callable[[object], Client]


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
        ("administrator", 200),
        ("department", 403),
        ("volunteer", 403),
        ("auditor", 403),
    ],
)
def test_who_opens_grids(cast: Cast, client_for: ClientFor, who: str | None, status: int) -> None:
    client = client_for(cast.users[who] if who else None)
    assert client.get("/grids/").status_code == status
    assert client.get(f"/grids/{cast.grid.code}/").status_code == status


def test_the_list_holds_the_grids_of_the_post_in_the_order_of_codes(cast: Cast, client_for: ClientFor) -> None:
    make_late(new_case(cast))
    new_case(cast)
    rows = client_for(cast.street).get("/grids/").context["rows"]
    assert [(row.grid.code, row.worker, row.open, row.late) for row in rows] == [
        (cast.beside_grid.code, "", 0, 0),
        (cast.grid.code, cast.worker.name, 2, 1),
        (cast.other_grid.code, "", 0, 0),
    ]
    assert [row.grid for row in client_for(cast.worker).get("/grids/").context["rows"]] == [cast.grid]


def test_the_list_is_narrowed_by_name_and_place(cast: Cast, client_for: ClientFor) -> None:
    client = client_for(cast.street)
    named = client.get("/grids/", {"q": "第二"}).context["rows"]
    assert [row.grid for row in named] == [cast.other_grid]
    below = client.get("/grids/", {"under": cast.beside_community.code}).context["rows"]
    assert [row.grid for row in below] == [cast.beside_grid]
    assert "l-nothing" in client.get("/grids/", {"q": "没有这个"}).content.decode()


def test_district_leaders_read_posts_instead_of_names(cast: Cast, client_for: ClientFor) -> None:
    client = client_for(cast.district)
    assert cast.worker.name not in client.get("/grids/").content.decode()
    assert cast.worker.name not in client.get(f"/grids/{cast.grid.code}/").content.decode()


def test_the_page_of_a_grid(cast: Cast, client_for: ClientFor) -> None:
    case = new_case(cast)
    place = {"community": cast.community_area, "grid": cast.grid, "path": cast.grid.path}
    Building.objects.create(name="3号楼", address="黎花园3号楼", **place)
    page = client_for(cast.community).get(f"/grids/{cast.grid.code}/").content.decode()
    for shown in (case.number, "黎花园3号楼", cast.worker.name, cast.partner.name, cast.leader.name):
        assert shown in page, shown
    assert cast.street.name not in page


def test_what_is_no_grid_of_mine_is_not_there(cast: Cast, client_for: ClientFor) -> None:
    client = client_for(cast.community)
    assert client.get(f"/grids/{cast.far_grid.code}/").status_code == 404
    assert client.get(f"/grids/{cast.community_area.code}/").status_code == 404
    assert client.get("/grids/none/").status_code == 404


def test_the_number_of_queries_does_not_grow(cast: Cast, client_for: ClientFor) -> None:
    counts = []
    for more in (0, 2):
        for number in range(more):
            add_area(
                code=f"14040300700290{number}",
                name=f"新{number}",
                level=Level.GRID,
                kind=AreaKind.RESIDENTIAL,
                parent=cast.community_area,
                by=SYSTEM,
            )
        client = client_for(cast.leader)
        client.get("/grids/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/grids/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(("who", "linked"), [("street", True), ("administrator", False)])
def test_cases_are_linked_only_for_those_who_may_open_them(
    cast: Cast, client_for: ClientFor, who: str, linked: bool
) -> None:
    client = client_for(cast.users[who])
    for address in ("/grids/", f"/grids/{cast.grid.code}/"):
        assert (f"/cases/?under={cast.grid.code}" in client.get(address).content.decode()) is linked


def test_the_way_to_the_ledger_names_the_grid(cast: Cast, client_for: ClientFor) -> None:
    page = client_for(cast.worker).get(f"/grids/{cast.grid.code}/").content.decode()
    assert f'href="/households/?under={cast.grid.code}"' in page
