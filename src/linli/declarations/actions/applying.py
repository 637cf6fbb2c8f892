"""Writing into the ledger what follows from a confirmed declaration, by the actions of people and housing."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from linli.declarations.actions.values import StepValues
from linli.declarations.choices import Choice, Declarer, Field, Kind
from linli.declarations.models import Declaration
from linli.declarations.queries import dwelling_of, households_in
from linli.housing.actions import NewDwelling, add_dwellings, end_tenancy, set_occupancy, start_tenancy
from linli.housing.choices import Occupancy
from linli.housing.models import Dwelling
from linli.housing.queries.rentals import present_tenancy
from linli.housing.values import TenancyValues
from linli.people.choices import Relation
from linli.people.moving import NewPerson, change_phone, move_in, move_out

# What says that a home is let from a day on, where staff confirm that it is.
LETTING = (Kind.LET, Kind.MOVE_IN, Kind.ADDRESS)


def apply(declaration: Declaration, values: StepValues, *, by: Any) -> None:
    """Change the ledger as a declaration says, on its day.

    Owners and employers change the use of the home at most: no person is written down on their word.

    Raises:
        people.rules.NotPossible: the ledger does not allow it as things stand.
        ValidationError: what was chosen does not fit.
    """
    home = dwelling_of(declaration)
    if home is None and (values.choice == Choice.NEW or values.person is not None or values.occupancy):
        home = _write_home(declaration, by)
    if declaration.of_oneself and values.choice != Choice.NOBODY:
        _apply_person(declaration, values, home, by)
    if home is not None and values.occupancy:
        _use(declaration, home, values.occupancy, by)


def _use(declaration: Declaration, home: Dwelling, occupancy: str, by: Any) -> None:
    """Note how a home is used from now on: with the use a tenancy begins on the day of the declaration, or ends."""
    present = present_tenancy(home)
    if occupancy == Occupancy.RENTED and present is None and declaration.kind in LETTING:
        start_tenancy(home, _tenancy(declaration, home), by=by)
    elif occupancy != Occupancy.RENTED and present is not None and present.since <= declaration.day:
        end_tenancy(present, declaration.day, occupancy, by=by)
    elif occupancy != home.occupancy:
        set_occupancy(home, occupancy, by=by)


def _tenancy(declaration: Declaration, home: Dwelling) -> TenancyValues:
    """Return the tenancy that follows: of the household that the declarer lives in, else whoever declared is asked."""
    living = households_in(home) if declaration.of_oneself else []
    return TenancyValues(
        declaration.day,
        household=living[-1].number if living else "",
        contact="" if living else declaration.name or str(Declarer(declaration.declarer).label),
        phone=declaration.phone,
        headcount=declaration.headcount,
        contact_declined=not living and declaration.has_declined(Field.NAME) and declaration.has_declined(Field.PHONE),
    )


def _write_home(declaration: Declaration, by: Any) -> Dwelling:
    """Write down a home that the ledger did not know."""
    new = NewDwelling(declaration.building, declaration.entrance, declaration.room)
    return add_dwellings([new], by=by)[0]


def _apply_person(declaration: Declaration, values: StepValues, home: Dwelling | None, by: Any) -> None:
    person = values.person
    match declaration.kind:
        case Kind.MOVE_OUT if person is not None:
            move_out(person, by=by, day=declaration.day)
        case Kind.CONTACT if person is not None:
            change_phone(person, declaration.phone, by=by)
        case Kind.MOVE_IN | Kind.ADDRESS if home is not None:
            _move_in(declaration, values, home, by)


def _move_in(declaration: Declaration, values: StepValues, home: Dwelling, by: Any) -> None:
    joined = values.household
    here = {household.pk: household for household in households_in(home)}
    if joined is not None and joined.pk not in here:
        raise ValidationError({"household": _("This household does not live here any more. Choose again.")})
    if values.person is not None and values.person.residences.filter(until=None, household__in=here).exists():
        # Lives here already: nothing changes, and nothing is written twice.
        return
    who = values.person or NewPerson(declaration.name, id_number=declaration.id_number, phone=declaration.phone)
    move_in(who, joined or home, values.relation or Relation.OTHER, by=by, day=declaration.day)
