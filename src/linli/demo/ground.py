"""The land of the demo: district, streets, communities and grids as polygons in WGS-84 degrees."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from shapely import affinity
from shapely.geometry import Polygon

from linli.demo import register
from linli.demo.scales import SHOWCASE_STREET, VILLAGE_ENDING, Scale
from linli.demo.tiling import DECIMALS, Part, divide, joined, lattice

# Where a community is not filled, it is this many grids large all the same.
EMPTY_COMMUNITY_GRIDS = 2.0
VILLAGE_GRIDS = 3.0
ORDINALS = "零一二三四五六七八九十"


@dataclass(frozen=True)
class GridPlan:
    """A grid: its code of 15 digits, name, community code, and boundary in degrees."""

    code: str
    name: str
    community: str
    polygon: Polygon


@dataclass(frozen=True)
class Ground:
    """Every boundary, by area code, and the grids in the order of their codes."""

    polygons: Mapping[str, Polygon]
    grids: tuple[GridPlan, ...]

    def grids_of(self, community: str) -> list[GridPlan]:
        """Return the grids of a community."""
        return [grid for grid in self.grids if grid.community == community]


def make_ground(scale: Scale, seed: int) -> Ground:
    """Invent the land of a demo; the same scale and seed give the same land."""
    filled = {
        row.code: scale.grids_of(row, number) for number, row in enumerate(scale.communities(register.place_rows()))
    }
    leaves = _leaves(filled, seed)
    placed = lattice(leaves, register.CENTRE)
    grids = tuple(grid for code, count in sorted(filled.items()) for grid in _numbered(code, count, placed))
    polygons = {grid.code: grid.polygon for grid in grids}
    polygons |= {code: polygon for code, polygon in placed.items() if ":" not in code}
    polygons |= {code: joined([grid.polygon for grid in grids if grid.community == code]) for code in filled}
    for level in ("street", "district"):
        for row in register.place_rows():
            if row.level == level:
                below = [child.code for child in register.place_rows() if child.parent_code == row.code]
                polygons[row.code] = joined([polygons[code] for code in below])
    return Ground(polygons, grids)


def grid_name(number: int) -> str:
    """Return 第一网格, 第十二网格 and so on, up to 99."""
    tens, ones = divmod(number, 10)
    text = ("" if tens == 1 else ORDINALS[tens]) + "十" if tens else ""
    return f"第{text}{ORDINALS[ones] if ones else ''}网格"


def _leaves(filled: Mapping[str, int], seed: int) -> dict[str, Polygon]:
    """Cut the district down to its grids, and to communities where there are none; metres."""
    streets = divide(register.outline(), register.street_parts(), random.Random(f"{seed}:district"))  # noqa: S311
    # The street that people look at first lies at the centre of the map.
    centre = streets[SHOWCASE_STREET].centroid
    leaves: dict[str, Polygon] = {}
    for street, land in streets.items():
        moved = affinity.translate(land, -centre.x, -centre.y)
        parts = [
            Part(row.code, _weight(row, filled), *_scattered(row.code, moved, seed))
            for row in register.place_rows()
            if row.parent_code == street
        ]
        for community, piece in divide(moved, parts, random.Random(f"{seed}:{street}")).items():  # noqa: S311
            leaves |= _cut_community(community, piece, filled.get(community, 0), seed)
    return leaves


def _cut_community(code: str, land: Polygon, count: int, seed: int) -> dict[str, Polygon]:
    if not count:
        return {code: land}
    rng = random.Random(f"{seed}:{code}")  # noqa: S311
    parts = [Part(f"{code}:{number}", rng.uniform(0.85, 1.15), number) for number in range(count)]
    return divide(land, parts, rng)


def _weight(row: register.PlaceRow, filled: Mapping[str, int]) -> float:
    if row.name.endswith(VILLAGE_ENDING):
        return VILLAGE_GRIDS
    return float(max(filled.get(row.code, 0), EMPTY_COMMUNITY_GRIDS))


def _scattered(code: str, land: Polygon, seed: int) -> tuple[float, float]:
    """Return where a community lies in its street: anywhere, but always the same."""
    rng = random.Random(f"{seed}:{code}:place")  # noqa: S311
    west, south, east, north = land.bounds
    return rng.uniform(west, east), rng.uniform(south, north)


def _numbered(code: str, count: int, placed: Mapping[str, Polygon]) -> list[GridPlan]:
    """Number the grids of a community row by row from the north, each row from west to east."""
    polygons = [placed[f"{code}:{number}"] for number in range(count)]
    north = max(polygon.bounds[3] for polygon in polygons)
    height = (north - min(polygon.bounds[1] for polygon in polygons)) / max(1, round(count**0.5))
    polygons.sort(key=lambda polygon: (int((north - polygon.centroid.y) / height), round(polygon.centroid.x, DECIMALS)))
    return [
        GridPlan(f"{code}{number:03d}", grid_name(number), code, polygon)
        for number, polygon in enumerate(polygons, start=1)
    ]
