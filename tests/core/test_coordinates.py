import math

import prcoords
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.core import coordinates

CHANGZHI = (113.12, 36.19)
LONGITUDES = st.floats(73.5, 135.0)
LATITUDES = st.floats(18.0, 53.5)
SAME = 1e-6
THERE_AND_BACK = 1e-9

FORWARD = [
    (coordinates.wgs84_to_gcj02, prcoords.wgs_gcj),
    (coordinates.gcj02_to_bd09, prcoords.gcj_bd),
    (coordinates.wgs84_to_bd09, prcoords.wgs_bd),
]
BACK = [
    (coordinates.gcj02_to_wgs84, prcoords.gcj_wgs_bored),
    (coordinates.bd09_to_gcj02, prcoords.bd_gcj_bored),
    (coordinates.bd09_to_wgs84, prcoords.bd_wgs_bored),
]
PAIRS = [
    (coordinates.wgs84_to_gcj02, coordinates.gcj02_to_wgs84),
    (coordinates.gcj02_to_bd09, coordinates.bd09_to_gcj02),
    (coordinates.wgs84_to_bd09, coordinates.bd09_to_wgs84),
]


@pytest.mark.parametrize(("ours", "theirs"), FORWARD + BACK)
@given(lon=LONGITUDES, lat=LATITUDES)
def test_agrees_with_prcoords(ours, theirs, lon, lat):
    expected = theirs((lat, lon))
    assert ours(lon, lat) == (pytest.approx(expected.lon, abs=SAME), pytest.approx(expected.lat, abs=SAME))


@pytest.mark.parametrize(("there", "back"), PAIRS)
@given(lon=LONGITUDES, lat=LATITUDES)
def test_there_and_back(there, back, lon, lat):
    assert back(*there(lon, lat)) == (pytest.approx(lon, abs=THERE_AND_BACK), pytest.approx(lat, abs=THERE_AND_BACK))


@pytest.mark.parametrize("there", [pair[0] for pair in PAIRS])
def test_in_changzhi_the_shift_is_hundreds_of_metres(there):
    lon, lat = there(*CHANGZHI)
    shift_metres = math.hypot((lon - CHANGZHI[0]) * 90_000, (lat - CHANGZHI[1]) * 111_000)
    assert 100 < shift_metres < 2000


@pytest.mark.parametrize("convert", [function for pair in PAIRS for function in pair])
@pytest.mark.parametrize("position", [(2.35, 48.86), (-74.0, 40.7), (151.2, -33.9), (72.0, 30.0), (110.0, 55.83)])
def test_outside_china_nothing_changes(convert, position):
    assert convert(*position) == position


@pytest.mark.parametrize(
    ("position", "inside"),
    [
        (CHANGZHI, True),
        ((72.004, 0.8293), True),
        ((137.8347, 55.8271), True),
        ((72.0, 30.0), False),
        ((110, 0.8), False),
    ],
)
def test_in_china(position, inside):
    assert coordinates.in_china(*position) is inside


def test_no_number_is_not_in_china():
    assert not coordinates.in_china(math.nan, 36.19)
    assert not coordinates.in_china(113.12, math.inf)
