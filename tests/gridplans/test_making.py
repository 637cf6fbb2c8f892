"""A draft is asked for, worked out, copied, thrown away."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from shapely.geometry import shape
from shapely.ops import unary_union

from linli.accounts.rules import SYSTEM, Refused
from linli.areas.choices import AreaKind
from linli.areas.models import Area
from linli.core import clock
from linli.gridplans import actions
from linli.gridplans.choices import Basis, PlanState
from linli.gridplans.models import GridPlan, PlanPart
from linli.gridplans.queries import figures_of, parts_of, state_of
from linli.gridplans.rules import NotPossible
from linli.gridplans.values import Asked
from linli.housing.actions import NewBuilding, add_buildings
from linli.housing.models import Building
from linli.jobs.actions import request_cancel
from tests.cast import Cast
from tests.gridplans.samples import (
    AS_NOW,
    HALVES,
    drawn,
    house,
    key_of,
    make_ground,
    part_of,
    step,
    worked_off,
)
from tests.jobs.queue import WAITING

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


def test_a_draft_from_the_present_keeps_what_is_as_asked_for(cast: Cast) -> None:
    make_ground(cast)
    plan = drawn(cast.community_area)
    part = part_of(plan)
    assert plan.state == PlanState.READY
    codes = {row["code"]: row for row in part.grids.values()}
    assert set(codes) == {cast.grid.code, cast.other_grid.code}
    assert codes[cast.grid.code] | {"households": 120, "buildings": 12, "area": cast.grid.pk} == codes[cast.grid.code]
    assert part.figures["moved_households"] == 0
    figures = figures_of(parts_of(plan))
    assert figures["draft"]["grids"] == figures["present"]["grids"] == 2
    assert Area.objects.get(pk=cast.grid.pk).closed_on is None, "nothing is in force yet"


def test_every_building_is_in_one_grid_and_the_grids_fill_the_community(cast: Cast) -> None:
    make_ground(cast)
    plan = drawn(cast.community_area, HALVES)
    part = part_of(plan)
    assert len(part.grids) >= 3
    assert sorted(part.buildings) == sorted(Building.objects.values_list("pk", flat=True))
    assert set(part.assignment) == set(part.grids)
    polygons = [shape(part.shapes[key]) for key in part.grids]
    whole = shape(cast.community_area.geometry)
    assert unary_union(polygons).symmetric_difference(whole).area < 1e-9 * whole.area
    assert sum(polygon.area for polygon in polygons) == pytest.approx(whole.area, rel=1e-9)
    names = [row["name"] for row in part.grids.values()]
    assert len({*names}) == len(names)


def _buildings(plan: GridPlan, key: str) -> set[int]:
    part = part_of(plan)
    return {building for building, own in zip(part.buildings, part.assignment, strict=True) if own == key}


def test_locked_grids_stay_where_the_rest_is_planned_anew(cast: Cast) -> None:
    make_ground(cast)
    plan = drawn(cast.community_area, replace(HALVES, basis=Basis.AFRESH))
    key = key_of(plan, house(0, 0))
    stays = _buildings(plan, key)
    for text in ("rename", "lock"):
        step(plan, text, grid=key, text="老槐树网格")
    with WAITING:
        rest = actions.plan_rest(plan, by=cast.leader)
    rest = worked_off(rest)
    assert (rest.state, rest.source) == (PlanState.READY, GridPlan.objects.get(pk=plan.pk))
    part = part_of(rest)
    own = key_of(rest, house(0, 0))
    assert _buildings(rest, own) == stays
    assert {name: part.grids[own][name] for name in ("name", "locked")} == {"name": "老槐树网格", "locked": True}
    assert all(35 <= row["households"] <= 85 for row in part.grids.values() if not row["locked"])
    assert part_of(plan).grids[key]["locked"], "the other draft stays as it is"


def test_the_rest_is_planned_anew_only_where_something_is_locked(cast: Cast) -> None:
    make_ground(cast)
    plan = drawn(cast.community_area)
    with pytest.raises(NotPossible, match="锁定"):
        actions.plan_rest(plan, by=cast.leader)
    with pytest.raises(Refused):
        actions.plan_rest(plan, by=cast.worker)
    assert GridPlan.objects.count() == 1


def test_a_special_grid_keeps_its_buildings_or_its_ground(cast: Cast) -> None:
    make_ground(cast)
    market = Area.objects.get(pk=cast.other_grid.pk)
    market.kind = AreaKind.SPECIAL
    market.save(update_fields=["kind"])
    plan = drawn(cast.community_area, HALVES)
    part = part_of(plan)
    own = [key for key, row in part.grids.items() if row["code"] == market.code]
    assert [part.grids[key]["locked"] for key in own] == [True]
    inside = {building for building, key in zip(part.buildings, part.assignment, strict=True) if key in own}
    assert inside == set(Building.objects.filter(grid=market).values_list("pk", flat=True))

    Building.objects.filter(grid=market).update(grid=cast.grid, path=cast.grid.path)
    bare = part_of(drawn(cast.community_area, HALVES))
    assert market.code not in {row["code"] for row in bare.grids.values()}
    covered = unary_union([shape(geometry) for geometry in bare.shapes.values()])
    assert covered.intersection(shape(market.geometry)).area < 1e-12


def test_afresh_begins_without_the_present_grids(cast: Cast) -> None:
    make_ground(cast)
    plan = drawn(cast.community_area, Asked(target=120, lowest=80, highest=160, preset="quick", basis=Basis.AFRESH))
    assert plan.state == PlanState.READY
    assert sum(row["buildings"] for row in part_of(plan).grids.values()) == 24


def test_what_is_missing_is_said(cast: Cast) -> None:
    bare = drawn(cast.community_area)
    assert state_of(bare) == PlanState.FAILED
    assert bare.job is not None
    assert bare.job.message
    make_ground(cast)
    Area.objects.filter(pk=cast.community_area.pk).update(geometry=None)
    undrawn = drawn(cast.community_area)
    assert state_of(undrawn) == PlanState.FAILED
    assert undrawn.job is not None
    assert "广场西社区" in undrawn.job.message


@pytest.mark.parametrize("sizes", [(300, 400, 500), (300, 200, 250), (0, 0, 0)])
def test_sizes_that_contradict_each_other_are_refused(cast: Cast, sizes: tuple[int, int, int]) -> None:
    target, lowest, highest = sizes
    with pytest.raises(ValidationError) as refused:
        actions.new_plan(cast.community_area, Asked(target, lowest, highest), by=SYSTEM)
    assert "target" in refused.value.message_dict


def test_a_grid_and_a_city_are_no_place_for_a_draft(cast: Cast) -> None:
    for place in (cast.grid, cast.city_area):
        with pytest.raises(ValidationError):
            actions.new_plan(place, AS_NOW, by=SYSTEM)


@pytest.mark.parametrize("name", ["leader", "community", "street", "district", "administrator"])
def test_who_plans(cast: Cast, name: str) -> None:
    with WAITING:
        plan = actions.new_plan(cast.community_area, AS_NOW, by=cast.users[name])
    assert GridPlan.objects.visible_to(cast.users[name]).get() == plan


@pytest.mark.parametrize("name", ["worker", "partner", "department", "police", "volunteer", "auditor", "far_leader"])
def test_who_does_not_plan(cast: Cast, name: str) -> None:
    with pytest.raises(Refused):
        actions.new_plan(cast.community_area, AS_NOW, by=cast.users[name])


def test_auditors_look_and_others_see_their_own_places_only(cast: Cast) -> None:
    with WAITING:
        actions.new_plan(cast.community_area, AS_NOW, by=cast.leader)
    seen = {name for name, user in cast.users.items() if GridPlan.objects.visible_to(user).exists()}
    assert seen == {"leader", "community", "street", "district", "administrator", "auditor"}
    with WAITING:
        whole = actions.new_plan(cast.street_area, AS_NOW, by=cast.street)
    assert whole not in GridPlan.objects.visible_to(cast.leader)


def test_a_copy_goes_its_own_way_and_the_first_can_be_thrown_away(cast: Cast) -> None:
    make_ground(cast)
    plan = drawn(cast.community_area, by=cast.leader, note="先试试")
    copied = actions.copy_plan(plan, by=cast.street)
    assert (copied.note, copied.made_by, copied.version) != (plan.note, plan.made_by, plan.version)
    assert part_of(copied).assignment == part_of(plan).assignment
    actions.discard_plan(plan, by=cast.leader)
    assert not PlanPart.objects.filter(plan=plan).exists()
    assert PlanPart.objects.filter(plan=copied).exists()
    with pytest.raises(NotPossible):
        actions.copy_plan(plan, by=cast.leader)
    with pytest.raises(NotPossible):
        actions.discard_plan(plan, by=cast.leader)


def test_work_on_a_draft_can_be_stopped(cast: Cast) -> None:
    make_ground(cast)
    with WAITING:
        plan = actions.new_plan(cast.community_area, AS_NOW, by=cast.leader)
        with pytest.raises(NotPossible):
            actions.discard_plan(plan, by=cast.leader)
        actions.cancel_plan(plan, by=cast.leader)
    plan = worked_off(plan)
    assert state_of(plan) == PlanState.CANCELLED
    assert not PlanPart.objects.filter(plan=plan).exists()
    actions.discard_plan(plan, by=cast.leader)
    assert plan.job is not None
    request_cancel(plan.job, by=cast.leader)


def test_a_draft_that_nobody_touches_goes(cast: Cast) -> None:
    make_ground(cast)
    plan = drawn(cast.community_area)
    assert actions.expire_plans(clock.now() + timedelta(days=180)) == 0
    assert actions.expire_plans(clock.now() + timedelta(days=181)) == 1
    plan.refresh_from_db()
    assert plan.state == PlanState.DISCARDED


def test_a_building_without_a_place_leans_on_others(cast: Cast) -> None:
    make_ground(cast)
    (bare,) = add_buildings([NewBuilding(cast.community_area, "没画的楼", grid=cast.grid)], by=SYSTEM)
    plan = drawn(cast.community_area)
    assert key_of(plan, bare)
    assert [problem["building"] for problem in plan.problems] == [str(bare.pk)]
