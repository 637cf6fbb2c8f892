"""What is being built in the showcase community, and why a grid may be as small as it is."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import shapely
from django.db import transaction
from shapely.geometry import Polygon, box

from linli.areas.actions import explain_size
from linli.areas.bands import band_of
from linli.areas.models import Area
from linli.areas.queries import grids_under
from linli.core import clock
from linli.core.geo import from_geojson, to_geojson
from linli.demo.scales import WORKBOOK_COMMUNITY
from linli.demo.staff import SHOWCASE_COMMUNITY, SHOWCASE_GRID
from linli.housing import actions
from linli.housing.models import Building, PlannedBuilding
from linli.housing.values import BuildingValues, PlannedValues
from linli.people.queries import household_counts

TRIES = 400
# Half the width and height of a site in degrees: about 50 by 30 metres.
WIDE, HIGH = 0.0003, 0.00013
WAITING = "居民台账还没收进来，收进来以后再看要不要并。"


@transaction.atomic
def write_planned(places: Mapping[str, Area], seed: int, *, by: Any) -> None:
    """Write some building sites: one that makes a grid too large, one that is late, one built, one given up."""
    rng = random.Random(f"{seed}:planned")  # noqa: S311
    grid, beside = places[SHOWCASE_GRID], list(grids_under(places[SHOWCASE_COMMUNITY]))[-1]
    room = max(band_of(grid.kind).warned_high - household_counts([grid.path])[grid.path], 0)
    _add(rng, grid, Site("锦绣苑一期", room // 2 + 30, 5, note="地下室已出地面"), by)
    _add(rng, grid, Site("锦绣苑二期", room // 2 + 60, 11), by)
    _add(rng, beside, Site("老粮库改造楼", 48, 1, ago=4, note="外墙已做完，等水电"), by)
    built = _add(rng, beside, Site("惠民家园9号楼", 36, 2, ago=5), by)
    actions.finish_planned(built, BuildingValues(built.name, grid=beside, floors=6, entrances=3), by=by)
    stopped = _add(rng, beside, Site("西边小楼", 20, 8, ago=3), by)
    actions.give_up_planned(stopped, "地块改成停车场", by=by)
    _explain(places[WORKBOOK_COMMUNITY], by)


@dataclass(frozen=True)
class Site:
    """A site: expected so many months after it was written down, which was so many months ago."""

    name: str
    households: int
    ahead: int
    ago: int = 0
    note: str = ""


def _add(rng: random.Random, grid: Area, site: Site, by: Any) -> PlannedBuilding:
    outline = to_geojson(_free_place(rng, grid), 7)
    with clock.frozen(clock.now() - timedelta(days=30 * site.ago)):
        month = (clock.today().replace(day=1) + timedelta(days=31 * site.ahead)).replace(day=1)
        values = PlannedValues(site.name, site.households, month, outline=outline, note=site.note)
        return actions.add_planned(values, by=by)


def _free_place(rng: random.Random, grid: Area) -> Polygon:
    """Return a rectangle inside a grid where no building stands, else in its middle."""
    polygon = from_geojson(grid.geometry or {})
    shapes = Building.objects.filter(grid=grid).exclude(geometry=None).values_list("geometry", flat=True)
    built = shapely.union_all([from_geojson(shape) for shape in shapes if shape])
    west, south, east, north = polygon.bounds
    for _try in range(TRIES):
        longitude, latitude = rng.uniform(west, east), rng.uniform(south, north)
        site = box(longitude - WIDE, latitude - HIGH, longitude + WIDE, latitude + HIGH)
        if polygon.contains(site) and not built.intersects(site):
            return site
    middle = polygon.representative_point()
    return box(middle.x - WIDE / 9, middle.y - HIGH / 9, middle.x + WIDE / 9, middle.y + HIGH / 9)


def _explain(community: Area, by: Any) -> None:
    """Accept the size of the last grid of a community whose people are not written down yet."""
    grid = list(grids_under(community))[-1]
    size = household_counts([grid.path])[grid.path]
    if band_of(grid.kind).side_of(size) is not None:
        explain_size(grid, WAITING, size=size, by=by)
