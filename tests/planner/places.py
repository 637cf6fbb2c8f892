"""Small places to plan in tests: in degrees near Changzhi, so that a step is some metres."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import shapely
from shapely import affinity

from linli.planner import Building, Community, Place

EAST, NORTH, STEP = 113.1, 36.2, 0.0004


def spot(across: float, down: float) -> tuple[float, float]:
    """Return degrees of a place counted in steps, eastwards and northwards."""
    return EAST + across * STEP, NORTH + down * STEP


def house(across: float, down: float, size: float = 0.5) -> Any:
    """Return a square footprint with its lower left corner there."""
    west, south = spot(across, down)
    return shapely.box(west, south, west + size * STEP, south + size * STEP)


def rectangle(west: float, south: float, east: float, north: float) -> Any:
    """Return a rectangle counted in steps."""
    return shapely.box(*spot(west, south), *spot(east, north))


def rows(
    across: int, down: int, households: Sequence[int] | int = 50, *, compound: str = "", mains: Sequence[Any] = ()
) -> Place:
    """Return one community ``c`` of houses in rows and columns, numbered ``b0``, ``b1``… from the south-west."""
    houses = []
    for number in range(across * down):
        load = households if isinstance(households, int) else households[number]
        outline = house(number % across, number // across)
        houses.append(Building(f"b{number}", load, "c", outline, compound))
    boundary = rectangle(-0.5, -0.5, across, down)
    return Place(tuple(houses), (Community("c", "广场西社区", boundary),), tuple(mains))


def road(*places: tuple[float, float]) -> Any:
    """Return a line through places counted in steps."""
    return shapely.LineString([spot(*place) for place in places])


def turned(outline: Any, degrees: float) -> Any:
    """Return an outline turned around its middle."""
    return affinity.rotate(outline, degrees)
