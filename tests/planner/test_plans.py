"""What a plan keeps whatever comes in, and what it does about what comes in."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.planner import Building, Community, Place, Plan, Preset, Previous, Reason, Settings, make_plan
from tests.planner.places import house, rectangle, road, rows, spot, turned

QUICK = Settings(preset=Preset.QUICK)


def check(place: Place, plan: Plan) -> None:
    """Fail where a plan breaks what every plan keeps."""
    assert set(plan.assignment) == {one.key for one in place.buildings}
    assert sorted(key for grid in plan.grids for key in grid.buildings) == sorted(plan.assignment)
    assert len({grid.code for grid in plan.grids}) == len(plan.grids)
    assert plan.figures.noncontiguous == 0
    for grid in plan.grids:
        assert grid.outline.geom_type == "Polygon", grid.code
        assert grid.outline.is_valid, grid.code
    for community in place.communities:
        boundary = shapely.make_valid(community.outline)
        own = [grid.outline for grid in plan.grids if grid.community == community.code]
        covered = shapely.union_all(own)
        assert covered.symmetric_difference(boundary).area <= 1e-9 * boundary.area
        assert sum(one.area for one in own) - covered.area <= 1e-9 * boundary.area


def grids_of(plan: Plan) -> dict[str, Any]:
    return {grid.code: grid for grid in plan.grids}


def test_houses_in_rows_become_grids_of_the_right_size() -> None:
    place = rows(6, 6)
    plan = make_plan(place, Settings())
    check(place, plan)
    assert plan.figures.grids == 6
    assert plan.figures.out_of_band == 0
    assert plan.figures.households == 1800
    assert plan.figures.mean_deviation == 0
    assert all(grid.remarks == () for grid in plan.grids)


def test_codes_run_from_north_to_south_and_west_to_east() -> None:
    plan = make_plan(rows(6, 6), Settings())
    middles = {grid.code: grid.outline.representative_point() for grid in plan.grids}
    assert sorted(middles) == [f"c00{number}" for number in range(1, 7)]
    assert middles["c001"].y > middles["c006"].y


def test_same_input_and_seed_same_plan() -> None:
    place = rows(7, 5, [30 + 7 * number % 50 for number in range(35)])
    one, other = make_plan(place, Settings(seed=3)), make_plan(place, Settings(seed=3))
    assert one.assignment == other.assignment
    assert [grid.outline.wkb for grid in one.grids] == [grid.outline.wkb for grid in other.grids]


def test_main_road_is_a_border_where_both_sides_can_be_grids() -> None:
    across = road((2.75, -1.0), (2.75, 5.0))
    place = rows(6, 2, mains=[across])
    plan = make_plan(place, Settings())
    check(place, plan)
    assert plan.figures.crossings_avoidable == 0
    assert len({plan.assignment[f"b{number}"] for number in (0, 1, 2, 6, 7, 8)}) == 1
    # Without the road as a border, nothing is said of it.
    assert make_plan(place, Settings(roads=False)).figures.crossings_avoidable == 0


def test_compound_stays_whole() -> None:
    place = rows(6, 2)
    chosen = {"b2", "b3", "b8", "b9"}
    place = replace(
        place,
        buildings=tuple(replace(one, compound="福源小区") if one.key in chosen else one for one in place.buildings),
    )
    plan = make_plan(place, Settings())
    check(place, plan)
    assert plan.figures.compounds_split == 0
    assert len({plan.assignment[key] for key in chosen}) == 1


def test_big_building_is_a_grid_with_its_reason() -> None:
    place = rows(3, 1, [300, 900, 300])
    plan = make_plan(place, Settings())
    check(place, plan)
    (big,) = [grid for grid in plan.grids if grid.households > 400]
    assert {one.reason for one in big.remarks} == {Reason.TOO_MANY, Reason.BIG_BUILDING}
    assert big.buildings == ("b1",)


def test_small_parts_and_communities_say_why() -> None:
    island = rectangle(20, 0, 22, 2)
    place = rows(4, 4)
    whole = shapely.union_all([place.communities[0].outline, island])
    place = Place(
        (*place.buildings, Building("far", 30, "c", house(20.5, 0.5))),
        (
            Community("c", "西", whole),
            Community("d", "东", rectangle(40, 0, 42, 2)),
            Community("e", "空", rectangle(50, 0, 52, 2)),
        ),
    )
    place = replace(place, buildings=(*place.buildings, Building("lone", 12, "d", house(40.5, 0.5))))
    plan = make_plan(place, Settings())
    check(place, plan)
    said = {grid.buildings[:1]: {one.reason for one in grid.remarks} for grid in plan.grids}
    assert said["far",] == {Reason.TOO_FEW, Reason.SMALL_PART}
    assert said["lone",] == {Reason.TOO_FEW, Reason.SMALL_COMMUNITY}
    assert said[()] == {Reason.NO_BUILDING}


def test_footprints_stay_whole_even_wall_to_wall() -> None:
    walls = [Building(f"b{number}", 60, "c", house(number % 5 * 0.5, number // 5 * 0.5)) for number in range(25)]
    place = Place(tuple(walls), (Community("c", "", rectangle(-0.3, -0.3, 2.8, 2.8)),))
    plan = make_plan(place, Settings())
    check(place, plan)
    outlines = {grid.code: grid.outline for grid in plan.grids}
    for one in walls:
        assert one.outline.difference(outlines[plan.assignment[one.key]]).area <= 1e-7 * one.outline.area


def test_a_house_that_stands_back_reaches_the_boundary() -> None:
    places = ((0.0, 0.0), (2.0, 0.8), (4.0, 0.0))
    houses = [Building(f"b{number}", 300, "c", house(*corner)) for number, corner in enumerate(places)]
    place = Place(tuple(houses), (Community("c", "", rectangle(-0.3, -0.3, 4.8, 1.6)),))
    plan = make_plan(place, Settings())
    check(place, plan)
    (back,) = [grid for grid in plan.grids if grid.buildings == ("b1",)]
    # Its neighbours, whose corners are nearer to each other here than to the boundary, do not meet in front of it.
    assert back.outline.contains(shapely.Point(spot(2.25, -0.2)))


def test_halves_of_a_house_that_touch_at_a_corner_stay_one() -> None:
    halves = shapely.union_all([rectangle(1, 1, 2, 2), rectangle(2, 2, 3, 3)])
    own = Building("both", 300, "c", halves)
    others = [
        Building(f"b{number}", 300, "c", house(*corner))
        for number, corner in enumerate(((2.2, 1.2), (1.2, 2.2), (0.0, 0.0), (3.5, 3.5)))
    ]
    place = Place((own, *others), (Community("c", "", rectangle(-0.5, -0.5, 4.5, 4.5)),))
    plan = make_plan(place, Settings())
    check(place, plan)
    (grid,) = [one for one in plan.grids if "both" in one.buildings]
    assert halves.difference(grid.outline).area <= 1e-7 * halves.area


def test_dirt_is_mended_and_told() -> None:
    place = rows(4, 3, 60)
    bow = shapely.Polygon([spot(0, 5), spot(1, 6), spot(1, 5), spot(0, 6)])
    point = shapely.Point(spot(2, 5))
    odd = (
        Building("b0", 999, "c", house(9, 9)),
        Building("bow", 10, "c", bow),
        Building("point", 10, "c", point),
        Building("same point", 10, "c", point),
        Building("nowhere", 10, "c", None),
        Building("empty", 10, "c", shapely.Polygon()),
        Building("stranger", 10, "x", house(2.2, 2.2)),
        Building("outside", 10, "c", house(30, 30)),
        Building("less than none", -5, "c", house(3, 4)),
        Building("on another", 10, "c", house(1.1, 1.1)),
        Building("line", 10, "c", road((3, 5), (3.5, 5.5))),
    )
    boundary = rectangle(-0.5, -0.5, 5, 7)
    place = Place((*place.buildings, *odd), (Community("c", "", boundary),))
    plan = make_plan(place, Settings())
    assert set(plan.assignment) == {one.key for one in place.buildings}
    told = {(one.key, one.reason) for one in plan.problems}
    assert told >= {
        ("b0", Reason.REPEATED),
        ("bow", Reason.MENDED),
        ("nowhere", Reason.NO_SHAPE),
        ("empty", Reason.NO_SHAPE),
        ("stranger", Reason.UNKNOWN_COMMUNITY),
        ("outside", Reason.OUTSIDE),
        ("less than none", Reason.BAD_HOUSEHOLDS),
        ("on another", Reason.OVERLAPS),
    }
    assert plan.figures.households == 12 * 60 + 90
    assert plan.assignment["on another"] == plan.assignment["b5"]
    assert plan.figures.noncontiguous == 0


def test_community_with_a_hole_and_bent() -> None:
    ring = rectangle(-0.5, -0.5, 8, 8).difference(rectangle(1.6, 1.6, 6.4, 6.4))
    houses = [
        Building(f"{across}-{down}", 60, "c", house(across, down))
        for across in range(8)
        for down in range(8)
        if not (1 < across < 7 and 1 < down < 7)
    ]
    houses = [one for one in houses if shapely.covers(ring, one.outline)]
    place = Place(tuple(houses), (Community("c", "", ring),))
    plan = make_plan(place, Settings())
    check(place, plan)
    assert plan.figures.out_of_band == 0


def test_progress_is_told_and_can_end_the_work() -> None:
    shares: list[float] = []
    make_plan(rows(4, 4), QUICK, watch=lambda share, _words: shares.append(share))
    assert shares == sorted(shares)
    assert shares[0] == 0

    def stop(share: float, words: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_plan(rows(4, 4), QUICK, watch=stop)


def test_replanning_mends_what_fell_outside_and_leaves_the_rest() -> None:
    place = rows(6, 6)
    first = make_plan(place, Settings())
    torn = first.grids[0]
    changed = replace(place, buildings=tuple(one for one in place.buildings if one.key not in torn.buildings[1:]))
    second = make_plan(changed, Settings(), Previous(first.assignment, taken=frozenset(grids_of(first))))
    check(changed, second)
    assert second.figures.out_of_band == 0
    stayed = [key for key, code in second.assignment.items() if first.assignment[key] == code]
    assert second.figures.moved_households <= 300
    assert len(stayed) >= len(changed.buildings) - 6
    # A code that was given is not given to another place.
    assert {grid.code for grid in second.grids} <= set(grids_of(first)) | {f"c{number:03d}" for number in range(7, 20)}


def test_nothing_changed_nothing_moves() -> None:
    place = rows(6, 5, [35 + number % 3 * 15 for number in range(30)])
    first = make_plan(place, Settings())
    second = make_plan(place, Settings(), Previous(first.assignment))
    assert first.figures.out_of_band == 0
    assert second.figures.moved_households == 0
    assert second.assignment == first.assignment


def test_nobody_moves_for_evenness_alone() -> None:
    place = rows(4, 5, [95 if number < 4 else 13 for number in range(20)])
    uneven = {one.key: "c001" if number < 4 else "c002" for number, one in enumerate(place.buildings)}
    assert make_plan(place, Settings()).figures.mean_deviation < 0.1
    assert make_plan(place, Settings(), Previous(uneven)).assignment == uneven


def test_locked_grids_stay_as_they_are() -> None:
    place = rows(6, 4, 50)
    wrong = {one.key: "c001" if one.key in {"b0", "b1"} else "c002" for one in place.buildings}
    plan = make_plan(place, Settings(), Previous(wrong, locked=frozenset({"c001"})))
    check(place, plan)
    kept = grids_of(plan)["c001"]
    assert set(kept.buildings) == {"b0", "b1"}
    assert Reason.LOCKED in {one.reason for one in kept.remarks}
    assert plan.figures.out_of_band == 1


@pytest.mark.parametrize("seed", range(1, 6))
def test_locked_grids_stay_where_a_compound_swallows_another_grid(seed: int) -> None:
    """The grid of one house alone goes as its compound comes together; those numbered after it are not mixed up."""
    place = rows(8, 8, [10 + 10 * (number * seed % 4) for number in range(64)])
    houses = [replace(one, compound=f"k{at // 16}-{at % 8 // 3}") for at, one in enumerate(place.buildings)]
    before = {one.key: f"c{2 + at // 24 * 3 + at % 8 // 3:03d}" for at, one in enumerate(houses)} | {"b0": "c001"}
    locked = before["b63"]
    changed = replace(place, buildings=tuple(houses))
    plan = make_plan(changed, Settings(seed=seed), Previous(before, locked=frozenset({locked})))
    check(changed, plan)
    assert set(grids_of(plan)[locked].buildings) == {key for key, code in before.items() if code == locked}


def test_what_is_not_locked_is_planned_around_what_is() -> None:
    place = rows(6, 4, 50)
    own = {"b0": "c001", "b1": "c001"}
    plan = make_plan(place, Settings(), Previous(own, locked=frozenset({"c001"})))
    check(place, plan)
    assert set(grids_of(plan)["c001"].buildings) == {"b0", "b1"}
    assert plan.figures.grids == 5
    assert [grid.code for grid in plan.grids if not 200 <= grid.households <= 400] == ["c001"]


def test_a_house_among_locked_grids_joins_one() -> None:
    place = rows(6, 1, 50)
    known = {one.key: "c001" if one.key in {"b0", "b1"} else "c002" for one in place.buildings if one.key != "b2"}
    plan = make_plan(place, Settings(), Previous(known, locked=frozenset({"c001", "c002"})))
    check(place, plan)
    assert {grid.code for grid in plan.grids} == {"c001", "c002"}


def test_new_buildings_join_and_new_grids_get_new_codes() -> None:
    place = rows(4, 3, 100)
    before = {f"b{number}": "c007" for number in range(4)}
    plan = make_plan(place, Settings(), Previous(before, taken=frozenset({"c007", "c001"})))
    check(place, plan)
    codes = {grid.code for grid in plan.grids}
    assert "c007" in codes
    assert "c001" not in codes


DIRTY = st.builds(
    Building,
    key=st.uuids().map(str),
    households=st.integers(-3, 450),
    community=st.sampled_from(["c", "c", "c", "d", "?"]),
    outline=st.one_of(
        st.builds(house, st.floats(-1, 9), st.floats(-1, 5), st.floats(0.1, 2.5)),
        st.builds(
            lambda across, down, angle: turned(house(across, down), angle),
            st.floats(0, 7),
            st.floats(0, 3),
            st.floats(0, 90),
        ),
        st.builds(lambda across, down: shapely.Point(spot(across, down)), st.integers(0, 7), st.integers(0, 3)),
        st.none(),
        st.just(shapely.Polygon([spot(1, 1), spot(2, 2), spot(2, 1), spot(1, 2)])),
    ),
    compound=st.sampled_from(["", "", "甲", "乙"]),
)
BOUNDARIES = (
    rectangle(-0.5, -0.5, 8, 4),
    rectangle(-0.5, -0.5, 8, 4).difference(rectangle(2, 0.5, 5, 2.5)),
    shapely.union_all([rectangle(-0.5, -0.5, 3, 4), rectangle(4, -0.5, 8, 4)]),
    rectangle(-0.5, -0.5, 8, 4).difference(rectangle(1, 0, 7, 4.5)),
)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(DIRTY, max_size=30),
    st.sampled_from(BOUNDARIES),
    st.booleans(),
    st.integers(0, 5),
)
def test_every_plan_keeps_the_rules(buildings: list[Building], boundary: Any, cross: bool, seed: int) -> None:
    communities = (Community("c", "", boundary), Community("d", "", rectangle(8.5, -0.5, 12, 4)))
    mains = (road((4, -2), (4, 6)), road((-2, 2), (14, 2))) if cross else ()
    place = Place(tuple(buildings), communities, mains)
    first = make_plan(place, replace(QUICK, seed=seed))
    check(place, first)
    kept = tuple(one for number, one in enumerate(buildings) if number % 4)
    second = make_plan(Place(kept, communities, mains), QUICK, Previous(first.assignment))
    check(Place(kept, communities, mains), second)


def test_figures_are_plain_numbers() -> None:
    figures = asdict(make_plan(rows(3, 3), QUICK).figures)
    assert json.loads(json.dumps(figures)) == figures
