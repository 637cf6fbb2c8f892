"""Moving in, out and between homes, one person at a time, as somebody declares it: actions of people, put together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from linli.accounts.rules import require
from linli.core import idnumber
from linli.housing.models import Dwelling
from linli.people import actions
from linli.people.actions import NewPerson
from linli.people.choices import Relation
from linli.people.models import Household, Person
from linli.people.places import Tie
from linli.people.rules import NotPossible

# A household that somebody joins, or the home in which they begin one of their own.
Home = Household | Dwelling

__all__ = ["NewPerson", "change_phone", "move_in", "move_out"]


@transaction.atomic
def move_in(who: NewPerson | Person, home: Home, relation: str, *, by: Any, day: date) -> Person:
    """Let somebody move into a home: somebody new, or somebody of the ledger, who leaves the former home that day.

    From another grid they come by a transfer that is confirmed at once: whoever does it answers for both grids.

    Raises:
        Refused: one of the homes is out of reach.
        NotPossible: somebody with this ID number lives elsewhere in the ledger, or the day does not fit.
    """
    require(by, "people.edit", home)
    left = _home_of(who) if isinstance(who, Person) else None
    if isinstance(who, NewPerson):
        return actions.move_in(_completed(who), home, Tie(relation), by=by, day=day)
    if left is None:
        return actions.move_in(who, home, Tie(relation), by=by, day=day)
    relations = {who.pk: str(Relation.HEAD if isinstance(home, Dwelling) else Relation(relation))}
    if left.path == home.path:
        actions.move_home(left, [who], home, by=by, day=day, relations=relations)
    else:
        building = home.building if isinstance(home, Dwelling) else home.dwelling.building
        transfer = actions.ask_transfer(left, [who], building, by=by, day=day)
        actions.accept_transfer(transfer, home, by=by, day=day, relations=relations, declared=True)
    return Person.objects.get(pk=who.pk)


def move_out(person: Person, *, by: Any, day: date) -> None:
    """Let somebody move away: the residence ends on that day, and stays as history.

    Raises:
        Refused: the home is out of reach.
        NotPossible: the person lives in no home of the ledger, or the day does not fit.
    """
    left = _home_of(person)
    if left is None:
        raise NotPossible(_("%(name)s lives in no home of the ledger now.") % {"name": person.name})
    actions.move_out(left, [person], by=by, day=day)


def change_phone(person: Person, phone: str, *, by: Any) -> None:
    """Write down the new phone number of somebody. Raises ``Refused`` where the home is out of reach."""
    actions.change_person(person, {"phone": phone}, by=by)


def _completed(new: NewPerson) -> NewPerson:
    """Return somebody new with what the ID number tells."""
    number = new.id_number
    sex = new.sex or idnumber.sex(number) or ""
    return replace(new, sex=sex, birth_date=new.birth_date or idnumber.birth_date(number))


def _home_of(person: Person) -> Household | None:
    present = person.residences.select_related("household__dwelling__building").filter(until=None).first()
    return present.household if present is not None else None
