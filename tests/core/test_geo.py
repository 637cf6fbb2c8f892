import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, Polygon, box

from linli.core import geo
from linli.core.geo import GeometryError, GridIndex

# A degree at 36° N on WGS-84, from the tables of the ellipsoid (metres).
EAST_DEGREE_AT_36 = 90_163.3
NORTH_DEGREE_AT_36 = 110_959.0

LEFT = box(113.0, 36.0, 113.1, 36.1)
RIGHT = box(113.1, 36.0, 113.2, 36.1)
ABOVE = box(113.0, 36.1, 113.2, 36.2)
AREAS = GridIndex([("03", ABOVE), ("02", RIGHT), ("01", LEFT)])


@pytest.mark.parametrize(
    ("lon", "lat", "key"),
    [
        (113.05, 36.05, "01"),
        (113.15, 36.05, "02"),
        (113.05, 36.15, "03"),
        (113.1, 36.05, "01"),
        (113.15, 36.1, "02"),
        (113.1, 36.1, "01"),
        (113.0, 36.0, "01"),
        (113.2, 36.2, "03"),
        (112.99, 36.05, None),
        (0.0, 0.0, None),
    ],
)
def test_locate_gives_the_smallest_key_that_covers(lon, lat, key):
    assert AREAS.locate(lon, lat) == key
    assert AREAS.locate_many([(lon, lat)]) == [key]


def test_keys_may_be_numbers_and_are_compared_as_numbers():
    index = GridIndex([(10, LEFT), (9, RIGHT)])
    assert index.locate(113.1, 36.05) == 9
    assert len(index) == 2


def test_an_empty_index_and_no_points_find_nothing():
    empty: GridIndex[str] = GridIndex([])
    assert empty.locate(113.05, 36.05) is None
    assert empty.locate_many([(113.05, 36.05)]) == [None]
    assert AREAS.locate_many([]) == []


def test_a_hole_belongs_to_nobody():
    ring = Polygon(LEFT.exterior.coords, [box(113.04, 36.04, 113.06, 36.06).exterior.coords])
    index = GridIndex([("01", ring)])
    assert index.locate(113.05, 36.05) is None
    assert index.locate(113.01, 36.01) == "01"


@given(st.lists(st.tuples(st.floats(112.9, 113.3), st.floats(35.9, 36.3)), max_size=30))
def test_many_points_at_once_are_what_each_is_alone(points):
    assert AREAS.locate_many(points) == [AREAS.locate(lon, lat) for lon, lat in points]


def test_area_and_distance_in_metres():
    square = box(112.995, 35.995, 113.005, 36.005)
    assert geo.area_m2(square) == pytest.approx(EAST_DEGREE_AT_36 * NORTH_DEGREE_AT_36 / 10_000, rel=1e-4)
    assert geo.distance_m((113.0, 36.0), (113.01, 36.0)) == pytest.approx(EAST_DEGREE_AT_36 / 100, rel=1e-4)
    assert geo.distance_m((113.0, 35.995), (113.0, 36.005)) == pytest.approx(NORTH_DEGREE_AT_36 / 100, rel=1e-4)
    assert geo.distance_m((113.0, 36.0), (113.0, 36.0)) == 0
    assert geo.area_m2(Point(113, 36)) == 0


def test_children_that_fill_their_parent():
    coverage = geo.gaps_and_overlaps(box(113.0, 36.0, 113.2, 36.2), [LEFT, RIGHT, ABOVE])
    assert (coverage.gaps_m2, coverage.overlaps_m2, coverage.outside_m2) == pytest.approx((0, 0, 0), abs=1e-3)


def test_gaps_overlaps_and_what_reaches_outside():
    parent = box(0.0, 0.0, 0.04, 0.01)
    children = [box(0.0, 0.0, 0.02, 0.01), box(0.01, 0.0, 0.03, 0.01), box(0.01, 0.0, 0.02, 0.02)]
    coverage = geo.gaps_and_overlaps(parent, children)
    one_square = geo.area_m2(box(0.0, 0.0, 0.01, 0.01))
    assert coverage.gaps_m2 == pytest.approx(one_square, rel=1e-4)
    assert coverage.overlaps_m2 == pytest.approx(one_square, rel=1e-4)
    assert coverage.outside_m2 == pytest.approx(one_square, rel=1e-4)


def test_a_parent_without_children_is_one_gap():
    coverage = geo.gaps_and_overlaps(LEFT, [])
    assert coverage.gaps_m2 == pytest.approx(geo.area_m2(LEFT))
    assert (coverage.overlaps_m2, coverage.outside_m2) == (0, 0)


@pytest.mark.parametrize(
    ("lon", "lat", "valid"),
    [
        (113.12, 36.19, True),
        (113.0, 36.0, True),
        (113.2, 36.2, True),
        (112.999, 36.1, False),
        (113.1, 36.201, False),
        (36.19, 113.12, False),
        (math.nan, 36.1, False),
        (113.1, math.nan, False),
        (math.inf, 36.1, False),
    ],
)
def test_valid_lon_lat(lon, lat, valid):
    assert geo.valid_lon_lat(lon, lat, (113.0, 36.0, 113.2, 36.2)) is valid


def test_the_world_is_the_bound_unless_another_is_given():
    assert geo.valid_lon_lat(-180, 90)
    assert not geo.valid_lon_lat(180.1, 0)
    assert not geo.valid_lon_lat(0, -90.1)


def test_geojson_is_rounded_and_comes_back():
    document = geo.to_geojson(Point(113.123456789, 36.1))
    assert document == {"type": "Point", "coordinates": (113.123457, 36.1)}
    assert geo.to_geojson(Point(113.123456789, 36.1), digits=2)["coordinates"] == (113.12, 36.1)
    assert geo.from_geojson(geo.to_geojson(LEFT)).equals(LEFT)
    assert geo.from_geojson({"type": "Polygon", "coordinates": [list(LEFT.exterior.coords)]}).equals(LEFT)


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({}, "not a GeoJSON geometry"),
        ({"type": "Circle", "coordinates": [1, 2]}, "not a GeoJSON geometry"),
        ({"type": "Feature", "geometry": None}, "not a GeoJSON geometry"),
        ({"type": "Point"}, "not a GeoJSON geometry"),
        ({"type": "Point", "coordinates": ["a", "b"]}, "not a GeoJSON geometry"),
        ({"type": "Point", "coordinates": None}, "empty"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}, "not a GeoJSON geometry"),
        (None, "not a GeoJSON geometry"),
        ([], "not a GeoJSON geometry"),
        ({"type": "Polygon", "coordinates": []}, "empty"),
        ({"type": "Point", "coordinates": [36.19, 113.12]}, "off the world"),
        ({"type": "Point", "coordinates": [math.nan, 36.19]}, "off the world"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}, "Self-intersection"),
    ],
)
def test_what_is_no_geometry_is_refused(document, reason):
    with pytest.raises(GeometryError, match=reason):
        geo.from_geojson(document)
