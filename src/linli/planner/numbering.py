"""Codes of grids: west to east, north to south within a community; what stays keeps its code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from linli.planner.ground import Ground
from linli.planner.model import Previous, Settings


def kept_codes(ground: Ground, numbers: Sequence[int], before: Mapping[str, str]) -> list[str]:
    """Return for each grid the code before that it goes on with, empty for a new one.

    A grid goes on with the code that most of its households had; a code goes to the grid with most of its households.
    """
    count = (max(numbers) + 1 if numbers else 0) + ground.empty_parts
    shared: dict[tuple[int, str], tuple[int, int]] = {}
    for row, number in enumerate(numbers):
        code = before.get(ground.keys[row])
        if code:
            households, buildings = shared.get((number, code), (0, 0))
            shared[number, code] = (households + int(ground.households[row]), buildings + 1)
    found = [""] * count
    used: set[str] = set()
    for (number, code), _share in sorted(shared.items(), key=lambda one: (-one[1][0], -one[1][1], one[0])):
        if not found[number] and code not in used:
            found[number] = code
            used.add(code)
    return found


def give_codes(
    ground: Ground,
    numbers: Sequence[int],
    polygons: Sequence[BaseGeometry],
    settings: Settings,
    previous: Previous | None = None,
) -> list[str]:
    """Return the code of each grid: the community's and a number of ``settings.digits`` digits."""
    kept = kept_codes(ground, numbers, previous.grids) if previous else [""] * len(polygons)
    taken = set(kept) | (set(previous.taken) if previous else set())
    number = 0
    for place in reading_order(polygons):
        if kept[place]:
            continue
        while True:
            number += 1
            code = f"{ground.code}{number:0{settings.digits}d}"
            if code not in taken:
                break
        kept[place] = code
    return kept


def reading_order(polygons: Sequence[BaseGeometry]) -> list[int]:
    """Return the places of polygons as one reads a page: rows from north to south, in each from west to east."""
    if not polygons:
        return []
    points = shapely.get_coordinates(shapely.point_on_surface(np.array(polygons, dtype=object)))
    west, south, east, north = shapely.total_bounds(np.array(polygons, dtype=object))
    wide, high = max(east - west, 1e-12), max(north - south, 1e-12)
    rows = max(1, round((len(polygons) * high / wide) ** 0.5))
    row = np.minimum(((north - points[:, 1]) / high * rows).astype(int), rows - 1)
    return [int(place) for place in np.lexsort((points[:, 0], row))]
