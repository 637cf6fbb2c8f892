"""The homes that a workbook speaks of: found, or planned to be written down. Reads; exchange writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from linli.areas.models import Area
from linli.core.bulkload import reserve_ids
from linli.exchange.choices import DifferenceKind
from linli.exchange.ledgers import Keys
from linli.exchange.models import Batch
from linli.exchange.plans import Difference, Insert, Known, changed
from linli.housing.actions import NewBuilding, follow_buildings, new_building, new_compound, note_grid
from linli.housing.addresses import HomeKey, floor_of, home_key, home_order, spell_building, spell_home
from linli.housing.choices import Occupancy
from linli.housing.models import Building, Compound, Dwelling

CHUNK = 1000
COMPARED_AT_ONCE = 500
DWELLING_NAMES = (
    *("id", "building_id", "entrance", "room", "floor", "path", "address", "occupancy", "sort_key", "plate_number"),
)

HOUSING_MODELS: tuple[type[models.Model], ...] = (Compound, Building, Dwelling)


@dataclass(slots=True, eq=False)
class House:
    """A building: known, or to be written down; then it has an unsaved row."""

    pk: int
    address: str
    path: str
    row: Building | None = None


@dataclass(slots=True, eq=False)
class Home:
    """A home that a workbook speaks of: known, or to be written down."""

    pk: int
    house: House
    entrance: str
    room: str
    address: str
    use: str
    is_new: bool
    plate: str = ""

    @property
    def path(self) -> str:
        """The path of its building."""
        return self.house.path


class HomesPlan:
    """The homes of a workbook within a community.

    A building that is not on the map is to be made without a grid: its path is the community's, so that only community
    staff see it until somebody puts it into a grid.

    Args:
        uses: home → how it is used, or None where the workbook does not say.
        houses: buildings that are spoken of without a home.
        plates: home → the number of its municipal plate, where the workbook says it.
    """

    def __init__(
        self,
        uses: Mapping[HomeKey, str | None],
        community: Area,
        houses: Collection[HomeKey] = (),
        *,
        plates: Mapping[HomeKey, str] | None = None,
    ) -> None:
        self.community = community
        self.compounds: list[Compound] = []
        self._written: dict[HomeKey, HomeKey] = {key: home_key(*key) for key in uses}
        keys = {self._written[key]: use for key, use in uses.items()}
        self._houses = self._find_houses({key.house for key in keys} | {home_key(*key).house for key in houses})
        self.homes: dict[HomeKey, Home] = self._find_homes(keys)
        numbers = {self._written[key]: plate for key, plate in (plates or {}).items()}
        self._changed: list[tuple[Home, dict[str, str]]] = []
        for key, use in keys.items():
            home, plate = self.homes.get(key), numbers.get(key, "")
            if home is None:
                self.homes[key] = self._new_home(key, use, plate)
                continue
            said = {"occupancy": use} if use and home.use != use else {}
            said |= {"plate_number": plate} if plate and home.plate != plate else {}
            if said:
                self._changed.append((home, said))

    def home(self, key: HomeKey) -> Home:
        """Return the home of a key as the workbook has it."""
        return self.homes[self._written[key]]

    def house(self, key: HomeKey) -> House:
        """Return the building of a key as the workbook has it."""
        return self._houses[home_key(*key).house]

    @property
    def changed(self) -> int:
        """Of how many known homes the workbook says something else."""
        return len(self._changed)

    @property
    def new_houses(self) -> list[House]:
        """The buildings to be made."""
        return [house for house in dict.fromkeys(self._houses.values()) if house.row is not None]

    @property
    def new_homes(self) -> list[Home]:
        """The homes to be made."""
        return [home for home in self.homes.values() if home.is_new]

    @property
    def size(self) -> int:
        """How many rows are looked at or made."""
        return len(self.compounds) + len(self.new_houses) + len(self.new_homes) + len(self._changed)

    def prepare(self) -> None:
        """Gather what is to be made."""
        self._made_houses, self._made_homes = self.new_houses, self.new_homes

    def reserve(self) -> None:
        """Take the keys of what is to be made."""
        self._compound_keys = reserve_ids(Compound, len(self.compounds))
        self._house_keys = reserve_ids(Building, len(self._made_houses))
        self._home_keys = reserve_ids(Dwelling, len(self._made_homes))

    def _number(self) -> None:
        for compound, key in zip(self.compounds, self._compound_keys, strict=True):
            compound.pk = key
        for house, key in zip(self._made_houses, self._house_keys, strict=True):
            house.pk = key
        for home, key in zip(self._made_homes, self._home_keys, strict=True):
            home.pk = key

    def inserts(self) -> Iterator[list[Insert]]:
        """Yield compounds, buildings and homes in this order."""
        self._number()
        yield [_objects(Compound, [(compound, compound.pk) for compound in self.compounds])]
        for part in _parts(self._made_houses, COMPARED_AT_ONCE):
            rows = []
            for house in part:
                if house.row is not None:
                    if house.row.compound is not None:
                        house.row.compound_id = house.row.compound.pk
                    rows.append((house.row, house.pk))
            yield [_objects(Building, rows)]
        for homes in _parts(self._made_homes, CHUNK):
            yield [Insert(Dwelling, DWELLING_NAMES, [_dwelling_values(home) for home in homes])]

    def changes(self) -> Iterator[list[Known]]:
        """Yield the homes of which the workbook says something else than was known."""
        for part in _parts(self._changed, COMPARED_AT_ONCE):
            rows = Dwelling.objects.in_bulk([home.pk for home, _said in part])
            yield [_told_otherwise(rows[home.pk], said) for home, said in part if home.pk in rows]

    def mend(self) -> None:
        """Let new rows in buildings that were put into another grid meanwhile follow them."""
        planned = {house.pk: house.path for house in self._houses.values() if house.row is None}
        moved = [
            building
            for part in _parts(list(planned), COMPARED_AT_ONCE)
            for building in Building.objects.filter(pk__in=part).select_related("community")
            if building.path != planned[building.pk]
        ]
        follow_buildings(moved)

    def _find_houses(self, houses: Collection[HomeKey]) -> dict[HomeKey, House]:
        on_the_map = Building.objects.filter(community=self.community).select_related("compound")
        found: dict[HomeKey, House] = {}
        by_address: dict[str, House] = {}
        for building in on_the_map.defer("geometry", "search_terms"):
            house = House(building.pk, building.address, building.path)
            found[house_key(building)] = by_address[building.address] = house
        compounds = {
            home_key(each.name, "").compound: each for each in Compound.objects.filter(community=self.community)
        }
        missing = {house.compound for house in houses if house.compound} - compounds.keys()
        self.compounds = [new_compound(self.community, name) for name in sorted(missing)]
        compounds |= {compound.name: compound for compound in self.compounds}
        wanted: dict[HomeKey, House] = {}
        for key in sorted(houses):
            if key not in found:
                found[key] = self._new_house(key, compounds, by_address)
            wanted[key] = found[key]
        return wanted

    def _new_house(self, key: HomeKey, compounds: Mapping[str, Compound], by_address: dict[str, House]) -> House:
        name = spell_building(key.building) or key.compound or self.community.name
        row = new_building(NewBuilding(self.community, name, compound=compounds.get(key.compound)))
        known = by_address.get(row.address)
        if known is None:
            known = by_address[row.address] = House(0, row.address, row.path, row)
        return known

    def _find_homes(self, keys: Collection[HomeKey]) -> dict[HomeKey, Home]:
        houses: dict[int, list[tuple[HomeKey, House]]] = defaultdict(list)
        for key, house in self._houses.items():
            if house.row is None:
                houses[house.pk].append((key, house))
        found: dict[HomeKey, Home] = {}
        for part in _parts(list(houses), COMPARED_AT_ONCE):
            rows = Dwelling.objects.filter(building__in=part).order_by("pk")
            for pk, building, entrance, room, address, use, plate in rows.values_list(
                "pk", "building_id", "entrance", "room", "address", "occupancy", "plate_number"
            ):
                for key, house in houses[building]:
                    place = home_key(key.compound, key.building, entrance, room)
                    if place in keys:
                        found[place] = Home(pk, house, entrance, room, address, use, is_new=False, plate=plate)
        return found

    def _new_home(self, key: HomeKey, use: str | None, plate: str) -> Home:
        house = self._houses[key.house]
        address = spell_home(house.address, key.entrance, key.room)
        return Home(0, house, key.entrance, key.room, address, use or Occupancy.UNKNOWN, True, plate)


class PlanOfHomes:
    """What the plans of workbooks about homes share: what is new is made, and follows, as ``homes`` says."""

    homes: HomesPlan

    def prepare(self) -> None:
        """Gather what is to be made."""
        self.homes.prepare()

    def reserve(self) -> None:
        """Take the keys of everything new."""
        self.homes.reserve()

    def inserts(self) -> Iterator[list[Insert]]:
        """Yield compounds, buildings and homes in this order."""
        return self.homes.inserts()

    def mend(self) -> None:
        """Let new homes follow buildings that were put into another grid meanwhile."""
        self.homes.mend()


def house_key(building: Building) -> HomeKey:
    """Return the key of a building as it is written on the map."""
    compound = building.compound.name if building.compound else ""
    # A house that is known by its compound alone has that as its name.
    name = "" if building.name == compound else building.name
    return home_key(compound, name)


def follow_houses(touched: Keys) -> None:
    """Let homes that were put back lie where their buildings lie now."""
    building = Building.everything.filter(pk=models.OuterRef("building")).values("path")[:1]
    Dwelling.everything.filter(pk__in=touched.get(Dwelling, ())).update(path=models.Subquery(building))


def note_grids(rows: Iterable[models.Model], _batch: Batch, by: Any) -> None:
    """Let homes and everything in them follow the buildings that a workbook put into other grids, or put back."""
    before = {row.pk: row.grid_id for row in rows if isinstance(row, Building)}
    there = Building.everything.filter(pk__in=before).select_related("community", "grid").order_by("pk")
    moved = [building for building in there if building.grid_id != before[building.pk]]
    for building in moved:
        note_grid(building, by=by)
    follow_buildings(moved)


def _dwelling_values(home: Home) -> tuple[Any, ...]:
    floor = floor_of(home.room)
    order = home_order(home.house.address, home.entrance, floor, home.room)
    place = (home.house.pk, home.entrance, home.room, floor, home.path, home.address)
    return home.pk, *place, str(home.use), order, home.plate


def _told_otherwise(row: Dwelling, said: Mapping[str, str]) -> Known:
    values = {name: str(value) for name, value in said.items()}
    lines = [(name, str(getattr(row, name)), value) for name, value in values.items()]
    return Known([changed(row, values)], Difference(DifferenceKind.HOME, "", row.address, lines))


def _objects(model: type[models.Model], rows: Sequence[tuple[models.Model, int]]) -> Insert:
    names = [field.attname for field in model._meta.concrete_fields if field.attname != "batch_id"]
    values = [[key if name == "id" else getattr(row, name) for name in names] for row, key in rows]
    return Insert(model, names, values)


def _parts(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (items[start : start + size] for start in range(0, len(items), size))
