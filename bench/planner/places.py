"""Instances as the planner's library takes them, and divisions as answers that the scorer can judge."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from bench.planner.files import Answer, Instance
from bench.planner.regions import Ints, Region, regions_of
from linli.planner import model
from linli.planner.ground import Ground, prepare
from linli.planner.shapes import draw

Divide = Callable[[Region], Any]


def place_of(instance: Instance) -> model.Place:
    """Return an instance as the library takes it."""
    return model.Place(
        buildings=tuple(
            model.Building(one.key, one.households, one.community, one.outline, one.compound)
            for one in instance.buildings
        ),
        communities=tuple(model.Community(code, code, outline) for code, outline in instance.communities.items()),
        mains=instance.mains,
    )


def grounds_of(instance: Instance) -> tuple[Ground, ...]:
    """Return the ground of every community: footprints, neighbours, borders."""
    return prepare(place_of(instance), model.Settings()).communities


def planned(regions: list[list[Region]], grounds: tuple[Ground, ...], divide: Divide) -> list[Ints]:
    """Return the grid of every unit, community by community, each region divided by itself."""
    found = []
    for ground, pieces in zip(grounds, regions, strict=True):
        labels = np.zeros(ground.units, dtype=np.int64)
        next_label = 0
        for region in pieces:
            own = np.asarray(divide(region), dtype=np.int64)
            labels[region.units] = own + next_label
            next_label += int(own.max()) + 1
        found.append(labels)
    return found


def regions(grounds: tuple[Ground, ...]) -> list[list[Region]]:
    """Return the regions of every community."""
    return [regions_of(ground) for ground in grounds]


def answer(grounds: tuple[Ground, ...], labels: list[Ints], names: list[list[str]] | None = None) -> Answer:
    """Return the polygons and the assignment of a division.

    Args:
        grounds: the communities.
        labels: the grid of each unit, 0…n-1 in each community.
        names: the code of each grid; made up if not given.
    """
    polygons: dict[str, Any] = {}
    communities: dict[str, str] = {}
    grids: dict[str, list[str]] = {}
    for place, (ground, own) in enumerate(zip(grounds, labels, strict=True)):
        numbers = own[ground.unit_of].tolist()
        shapes = draw(ground, numbers)
        codes = names[place] if names else [f"{ground.code}-{number}" for number in range(len(np.unique(own)))]
        # A part of a community without a building is a grid too.
        codes = codes + [f"{ground.code}-part-{number}" for number in range(len(shapes) - len(codes))]
        for code, polygon in zip(codes, shapes, strict=True):
            polygons[code], communities[code] = polygon, ground.code
        grids |= {key: [codes[number]] for key, number in zip(ground.keys, numbers, strict=True)}
    return Answer(polygons, communities, grids)
