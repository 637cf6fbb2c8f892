"""Reading buildings and homes: addresses for everybody, faces of buildings for staff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from linli.areas.models import Area
from linli.core.bigrams import query_terms
from linli.core.paths import within
from linli.core.search import matching
from linli.core.sheets.addresses import compound_name, split_address, split_within_building
from linli.core.sheets.text import clean_string, without_spaces
from linli.housing.addresses import door_order, room_order, spell_building, spell_plate
from linli.housing.models import Building, Dwelling, Plate

MOST_CANDIDATES = 100
LONGEST_ADDRESS = 200
SHORTEST_PLATE = 3
LAST_CHARACTER = "\U0010ffff"


@dataclass(frozen=True)
class FaceFloor:
    """One floor of a building's face: for each entrance, in the order of ``Face.entrances``, its homes."""

    floor: int | None
    homes: list[list[Dwelling]]


@dataclass(frozen=True)
class Face:
    """A building seen from its doors: floors from the top down, entrances from left to right."""

    building: Building
    entrances: list[str]
    floors: list[FaceFloor]


def find_buildings(text: str, limit: int = 10) -> list[Building]:
    """Return buildings for what a person typed as an address, best first; never a home or a person.

    ``黎花园3号楼``, ``黎花园 3 号楼 2单元 501`` and ``潞州区黎花园三号楼`` all give the building; ``黎花园`` gives the
    buildings of the compound.
    """
    return buildings_named(text)[:limit]


def buildings_named(text: str) -> list[Building]:
    """Return at most 100 buildings that fit what was typed as an address, best first."""
    written = without_spaces(clean_string(text[:LONGEST_ADDRESS]))
    parsed = split_address(written)
    wanted = parsed.compound + spell_building(parsed.building) if parsed is not None else compound_name(written)
    found = _buildings_with(wanted)
    if not found and parsed is not None and parsed.compound:
        found = _buildings_with(parsed.compound)
    return sorted(found, key=lambda building: _distance(building, wanted))


def _buildings_with(wanted: str) -> list[Building]:
    found = matching(Building.objects.all(), [query_terms(wanted)])
    return list(found.select_related("grid", "community", "compound").order_by("sort_key", "pk")[:MOST_CANDIDATES])


def homes_named(user: Any, text: str) -> QuerySet[Dwelling]:
    """Return the homes of the user's reach that were typed as an address: 3-2-501, 黎花园3号楼501, 2单元501.

    Without a room, or with a room and nothing else, no home is meant.
    """
    written = without_spaces(clean_string(text[:LONGEST_ADDRESS]))
    parsed, behind = split_address(written), split_within_building(written.upper())
    homes: QuerySet[Dwelling] = Dwelling.objects.visible_to(user)
    buildings: QuerySet[Building] = Building.objects.visible_to(user).order_by()
    if parsed is not None and parsed.room:
        named = matching(buildings, [query_terms(parsed.compound + spell_building(parsed.building))])
        meant = Q(building__in=named.values("pk"), room=parsed.room)
        if parsed.entrance:
            meant &= Q(entrance=parsed.entrance)
    else:
        meant = Q(pk__in=[])
    if behind is not None and behind.entrance and behind.room:
        meant |= Q(building__in=buildings.values("pk"), entrance=behind.entrance, room=behind.room)
    return homes.filter(meant).order_by("path", "sort_key", "pk")


def plated(text: str) -> Q:
    """Return the condition on homes that the beginning of a municipal plate number asks for; too short a piece none."""
    number = spell_plate(text[:LONGEST_ADDRESS])
    if len(number) < SHORTEST_PLATE:
        return Q(pk__in=[])
    return Q(plate_number__gte=number, plate_number__lt=number + LAST_CHARACTER)


def homes_plated(user: Any, text: str) -> QuerySet[Dwelling]:
    """Return the homes of the user's reach whose municipal plate number begins with what was typed."""
    homes: QuerySet[Dwelling] = Dwelling.objects.visible_to(user)
    return homes.filter(plated(text)).order_by("path", "sort_key", "pk")


def _distance(building: Building, wanted: str) -> tuple[int, int, str]:
    """Order by how well an address fits: the same, beginning alike, holding it; then the shorter one."""
    address = without_spaces(building.address)
    if address == wanted:
        fit = 0
    elif address.startswith(wanted):
        fit = 1
    else:
        fit = 2 if wanted in address else 3
    return fit, len(address), building.sort_key


def plate_for(token: str) -> Plate | None:
    """Return the door plate of a token, with its building, grid and community, or None."""
    return Plate.objects.select_related("building__grid", "building__community").filter(token=token.upper()).first()


def buildings_in(area: Area) -> QuerySet[Building]:
    """Return the buildings of a subtree: public, names and footprints only."""
    return Building.objects.filter(within([area.path])).select_related("compound")


def compound_names(areas: Iterable[Area]) -> dict[int, list[str]]:
    """Return grid id → names of its compounds, for many grids in one query."""
    found: dict[int, list[str]] = {}
    rows = Building.objects.filter(grid__in=list(areas)).exclude(compound=None).order_by("compound__sort_key")
    for grid, name in rows.values_list("grid", "compound__name").distinct():
        if grid is not None and name:
            found.setdefault(grid, []).append(name)
    return found


def buildings_for(user: Any) -> QuerySet[Building]:
    """Return the buildings that the ledgers of a user reach."""
    return Building.objects.visible_to(user).select_related("compound", "grid", "community")


def building_for(user: Any, pk: int) -> Building:
    """Return one building that the ledgers of a user reach. Raises ``Building.DoesNotExist``."""
    return buildings_for(user).get(pk=pk)


def dwellings_for(user: Any, area: Area | None = None) -> QuerySet[Dwelling]:
    """Return the homes that the ledgers of a user reach, in a subtree if one is given."""
    homes = Dwelling.objects.visible_to(user).select_related("building")
    return homes.filter(within([area.path])) if area is not None else homes


def orphan_buildings(area: Area) -> QuerySet[Building]:
    """Return the buildings of a subtree that belong to no grid, for ``linli check``."""
    return Building.objects.filter(within([area.path])).orphans().select_related("community")


def building_face(building: Building, user: Any) -> Face:
    """Return the homes of a building as they lie above and beside each other; empty where the user may not look."""
    homes = list(Dwelling.objects.visible_to(user).filter(building=building).order_by())
    entrances = sorted({home.entrance for home in homes}, key=door_order)
    by_place: dict[tuple[int | None, str], list[Dwelling]] = defaultdict(list)
    for home in sorted(homes, key=lambda home: room_order(home.room)):
        by_place[home.floor, home.entrance].append(home)
    levels = sorted({home.floor for home in homes}, key=lambda floor: (floor is None, -(floor or 0)))
    floors = [FaceFloor(level, [by_place[level, entrance] for entrance in entrances]) for level in levels]
    return Face(building, entrances, floors)


def buildings_geojson(buildings: Iterable[Building]) -> dict[str, Any]:
    """Return a GeoJSON feature collection of buildings that have a footprint; properties are id and name."""
    features = [
        {
            "type": "Feature",
            "geometry": building.geometry,
            "properties": {"id": building.pk, "name": building.address},
        }
        for building in buildings
        if building.geometry
    ]
    return {"type": "FeatureCollection", "features": features}
