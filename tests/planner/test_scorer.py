"""The judge of plans, each figure from both sides."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from bench.planner.files import Answer, Building, Instance, read_assignment, read_instance
from bench.planner.scorer import Score, moved, score

# A community of two halves, with a main road between them where a test asks for it.
WEST, EAST = box(113.0, 36.0, 113.01, 36.01), box(113.01, 36.0, 113.02, 36.01)
WHOLE = box(113.0, 36.0, 113.02, 36.01)
ROAD = LineString([(113.01, 35.99), (113.01, 36.02)])


def house(key: str, x: float, y: float, households: int, **more: Any) -> Building:
    """A building ten by ten thousandths of the community in size, ``x`` and ``y`` in thousandths of a degree."""
    outline = more.pop("outline", box(113 + x / 1000, 36 + y / 1000, 113 + (x + 1) / 1000, 36 + (y + 1) / 1000))
    return Building(key, households, more.pop("community", "c"), more.pop("compound", ""), outline)


def place(*buildings: Building, mains: tuple[Any, ...] = (), outline: Any = WHOLE) -> Instance:
    return Instance("place", buildings, {"c": outline}, mains)


def plan(grids: dict[str, list[str]], **polygons: Any) -> Answer:
    """A plan of the two halves, unless other polygons are given."""
    drawn = polygons or {"1": WEST, "2": EAST}
    owned: dict[str, list[str]] = {}
    for grid, keys in grids.items():
        for key in keys:
            owned.setdefault(key, []).append(grid)
    return Answer(drawn, dict.fromkeys(drawn, "c"), owned)


def two_sides(west: int = 300, east: int = 300, **more: Any) -> Score:
    found = place(house("a", 4, 4, west), house("b", 14, 4, east), **more)
    return score(found, plan({"1": ["a"], "2": ["b"]}))


def test_a_good_plan_has_nothing_to_be_blamed_for():
    found = two_sides(mains=(ROAD,))
    assert found.defects == 0
    assert found.broken == 0
    assert found.mean_deviation == 0
    assert found.grids == 2


@pytest.mark.parametrize(("households", "outside"), [(199, 1), (200, 0), (400, 0), (401, 1)])
def test_the_band_has_both_ends_in_it(households: int, outside: int):
    found = two_sides(west=households)
    assert found.out_of_band == outside
    assert found.defects == 50 * outside
    assert found.mean_deviation == pytest.approx(abs(households - 300) / 600)


@pytest.mark.parametrize(("east", "crossings"), [(199, 0), (200, 1)])
def test_a_road_is_crossed_without_need_where_both_faces_could_be_grids(east: int, crossings: int):
    houses = [house("a", 4, 4, 200), house("b", 14, 4, east)]
    whole = plan({"1": ["a", "b"]}, **{"1": WHOLE})
    assert score(place(*houses, mains=(ROAD,)), whole).crossings == crossings
    assert score(place(*houses), whole).crossings == 0


def test_a_road_that_ends_in_the_middle_crosses_nothing():
    short = LineString([(113.01, 35.99), (113.01, 36.005)])
    houses = [house("a", 4, 4, 300), house("b", 14, 4, 300)]
    assert score(place(*houses, mains=(short,)), plan({"1": ["a", "b"]}, **{"1": WHOLE})).crossings == 0


def test_three_faces_in_one_grid_are_two_crossings():
    roads = (LineString([(113.006, 35.9), (113.006, 36.1)]), LineString([(113.012, 35.9), (113.012, 36.1)]))
    houses = [house("a", 2, 4, 200), house("b", 8, 4, 200), house("d", 15, 4, 200)]
    assert score(place(*houses, mains=roads), plan({"1": ["a", "b", "d"]}, **{"1": WHOLE})).crossings == 2


@pytest.mark.parametrize(("households", "split"), [(200, 1), (201, 0)])
def test_a_compound_may_be_split_only_where_it_has_more_than_400_households(households: int, split: int):
    houses = [house("a", 4, 4, 200, compound="k"), house("b", 14, 4, households, compound="k")]
    assert score(place(*houses), plan({"1": ["a"], "2": ["b"]})).compounds_split == split
    assert score(place(*houses), plan({"1": ["a", "b"], "2": []})).compounds_split == 0


def test_compounds_of_two_communities_with_one_name_are_two():
    other = Instance(
        "place",
        (house("a", 4, 4, 200, compound="k"), house("b", 14, 4, 200, compound="k", community="d")),
        {"c": WEST, "d": EAST},
        (),
    )
    answer = Answer({"1": WEST, "2": EAST}, {"1": "c", "2": "d"}, {"a": ["1"], "b": ["2"]})
    assert score(other, answer).compounds_split == 0
    assert score(other, answer).broken == 0


def test_a_grid_in_pieces_does_not_hang_together():
    corner = box(113.0, 36.0, 113.005, 36.01)
    middle = box(113.005, 36.0, 113.01, 36.01)
    answer = plan({"1": ["a"], "2": ["b"]}, **{"1": middle, "2": MultiPolygon([corner, EAST])})
    found = score(place(house("a", 6, 4, 300), house("b", 14, 4, 300)), answer)
    assert (found.noncontiguous, found.not_tiled, found.defects) == (1, 0, 50)


def test_a_grid_lies_in_one_part_of_its_community():
    apart = MultiPolygon([box(113.0, 36.0, 113.01, 36.01), box(113.011, 36.0, 113.02, 36.01)])
    houses = [house("a", 4, 4, 300), house("b", 14, 4, 300)]
    over = plan({"1": ["a", "b"]}, **{"1": WHOLE})
    assert score(place(*houses, outline=apart), over).noncontiguous == 1
    parts = dict(zip("12", apart.geoms, strict=True))
    found = score(place(*houses, outline=apart), plan({"1": ["a"], "2": ["b"]}, **parts))
    assert (found.noncontiguous, found.broken) == (0, 0)


@pytest.mark.parametrize(("off", "wrong"), [(1e-12, 0), (1e-10, 1)])
def test_gaps_and_overlaps_are_found(off: float, wrong: int):
    houses = place(house("a", 4, 4, 300), house("b", 14, 4, 300))
    for by in (off, -off):
        west = box(113.0, 36.0, 113.01 + by, 36.01)
        found = score(houses, plan({"1": ["a"], "2": ["b"]}, **{"1": west, "2": EAST}))
        # The community is 0.02 degrees wide: 1e-10 of that are 5e-9 of its area.
        assert found.not_tiled == wrong


def test_a_grid_may_not_reach_out_of_its_community():
    wide = box(113.0, 36.0, 113.021, 36.01)
    found = score(place(house("a", 4, 4, 300)), plan({"1": ["a"]}, **{"1": wide}))
    assert found.astray == 1
    assert score(place(house("a", 4, 4, 300)), plan({"1": ["a"]}, **{"1": WHOLE})).astray == 0


def test_a_building_stays_in_its_community():
    two = Instance("place", (house("a", 4, 4, 300), house("b", 14, 4, 300, community="d")), {"c": WEST, "d": EAST}, ())
    right = Answer({"1": WEST, "2": EAST}, {"1": "c", "2": "d"}, {"a": ["1"], "b": ["2"]})
    wrong = Answer({"1": WEST, "2": EAST}, {"1": "c", "2": "d"}, {"a": ["1"], "b": ["1"]})
    assert score(two, right).astray == 0
    assert score(two, wrong).astray == 1


def test_a_building_stands_in_one_grid():
    houses = place(house("a", 4, 4, 300), house("b", 14, 4, 300))
    assert score(houses, plan({"1": ["a"], "2": ["b"]})).not_once == 0
    assert score(houses, plan({"1": ["a"]})).not_once == 1
    assert score(houses, plan({"1": ["a", "b"], "2": ["b"]})).not_once == 1
    assert score(houses, plan({"1": ["a"], "9": ["b"]})).not_once == 1


def test_a_footprint_is_not_cut():
    astride = house("a", 9.5, 4, 300)
    assert score(place(astride), plan({"1": ["a"]})).cut == 1
    assert score(place(house("a", 9, 4, 300)), plan({"1": ["a"]})).cut == 0
    # In the polygon of another grid it is cut too, and a point as well.
    assert score(place(house("a", 4, 4, 300)), plan({"2": ["a"]})).cut == 1
    point = house("a", 0, 0, 300, outline=Point(113.004, 36.004))
    assert score(place(point), plan({"2": ["a"]})).cut == 1
    assert score(place(point), plan({"1": ["a"]})).cut == 0


@pytest.mark.parametrize(("off", "cut"), [(5e-10, 0), (5e-9, 1)])
def test_a_millionth_of_a_footprint_is_a_rounding(off: float, cut: int):
    west, east = box(113.0, 36.0, 113.01 - off, 36.01), box(113.01 - off, 36.0, 113.02, 36.01)
    houses = place(house("a", 9, 4, 300), house("b", 14, 4, 300))
    assert score(houses, plan({"1": ["a"], "2": ["b"]}, **{"1": west, "2": east})).cut == cut


def test_overlapping_and_outside_footprints_may_be_cut_and_wall_to_wall_ones_not():
    astride = house("a", 9.5, 4, 300)
    over = house("b", 9.7, 4, 0)
    beside = house("b", 10.5, 4, 0)
    assert score(place(astride, over), plan({"1": ["a"], "2": ["b"]})).cut == 0
    assert score(place(astride, beside), plan({"1": ["a"], "2": ["b"]})).cut == 1
    outside = house("a", 9.5, 9.5, 300)
    assert score(place(outside), plan({"1": ["a"]})).cut == 0


def test_compactness_of_a_square_is_a_quarter_of_pi():
    square = Polygon([(0, 0), (0.001, 0), (0.001, 0.001), (0, 0.001)])
    found = score(Instance("place", (), {"c": square}, ()), Answer({"1": square}, {"1": "c"}, {}))
    assert found.compactness == pytest.approx(3.14159265 / 4, rel=1e-6)


def test_moved_households_are_those_of_buildings_known_before_in_another_grid():
    houses = place(house("a", 4, 4, 30), house("b", 14, 4, 50), house("new", 6, 6, 70))
    before = {"a": "1", "b": "2", "gone": "2"}
    assert moved(houses, before, {"a": "1", "b": "2", "new": "1"}) == 0
    assert moved(houses, before, {"a": "1", "b": "1", "new": "1"}) == 50


def test_files_are_read_as_they_come(tmp_path: Path):
    ring = [[113.0, 36.0], [113.001, 36.001], [113.001, 36.0], [113.0, 36.001], [113.0, 36.0]]
    crossed = {"type": "Polygon", "coordinates": [ring]}
    rows = [
        {"id": 1, "households": "7", "community": "c", "compound": None},
        {"id": 1, "households": 9, "community": "c"},
        {"id": 2, "households": -3, "community": "c"},
        {"id": 3, "households": None, "community": "c"},
    ]
    buildings = [{"type": "Feature", "properties": row, "geometry": crossed} for row in rows]
    community = {"type": "Feature", "properties": {"code": "c", "name": "C"}, "geometry": WHOLE.__geo_interface__}
    for name, features in (("buildings", buildings), ("communities", [community])):
        text = json.dumps({"type": "FeatureCollection", "features": features})
        (tmp_path / f"{name}.geojson").write_text(text, encoding="utf-8")
    found = read_instance(tmp_path)
    assert [(one.key, one.households) for one in found.buildings] == [("1", 7), ("2", 0), ("3", 0)]
    assert all(one.outline.is_valid for one in found.buildings)
    assert found.mains == ()
    table = tmp_path / "assignment.csv"
    table.write_text("building_id,grid\n1,c001\n1,c002\n2,c001\n", encoding="utf-8")
    assert read_assignment(table) == {"1": ["c001", "c002"], "2": ["c001"]}
