"""The three coordinate systems of Chinese maps, converted both ways.

WGS-84 (close to CGCS2000) is what devices and Linli use, GCJ-02 what AMap and Tencent maps show, BD-09 what Baidu maps
show. All positions are longitude, latitude in degrees. Outside the bounding box of China the three are one, and
nothing changes.

The formulas are the published ones of GCJ-02 and BD-09; the way back has none and is found by iteration.
"""

import math
from collections.abc import Callable

LonLat = tuple[float, float]

_WEST, _EAST = 72.004, 137.8347
_SOUTH, _NORTH = 0.8293, 55.8271
_KRASOVSKY_RADIUS = 6378245.0
_KRASOVSKY_ECCENTRICITY_SQUARED = 0.00669342162296594323
_BAIDU_SHIFT_LON, _BAIDU_SHIFT_LAT = 0.0065, 0.0060
_BAIDU_WAVE = math.pi * 3000 / 180
_GOOD_ENOUGH_DEGREES = 1e-10
_MOST_STEPS = 20


def in_china(lon: float, lat: float) -> bool:
    """Tell whether a position lies in the box in which the shifted systems differ from WGS-84."""
    return _WEST <= lon <= _EAST and _SOUTH <= lat <= _NORTH


def wgs84_to_gcj02(lon: float, lat: float) -> LonLat:
    """Convert a position from WGS-84 to GCJ-02."""
    return _gcj02_of(lon, lat) if in_china(lon, lat) else (lon, lat)


def gcj02_to_wgs84(lon: float, lat: float) -> LonLat:
    """Convert a position from GCJ-02 to WGS-84."""
    return _invert(_gcj02_of, lon, lat) if in_china(lon, lat) else (lon, lat)


def gcj02_to_bd09(lon: float, lat: float) -> LonLat:
    """Convert a position from GCJ-02 to BD-09."""
    return _bd09_of(lon, lat) if in_china(lon, lat) else (lon, lat)


def bd09_to_gcj02(lon: float, lat: float) -> LonLat:
    """Convert a position from BD-09 to GCJ-02."""
    return _invert(_bd09_of, lon, lat) if in_china(lon, lat) else (lon, lat)


def wgs84_to_bd09(lon: float, lat: float) -> LonLat:
    """Convert a position from WGS-84 to BD-09."""
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def bd09_to_wgs84(lon: float, lat: float) -> LonLat:
    """Convert a position from BD-09 to WGS-84."""
    return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))


def _gcj02_of(lon: float, lat: float) -> LonLat:
    east_metres, north_metres = _gcj02_shift(lon - 105.0, lat - 35.0)
    radians = math.radians(lat)
    curvature = 1 - _KRASOVSKY_ECCENTRICITY_SQUARED * math.sin(radians) ** 2
    metres_per_degree_north = math.radians(
        _KRASOVSKY_RADIUS * (1 - _KRASOVSKY_ECCENTRICITY_SQUARED) / (curvature * math.sqrt(curvature))
    )
    metres_per_degree_east = math.radians(_KRASOVSKY_RADIUS * math.cos(radians) / math.sqrt(curvature))
    return lon + east_metres / metres_per_degree_east, lat + north_metres / metres_per_degree_north


def _gcj02_shift(x: float, y: float) -> tuple[float, float]:
    """Return the shift to the east and to the north in metres, at degrees from 105° E, 35° N."""
    common = 20 * math.sin(6 * math.pi * x) + 20 * math.sin(2 * math.pi * x)
    root = math.sqrt(abs(x))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += 2 / 3 * (common + 20 * math.sin(math.pi * x) + 40 * math.sin(math.pi * x / 3))
    east += 2 / 3 * (150 * math.sin(math.pi * x / 12) + 300 * math.sin(math.pi * x / 30))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += 2 / 3 * (common + 20 * math.sin(math.pi * y) + 40 * math.sin(math.pi * y / 3))
    north += 2 / 3 * (160 * math.sin(math.pi * y / 12) + 320 * math.sin(math.pi * y / 30))
    return east, north


def _bd09_of(lon: float, lat: float) -> LonLat:
    radius = math.hypot(lon, lat) + 0.00002 * math.sin(lat * _BAIDU_WAVE)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * _BAIDU_WAVE)
    return radius * math.cos(angle) + _BAIDU_SHIFT_LON, radius * math.sin(angle) + _BAIDU_SHIFT_LAT


def _invert(convert: Callable[[float, float], LonLat], lon: float, lat: float) -> LonLat:
    """Find the position that a conversion takes to the given one, by moving against the error until it is gone."""
    guess_lon, guess_lat = lon, lat
    for _step in range(_MOST_STEPS):
        reached_lon, reached_lat = convert(guess_lon, guess_lat)
        error_lon, error_lat = reached_lon - lon, reached_lat - lat
        guess_lon, guess_lat = guess_lon - error_lon, guess_lat - error_lat
        if max(abs(error_lon), abs(error_lat)) < _GOOD_ENOUGH_DEGREES:
            break
    return guess_lon, guess_lat
