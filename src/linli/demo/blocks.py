"""Buildings of a grid: compounds of slab blocks in rows, village houses, and a few shops and public buildings."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon

from linli.demo.ground import GridPlan
from linli.demo.names import words
from linli.demo.register import CENTRE
from linli.demo.scales import WORKBOOK_BUILDINGS
from linli.demo.tiling import DECIMALS
from linli.housing.choices import BuildingKind

ROAD_METRES = 11.0
ENTRANCE_METRES = 14.0
# Room between two buildings where there is plenty, and where there is little.
ROOMY_METRES = 8.0
NARROW_METRES = 3.0
CLOSEST_SPREAD = 0.3
DEPTH_METRES = 12.0
ROOMS_PER_FLOOR = 2
# Of 100 dwellings so many have a household; the others are empty, unknown, or the people prefer not to say.
OCCUPIED_PERCENT = 91


@dataclass(frozen=True)
class BuildingPlan:
    """A building: its place, and how many entrances, floors and homes it has (a village house: no entrance)."""

    grid: GridPlan
    compound: str
    name: str
    kind: str
    polygon: Polygon
    longitude: float
    latitude: float
    floors: int
    entrances: int

    @property
    def address(self) -> str:
        return f"{self.compound}{self.name}"

    @property
    def homes(self) -> int:
        """How many dwellings the building has."""
        if self.kind != BuildingKind.RESIDENTIAL:
            return 0
        return self.floors * self.entrances * ROOMS_PER_FLOOR if self.entrances else 1


@dataclass(frozen=True)
class _Shape:
    """What a building is to be, before it has a place."""

    compound: str
    name: str
    kind: str
    floors: int
    entrances: int


class CompoundNames:
    """Names of compounds, each once in a community."""

    def __init__(self, rng: random.Random) -> None:
        self._names = [beginning + rng.choice(words("compound_endings")) for beginning in words("compound_beginnings")]
        rng.shuffle(self._names)

    def take(self) -> str:
        return self._names.pop()


def workbook_blocks(grid: GridPlan, compound: str, rng: random.Random) -> list[BuildingPlan]:
    """Return the buildings of a compound that the community's workbook knows: 1号楼 to 9号楼, four entrances each."""
    return _placed(grid, [_slab(compound, number, 6, 4) for number in range(1, WORKBOOK_BUILDINGS + 1)], rng)


def city_blocks(grid: GridPlan, households: int, names: CompoundNames, rng: random.Random) -> list[BuildingPlan]:
    """Return one or two compounds with room for so many households, a row of shops and sometimes a public building."""
    homes = -(-households * 100 // OCCUPIED_PERCENT)
    compounds = rng.choice((1, 2, 2)) if homes > 100 else 1
    shapes: list[_Shape] = []
    for number in range(compounds):
        shapes += _compound(names.take(), homes // compounds + (number < homes % compounds), rng)
    shapes.append(_Shape(shapes[0].compound, rng.choice(words("shops")), BuildingKind.SHOPS, 2, 2))
    if rng.random() < 0.4:
        shapes.append(_Shape(shapes[-2].compound, rng.choice(words("public_buildings")), BuildingKind.PUBLIC, 3, 2))
    return _placed(grid, shapes, rng)


def village_blocks(grid: GridPlan, households: int, village: str, rng: random.Random) -> list[BuildingPlan]:
    """Return the houses of a village with room for so many households."""
    homes = -(-households * 100 // OCCUPIED_PERCENT)
    shapes = [_Shape(village, f"{number}号院", BuildingKind.RESIDENTIAL, 2, 0) for number in range(1, homes + 1)]
    return _placed(grid, shapes, rng)


def _compound(name: str, homes: int, rng: random.Random) -> list[_Shape]:
    shapes: list[_Shape] = []
    tall = rng.random() < 0.2
    while homes > 0:
        floors, entrances = (
            (rng.choice((11, 15, 18)), 2) if tall else (rng.choice((5, 6, 6, 7)), rng.choice((2, 3, 3, 4)))
        )
        shapes.append(_slab(name, len(shapes) + 1, floors, entrances))
        homes -= floors * entrances * ROOMS_PER_FLOOR
    return shapes


def _slab(compound: str, number: int, floors: int, entrances: int) -> _Shape:
    return _Shape(compound, f"{number}号楼", BuildingKind.RESIDENTIAL, floors, entrances)


def _placed(grid: GridPlan, shapes: Sequence[_Shape], rng: random.Random) -> list[BuildingPlan]:
    """Stand buildings in rows inside a grid, well away from its border."""
    land = shapely.buffer(CENTRE.to_metres(grid.polygon), -ROAD_METRES)
    angle = rng.uniform(-0.22, 0.22)
    house = all(shape.entrances == 0 for shape in shapes)
    length = 11.0 if house else ENTRANCE_METRES * max(shape.entrances for shape in shapes)
    depth = 10.0 if house else DEPTH_METRES
    centres = _rows(land, len(shapes), length, depth, angle)
    plans = []
    for shape, (east, north) in zip(shapes, centres, strict=True):
        half = 5.5 if house else ENTRANCE_METRES * shape.entrances / 2
        polygon = CENTRE.to_degrees(_rectangle(float(east), float(north), half, depth / 2, angle))
        middle = polygon.centroid
        rounded = Polygon([(round(x, DECIMALS), round(y, DECIMALS)) for x, y in polygon.exterior.coords])
        plans.append(
            BuildingPlan(
                grid, shape.compound, shape.name, shape.kind, rounded,
                round(middle.x, DECIMALS), round(middle.y, DECIMALS), shape.floors, shape.entrances,
            )
        )  # fmt: skip
    return plans


def _rows(land: Polygon, count: int, length: float, depth: float, angle: float) -> NDArray[np.float64]:
    """Return the centres of ``count`` rectangles in rows, as far apart as the land allows (n × 2, metres)."""
    spread = max(1.0, (land.area / count / ((length + ROOMY_METRES) * (depth + ROOMY_METRES))) ** 0.5 * 1.2)
    while spread > CLOSEST_SPREAD:
        along = max((length + ROOMY_METRES) * spread, length + NARROW_METRES)
        across = max((depth + ROOMY_METRES) * spread, depth + NARROW_METRES)
        candidates = _candidates(land, along, across, angle)
        inside: NDArray[np.float64] = candidates[_fits(land, candidates, length, depth, angle)]
        if len(inside) >= count:
            chosen: NDArray[np.float64] = inside[np.linspace(0, len(inside) - 1, count).round().astype(int)]
            return chosen
        spread *= 0.95
    raise ValueError("the grid is too small for its buildings")


def _candidates(land: Polygon, step_along: float, step_across: float, angle: float) -> NDArray[np.float64]:
    """Return the points of a turned lattice over the land, row by row from the north (n × 2, metres)."""
    reach = float(shapely.minimum_bounding_radius(land))
    along = np.arange(-reach, reach, step_along)
    across = np.arange(reach, -reach, -step_across)
    flat = np.array([(x, y) for y in across for x in along])
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    middle = land.centroid
    moved: NDArray[np.float64] = flat @ turn + np.array([middle.x, middle.y])
    return moved


def _fits(land: Polygon, centres: NDArray[np.float64], length: float, depth: float, angle: float) -> NDArray[np.bool_]:
    """Tell for each centre whether the corners of its rectangle lie on the land, which is convex."""
    fits = np.ones(len(centres), dtype=bool)
    for side in (-1, 1):
        for end in (-1, 1):
            x, y = side * length / 2, end * depth / 2
            shift = (x * np.cos(angle) - y * np.sin(angle), x * np.sin(angle) + y * np.cos(angle))
            fits &= shapely.contains_xy(land, centres + np.array(shift))
    return fits


def _rectangle(east: float, north: float, half_length: float, half_depth: float, angle: float) -> Polygon:
    cosine, sine = np.cos(angle), np.sin(angle)
    corners = [
        (-half_length, -half_depth),
        (half_length, -half_depth),
        (half_length, half_depth),
        (-half_length, half_depth),
    ]
    return Polygon([(east + x * cosine - y * sine, north + x * sine + y * cosine) for x, y in corners])
