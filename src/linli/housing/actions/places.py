"""Compounds, buildings and dwellings one by one: added, changed, removed."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from linli.areas.models import Area
from linli.core.bigrams import document_terms
from linli.core.pinyin import readings
from linli.core.tokens import new_plate_token
from linli.housing.actions.checking import is_lived_in
from linli.housing.actions.homes import NewBuilding, add_building, assign_grid, insert_homes
from linli.housing.addresses import building_order, floor_of, home_order, spell_home, spell_plate
from linli.housing.models import Building, Compound, Dwelling, Plate
from linli.housing.queries.faces import missing_rooms
from linli.housing.rules import NotPossible, require_editor, require_keeper
from linli.housing.values import BuildingValues, HomeValues, RowsPlan
from linli.journal import actions as journal

BUILDING_FIELDS = ("kind", "floors", "entrances", "built_year", "lift", "property_manager")
ROW_FIELDS = ("building_id", "entrance", "room", "floor", "path", "address", "sort_key")
CHANGED_FIELDS = ["entrance", "room", "floor", "address", "sort_key", "kind", "occupancy", "area_m2", "plate_number"]
ROW_VALUES = attrgetter(*ROW_FIELDS)


@transaction.atomic
def rename_compound(compound: Compound, name: str, *, by: Any) -> Compound:
    """Give a compound another name; its buildings and homes take it over.

    Raises:
        ValidationError: the community has one of that name, or people are registered under the old one.
    """
    locked = Compound.objects.select_for_update(of=("self",)).select_related("community").get(pk=compound.pk)
    require_editor(by, locked.community)
    former, locked.name = locked.name, name.strip()
    if locked.name == former:
        return locked
    _require_nobody(Dwelling.objects.filter(building__compound=locked))
    locked.sort_key = building_order(locked.name)
    locked.full_clean()
    locked.save(update_fields=["name", "sort_key"])
    for building in Building.objects.select_for_update().filter(compound=locked):
        building.compound = locked
        _spell(building)
    journal.record(by, "housing.rename_compound", locked, area_path=locked.community.path)
    return locked


@transaction.atomic
def remove_compound(compound: Compound, *, by: Any) -> None:
    """Remove a compound without buildings. Raises ``NotPossible`` while it has some."""
    locked = Compound.objects.select_for_update(of=("self",)).select_related("community").get(pk=compound.pk)
    require_editor(by, locked.community)
    if locked.buildings.exists():
        raise NotPossible(_("There are still buildings in it. Remove them first, or put them into another compound."))
    journal.record(by, "housing.remove_compound", locked, area_path=locked.community.path)
    locked.delete()


@transaction.atomic
def add_house(community: Area, values: BuildingValues, *, by: Any) -> Building:
    """Write down a building with all that is told of it."""
    require_keeper(by, community)
    building = add_building(NewBuilding(community, values.name, values.compound, values.grid), by=by)
    return _write_building(building, values)


@transaction.atomic
def change_building(building: Building, values: BuildingValues, *, by: Any) -> Building:
    """Change what is told of a building; with its name or compound the addresses of its homes change.

    Raises:
        ValidationError: the address is taken, the grid is of another community, or people are registered there.
    """
    related = ("community", "compound", "grid")
    locked = Building.objects.select_for_update(of=("self",)).select_related(*related).get(pk=building.pk)
    require_keeper(by, locked.community)
    if (locked.name, locked.compound) != (values.name.strip(), values.compound):
        _require_nobody(Dwelling.objects.filter(building=locked))
        locked.name, locked.compound = values.name.strip(), values.compound
        _spell(locked)
    if locked.grid != values.grid:
        moved = assign_grid(locked, values.grid, by=by)
        locked.grid, locked.path = moved.grid, moved.path
    _write_building(locked, values)
    journal.record(by, "housing.change_building", locked)
    return locked


@transaction.atomic
def remove_building(building: Building, *, by: Any) -> None:
    """Remove a building with its homes. Raises ``NotPossible`` while somebody lives there, or records tell of it."""
    locked = Building.objects.select_for_update(of=("self",)).select_related("community").get(pk=building.pk)
    require_keeper(by, locked.community)
    homes = Dwelling.objects.filter(building=locked)
    if is_lived_in(homes):
        raise NotPossible(_("People are registered in this building. It can be removed when nobody lives there."))
    journal.record(by, "housing.remove_building", locked)
    _delete(homes, locked)


@transaction.atomic
def add_rows(building: Building, plan: RowsPlan, *, by: Any) -> int:
    """Write down the rooms of a whole building that are not there yet; return how many.

    Raises:
        ValidationError: the plan asks for more than a building has, or a workbook brings the same rooms at this moment.
    """
    locked = Building.objects.select_for_update(of=("self",)).select_related("community").get(pk=building.pk)
    require_keeper(by, locked)
    rooms = missing_rooms(locked, plan)
    homes = [_home(locked, HomeValues(entrance, room, floor)) for entrance, room, floor in rooms]
    insert_homes(ROW_FIELDS, map(ROW_VALUES, homes))
    journal.record(by, "housing.add_dwellings", locked, detail={"count": len(homes)})
    return len(homes)


@transaction.atomic
def add_home(building: Building, values: HomeValues, *, by: Any) -> Dwelling:
    """Write down one dwelling. Raises ``ValidationError`` when the building has it."""
    locked = Building.objects.select_for_update(of=("self",)).select_related("community").get(pk=building.pk)
    require_keeper(by, locked)
    home = _home(locked, values)
    _check_home(home)
    home.save(force_insert=True)
    journal.record(by, "housing.add_home", home)
    return home


@transaction.atomic
def change_home(dwelling: Dwelling, values: HomeValues, *, by: Any) -> Dwelling:
    """Change what is told of a dwelling. Raises ``ValidationError`` for a taken room, or one with people."""
    locked = Dwelling.objects.select_for_update(of=("self",)).select_related("building").get(pk=dwelling.pk)
    require_keeper(by, locked)
    if (locked.entrance, locked.room) != (values.entrance.strip(), values.room.strip()):
        _require_nobody(Dwelling.objects.filter(pk=locked.pk), "room")
    changed = _home(locked.building, values)
    changed.pk, changed._state.adding = locked.pk, False
    _check_home(changed)
    changed.save(update_fields=CHANGED_FIELDS)
    journal.record(by, "housing.change_home", changed, detail={"occupancy": changed.occupancy, "kind": changed.kind})
    return changed


@transaction.atomic
def remove_home(dwelling: Dwelling, *, by: Any) -> None:
    """Remove a dwelling. Raises ``NotPossible`` while somebody lives there, or records tell of it."""
    locked = Dwelling.objects.select_for_update(of=("self",)).select_related("building").get(pk=dwelling.pk)
    require_keeper(by, locked)
    homes = Dwelling.objects.filter(pk=locked.pk)
    if is_lived_in(homes):
        raise NotPossible(_("Somebody is registered here. The home can be removed when nobody lives there."))
    journal.record(by, "housing.remove_home", locked)
    _delete(homes)


@transaction.atomic
def make_home_plates(dwellings: Iterable[Dwelling], *, by: Any) -> list[Plate]:
    """Make the door plates that dwellings lack; return the new ones."""
    wanted = list(dwellings)
    for building in {home.building_id: home.building for home in wanted}.values():
        require_keeper(by, building)
    known = set(Plate.objects.filter(dwelling__in=[home.pk for home in wanted]).values_list("dwelling_id", flat=True))
    plates = [
        Plate(token=new_plate_token(), building_id=home.building_id, entrance=home.entrance, dwelling=home)
        for home in wanted
        if home.pk not in known
    ]
    Plate.objects.bulk_create(plates)
    path = wanted[0].path if wanted else ""
    journal.record(by, "housing.make_plates", area_path=path, detail={"count": len(plates), "homes": len(wanted)})
    return plates


def _write_building(building: Building, values: BuildingValues) -> Building:
    for name in BUILDING_FIELDS:
        setattr(building, name, getattr(values, name))
    building.property_manager = building.property_manager.strip()
    building.clean_fields(exclude=["geometry"])
    building.save(update_fields=list(BUILDING_FIELDS))
    return building


def _spell(building: Building) -> None:
    """Write the address of a building anew, and with it those of its homes."""
    compound = building.compound.name if building.compound else ""
    building.address = building.name if building.name == compound else compound + building.name
    building.search_terms = " ".join((document_terms(building.address), readings(compound or building.name)))
    building.sort_key = building_order(building.address)
    building.full_clean(exclude=["geometry"])
    building.save(update_fields=["name", "compound", "address", "search_terms", "sort_key"])
    homes = list(Dwelling.objects.filter(building=building))
    for home in homes:
        home.address = spell_home(building.address, home.entrance, home.room)
        home.sort_key = home_order(building.address, home.entrance, home.floor, home.room)
    Dwelling.objects.bulk_update(homes, ["address", "sort_key"], batch_size=500)


def _home(building: Building, values: HomeValues) -> Dwelling:
    entrance, room = values.entrance.strip(), values.room.strip()
    floor = values.floor if values.floor is not None else floor_of(room)
    return Dwelling(
        building=building,
        entrance=entrance,
        room=room,
        floor=floor,
        path=building.path,
        address=spell_home(building.address, entrance, room),
        sort_key=home_order(building.address, entrance, floor, room),
        occupancy=values.occupancy,
        kind=values.kind,
        area_m2=values.area_m2,
        plate_number=spell_plate(values.plate_number),
    )


def _check_home(home: Dwelling) -> None:
    home.clean_fields()
    twins = Dwelling.objects.filter(building=home.building_id, entrance=home.entrance, room=home.room)
    if twins.exclude(pk=home.pk).exists():
        raise ValidationError({"room": _("The building has this room already. Choose another number.")})
    home.validate_constraints()


def _require_nobody(dwellings: Any, field: str = "name") -> None:
    if is_lived_in(dwellings):
        text = _("People are registered under this address. It can be changed when nobody is registered there.")
        raise ValidationError({field: text})


def _delete(homes: Any, building: Building | None = None) -> None:
    try:
        homes.delete()
        if building is not None:
            building.delete()
    except ProtectedError:
        text = _("Records tell of it: people who lived there, tenancies or checks. Say that it is empty instead.")
        raise NotPossible(text) from None
