"""Main roads as a GeoJSON file gives them: lines, read and checked, with an error in words for whoever sent them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from linli.core.geo import valid_lon_lat

MOST_LINES, MOST_POINTS = 20_000, 400_000
LINES = ("LineString", "MultiLineString")
# Of OpenStreetMap and its like: roads that bound grids by nature. A file without such a word is all main roads.
MAIN = frozenset({"motorway", "trunk", "primary", "secondary"})
WORDS = ("highway", "class", "fclass", "kind", "type")

Line = list[list[float]]


def read_roads(content: bytes) -> list[Line]:
    """Return the main roads of a GeoJSON file in WGS-84 degrees.

    Raises:
        ValidationError: it is no such file, has no lines, or lies somewhere else, in words.
    """
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise ValidationError(_("This is no GeoJSON file. Save the roads as GeoJSON in UTF-8.")) from None
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise ValidationError(_("The file has no list of “features”. Save the roads as a GeoJSON FeatureCollection."))
    named = any(_word(feature) for feature in features)
    lines = [
        _checked(line, number)
        for number, feature in enumerate(features, start=1)
        if not named or _is_main(feature)
        for line in _lines(feature)
    ]
    lines = [line for line in lines if len(line) > 1]
    if not lines:
        raise ValidationError(_("The file has no main road: lines of highway “primary”, “secondary” or the like."))
    if len(lines) > MOST_LINES or sum(map(len, lines)) > MOST_POINTS:
        raise ValidationError(_("These are too many roads. Leave out lanes and paths; only main roads bound grids."))
    return lines


def _properties(feature: Any) -> dict[str, Any]:
    found = feature.get("properties") if isinstance(feature, dict) else None
    return found if isinstance(found, dict) else {}


def _word(feature: Any) -> str:
    properties = _properties(feature)
    return next((str(properties[word]) for word in WORDS if properties.get(word)), "")


def _is_main(feature: Any) -> bool:
    return bool(_properties(feature).get("main")) or _word(feature).removesuffix("_link") in MAIN


def _lines(feature: Any) -> Iterator[Any]:
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if not isinstance(geometry, dict) or geometry.get("type") not in LINES:
        return
    corners = geometry.get("coordinates")
    if not isinstance(corners, list):
        return
    yield from ([corners] if geometry["type"] == "LineString" else corners)


def _checked(line: Any, number: int) -> Line:
    try:
        points = [[float(point[0]), float(point[1])] for point in line]
    except (TypeError, ValueError, IndexError):
        text = _("Road %(number)d of the file has a corner that is no longitude and latitude.")
        raise ValidationError(text % {"number": number}) from None
    if not all(valid_lon_lat(longitude, latitude) for longitude, latitude in points):
        text = _("Road %(number)d lies off the world. The file must give longitude, latitude in degrees (WGS-84).")
        raise ValidationError(text % {"number": number})
    return points
