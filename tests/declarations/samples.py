"""A home with a family, and declarations about it."""

from __future__ import annotations

from datetime import date
from typing import Any

from linli.accounts.rules import SYSTEM
from linli.declarations.actions import Declared, NewDeclaration, declare
from linli.declarations.choices import Declarer, Field, Kind
from linli.declarations.models import Declaration
from linli.housing.actions import NewBuilding, NewDwelling, add_building, add_compound, add_dwellings
from linli.housing.models import Building, Compound, Dwelling
from linli.people.choices import Relation
from linli.people.models import Household, Person
from linli.people.moving import NewPerson, move_in
from tests.cast import Cast
from tests.web.ledgers import ID_NUMBER

NAME, PHONE = "单田芳", "13900001234"
NEWCOMER, OTHER_PHONE = "李桂香", "13900005678"
DAY = date(2026, 11, 20)


def building(cast: Cast, name: str = "3号楼", grid: Any = None) -> Building:
    """Return a building of 黎花园 in the first grid."""
    community = cast.community_area
    compound = Compound.objects.filter(community=community, name="黎花园").first()
    compound = compound or add_compound(community, "黎花园", by=SYSTEM)
    return add_building(NewBuilding(community, name, compound=compound, grid=grid or cast.grid), by=SYSTEM)


def home(cast: Cast, room: str = "501") -> Dwelling:
    """Return a home in the first grid: 黎花园3号楼2单元501."""
    house = Building.objects.filter(address="黎花园3号楼").first() or building(cast)
    return add_dwellings([NewDwelling(house, "2", room)], by=SYSTEM)[0]


def family(dwelling: Dwelling, name: str = NAME, **values: str) -> Household:
    """Let somebody live in a home since the beginning of the year."""
    told = {"id_number": ID_NUMBER, "phone": PHONE} if name == NAME else {}
    who = NewPerson(name, **(told | values))
    person = move_in(who, dwelling, Relation.HEAD, by=SYSTEM, day=date(2026, 1, 1))
    return Household.objects.get(residences__person=person)


def declared(
    house: Building,
    declarer: str = Declarer.TENANT,
    kind: str = Kind.MOVE_IN,
    *,
    room: str = "501",
    day: date = DAY,
    declined: tuple[str, ...] = (),
    **answers: Any,
) -> Declared:
    """Declare something: by default 李桂香 rents 黎花园3号楼2单元501 since 20 November."""
    given: dict[str, Any] = {Field.NAME: NEWCOMER, Field.PHONE: OTHER_PHONE, Field.ID_NUMBER: "", Field.HEADCOUNT: 3}
    new = NewDeclaration(
        declarer, kind, house, day, entrance="2", room=room, answers=given | answers, declined=declined
    )
    return declare(new)


def fresh(declaration: Declaration) -> Declaration:
    """Return a declaration as it is now."""
    return Declaration.objects.select_related("building").get(pk=declaration.pk)


def person(name: str) -> Person:
    """Return the person of a name."""
    return Person.objects.get(name=name)
