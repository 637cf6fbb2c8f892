"""The pages of drafts of grids and what they answer the map."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.gridplans import actions
from linli.gridplans.choices import PlanState
from linli.gridplans.models import GridPlan
from linli.gridplans.queries import state_of
from linli.housing.actions import assign_grid
from tests.cast import SOUTH, WEST, Cast
from tests.gridplans.samples import AS_NOW, drawn, house, key_of, make_ground, step, worked_off
from tests.jobs.queue import WAITING
from tests.web.counting import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]
ASKED = {"basis": "present", "target": "120", "lowest": "80", "highest": "160", "preset": "quick", "compounds": "on"}
ROADS = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"highway": name},
            "geometry": {"type": "LineString", "coordinates": [[WEST + x, SOUTH], [WEST + x, SOUTH + 0.005]]},
        }
        for x, name in ((0.005, "primary"), (0.002, "footway"))
    ],
}


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sent(client: Client, plan: GridPlan, action: str, **values: Any) -> Any:
    """Send a step as the page does."""
    version = GridPlan.objects.get(pk=plan.pk).version
    body = {"version": version, "action": action} | values
    return client.post(f"/grid-plans/{plan.pk}/steps/", json.dumps(body), content_type="application/json")


def test_a_draft_is_asked_for_with_roads_and_drawn(cast: Cast) -> None:
    make_ground(cast)
    client = browser(cast.leader)
    roads = SimpleUploadedFile("roads.geojson", json.dumps(ROADS).encode())
    with WAITING:
        asked = ASKED | {"area": cast.community_area.code, "roads": "on", "file": roads, "note": "试一试"}
        answer = client.post("/grid-plans/", asked)
    plan = GridPlan.objects.get()
    assert answer["Location"] == f"/grid-plans/{plan.pk}/"
    assert len(plan.roads) == 1, "a footway bounds no grid"
    waiting = client.get(f"/grid-plans/{plan.pk}/draft.json").json()
    assert (waiting["state"], waiting["can"]) == ("waiting", ["cancel"])
    assert waiting["progress"]["words"]
    worked_off(plan)
    ground = client.get(f"/grid-plans/{plan.pk}/ground.json").json()
    assert len(ground["buildings"]["features"]) == 24
    assert ground["buildings"]["features"][0]["properties"].keys() == {
        *("id", "name", "households", "compound", "community")
    }
    assert [road["properties"]["main"] for road in ground["roads"]["features"]] == [True]
    assert {one["properties"]["code"] for one in ground["present"]["features"]} == {
        cast.grid.code,
        cast.other_grid.code,
    }
    assert ground["bounds"] == pytest.approx(cast.community_area.bounds)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("target", "0"),
        ("target", "20"),
        ("lowest", ""),
        ("area", "140403001001"),
        ("preset", "endless"),
        ("file", b"no json"),
        ("file", b"[]"),
        ("file", b'{"features": []}'),
        ("file", b'{"features": [{"geometry": {"type": "LineString", "coordinates": [[500, 0], [1, 1]]}}]}'),
        ("file", b'{"features": [{"geometry": {"type": "LineString", "coordinates": [["x", 0], [1, 1]]}}]}'),
        ("note", "长" * 201),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(cast: Cast, field: str, value: Any) -> None:
    given = SimpleUploadedFile("roads.geojson", value) if isinstance(value, bytes) else value
    asked = ASKED | {"area": cast.community_area.code, "note": "试一试"} | {field: given}
    answer = browser(cast.leader).post("/grid-plans/", asked)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert 'value="120"' in answer.content.decode() or field == "target"
    assert not GridPlan.objects.exists()


def test_who_only_looks_gets_no_form(cast: Cast) -> None:
    client = browser(cast.auditor)
    assert client.get("/grid-plans/").context["form"] is None
    assert client.post("/grid-plans/", ASKED | {"area": cast.community_area.code}).status_code == 403


def test_the_draft_answers_grids_figures_and_what_is_to_be_seen(cast: Cast) -> None:
    make_ground(cast)
    plan = drawn(cast.community_area, AS_NOW, by=cast.leader)
    answer = browser(cast.leader).get(f"/grid-plans/{plan.pk}/draft.json").json()
    assert answer["state"] == "ready"
    assert set(answer["can"]) == {"edit", "rest", "copy", "discard"}
    assert set(browser(cast.street).get(f"/grid-plans/{plan.pk}/draft.json").json()["can"]) == {
        *("edit", "rest", "copy", "discard", "apply")
    }
    assert browser(cast.auditor).get(f"/grid-plans/{plan.pk}/draft.json").json()["can"] == []
    grids = {grid["code"]: grid for grid in answer["grids"]}
    first = grids[cast.grid.code]
    assert (first["worker"], first["households"], first["present_households"]) == ("李文静", 120, 120)
    assert (first["band"], first["community"], first["locked"]) == ([35, 160], cast.community_area.code, False)
    assert len(answer["assignment"]) == 24
    assert {shape["properties"]["key"] for shape in answer["shapes"]["features"]} == {
        grid["key"] for grid in answer["grids"]
    }
    assert answer["figures"]["draft"]["grids"] == answer["figures"]["present"]["grids"] == 2
    assert [check["level"] for check in answer["checks"]] == ["fine"]


def test_steps_answer_what_they_changed(cast: Cast) -> None:
    make_ground(cast)
    plan = drawn(cast.street_area, AS_NOW, by=cast.street)
    client = browser(cast.street)
    code = cast.community_area.code
    grids = {grid["code"]: grid["key"] for grid in client.get(f"/grid-plans/{plan.pk}/draft.json").json()["grids"]}
    east = grids[cast.other_grid.code]
    moved = sent(client, plan, "move", buildings=[house(3, 0).pk], to=east).json()
    assert moved["changed_communities"] == [code]
    assert {grid["community"] for grid in moved["grids"]} == {code}
    assert moved["assignment"][str(house(3, 0).pk)] == east
    assert (moved["figures"]["draft"]["moved_buildings"], moved["version"]) == (1, 3)
    assert "undo" in moved["can"]
    assert moved["undo"]
    undone = sent(client, plan, "undo").json()
    assert undone["assignment"][str(house(3, 0).pk)] == grids[cast.grid.code]
    assert (undone["undo"], bool(undone["redo"])) == (None, True)
    assert sent(client, plan, "redo").json()["assignment"][str(house(3, 0).pk)] == east


def test_steps_look_only_now_and_then_whether_the_ledger_changed(cast: Cast) -> None:
    def levels(answer: Any) -> list[str]:
        return [check["level"] for check in answer.json()["checks"]]

    make_ground(cast)
    plan = drawn(cast.community_area, AS_NOW, by=cast.leader)
    client, key = browser(cast.leader), key_of(plan, house(0, 0))
    assert levels(client.get(f"/grid-plans/{plan.pk}/draft.json")) == ["fine"]
    assign_grid(house(0, 0), cast.other_grid, by=cast.leader)
    assert "must" not in levels(sent(client, plan, "lock", grid=key))
    # Whoever opens the page hears it at once, and so do the steps from then on.
    assert "must" in levels(client.get(f"/grid-plans/{plan.pk}/draft.json"))
    assert "must" in levels(sent(client, plan, "undo"))


def test_a_refused_a_stale_and_an_unreadable_step(cast: Cast) -> None:
    make_ground(cast)
    plan = drawn(cast.community_area, AS_NOW, by=cast.leader)
    client = browser(cast.leader)
    key = key_of(plan, house(0, 0))
    refused = sent(client, plan, "merge", grid=key, to=key)
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == ["to"]
    stale = sent(client, plan, "lock", grid=key, version=1)
    assert (stale.status_code, stale.json()) == (409, {"version": 2})
    rubbish = ("[" * 100_000, '{"version": Infinity, "action": "lock"}', "\x00", "null", '"lock"')
    for body in (*rubbish, "{", "[]", '{"version": "x"}', '{"version": 2, "action": "move", "buildings": ["a"]}'):
        answer = client.post(f"/grid-plans/{plan.pk}/steps/", body, content_type="application/json")
        assert answer.status_code == 422, body
    named = sent(client, plan, "rename", grid=key, text="西\x00网\ud800格")
    assert [grid["name"] for grid in named.json()["grids"] if grid["key"] == key] == ["西网格"]
    actions.discard_plan(plan, by=cast.leader)
    assert sent(client, plan, "lock", grid=key).status_code == 422


def test_applying_says_first_what_it_would_do_and_what_is_in_the_way(cast: Cast) -> None:
    make_ground(cast)
    plan = drawn(cast.community_area, AS_NOW, by=cast.leader)
    west, east = key_of(plan, house(0, 0)), key_of(plan, house(7, 0))
    step(plan, "merge", grid=west, to=east)
    client, url = browser(cast.street), f"/grid-plans/{plan.pk}/apply/"
    page = client.get(url)
    assert len(page.context["obstacles"]) == 1
    assert client.post(url).status_code == 422
    step(plan, "explain", grid=east, text="两边是一个院子")
    page = client.get(url)
    assert page.context["obstacles"] == []
    assert page.context["outlook"].closed
    with WAITING:
        assert client.post(url, {"version": "1"}).status_code == 422
        version = GridPlan.objects.get(pk=plan.pk).version
        assert client.post(url, {"version": version})["Location"] == f"/grid-plans/{plan.pk}/"
    assert client.get(f"/grid-plans/{plan.pk}/draft.json").json()["state"] == "waiting"
    assert worked_off(plan).state == PlanState.APPLIED
    done = client.get(f"/grid-plans/{plan.pk}/draft.json").json()
    assert (done["state"], set(done["can"])) == ("applied", {"copy", "revert"})
    assert client.get(f"/grid-plans/{plan.pk}/").context["applied"].outcome["closed"]
    with WAITING:
        client.post(f"/grid-plans/{plan.pk}/revert/")
    assert client.get(f"/grid-plans/{plan.pk}/draft.json").json()["state"] == "waiting"
    assert worked_off(plan).state == PlanState.REVERTED


def test_the_rest_is_planned_anew_once_something_is_locked(cast: Cast) -> None:
    make_ground(cast)
    plan = drawn(cast.community_area, AS_NOW, by=cast.leader)
    client, url = browser(cast.leader), f"/grid-plans/{plan.pk}/rest/"
    refused = client.post(url, follow=True)
    assert "请先锁定要留下的网格" in refused.content.decode()
    assert GridPlan.objects.count() == 1
    step(plan, "lock", grid=key_of(plan, house(0, 0)))
    with WAITING:
        went = client.post(url)["Location"]
    rest = GridPlan.objects.latest("pk")
    assert went == f"/grid-plans/{rest.pk}/"
    assert rest.source_id == plan.pk


def test_note_copy_cancel_and_discard(cast: Cast) -> None:
    make_ground(cast)
    client = browser(cast.leader)
    with WAITING:
        waiting = actions.new_plan(cast.community_area, AS_NOW, by=cast.leader)
        client.post(f"/grid-plans/{waiting.pk}/cancel/")
    assert state_of(GridPlan.objects.select_related("job").get(pk=waiting.pk)) == PlanState.CANCELLED
    plan = drawn(cast.community_area, AS_NOW, by=cast.leader)
    client.post(f"/grid-plans/{plan.pk}/note/", {"note": "给街道看"})
    assert GridPlan.objects.get(pk=plan.pk).note == "给街道看"
    copied = client.post(f"/grid-plans/{plan.pk}/copy/")["Location"]
    assert copied == f"/grid-plans/{GridPlan.objects.latest('pk').pk}/"
    client.post(f"/grid-plans/{plan.pk}/discard/")
    listed = client.get("/grid-plans/").content.decode()
    assert f'"/grid-plans/{plan.pk}/"' not in listed
    assert f'"{copied}"' in listed


def test_the_list_asks_as_often_for_three_rows_as_for_one(cast: Cast) -> None:
    make_ground(cast)
    client = browser(cast.leader)
    drawn(cast.community_area, AS_NOW, by=cast.leader)
    one = queries_of(client, "/grid-plans/")
    for _number in range(2):
        drawn(cast.community_area, AS_NOW, by=cast.leader)
    assert queries_of(client, "/grid-plans/") == one
