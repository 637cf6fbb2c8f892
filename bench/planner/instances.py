"""Invented districts to plan: seeded, with compounds, lanes, main roads and the dirt of real files.

A lattice with moved corners makes blocks; four blocks are a community; the lines between communities and most of those
within are main roads. Lanes cut a block into plots; most plots are a compound of buildings of one kind in rows.
"""

from __future__ import annotations

import json
import math
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shapely import STRtree, affinity
from shapely.geometry import LineString, Point, Polygon, box, mapping, shape
from shapely.geometry.base import BaseGeometry

WEST, SOUTH = 113.05, 36.15
METRES = 111_320.0
WIDE = METRES * math.cos(math.radians(SOUTH))
BLOCK = 330.0
# Blocks of a community, side by side.
ACROSS = 2
# Tuned on the first; nobody looks at the others before the figures are taken.
TUNED, HELD_OUT = (1, 2, 3), (201, 202, 203)
DIGITS = 7
CITY_SEED, CITY_ACROSS, CITY_DOWN, CITY_DENSE = 9, 36, 25, 1.312


@dataclass(frozen=True)
class Kind:
    """A kind of building: length and width in metres, distances, households from and to, and how many plots have it."""

    length: float
    width: float
    beside: float
    behind: float
    fewest: int
    most: int
    share: float


KINDS = (
    Kind(38, 11, 9, 15, 8, 16, 0.42),
    Kind(52, 12, 12, 20, 14, 26, 0.28),
    Kind(26, 24, 26, 28, 40, 70, 0.18),
    Kind(14, 11, 3, 5, 1, 3, 0.07),
    Kind(60, 35, 20, 30, 0, 0, 0.05),
)


@dataclass
class District:
    """The three files of a place, as lists of features."""

    buildings: list[dict[str, Any]]
    communities: list[dict[str, Any]]
    roads: list[dict[str, Any]]

    def write(self, folder: Path) -> None:
        """Write them into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("buildings", "communities", "roads"):
            text = json.dumps({"type": "FeatureCollection", "features": getattr(self, name)}, ensure_ascii=False)
            (folder / f"{name}.geojson").write_text(text, encoding="utf-8")


def district(seed: int, across: int = 10, down: int = 5, *, dirt: float = 0.01, dense: float = 1.0) -> District:
    """Return a district of ``across`` × ``down`` communities.

    Args:
        seed: the same seed gives the same district.
        across, down: 10 × 5 are about 120,000 households.
        dirt: the share of buildings with something wrong.
        dense: so many times as many households live in each building.
    """
    rng = random.Random(f"district:{seed}")
    corners = _corners(rng, across * ACROSS, down * ACROSS)
    made = District([], [], [])
    for row in range(down):
        for column in range(across):
            _add_community(made, rng, corners, column, row, across)
    _add_roads(made, rng, corners, across, down)
    if dense != 1.0:
        for building in made.buildings:
            building["properties"]["households"] = round(building["properties"]["households"] * dense)
    _soil(made, rng, dirt)
    return made


def city(share: float = 1.0) -> District:
    """Return a city of 3,000,000 households in 180,000 buildings, or a share of it as wide as the whole is high."""
    return district(CITY_SEED, round(CITY_ACROSS * share), CITY_DOWN, dense=CITY_DENSE)


def messy(seed: int) -> District:
    """Return a small district with all that real files do to a planner: it is planned to be whole, not to be good.

    Every tenth building has something wrong; a community has a hole, one lies in two parts, one has no road,
    one no building, one stands alone with a handful of households; some buildings name no known community.
    """
    made = district(seed, 4, 3, dirt=0.1)
    rng = random.Random(f"messy:{seed}")
    _swap_plot(made, "c0", "c5")
    roadless = _outline(made.communities[3])
    made.roads = [one for one in made.roads if not roadless.buffer(1e-5).contains(_outline(one))]
    made.buildings = [one for one in made.buildings if one["properties"]["community"] != "c6"]
    few = [one for one in made.buildings if one["properties"]["community"] == "c8"][5:]
    dropped = {id(one) for one in few}
    made.buildings = [one for one in made.buildings if id(one) not in dropped]
    for building in rng.sample(made.buildings, 5):
        building["properties"]["community"] = "nowhere"
    return made


def _swap_plot(made: District, giver: str, taker: str) -> None:
    """Give the middle of one community to another: the one gets a hole, the other a second part with its buildings."""
    place = {one["properties"]["code"]: one for one in made.communities}
    outline = _outline(place[giver])
    middle = outline.centroid
    plot = box(middle.x - 1e-3, middle.y - 8e-4, middle.x + 1e-3, middle.y + 8e-4)
    for code, changed in ((giver, outline.difference(plot)), (taker, _outline(place[taker]).union(plot))):
        shown = mapping(changed)
        place[code]["geometry"] = {"type": shown["type"], "coordinates": _rounded(shown["coordinates"])}
    for building in made.buildings:
        if building["properties"]["community"] == giver and plot.contains(_outline(building).centroid):
            building["properties"]["community"] = taker


def _outline(feature: dict[str, Any]) -> BaseGeometry:
    return shape(feature["geometry"])


def changed(made: District, seed: int, share: float = 0.03) -> District:
    """Return the place some years later: a share of the buildings is gone, rebuilt or holds other households.

    Half of the change lies in clusters of eight, as redevelopment does, half here and there.
    """
    rng = random.Random(f"changed:{seed}")
    later = District(json.loads(json.dumps(made.buildings)), made.communities, made.roads)
    middles = [_outline(one).representative_point() for one in later.buildings]
    tree = STRtree(middles)
    wanted = int(share * len(later.buildings))
    touched: dict[int, str] = {}
    while len(touched) < wanted:
        how = rng.choice(("gone", "rebuilt", "other"))
        first = rng.randrange(len(later.buildings))
        near = tree.query(middles[first].buffer(1.2e-3)).tolist() if len(touched) < wanted / 2 else [first]
        near.sort(key=lambda row: (middles[row].distance(middles[first]), row))
        for row in near[:8]:
            touched.setdefault(row, how)
    kept = []
    for row, building in enumerate(later.buildings):
        how, said = touched.get(row, ""), building["properties"]
        if how == "gone":
            continue
        if how == "rebuilt":
            said["id"], said["households"] = f"n{row}", max(20, round(said["households"] * rng.uniform(1.2, 3)))
        elif how == "other":
            said["households"] = round(said["households"] * rng.uniform(0.3, 2))
        kept.append(building)
    return District(kept, later.communities, later.roads)


def read(folder: Path) -> District:
    """Read the three files of a place."""
    lists = [
        json.loads(path.read_text(encoding="utf-8"))["features"]
        if (path := folder / f"{name}.geojson").exists()
        else []
        for name in ("buildings", "communities", "roads")
    ]
    return District(*lists)


Corners = list[list[tuple[float, float]]]


def _corners(rng: random.Random, across: int, down: int) -> Corners:
    """Return the corners of the blocks by row and column, in metres."""
    off = BLOCK * 0.16
    return [
        [(x * BLOCK + rng.uniform(-off, off), y * BLOCK + rng.uniform(-off, off)) for x in range(across + 1)]
        for y in range(down + 1)
    ]


def _add_community(made: District, rng: random.Random, corners: Corners, column: int, row: int, across: int) -> None:
    code = f"c{row * across + column}"
    left, below = column * ACROSS, row * ACROSS
    ring = [corners[below][left + step] for step in range(ACROSS)]
    ring += [corners[below + step][left + ACROSS] for step in range(ACROSS)]
    ring += [corners[below + ACROSS][left + ACROSS - step] for step in range(ACROSS)]
    ring += [corners[below + ACROSS - step][left] for step in range(ACROSS)]
    made.communities.append(_feature(Polygon(ring), code=code, name=f"community {code[1:]}"))
    for y in range(below, below + ACROSS):
        for x in range(left, left + ACROSS):
            block = Polygon([corners[y][x], corners[y][x + 1], corners[y + 1][x + 1], corners[y + 1][x]])
            _fill_block(made, rng, block, code)


def _fill_block(made: District, rng: random.Random, block: Polygon, code: str) -> None:
    """Cut a block by lanes into plots and build on them."""
    west, south, east, north = block.bounds
    middle_x, middle_y = (low + (high - low) * rng.uniform(0.35, 0.65) for low, high in ((west, east), (south, north)))
    lanes = [LineString([(middle_x, south), (middle_x, north)])]
    lanes += [LineString([(west, middle_y), (east, middle_y)])] if rng.random() < 0.7 else []
    for lane in lanes:
        inside = lane.intersection(block)
        if not inside.is_empty:
            made.roads.append(_feature(inside, **{"class": "minor"}))
    plots = [box(west, south, middle_x, north), box(middle_x, south, east, north)]
    if len(lanes) > 1:
        plots = [part for plot in plots for part in _halves(plot, middle_y)]
    for plot in plots:
        _fill_plot(made, rng, plot.intersection(block).buffer(-8, join_style="mitre"), code)


def _halves(plot: BaseGeometry, y: float) -> tuple[Polygon, Polygon]:
    west, south, east, north = plot.bounds
    return box(west, south, east, y), box(west, y, east, north)


def _fill_plot(made: District, rng: random.Random, plot: BaseGeometry, code: str) -> None:
    """Build rows of one kind, turned a little, as far as they fit."""
    if plot.is_empty or plot.area < 400:
        return
    kind = rng.choices(KINDS, [one.share for one in KINDS])[0]
    compound = f"k{len(made.buildings)}" if rng.random() < 0.85 and kind.most > 3 else ""
    turn, centre = rng.uniform(-6, 6), plot.centroid
    west, south, east, north = plot.bounds
    y = south
    while y + kind.width <= north:
        x = west + rng.uniform(0, 6)
        while x + kind.length <= east:
            outline = affinity.rotate(box(x, y, x + kind.length, y + kind.width), turn, origin=centre)
            if plot.covers(outline):
                households = rng.randint(kind.fewest, kind.most)
                said = {"id": f"b{len(made.buildings)}", "households": households, "community": code}
                made.buildings.append(_feature(outline, **said, **({"compound": compound} if compound else {})))
            x += kind.length + kind.beside * rng.uniform(0.8, 1.3)
        y += kind.width + kind.behind * rng.uniform(0.85, 1.25)


def _add_roads(made: District, rng: random.Random, corners: Corners, across: int, down: int) -> None:
    """Make every border of communities a main road, and most lines within them."""
    for y in range(down * ACROSS + 1):
        for x in range(across * ACROSS + 1):
            for step_x, step_y, border in ((1, 0, y % ACROSS == 0), (0, 1, x % ACROSS == 0)):
                if y + step_y > down * ACROSS or x + step_x > across * ACROSS:
                    continue
                is_main = border or rng.random() < 0.65
                line = LineString([corners[y][x], corners[y + step_y][x + step_x]])
                made.roads.append(_feature(line, **{"class": "main" if is_main else "minor"}))


def _soil(made: District, rng: random.Random, share: float) -> None:
    """Spoil some buildings as real files are: doubled, drawn over each other, crossed lines, points, outside, empty."""
    for place in rng.sample(range(len(made.buildings)), int(share * len(made.buildings))):
        feature = made.buildings[place]
        ring = feature["geometry"]["coordinates"][0]
        how = rng.choice(("double", "over", "crossed", "point", "outside", "empty"))
        if how == "double":
            made.buildings.append(json.loads(json.dumps(feature)))
        elif how == "over":
            feature["geometry"] = {"type": "Polygon", "coordinates": [[(x + 4e-5, y) for x, y in ring]]}
        elif how == "crossed":
            feature["geometry"] = {"type": "Polygon", "coordinates": [[ring[0], ring[2], ring[1], ring[3], ring[0]]]}
        elif how == "point":
            feature["geometry"] = mapping(Point(ring[0]))
        elif how == "outside":
            feature["geometry"] = {"type": "Polygon", "coordinates": [[(x + 0.5, y) for x, y in ring]]}
        else:
            feature["properties"]["households"] = 0


def _feature(geometry: BaseGeometry, **properties: Any) -> dict[str, Any]:
    placed = affinity.affine_transform(geometry, [1 / WIDE, 0, 0, 1 / METRES, WEST, SOUTH])
    shown = mapping(placed)
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": shown["type"], "coordinates": _rounded(shown["coordinates"])},
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DIGITS)
    return [_rounded(part) for part in value]
