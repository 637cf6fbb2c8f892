"""The land of the demo fits together exactly."""

from __future__ import annotations

import pytest
import shapely

from linli.demo import register
from linli.demo.ground import Ground, grid_name, make_ground
from linli.demo.scales import SCALES, SHOWCASE_STREET, WORKBOOK_COMMUNITY

SEED = 7


@pytest.fixture(scope="module", params=["test", "street", "district"])
def ground(request: pytest.FixtureRequest) -> Ground:
    return make_ground(SCALES[request.param], SEED)


def level(ground: Ground, name: str) -> list[shapely.Polygon]:
    return [ground.polygons[row.code] for row in register.place_rows() if row.level == name]


@pytest.mark.parametrize("name", ["street", "community"])
def test_places_of_a_level_share_their_borders_to_the_last_digit(ground: Ground, name: str) -> None:
    assert shapely.coverage_is_valid(level(ground, name))


def test_grids_share_their_borders_to_the_last_digit(ground: Ground) -> None:
    assert shapely.coverage_is_valid([grid.polygon for grid in ground.grids])


def test_every_place_is_the_sum_of_the_places_below(ground: Ground) -> None:
    district = ground.polygons[register.DISTRICT]
    assert district.symmetric_difference(shapely.union_all(level(ground, "community"))).area == 0
    for code in {grid.community for grid in ground.grids}:
        below = shapely.union_all([grid.polygon for grid in ground.grids_of(code)])
        assert ground.polygons[code].symmetric_difference(below).area == 0


def test_no_two_places_of_a_level_overlap(ground: Ground) -> None:
    communities = level(ground, "community")
    together = sum(polygon.area for polygon in communities)
    assert shapely.union_all(communities).area == pytest.approx(together, rel=1e-12)


def test_corners_have_seven_decimals(ground: Ground) -> None:
    corners = shapely.get_coordinates([grid.polygon for grid in ground.grids])
    assert all(round(value, 7) == value for corner in corners for value in corner)


def test_the_street_that_people_look_at_lies_at_the_centre_of_the_city(ground: Ground) -> None:
    centre = ground.polygons[SHOWCASE_STREET].centroid
    assert centre.x == pytest.approx(113.12, abs=0.001)
    assert centre.y == pytest.approx(36.19, abs=0.001)


def test_grids_are_numbered_from_one_below_the_code_of_their_community(ground: Ground) -> None:
    for code in {grid.community for grid in ground.grids}:
        grids = ground.grids_of(code)
        assert [grid.code for grid in grids] == [f"{code}{number:03d}" for number in range(1, len(grids) + 1)]
        assert grids[0].name == "第一网格"


def test_the_first_grid_lies_north_or_west_of_the_last(ground: Ground) -> None:
    for code in {grid.community for grid in ground.grids}:
        first, last = ground.grids_of(code)[0].polygon.centroid, ground.grids_of(code)[-1].polygon.centroid
        assert first == last or first.y > last.y or first.x < last.x


def test_the_same_seed_gives_the_same_land_and_another_seed_another() -> None:
    first, again, other = (make_ground(SCALES["street"], seed) for seed in (1, 1, 2))
    assert first == again
    assert first.grids[0].polygon != other.grids[0].polygon


@pytest.mark.parametrize(("scale", "fewest", "most"), [("test", 4, 4), ("street", 20, 20), ("district", 390, 410)])
def test_a_scale_has_so_many_grids(scale: str, fewest: int, most: int) -> None:
    ground = make_ground(SCALES[scale], SEED)
    assert fewest <= len(ground.grids) <= most
    assert len(ground.grids_of(WORKBOOK_COMMUNITY)) == 3


@pytest.mark.parametrize(
    ("number", "name"),
    [(1, "第一网格"), (10, "第十网格"), (12, "第十二网格"), (20, "第二十网格"), (21, "第二十一网格")],
)
def test_grids_are_named_by_chinese_ordinals(number: int, name: str) -> None:
    assert grid_name(number) == name
