"""Places and plans from GeoJSON files (RFC 7946, WGS-84)."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape

from linli.planner.arrays import Shapes
from linli.planner.model import Building, Community, Place, Previous

MAIN = "main"
# What a number of households that is none is read as; the planner counts it as none and says so.
NO_NUMBER = -1


class UnreadableError(ValueError):
    """A file that cannot be planned from; the message says which, where, and what to do."""


def read_place(buildings: Path, communities: Path, roads: Path | None = None) -> Place:
    """Read the three files of a place.

    Buildings carry ``id``, ``households``, ``community`` and, where they have one, ``compound``; communities ``code``
    and ``name``; roads ``class``, of which ``main`` bounds grids.
    """
    found = _features(communities)
    places = tuple(
        Community(_text(one, "code", communities, at), str(one["properties"].get("name") or ""), outline)
        for at, (one, outline) in enumerate(zip(found, _outlines(found, communities), strict=True))
    )
    _check_communities(places, communities)
    lines = [] if roads is None else _features(roads)
    mains = [one for one in lines if one["properties"].get("class") == MAIN]
    rows = _features(buildings)
    return Place(
        buildings=tuple(
            Building(
                key=_text(one, "id", buildings, at),
                households=_households(one["properties"].get("households")),
                community=str(one["properties"].get("community") or ""),
                outline=outline,
                compound=str(one["properties"].get("compound") or ""),
            )
            for at, (one, outline) in enumerate(zip(rows, _outlines(rows, buildings), strict=True))
        ),
        communities=places,
        mains=tuple(one for one in _outlines(mains, roads or buildings) if one is not None),
    )


def read_previous(grids: Path, place: Place) -> Previous:
    """Read a plan before from its grids: each building belongs to the grid that it lies in.

    Grids carry ``code`` and may carry ``locked``: true keeps them as they are.
    """
    features = _features(grids)
    codes = [_text(one, "code", grids, at) for at, one in enumerate(features)]
    polygons = _outlines(features, grids)
    known = [at for at, one in enumerate(polygons) if one is not None]
    tree = shapely.STRtree(polygons[known])
    outlines = np.array([one.outline for one in place.buildings], dtype=object)
    sound = np.flatnonzero(~shapely.is_missing(outlines) & ~shapely.is_empty(outlines))
    row, grid = tree.query(shapely.point_on_surface(outlines[sound]), predicate="intersects")
    where = {place.buildings[sound[at]].key: codes[known[to]] for at, to in zip(row[::-1], grid[::-1], strict=True)}
    locked = [code for code, one in zip(codes, features, strict=True) if one["properties"].get("locked") is True]
    return Previous(where, frozenset(locked), frozenset(codes))


def _features(path: Path) -> list[dict[str, Any]]:
    try:
        whole = json.loads(path.read_bytes())
        features = whole["features"]
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as wrong:
        raise UnreadableError(f"{path.name} cannot be read: {wrong}") from wrong
    except (KeyError, TypeError) as wrong:
        raise UnreadableError(f"{path.name} is no GeoJSON FeatureCollection: it has no list “features”") from wrong
    for at, one in enumerate(features):
        if not isinstance(one, dict) or not isinstance(one.get("properties"), dict):
            raise UnreadableError(f"{path.name}: feature {at + 1} has no properties")
    found: list[dict[str, Any]] = features
    return found


def _text(feature: dict[str, Any], name: str, path: Path, at: int) -> str:
    found = feature["properties"].get(name)
    if found is None or found == "":
        raise UnreadableError(f"{path.name}: feature {at + 1} has no “{name}”; give each one its own")
    return str(found)


def _households(value: Any) -> int:
    if value is None or value == "":
        return 0
    try:
        number = float(value)
    except (TypeError, ValueError):
        return NO_NUMBER
    return int(number) if math.isfinite(number) else NO_NUMBER


def _check_communities(places: Sequence[Community], path: Path) -> None:
    if not places:
        raise UnreadableError(f"{path.name} holds no community")
    seen: set[str] = set()
    for one in places:
        if one.outline is None or one.outline.is_empty or shapely.get_dimensions(one.outline) != 2:
            raise UnreadableError(f"{path.name}: the community {one.code} has no area")
        if one.code in seen:
            raise UnreadableError(f"{path.name}: the code {one.code} is there twice")
        seen.add(one.code)


def _outlines(features: list[dict[str, Any]], path: Path) -> Shapes:
    """Return the geometries of features, None where there is none. Simple polygons are made all at once."""
    found = np.empty(len(features), dtype=object)
    plain: list[int] = []
    rings: list[list[list[float]]] = []
    for at, one in enumerate(features):
        geometry = one.get("geometry") or {}
        corners = geometry.get("coordinates")
        if geometry.get("type") == "Polygon" and corners and len(corners) == 1 and _is_plain(corners[0]):
            plain.append(at)
            rings.append(corners[0])
        elif geometry:
            found[at] = _odd_outline(geometry, path, at)
    if plain:
        points = np.array([point[:2] for ring in rings for point in ring], dtype=np.float64)
        places = np.repeat(np.arange(len(rings)), [len(ring) for ring in rings])
        found[plain] = shapely.polygons(shapely.linearrings(points, indices=places))
    return found


def _is_plain(ring: Any) -> bool:
    return isinstance(ring, list) and len(ring) >= 4 and ring[0] == ring[-1] and len(ring[0]) >= 2


def _odd_outline(geometry: dict[str, Any], path: Path, at: int) -> Any:
    try:
        return shape(geometry)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, shapely.errors.ShapelyError) as wrong:
        raise UnreadableError(f"{path.name}: the geometry of feature {at + 1} cannot be read: {wrong}") from wrong
