"""Two small grids for the tests of moves: two buildings with three homes each, and three households."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from linli.core import idnumber
from linli.housing import actions as housing
from linli.housing.actions import NewBuilding, NewDwelling
from linli.housing.models import Building, Dwelling
from linli.people.bulk import NewHousehold, NewMember, add_households
from linli.people.choices import Presence, Registration, Relation, Sex
from linli.people.models import Household, Person, Residence
from tests.cast import Cast
from tests.once import once

SINCE = date(2020, 3, 1)
# Name, sex, relation, year of birth, home: the first five live in the first grid.
FOLK = (
    ("单田芳", Sex.MALE, Relation.HEAD, 1961, 0),
    ("李桂香", Sex.FEMALE, Relation.SPOUSE, 1963, 0),
    ("单小雨", Sex.FEMALE, Relation.DAUGHTER, 1990, 0),
    ("王翠萍", Sex.FEMALE, Relation.HEAD, 1955, 1),
    ("王明", Sex.MALE, Relation.SON, 1985, 1),
    ("葛远航", Sex.MALE, Relation.HEAD, 1978, 3),
)


@dataclass
class Homes:
    """The world: homes 0 to 2 lie in the first grid, 3 to 5 in the second."""

    cast: Cast
    buildings: list[Building]
    homes: list[Dwelling]

    def person(self, name: str) -> Person:
        return Person.objects.get(name=name)

    def household(self, name: str) -> Household:
        """Return the present household of somebody."""
        return Household.objects.get(residences__person__name=name, residences__until=None)

    def tie(self, name: str) -> Residence:
        """Return the present residence of somebody."""
        return Residence.objects.get(person__name=name, until=None)

    def relations(self, name: str) -> dict[str, str]:
        """Return name → relation of everybody in the household of somebody."""
        rows = Residence.objects.filter(household=self.household(name), until=None).select_related("person")
        return {row.person.name: row.relation for row in rows}


def make_homes(cast: Cast) -> Homes:
    """Write the world down."""
    once("homes", lambda: _write_down(cast))
    return Homes(cast, list(Building.objects.order_by("pk")), list(Dwelling.objects.order_by("pk")))


def _write_down(cast: Cast) -> None:
    places = (("1号楼", cast.grid), ("2号楼", cast.other_grid))
    buildings = [
        housing.add_building(
            NewBuilding(cast.community_area, name, grid=grid, address=f"兴泰家园{name}"), by=cast.leader
        )
        for name, grid in places
    ]
    rooms = [NewDwelling(building, "1", f"{floor}01") for building in buildings for floor in (1, 2, 3)]
    homes = housing.add_dwellings(rooms, by=cast.leader)
    households = [
        NewHousehold(f"HOME{place}", homes[place], [_member(*row[:4]) for row in FOLK if row[4] == place], SINCE)
        for place in sorted({row[4] for row in FOLK})
    ]
    add_households(cast.community_area, households, by=cast.leader)


def _member(name: str, sex: str, relation: str, year: int) -> NewMember:
    born = date(year, 5, 17)
    number = idnumber.make("149999", born, 3 if sex == Sex.MALE else 2)
    registered = "兴泰家园"
    return NewMember(name, sex, born, number, "19000000131", "", registered, relation, Registration.HERE, Presence.HERE)
