"""The pages of the coverage check, of the reasons for sizes, and of the sizes themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from linli.accounts.rules import SYSTEM
from linli.areas.actions import add_area, set_band, set_boundary
from linli.areas.bands import band_of
from linli.areas.choices import AreaKind, Level
from linli.areas.models import Area, SizeReason
from linli.assessment.actions import count_coverage, coverage_changed
from linli.core import clock
from linli.housing.actions import NewBuilding, add_building, add_planned, assign_grid
from linli.housing.values import PlannedValues
from tests.assessment.test_coverage import rectangle
from tests.cast import Cast, middle
from tests.people.homes import Homes, make_homes
from tests.web.counting import queries_of

pytestmark = pytest.mark.usefixtures("tuesday")
ClientFor = Callable[[object], Client]
PAGE, ROWS = "/grids/coverage/", "/grids/coverage/rows/"


@pytest.fixture
def homes(cast: Cast) -> Homes:
    return make_homes(cast)


def text_of(response: Any) -> str:
    return response.content.decode()


def english(client: Client) -> Client:
    client.cookies["linli_language"] = "en"
    return client


def test_the_one_number_stands_at_every_level(homes: Homes, client_for: ClientFor) -> None:
    cast = homes.cast
    client = client_for(cast.administrator)
    assert "还没统计" in text_of(client.get(PAGE))
    count_coverage(clock.now(), seconds=60)
    shown = "<b>66.7%</b> <small>2 ÷ 3</small>"
    for code in ("", cast.street_area.code, cast.community_area.code):
        assert shown in text_of(client.get(f"{PAGE}?under={code}")), code
    page = text_of(client.get(f"{PAGE}?under={cast.community_area.code}"))
    assert "<b>100.0%</b> <small>2 ÷ 2</small>" in page
    assert "<b>0.0%</b> <small>0 ÷ 1</small>" in page
    assert f"{PAGE}?under={cast.grid.code}" in page


def test_what_was_mended_is_gone_at_once_in_its_community(homes: Homes, client_for: ClientFor) -> None:
    cast = homes.cast
    assign_grid(homes.buildings[0], None, by=cast.leader)
    client = english(client_for(cast.leader))
    address = f"{ROWS}?under={cast.community_area.code}&kind=no_grid"
    page = text_of(client.get(address))
    assert "兴泰家园1号楼" in page
    assert f"/buildings/{homes.buildings[0].pk}/change/" in page or "Choose its grid" in page
    assign_grid(homes.buildings[0], cast.grid, by=cast.leader)
    assert "Nothing of this kind" in text_of(client.get(address))


def test_every_kind_says_what_it_found(homes: Homes, client_for: ClientFor) -> None:
    cast = homes.cast
    client = english(client_for(cast.administrator))
    put = homes.buildings[0]
    put.longitude, put.latitude = middle(1)
    put.save()
    set_boundary(cast.other_grid, rectangle(0.9, 2.1), by=SYSTEM)
    set_boundary(cast.beside_grid, rectangle(2.2, 3), by=SYSTEM)
    band = {"target": 2, "planned_low": 2, "planned_high": 3, "warned_low": 2, "warned_high": 100}
    set_band("residential", "households", band, by=SYSTEM)
    add_planned(PlannedValues("锦绣苑", 200, date(2027, 6, 1), *middle(0)), by=SYSTEM)
    add_area(code="140403007009", name="南关社区", level=Level.COMMUNITY, parent=cast.street_area, by=SYSTEM)
    add_area(
        code="140403007002009", name="第九网格", level=Level.GRID, kind="special", parent=cast.community_area, by=SYSTEM
    )
    count_coverage(clock.now(), seconds=60)
    told = {
        "gap": "1 place, ",
        "two_grids": "on the map in 第二网格",
        "no_worker": "Appoint somebody",
        "size": "1 household; 2 to 100 are asked",
        "not_drawn": "第九网格",
        "undivided": "南关社区",
        "forecast": "第一网格: 202 households in June 2027 · now 2; at most 100 are asked",
    }
    overview = text_of(client.get(PAGE))
    for kind, words in told.items():
        assert f"kind={kind}" in overview, kind
        assert words in text_of(client.get(f"{ROWS}?kind={kind}")), kind
    assert client.get(f"{ROWS}?kind=religion").status_code == 404
    assert client.get(f"{ROWS}?under=nowhere&kind=gap").status_code == 404


def test_the_map_has_the_gaps_over_the_places(cast: Cast, client_for: ClientFor) -> None:
    client = client_for(cast.administrator)
    count_coverage(clock.now(), seconds=60)
    assert "<linli-map" not in text_of(client.get(PAGE))
    set_boundary(cast.other_grid, rectangle(1.2, 2), by=SYSTEM)
    code = cast.community_area.code
    assert "<linli-map" in text_of(client.get(f"{PAGE}?under={code}"))
    features = client.get(f"/grids/coverage/shapes.geojson?under={code}").json()["features"]
    assert [row["properties"]["name"] for row in features][:2] == ["第一网格", "第二网格"]
    assert features[2]["properties"]["tone"] == "far-below"
    assert features[2]["geometry"]["type"] == "MultiPolygon"
    assert len(client.get(f"/grids/coverage/shapes.geojson?under={code}&kind=overlap").json()["features"]) == 2
    assert client.get("/grids/coverage/shapes.geojson?kind=x").status_code == 404


def test_a_gap_leads_who_may_plan_to_a_new_draft(cast: Cast, client_for: ClientFor) -> None:
    set_boundary(cast.other_grid, rectangle(1.2, 2), by=SYSTEM)
    address = f"{ROWS}?under={cast.community_area.code}&kind=gap"
    words = "Draw its grids anew"
    assert words in text_of(english(client_for(cast.leader)).get(address))
    assert words not in text_of(english(client_for(cast.auditor)).get(address))


def test_larger_places_can_be_counted_anew(cast: Cast, client_for: ClientFor) -> None:
    count_coverage(clock.now(), seconds=60)
    client = english(client_for(cast.street))
    answer = client.post(f"/grids/coverage/count/?under={cast.street_area.code}")
    assert answer["Location"] == f"{PAGE}?under={cast.street_area.code}"
    assert "being counted anew" in text_of(client.get(PAGE))
    count_coverage(clock.now(), seconds=60)
    assert "being counted anew" not in text_of(client.get(PAGE))


@pytest.mark.parametrize(
    ("who", "place", "kind"), [("leader", "community_area", "no_grid"), ("administrator", "", "no_grid")]
)
def test_rows_cost_the_same_for_one_and_three(
    homes: Homes, client_for: ClientFor, who: str, place: str, kind: str
) -> None:
    cast = homes.cast
    address = f"{ROWS}?under={cast.areas[place].code if place else ''}&kind={kind}"
    counts = []
    for more in (1, 2):
        for number in range(more):
            add_building(NewBuilding(cast.community_area, f"新{more}{number}号楼"), by=SYSTEM)
        count_coverage(clock.now(), seconds=60)
        coverage_changed([cast.community_area.path])
        count_coverage(clock.now(), seconds=60)
        counts.append(queries_of(client_for(cast.users[who]), address))
    assert counts[0] == counts[1]


def test_the_overview_costs_the_same_for_one_and_three(homes: Homes, client_for: ClientFor) -> None:
    cast = homes.cast
    counts = []
    for more in (0, 2):
        for number in range(more):
            code = f"14040300700{number + 5}"
            add_area(code=code, name=f"社区{number}", level=Level.COMMUNITY, parent=cast.street_area, by=SYSTEM)
        count_coverage(clock.now(), seconds=60)
        counts.append(queries_of(client_for(cast.administrator), f"{PAGE}?under={cast.street_area.code}"))
    assert counts[0] == counts[1]


def test_a_reason_is_given_on_its_page_and_shown_on_that_of_the_grid(homes: Homes, client_for: ClientFor) -> None:
    cast = homes.cast
    client = english(client_for(cast.leader))
    address = f"/grids/{cast.grid.code}/reason/"
    assert address in text_of(client.get(f"/grids/{cast.grid.code}/"))
    assert "2 households; 200 to 500 are asked" in text_of(client.get(address))
    empty = client.post(address, {"text": " "})
    assert empty.status_code == 422
    assert client.post(address, {"text": "一片老院子"})["Location"] == f"/grids/{cast.grid.code}/"
    page = text_of(client.get(f"/grids/{cast.grid.code}/"))
    assert f"一片老院子 (accepted by {cast.leader.name})" in page
    assert "一片老院子" in text_of(client.get(address))
    client.post(address, {"forget": "1", "text": ""})
    assert not SizeReason.objects.exists()


def test_a_worker_sees_the_size_and_gives_no_reason(homes: Homes, client_for: ClientFor) -> None:
    cast = homes.cast
    page = text_of(english(client_for(cast.worker)).get(f"/grids/{cast.grid.code}/"))
    assert "2 households; 200 to 500 are asked" in page
    assert "/reason/" not in page


def test_the_page_of_a_grid_says_how_it_grows(homes: Homes, client_for: ClientFor) -> None:
    cast = homes.cast
    client = client_for(cast.leader)
    assert "锦绣苑" not in text_of(client.get(f"/grids/{cast.grid.code}/"))
    add_planned(PlannedValues("锦绣苑", 619, date(2027, 6, 1), *middle(0)), by=SYSTEM)
    page = text_of(client.get(f"/grids/{cast.grid.code}/"))
    assert "第一网格2027年6月会到621户" in page
    assert "锦绣苑" in page
    assert f"/planned/?under={cast.grid.code}" in page


def test_the_administrator_changes_sizes(cast: Cast, client_for: ClientFor) -> None:
    client = english(client_for(cast.administrator))
    assert "200–500" in text_of(client.get("/areas/sizes/"))
    told = {"measure": "households", "warned_low": 90, "planned_low": 100, "target": 150, "planned_high": 200}
    wrong = client.post("/areas/sizes/residential/", told | {"warned_high": 180})
    assert wrong.status_code == 422
    assert "From small to large" in text_of(wrong)
    assert 'value="180"' in text_of(wrong)
    assert client.post("/areas/sizes/residential/", told | {"warned_high": 250}).status_code == 302
    assert "90–250" in text_of(client.get("/areas/sizes/"))
    assert band_of(AreaKind.RESIDENTIAL).target == 150
    assert client.post("/areas/sizes/special/", {"measure": "none"}).status_code == 302
    assert client.get("/areas/sizes/village/").status_code == 404


def test_the_kind_of_a_grid_is_changed_where_its_name_is(cast: Cast, client_for: ClientFor) -> None:
    client = client_for(cast.administrator)
    told = {"name": cast.grid.name, "supervision_phone": "", "min_workers": "", "kind": "special"}
    assert client.post(f"/areas/{cast.grid.code}/", told).status_code == 302
    assert Area.objects.get(pk=cast.grid.pk).kind == AreaKind.SPECIAL
    told = {"name": cast.community_area.name, "supervision_phone": "", "min_workers": "", "kind": "special"}
    assert client.post(f"/areas/{cast.community_area.code}/", told).status_code == 302
    assert Area.objects.get(pk=cast.community_area.pk).kind == AreaKind.ORDINARY
