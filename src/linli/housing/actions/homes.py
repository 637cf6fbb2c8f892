"""Every write about compounds, buildings, homes and door plates."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from shapely.geometry import shape

from linli.areas.choices import Level
from linli.areas.models import Area
from linli.core import progress
from linli.core.bigrams import document_terms
from linli.core.bulkload import insert_rows
from linli.core.paths import covers
from linli.core.pinyin import readings
from linli.core.tokens import new_plate_token
from linli.exchange import actions as exchange
from linli.exchange.models import Batch
from linli.exchange.snapshots import snapshot
from linli.housing.addresses import HomeKey, floor_of, home_key, spell_building, spell_home
from linli.housing.choices import BuildingKind, Occupancy
from linli.housing.models import Building, Compound, Dwelling, Plate
from linli.housing.rules import require_editor
from linli.housing.signals import buildings_moved
from linli.journal import actions as journal

CHUNK = 1000
HOMES_STEP = "homes"
DWELLING_FIELDS = ("building_id", "entrance", "room", "floor", "path", "address", "occupancy")
DWELLING_VALUES = attrgetter(*DWELLING_FIELDS)


@dataclass(frozen=True)
class NewBuilding:
    """A building to be written down.

    ``geometry`` is GeoJSON in WGS-84; the point inside it is worked out unless given in degrees. Without ``address`` it
    is the compound's name and the building's.
    """

    community: Area
    name: str
    compound: Compound | None = None
    grid: Area | None = None
    address: str = ""
    kind: str = BuildingKind.RESIDENTIAL
    geometry: Mapping[str, Any] | None = None
    longitude: float | None = None
    latitude: float | None = None
    floors: int | None = None
    entrances: int | None = None


@dataclass(frozen=True)
class NewDwelling:
    """A home to be written down; without ``floor`` the room number tells it."""

    building: Building
    entrance: str = ""
    room: str = ""
    floor: int | None = None
    occupancy: str = Occupancy.UNKNOWN


@transaction.atomic
def add_compound(community: Area, name: str, *, by: Any) -> Compound:
    """Write down a compound. Raises ``ValidationError`` when the community has one of that name."""
    require_editor(by, community)
    compound = Compound(community=community, name=name.strip())
    compound.full_clean()
    compound.save(force_insert=True)
    journal.record(by, "housing.add_compound", compound, area_path=community.path)
    return compound


@transaction.atomic
def add_building(new: NewBuilding, *, by: Any) -> Building:
    """Write down a building. Raises ``ValidationError`` for a taken address or a grid of another community."""
    require_editor(by, new.community)
    building = _building(new)
    building.full_clean()
    building.save(force_insert=True)
    journal.record(by, "housing.add_building", building)
    return building


@transaction.atomic
def add_buildings(new: Sequence[NewBuilding], *, by: Any) -> list[Building]:
    """Write down many buildings at once, with one journal entry. Rights are asked once for each community."""
    for community in {item.community.pk: item.community for item in new}.values():
        require_editor(by, community)
    buildings = [_building(item) for item in new]
    Building.objects.bulk_create(buildings, batch_size=CHUNK)
    journal.record(by, "housing.add_buildings", detail={"count": len(buildings)})
    return buildings


@transaction.atomic
def add_dwellings(new: Sequence[NewDwelling], *, by: Any) -> list[Dwelling]:
    """Write down many homes at once, with one journal entry. Rights are asked once for each community."""
    for community in {item.building.community_id: item.building.community for item in new}.values():
        require_editor(by, community)
    homes = [_dwelling(item) for item in new]
    for home, key in zip(homes, insert_rows(Dwelling, DWELLING_FIELDS, map(DWELLING_VALUES, homes)), strict=True):
        home.pk = key
    journal.record(by, "housing.add_dwellings", detail={"count": len(homes)})
    return homes


@transaction.atomic
def set_occupancy(dwelling: Dwelling, occupancy: str, *, by: Any) -> Dwelling:
    """Say how a home is used; “prefers not to say” is an answer like any other."""
    locked = Dwelling.objects.select_for_update(of=("self",)).select_related("building__community").get(pk=dwelling.pk)
    require_editor(by, locked.building.community)
    locked.occupancy = Occupancy(occupancy)
    locked.save(update_fields=["occupancy"])
    journal.record(by, "housing.set_occupancy", locked, detail={"occupancy": locked.occupancy})
    return locked


@transaction.atomic
def assign_grid(building: Building, grid: Area | None, *, by: Any) -> Building:
    """Put a building into a grid of its community, or into none; its homes and all who live there move with it.

    Raises:
        ValidationError: the grid belongs to another community, is closed, or is no grid.
    """
    return assign_grids([(building, grid)], by=by)[0]


@transaction.atomic
def assign_grids(moves: Iterable[tuple[Building, Area | None]], *, by: Any) -> list[Building]:
    """Put many buildings into grids at once: all of them or none. See `assign_grid`."""
    grids = {building.pk: grid for building, grid in moves}
    locked = list(
        Building.objects.select_for_update(of=("self",)).select_related("community").filter(pk__in=grids).order_by("pk")
    )
    for building in locked:
        require_editor(by, building.community)
        _put_into(building, grids[building.pk])
        building.save(update_fields=["grid", "path"])
        Dwelling.objects.filter(building=building).update(path=building.path)
        journal.record(
            by, "housing.assign_grid", building, detail={"grid": building.grid.code if building.grid else ""}
        )
    buildings_moved.send(Building, buildings=locked)
    return locked


@transaction.atomic
def make_plates(buildings: Iterable[Building], *, by: Any) -> list[Plate]:
    """Make the door plates that buildings lack, one for the building and one for each entrance; return the new ones."""
    wanted = list(buildings)
    for community in {building.community_id: building.community for building in wanted}.values():
        require_editor(by, community)
    keys = [building.pk for building in wanted]
    doors = {(key, "") for key in keys}
    doors |= set(Dwelling.objects.filter(building__in=keys).values_list("building_id", "entrance").distinct())
    doors -= set(Plate.objects.filter(building__in=keys, dwelling=None).values_list("building_id", "entrance"))
    plates = [Plate(token=new_plate_token(), building_id=key, entrance=entrance) for key, entrance in sorted(doors)]
    Plate.objects.bulk_create(plates, batch_size=CHUNK)
    journal.record(by, "housing.make_plates", detail={"count": len(plates), "buildings": len(wanted)})
    return plates


@transaction.atomic
def find_or_make_homes(
    uses: Mapping[HomeKey, str | None], *, community: Area, by: Any, batch: Batch
) -> dict[HomeKey, Dwelling]:
    """Find the homes that a workbook speaks of, and write down those that are new; only for bulk imports.

    A building that is not on the map is made without a grid: its path is the community's, so that only community
    staff see it until somebody puts it into a grid.

    Args:
        uses: home → how it is used, or None where the workbook does not say.
    """
    require_editor(by, community)
    progress.begin(HOMES_STEP, 0)
    keys = {home_key(*key): use for key, use in uses.items()}
    buildings = _find_or_make_buildings({key.house for key in keys}, community, batch)
    known = _homes_by_key(buildings)
    new = {
        key: _dwelling(NewDwelling(buildings[key.house], key.entrance, key.room, occupancy=use or Occupancy.UNKNOWN))
        for key, use in keys.items()
        if key not in known
    }
    Dwelling.objects.bulk_create(new.values(), batch_size=CHUNK)
    exchange.keep_created(batch, new.values())
    _update_uses([(known[key], use) for key, use in keys.items() if key in known and use], batch)
    found = known | new
    return {key: found[home_key(*key)] for key in uses}


@transaction.atomic
def undo_homes(batch: Batch, *, by: Any) -> None:
    """Take back the buildings and homes that a batch made or changed; only for undoing imports.

    Raises:
        NotPossible: one of them was changed, or is needed by something else since.
    """
    require_editor(by, batch.area)
    exchange.require_unchanged(batch, Dwelling)
    exchange.require_unchanged(batch, Building)
    for model in (Dwelling, Building, Compound):
        exchange.take_back_created(batch, model)
    exchange.put_back_changed(batch, Dwelling)
    for home in Dwelling.objects.filter(pk__in=exchange.touched(batch, Dwelling)).select_related("building"):
        home.path = home.building.path
        home.save(update_fields=["path"])
    journal.record(by, "housing.undo_homes", batch)


def _find_or_make_buildings(houses: Collection[HomeKey], community: Area, batch: Batch) -> dict[HomeKey, Building]:
    on_the_map = Building.objects.filter(community=community).select_related("compound", "grid", "community")
    found = {_house_key(building): building for building in on_the_map}
    by_address = {building.address: building for building in found.values()}
    compounds = {home_key(each.name, "").compound: each for each in Compound.objects.filter(community=community)}
    missing = {house.compound for house in houses if house.compound} - compounds.keys()
    made = [Compound(community=community, name=name) for name in sorted(missing)]
    Compound.objects.bulk_create(made)
    exchange.keep_created(batch, made)
    compounds |= {compound.name: compound for compound in made}
    new: dict[HomeKey, Building] = {}
    for house in sorted(set(houses) - found.keys()):
        name = spell_building(house.building) or house.compound or community.name
        building = _building(NewBuilding(community, name, compound=compounds.get(house.compound)))
        if building.address in by_address:
            found[house] = by_address[building.address]
        else:
            new[house] = by_address[building.address] = building
    Building.objects.bulk_create(new.values(), batch_size=CHUNK)
    exchange.keep_created(batch, new.values())
    return found | new


def _house_key(building: Building) -> HomeKey:
    compound = building.compound.name if building.compound else ""
    # A house that is known by its compound alone has that as its name.
    name = "" if building.name == compound else building.name
    return home_key(compound, name)


def _homes_by_key(buildings: Mapping[HomeKey, Building]) -> dict[HomeKey, Dwelling]:
    houses = {building.pk: house for house, building in buildings.items()}
    found: dict[HomeKey, Dwelling] = {}
    for chunk in exchange.chunks(houses):
        for home in Dwelling.objects.filter(building__in=chunk):
            house = houses[home.building_id]
            found[home_key(house.compound, house.building, home.entrance, home.room)] = home
    return found


def _update_uses(homes: Iterable[tuple[Dwelling, str]], batch: Batch) -> None:
    changed: list[tuple[Dwelling, str]] = []
    for home, use in homes:
        if home.occupancy != use:
            before = snapshot(home)
            home.occupancy = Occupancy(use)
            changed.append((home, before))
    Dwelling.objects.bulk_update([home for home, _before in changed], ["occupancy"], batch_size=CHUNK)
    exchange.keep_changed(batch, changed)


def _building(new: NewBuilding) -> Building:
    name = new.name.strip()
    compound = new.compound.name if new.compound else ""
    address = new.address.strip() or (name if name == compound else compound + name)
    building = Building(
        compound=new.compound,
        name=name,
        kind=new.kind,
        community=new.community,
        address=address,
        geometry=dict(new.geometry) if new.geometry else None,
        longitude=new.longitude,
        latitude=new.latitude,
        floors=new.floors,
        entrances=new.entrances,
        search_terms=" ".join((document_terms(address), readings(compound or name))),
    )
    _put_into(building, new.grid)
    if new.geometry and new.longitude is None:
        inside = shape(dict(new.geometry)).representative_point()
        building.longitude, building.latitude = inside.x, inside.y
    return building


def _put_into(building: Building, grid: Area | None) -> None:
    if grid is not None and (
        grid.level != Level.GRID or grid.closed_on is not None or not covers(building.community.path, grid.path)
    ):
        raise ValidationError({"grid": _("Choose a grid of %(community)s.") % {"community": building.community.name}})
    building.grid = grid
    building.path = grid.path if grid is not None else building.community.path


def _dwelling(new: NewDwelling) -> Dwelling:
    return Dwelling(
        building=new.building,
        entrance=new.entrance,
        room=new.room,
        floor=new.floor if new.floor is not None else floor_of(new.room),
        path=new.building.path,
        address=spell_home(new.building.address, new.entrance, new.room),
        occupancy=new.occupancy,
    )
