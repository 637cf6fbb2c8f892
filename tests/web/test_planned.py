"""The pages of planned buildings: the register with its map, one site, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from linli.accounts.rules import SYSTEM
from linli.core import clock
from linli.exports.kinds import kind_for
from linli.housing.actions import add_planned, give_up_planned
from linli.housing.choices import SiteState
from linli.housing.models import Building, PlannedBuilding
from linli.housing.values import PlannedValues
from tests.cast import Cast, middle
from tests.web.counting import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]
ClientFor = Callable[[object], Client]
X, Y = middle(0)
CORNERS = f"{X} {Y}\n{X + 0.0004} {Y}\n{X + 0.0004} {Y + 0.0002}"


def text_of(response: Any) -> str:
    return response.content.decode()


def english(client: Client) -> Client:
    client.cookies["linli_language"] = "en"
    return client


def site(column: int = 0, name: str = "锦绣苑", **told: Any) -> PlannedBuilding:
    first = {"households": 120, "expected_on": date(2027, 6, 1)} | told
    return add_planned(PlannedValues(name, longitude=middle(column)[0], latitude=middle(column)[1], **first), by=SYSTEM)


def told(**values: Any) -> dict[str, Any]:
    return {"name": "锦绣苑", "households": 120, "expected_on": "2027-06", "longitude": X, "latitude": Y} | values


@pytest.fixture
def leader(cast: Cast, client_for: ClientFor) -> Client:
    return english(client_for(cast.leader))


def test_the_register_says_when_and_where(cast: Cast, leader: Client) -> None:
    site()
    with clock.frozen(clock.now() - timedelta(days=200)):
        site(1, "老粮库", expected_on=date(2026, 8, 1))
    give_up_planned(site(0, "停了的"), "停工", by=SYSTEM)
    site(3, "远处")
    page = text_of(leader.get("/planned/"))
    assert "June 2027" in page
    assert "later than expected" in page
    assert "停了的" not in page
    assert "远处" not in page
    assert "停了的" in text_of(leader.get("/planned/?state=all"))
    assert "No planned building fits" in text_of(leader.get("/planned/?q=nothing"))
    names = [row[0].name for row in leader.get(f"/planned/?under={cast.grid.code}").context["rows"]]
    assert names == ["锦绣苑"]


def test_the_map_has_points_and_outlines(leader: Client) -> None:
    here = site()
    leader.post("/planned/new/", told(name="画了轮廓", outline=CORNERS, longitude="", latitude=""))
    points = leader.get("/planned/points.geojson").json()["features"]
    assert f"/planned/{here.pk}/" in [row["properties"]["url"] for row in points]
    assert [row["properties"]["tone"] for row in points] == ["open", "open"]
    [shape] = leader.get("/planned/shapes.geojson").json()["features"]
    assert shape["properties"]["label"] == "画了轮廓"


def test_a_site_is_written_down_changed_and_put_into_the_ledger(cast: Cast, leader: Client) -> None:
    answer = leader.post("/planned/new/", told())
    planned = PlannedBuilding.objects.get()
    assert answer["Location"] == f"/planned/{planned.pk}/"
    page = text_of(leader.get(f"/planned/{planned.pk}/"))
    assert "June 2027" in page
    assert "Households in this grid" in page
    form = text_of(leader.get(f"/planned/{planned.pk}/change/"))
    assert 'value="2027-06"' in form
    assert leader.post(f"/planned/{planned.pk}/change/", told(households=90)).status_code == 302
    planned.refresh_from_db()
    assert planned.households == 90
    finish = leader.get(f"/planned/{planned.pk}/finish/")
    assert 'value="锦绣苑"' in text_of(finish)
    sent = {"name": "锦绣苑1号楼", "grid": cast.grid.pk, "kind": "residential", "lift": "yes", "floors": 18}
    assert leader.post(f"/planned/{planned.pk}/finish/", sent).status_code == 302
    building = Building.objects.get()
    assert (building.floors, building.lift, building.grid) == (18, "yes", cast.grid)
    page = text_of(leader.get(f"/planned/{planned.pk}/"))
    assert f"/buildings/{building.pk}/" in page
    assert "/finish/" not in page
    assert leader.get(f"/planned/{planned.pk}/change/").status_code == 404


def test_only_what_may_be_left_out_says_so(cast: Cast, leader: Client, client_for: ClientFor) -> None:
    page = text_of(leader.get("/planned/new/"))
    assert page.count("may be left out") == 4
    assert "may be left out" not in text_of(english(client_for(cast.administrator)).get("/areas/sizes/residential/"))


def test_giving_up_says_why(leader: Client) -> None:
    planned = site()
    assert leader.post(f"/planned/{planned.pk}/give-up/", {"reason": ""}).status_code == 422
    assert leader.post(f"/planned/{planned.pk}/give-up/", {"reason": "地块改成绿地"}).status_code == 302
    planned.refresh_from_db()
    assert planned.state == SiteState.GIVEN_UP
    assert "地块改成绿地" in text_of(leader.get(f"/planned/{planned.pk}/"))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"expected_on": "soon"}, "Write year and month"),
        ({"expected_on": "2026-10"}, "This month is over"),
        ({"households": "0"}, "households"),
        ({"longitude": "", "latitude": ""}, "Tap the map where it stands, or draw its outline."),
        ({"longitude": X + 1}, "This place lies in no community"),
        ({"longitude": middle(3)[0]}, "This place lies outside your area"),
        ({"outline": "113.1 36.1\nhere\n113.2 36.2"}, "Line 2 is no corner"),
        ({"outline": f"{X} {Y}"}, "at least three corners"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(
    leader: Client, wrong: dict[str, Any], words: str
) -> None:
    answer = leader.post("/planned/new/", told(note="地下室已出地面", **wrong))
    assert answer.status_code == 422
    page = text_of(answer)
    assert words in page
    assert "地下室已出地面" in page
    assert not PlannedBuilding.objects.exists()


def test_whoever_only_sees_it_has_no_buttons(cast: Cast, client_for: ClientFor) -> None:
    planned = site()
    worker = client_for(cast.worker)
    assert "/finish/" not in text_of(worker.get(f"/planned/{planned.pk}/"))
    assert "/planned/new/" not in text_of(worker.get("/planned/"))
    assert worker.get("/planned/new/").status_code == 403
    assert client_for(cast.far_leader).get(f"/planned/{planned.pk}/change/").status_code == 404


@pytest.mark.parametrize("address", ["/planned/", "/planned/points.geojson", "/planned/shapes.geojson"])
def test_lists_cost_the_same_for_one_and_three(leader: Client, address: str) -> None:
    site()
    once = queries_of(leader, address)
    site(0, "二期")
    site(1, "三期")
    assert queries_of(leader, address) == once


def test_the_list_can_be_taken_out(cast: Cast) -> None:
    assert kind_for("planned").list_name == "planned-list"
