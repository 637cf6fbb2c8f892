"""The buildings of a community with their homes, ready to be written."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from shapely.geometry import mapping

from linli.areas.models import Area
from linli.demo.blocks import (
    ROOMS_PER_FLOOR,
    BuildingPlan,
    CompoundNames,
    city_blocks,
    village_blocks,
    workbook_blocks,
)
from linli.demo.ground import GridPlan
from linli.demo.register import PlaceRow
from linli.demo.scales import VILLAGE_ENDING, WORKBOOK_COMMUNITY, WORKBOOK_COMPOUNDS, Scale
from linli.housing.actions import NewBuilding, NewDwelling
from linli.housing.choices import BuildingKind, Occupancy
from linli.housing.models import Building, Compound

# Homes without a household that the ledger knows, and their shares.
WITHOUT_HOUSEHOLD = (Occupancy.EMPTY, Occupancy.UNKNOWN, Occupancy.DECLINED)
WITHOUT_SHARES = (0.45, 0.8, 1.0)
RENTED_SHARE = 0.17


@dataclass(frozen=True)
class Quarter:
    """What stands in one grid: its buildings, and how many of their homes have a household."""

    grid: GridPlan
    buildings: Sequence[BuildingPlan]
    households: int


def plan_community(scale: Scale, community: PlaceRow, grids: Sequence[GridPlan], rng: random.Random) -> list[Quarter]:
    """Invent the buildings of a community."""
    if community.code == WORKBOOK_COMMUNITY:
        return [
            Quarter(grid, workbook_blocks(grid, compound, rng), 0)
            for grid, compound in zip(grids, WORKBOOK_COMPOUNDS, strict=True)
        ]
    names, quarters = CompoundNames(rng), []
    for grid in grids:
        households = rng.randint(*scale.households_per_grid)
        if community.name.endswith(VILLAGE_ENDING):
            buildings = village_blocks(grid, households, community.name.removesuffix("委会"), rng)
        else:
            buildings = city_blocks(grid, households, names, rng)
        quarters.append(Quarter(grid, buildings, households))
    return quarters


def new_buildings(
    quarters: Sequence[Quarter], community: Area, grids: Mapping[str, Area], compounds: Mapping[str, Compound]
) -> list[NewBuilding]:
    """Return the buildings of a community as rows for the write door, in the order of the plans."""
    return [
        NewBuilding(
            community=community,
            name=plan.name,
            compound=compounds[plan.compound],
            grid=grids[plan.grid.code],
            kind=plan.kind,
            geometry=mapping(plan.polygon),
            longitude=plan.longitude,
            latitude=plan.latitude,
            floors=plan.floors,
            entrances=plan.entrances or None,
        )
        for quarter in quarters
        for plan in quarter.buildings
    ]


def new_dwellings(quarters: Sequence[Quarter], buildings: Sequence[Building], rng: random.Random) -> list[NewDwelling]:
    """Return the homes of buildings that were made from the plans; the community of the workbook gets none."""
    made, rows = iter(buildings), []
    for quarter in quarters:
        pairs = [(next(made), plan) for plan in quarter.buildings]
        if not quarter.households:
            continue
        rooms = [(building, *room) for building, plan in pairs for room in _rooms(plan)]
        uses = _uses(len(rooms), quarter.households, rng)
        rows += [
            NewDwelling(building, entrance, room, occupancy=use)
            for (building, entrance, room), use in zip(rooms, uses, strict=True)
        ]
    return rows


def _rooms(plan: BuildingPlan) -> Iterator[tuple[str, str]]:
    """Yield entrance and room of every home of a building."""
    if plan.kind != BuildingKind.RESIDENTIAL:
        return
    if not plan.entrances:
        yield "", ""
    for entrance in range(1, plan.entrances + 1):
        for floor in range(1, plan.floors + 1):
            for room in range(1, ROOMS_PER_FLOOR + 1):
                yield str(entrance), f"{floor}{room:02d}"


def _uses(homes: int, households: int, rng: random.Random) -> list[str]:
    """Return how each home is used; exactly so many of them have a household."""
    lived = min(homes, households)
    uses = [Occupancy.RENTED if rng.random() < RENTED_SHARE else Occupancy.OWN for _home in range(lived)]
    uses += rng.choices(WITHOUT_HOUSEHOLD, cum_weights=WITHOUT_SHARES, k=homes - lived)
    rng.shuffle(uses)
    return [str(use) for use in uses]
