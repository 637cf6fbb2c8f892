"""Every write about compounds, buildings, homes and door plates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from shapely.geometry import shape

from linli.areas.choices import Level
from linli.areas.models import Area
from linli.core.bigrams import document_terms
from linli.core.bulkload import insert_rows
from linli.core.paths import covers
from linli.core.pinyin import readings
from linli.core.tokens import new_plate_token
from linli.housing.addresses import building_order, floor_of, home_order, spell_home
from linli.housing.choices import BuildingKind, Occupancy
from linli.housing.grouping import by_grid
from linli.housing.models import Building, Compound, Dwelling, Plate
from linli.housing.rules import require_editor
from linli.housing.signals import buildings_moved
from linli.journal import actions as journal

CHUNK = 1000
DWELLING_FIELDS = ("building_id", "entrance", "room", "floor", "path", "address", "occupancy", "sort_key")
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
    compound = new_compound(community, name.strip())
    compound.full_clean()
    compound.save(force_insert=True)
    journal.record(by, "housing.add_compound", compound, area_path=community.path)
    return compound


@transaction.atomic
def add_building(new: NewBuilding, *, by: Any) -> Building:
    """Write down a building. Raises ``ValidationError`` for a taken address or a grid of another community."""
    require_editor(by, new.community)
    building = new_building(new)
    building.full_clean()
    building.save(force_insert=True)
    journal.record(by, "housing.add_building", building)
    return building


@transaction.atomic
def add_buildings(new: Sequence[NewBuilding], *, by: Any) -> list[Building]:
    """Write down many buildings at once, with one journal entry. Rights are asked once for each community."""
    for community in {item.community.pk: item.community for item in new}.values():
        require_editor(by, community)
    buildings = [new_building(item) for item in new]
    Building.objects.bulk_create(buildings, batch_size=CHUNK)
    journal.record(by, "housing.add_buildings", detail={"count": len(buildings)})
    return buildings


@transaction.atomic
def add_dwellings(new: Sequence[NewDwelling], *, by: Any) -> list[Dwelling]:
    """Write down many homes at once, with one journal entry. Rights are asked once for each community.

    Raises:
        ValidationError: one of them is written down already, or comes with a workbook at this moment.
    """
    for community in {item.building.community_id: item.building.community for item in new}.values():
        require_editor(by, community)
    homes = [_dwelling(item) for item in new]
    keys = insert_homes(DWELLING_FIELDS, map(DWELLING_VALUES, homes))
    for home, key in zip(homes, keys, strict=True):
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
        put_into(building, grids[building.pk])
        building.save(update_fields=["grid", "path"])
        note_grid(building, by=by)
    follow_buildings(locked)
    return locked


def note_grid(building: Building, *, by: Any) -> None:
    """Write into the journal which grid a building came into; in the transaction in which it does."""
    journal.record(by, "housing.assign_grid", building, detail={"grid": building.grid.code if building.grid else ""})


def follow_buildings(buildings: list[Building]) -> None:
    """Let homes and everything in them follow buildings that came into other grids; in the same transaction."""
    for building, keys in by_grid(buildings):
        # Those that are on their way in with a workbook too.
        Dwelling.everything.filter(building__in=keys).update(path=building.path)
    if buildings:
        buildings_moved.send(Building, buildings=buildings)


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


def insert_homes(fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[int]:
    """Insert homes in bulk and return their keys. Raises ``ValidationError`` where a room would be there twice."""
    try:
        with transaction.atomic():
            return insert_rows(Dwelling, fields, rows)
    except IntegrityError as error:
        raise ValidationError(
            _("This home is written down already, or a workbook brings it just now. Load the page again in a moment.")
        ) from error


def new_compound(community: Area, name: str) -> Compound:
    """Return the unsaved row of a compound."""
    return Compound(community=community, name=name, sort_key=building_order(name))


def new_building(new: NewBuilding) -> Building:
    """Return the unsaved row of a building."""
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
        sort_key=building_order(address),
    )
    put_into(building, new.grid)
    if new.geometry and new.longitude is None:
        inside = shape(dict(new.geometry)).representative_point()
        building.longitude, building.latitude = inside.x, inside.y
    return building


def put_into(building: Building, grid: Area | None) -> None:
    """Set the grid of an unsaved building, and its path. Raises ``ValidationError`` for a grid of another community."""
    if grid is not None and (
        grid.level != Level.GRID or grid.closed_on is not None or not covers(building.community.path, grid.path)
    ):
        raise ValidationError({"grid": _("Choose a grid of %(community)s.") % {"community": building.community.name}})
    building.grid = grid
    building.path = grid.path if grid is not None else building.community.path


def _dwelling(new: NewDwelling) -> Dwelling:
    floor = new.floor if new.floor is not None else floor_of(new.room)
    return Dwelling(
        building=new.building,
        entrance=new.entrance,
        room=new.room,
        floor=floor,
        path=new.building.path,
        address=spell_home(new.building.address, new.entrance, new.room),
        occupancy=new.occupancy,
        sort_key=home_order(new.building.address, new.entrance, floor, new.room),
    )
