"""What a planner is given and gives back, read from GeoJSON as anybody would: no planner is imported here."""

from __future__ import annotations

import csv
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

EARTH_METRES = 111_320.0


@dataclass(frozen=True)
class Building:
    """One building: its outline, and how many households live in it; ``compound`` is empty where it has none."""

    key: str
    households: int
    community: str
    compound: str
    outline: BaseGeometry


@dataclass(frozen=True)
class Instance:
    """A place to be planned. ``mains`` are the roads that bound grids by nature."""

    name: str
    buildings: tuple[Building, ...]
    communities: dict[str, BaseGeometry]
    mains: tuple[BaseGeometry, ...]

    @property
    def households(self) -> int:
        """How many households live here."""
        return sum(building.households for building in self.buildings)


@dataclass(frozen=True)
class Answer:
    """What a planner answered: grid → its polygon and community, building → its grids."""

    polygons: dict[str, BaseGeometry]
    communities: dict[str, str]
    grids: dict[str, list[str]]


def read_instance(folder: Path) -> Instance:
    """Read ``buildings.geojson``, ``communities.geojson`` and, where it is there, ``roads.geojson`` of a folder.

    An id that comes twice is one building, as it came first; crossed outlines are mended.
    """
    buildings: dict[str, Building] = {}
    for one in _features(folder / "buildings.geojson"):
        said = one["properties"]
        building = Building(
            key=str(said["id"]),
            households=_households(said.get("households")),
            community=str(said.get("community") or ""),
            compound=str(said.get("compound") or ""),
            outline=_outline(one["geometry"]),
        )
        buildings.setdefault(building.key, building)
    communities = {
        str(one["properties"]["code"]): _outline(one["geometry"]) for one in _features(folder / "communities.geojson")
    }
    roads = folder / "roads.geojson"
    mains = tuple(
        shape(one["geometry"])
        for one in (_features(roads) if roads.exists() else [])
        if one["properties"].get("class") == "main"
    )
    return Instance(folder.name, tuple(buildings.values()), communities, mains)


def read_answer(grids: Path, assignment: Path) -> Answer:
    """Read the grids and the assignment that ``linli plan`` wrote."""
    features = _features(grids)
    return Answer(
        polygons={str(one["properties"]["code"]): shape(one["geometry"]) for one in features},
        communities={str(one["properties"]["code"]): str(one["properties"]["community"]) for one in features},
        grids=read_assignment(assignment),
    )


def read_assignment(path: Path) -> dict[str, list[str]]:
    """Read building → its grids."""
    owned: dict[str, list[str]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            owned.setdefault(row["building_id"], []).append(row["grid"])
    return owned


def in_metres(geometry: Any) -> Any:
    """Return geometries in metres, true near their own latitude."""
    west, south, _east, north = shapely.total_bounds(geometry)
    wide = EARTH_METRES * math.cos(math.radians((south + north) / 2))
    return shapely.transform(geometry, lambda points: (points - [west, south]) * [wide, EARTH_METRES])


def faces_within(boundary: BaseGeometry, mains: list[BaseGeometry]) -> list[BaseGeometry]:
    """Return the faces into which main roads cut a community; a road that ends in the middle cuts nothing."""
    if not mains:
        return list(shapely.get_parts(boundary))
    lines = shapely.union_all([boundary.boundary, *shapely.intersection(mains, boundary)])
    faces = shapely.get_parts(shapely.polygonize([lines]))
    return [face for face in faces if boundary.contains(face.representative_point())]


def face_of(points: Any, faces: list[BaseGeometry]) -> Any:
    """Return the place of the face in which each point lies, -1 where it lies in none."""
    found = np.full(len(points), -1, dtype=np.int64)
    which, face = shapely.STRtree(faces).query(points, predicate="intersects")
    found[which[::-1]] = face[::-1]
    return found


def _households(value: Any) -> int:
    try:
        return max(0, int(value))
    except (TypeError, ValueError, OverflowError):
        return 0


def _outline(geometry: Any) -> BaseGeometry:
    found = shape(geometry) if geometry else shapely.Polygon()
    return found if found.is_valid else shapely.make_valid(found)


def _features(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["features"]
    return found
