"""What a planner is given and gives back, read from GeoJSON as anybody would: no planner is imported here."""

from __future__ import annotations

import csv
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
    """What a planner answered: grid → its polygon and community, building → its grid."""

    polygons: dict[str, BaseGeometry]
    communities: dict[str, str]
    grids: dict[str, list[str]]


def read_instance(folder: Path) -> Instance:
    """Read ``buildings.geojson``, ``communities.geojson`` and, where it is there, ``roads.geojson`` of a folder."""
    buildings = tuple(
        Building(
            key=str(one["properties"]["id"]),
            households=int(one["properties"].get("households") or 0),
            community=str(one["properties"].get("community") or ""),
            compound=str(one["properties"].get("compound") or ""),
            outline=shape(one["geometry"]),
        )
        for one in _features(folder / "buildings.geojson")
    )
    communities = {
        str(one["properties"]["code"]): shape(one["geometry"]) for one in _features(folder / "communities.geojson")
    }
    roads = folder / "roads.geojson"
    mains = tuple(
        shape(one["geometry"])
        for one in (_features(roads) if roads.exists() else [])
        if one["properties"].get("class") == "main"
    )
    return Instance(folder.name, buildings, communities, mains)


def read_answer(grids: Path, assignment: Path) -> Answer:
    """Read the grids and the assignment that ``linli plan`` wrote."""
    features = _features(grids)
    owned: dict[str, list[str]] = {}
    with assignment.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            owned.setdefault(row["building_id"], []).append(row["grid"])
    return Answer(
        polygons={str(one["properties"]["code"]): shape(one["geometry"]) for one in features},
        communities={str(one["properties"]["code"]): str(one["properties"]["community"]) for one in features},
        grids=owned,
    )


def in_metres(geometry: Any) -> Any:
    """Return geometries in metres, true near their own latitude."""
    west, south, east, north = shapely.total_bounds(geometry)
    wide = EARTH_METRES * math.cos(math.radians((south + north) / 2))
    return shapely.transform(geometry, lambda points: (points - [west, south]) * [wide, EARTH_METRES])


def _features(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["features"]
    return found
