"""Areas and “which grid is this”: what everybody may ask without an account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.accounts.rules import SYSTEM
from linli.areas.actions import appoint
from linli.areas.models import Area
from linli.housing.actions import NewBuilding, add_building, add_compound
from tests.api.conftest import Program
from tests.cast import Cast, middle
from tests.web.ledgers import settle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

SHANGHAI_BUND = {"lon": 121.49, "lat": 31.24}


@pytest.fixture
def visitor(cast: Cast) -> Program:
    return Program(None)


def codes(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content.decode()
    return [area["code"] for area in answer.json()["items"]]


def test_the_tree_is_listed_from_the_root_down(visitor: Program, cast: Cast) -> None:
    assert codes(visitor.get("areas")) == sorted(area.code for area in cast.areas.values())
    below = codes(visitor.get("areas", under=cast.street_area.code))
    assert cast.grid.code in below
    assert cast.far_grid.code not in below
    assert codes(visitor.get("areas", under=cast.community_area.code, level="grid")) == [
        cast.grid.code,
        cast.other_grid.code,
    ]


def test_an_area_says_where_it_lies_and_how_many_live_there(visitor: Program, cast: Cast) -> None:
    settle(cast)
    expected = {
        "code": cast.grid.code,
        "name": "第一网格",
        "level": "grid",
        "kind": "residential",
        "parent": cast.community_area.code,
        "households": 2,
    }
    assert visitor.get(f"areas/{cast.grid.code}").json() == expected
    listed = visitor.get("areas", under=cast.grid.code).json()["items"]
    assert listed == [expected]
    assert visitor.get(f"areas/{cast.province_area.code}").json()["parent"] is None
    assert visitor.get(f"areas/{cast.far_grid.code}").json()["households"] == 0


def test_pages_follow_each_other_and_end(visitor: Program, cast: Cast) -> None:
    first = visitor.get("areas", page_size=5).json()
    assert (first["page"], first["page_size"], first["next"]) == (1, 5, 2)
    seen: list[str] = []
    page: int | None = 1
    while page is not None:
        answer = visitor.get("areas", page_size=5, page=page).json()
        seen += [area["code"] for area in answer["items"]]
        page = answer["next"]
    assert seen == sorted(area.code for area in cast.areas.values())
    assert visitor.get("areas", page=99).json()["items"] == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"page": 0}, "page"),
        ({"page": "x"}, "page"),
        ({"page_size": 201}, "page_size"),
        ({"page_size": 0}, "page_size"),
        ({"level": "planet"}, "level"),
    ],
)
def test_a_wrong_question_is_named(visitor: Program, query: dict[str, Any], field: str) -> None:
    answer = visitor.get("areas", **query)
    assert answer.status_code == 422
    assert [error["field"].rpartition(".")[2] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("path", ["areas/999", "areas?under=999", "areas.geojson?under=999"])
def test_an_unknown_code_is_not_found(visitor: Program, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_boundaries_come_as_geojson(visitor: Program, cast: Cast) -> None:
    answer = visitor.get("areas.geojson", under=cast.community_area.code, level="grid")
    assert answer["Content-Type"] == "application/geo+json"
    collection = answer.json()
    assert collection["type"] == "FeatureCollection"
    shapes = {feature["properties"]["code"]: feature["geometry"] for feature in collection["features"]}
    assert shapes == {area.code: area.geometry for area in (cast.grid, cast.other_grid)}


def test_a_closed_area_is_in_no_list(visitor: Program, cast: Cast) -> None:
    Area.objects.filter(pk=cast.grid.pk).update(closed_on="2025-01-01")
    assert cast.grid.code not in codes(visitor.get("areas"))
    shapes = visitor.get("areas.geojson").json()["features"]
    assert cast.grid.code not in {feature["properties"]["code"] for feature in shapes}


def test_a_position_gives_grid_community_and_board(visitor: Program, cast: Cast) -> None:
    lon, lat = middle(0)
    found = visitor.get("locate", lon=lon, lat=lat).json()
    assert (found["grid"]["code"], found["community"]["code"]) == (cast.grid.code, cast.community_area.code)
    assert found["board"] == {
        "name": "李文静",
        "phone": cast.posts["worker"].board_phone,
        "duties": cast.posts["worker"].duties,
        "supervision_phone": "0355-000-0300",
    }
    assert found["matches"] == []


def test_a_grid_that_nobody_serves_has_no_board(visitor: Program, cast: Cast) -> None:
    for name in ("worker", "partner", "leader", "community", "street"):
        appoint(cast.posts[name], None, by=SYSTEM)
    lon, lat = middle(0)
    assert visitor.get("locate", lon=lon, lat=lat).json()["board"] is None


@pytest.mark.parametrize(
    "query",
    [
        SHANGHAI_BUND,
        {"lon": 0, "lat": 0},
        {"lon": -77.03, "lat": 38.9},
        {"lon": 113.1},
        {},
        {"address": "没有这个地方"},
    ],
)
def test_outside_every_grid_nothing_is_found(visitor: Program, query: dict[str, Any]) -> None:
    assert visitor.get("locate", **query).status_code == 404


@pytest.mark.parametrize("query", [{"lon": 181, "lat": 36}, {"lon": 113, "lat": "north"}, {"lon": "nan", "lat": 36}])
def test_what_is_no_position_is_refused(visitor: Program, query: dict[str, Any]) -> None:
    answer = visitor.get("locate", **query)
    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_an_address_gives_the_grid_of_its_building_and_never_a_home(visitor: Program, cast: Cast) -> None:
    settle(cast)
    found = visitor.get("locate", address="黎花园3号楼2单元501").json()
    assert found["grid"]["code"] == cast.grid.code
    assert found["matches"][0] == {"address": "黎花园3号楼", "code": cast.grid.code}
    everywhere = visitor.get("locate", address="黎花园").json()["matches"]
    assert {match["code"] for match in everywhere} == {cast.grid.code, cast.other_grid.code}
    assert all(set(match) == {"address", "code"} for match in everywhere)
    assert not any("501" in match["address"] for match in everywhere)


def test_a_building_without_a_grid_is_no_match(visitor: Program, cast: Cast) -> None:
    compound = add_compound(cast.community_area, "未划片小区", by=SYSTEM)
    add_building(NewBuilding(cast.community_area, "1号楼", compound=compound), by=SYSTEM)
    assert visitor.get("locate", address="未划片小区1号楼").status_code == 404


def test_too_many_questions_from_one_address_are_slowed_down(visitor: Program, cast: Cast) -> None:
    lon, lat = middle(0)
    statuses = [visitor.get("locate", lon=lon, lat=lat).status_code for _number in range(121)]
    assert statuses == [200] * 120 + [429]
    refused = visitor.get("areas")
    assert (refused.status_code, int(refused["Retry-After"]) > 0) == (429, True)


def test_a_list_costs_the_same_with_one_row_and_with_three(cast: Cast) -> None:
    visitor = Program(None)
    paths: dict[str, Callable[[str], Any]] = {
        "areas": lambda under: visitor.get("areas", under=under),
        "areas.geojson": lambda under: visitor.get("areas.geojson", under=under),
    }
    for name, ask in paths.items():
        costs = []
        for under in (cast.grid.code, cast.community_area.code):
            ask(under)
            with CaptureQueriesContext(connection) as queries:
                assert ask(under).status_code == 200
            costs.append(len(queries))
        assert costs[0] == costs[1], name
