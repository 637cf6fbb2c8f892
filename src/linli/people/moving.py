"""Moving in, out and between homes, one person at a time: residences end and begin with their day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from linli.accounts.rules import require
from linli.core import clock, idnumber
from linli.housing.models import Dwelling
from linli.journal import actions as journal
from linli.people.choices import Relation
from linli.people.models import Correction, Household, Person, Residence
from linli.people.numbers import new_numbers
from linli.people.plans import index_person
from linli.people.queries import id_index
from linli.people.rules import NotPossible

# A household that somebody joins, or the home in which they begin one of their own.
Home = Household | Dwelling


@dataclass(frozen=True)
class NewPerson:
    """Somebody who is not in the ledger yet. ID number and phone are in their normal form."""

    name: str
    id_number: str = ""
    phone: str = ""


@transaction.atomic
def move_in(who: NewPerson | Person, home: Home, relation: str, *, by: Any, day: date) -> Person:
    """Let somebody move into a home: somebody new, or somebody of the ledger, who leaves the former home that day.

    Raises:
        Refused: one of the homes is out of reach.
        NotPossible: the ID number is known elsewhere, or the day does not fit.
    """
    require(by, "people.edit", home)
    require_past(day)
    person = _written(who, home) if isinstance(who, NewPerson) else Person.objects.select_for_update().get(pk=who.pk)
    left = person.residences.select_related("household__dwelling").filter(until=None).first()
    if left is not None:
        require(by, "people.edit", left.household)
        _end(left, day)
    household = _begun(home) if isinstance(home, Dwelling) else _locked(home)
    alone = isinstance(home, Dwelling)
    Residence.objects.create(
        person=person, household=household, relation=Relation.HEAD if alone else Relation(relation), since=day
    )
    _follow(person, household.path, household.dwelling)
    _touch(household)
    journal.record(by, "people.move_in", person, detail={"household": household.number})
    return person


@transaction.atomic
def move_out(person: Person, *, by: Any, day: date) -> None:
    """Let somebody move away: the residence ends on that day, and stays as history.

    Raises:
        Refused: the home is out of reach.
        NotPossible: the person lives in no home of the ledger, or the day does not fit.
    """
    require_past(day)
    locked = Person.objects.select_for_update().get(pk=person.pk)
    left = locked.residences.select_related("household__dwelling").filter(until=None).first()
    if left is None:
        raise NotPossible(_("%(name)s lives in no home of the ledger now.") % {"name": locked.name})
    require(by, "people.edit", left.household)
    _end(left, day)
    # No list counts somebody any more who lives nowhere in it.
    _follow(locked, "", left.household.dwelling)
    journal.record(by, "people.move_out", left.household)


@transaction.atomic
def change_phone(person: Person, phone: str, *, by: Any) -> None:
    """Write down the new phone number of somebody. Raises ``Refused`` where the home is out of reach."""
    locked = Person.objects.select_for_update().get(pk=person.pk)
    require(by, "people.edit", locked)
    locked.phone = phone
    present = locked.residences.select_related("household__dwelling").filter(until=None).first()
    locked.changed_at = clock.now()
    if present is not None:
        index_person(locked, present.household.dwelling)
    locked.save(update_fields=["phone", "phone_index", "search_terms", "changed_at"])
    journal.record(by, "people.change_phone", locked)


def require_past(day: date) -> None:
    """Raise ``NotPossible`` for a day that has not come yet."""
    if day > clock.today():
        raise NotPossible(_("This day has not come yet. Choose today or a day before."))


def _written(new: NewPerson, home: Home) -> Person:
    number = id_index(new.id_number)
    if number and Person.objects.filter(id_number_index=number).exists():
        raise NotPossible(
            _("Somebody with this ID number is in the ledger already. Choose them, or ask the grid they live in.")
        )
    now = clock.now()
    person = Person(
        name=new.name,
        id_number=new.id_number,
        phone=new.phone,
        sex=idnumber.sex(new.id_number) or "",
        birth_date=idnumber.birth_date(new.id_number),
        path=home.path,
        created_at=now,
        changed_at=now,
    )
    index_person(person, home if isinstance(home, Dwelling) else home.dwelling)
    person.save(force_insert=True)
    return person


def _end(residence: Residence, day: date) -> None:
    """End a residence, and its household when nobody is left in it."""
    if residence.since is not None and residence.since > day:
        raise NotPossible(
            _("%(name)s lives there only since %(since)s. Choose that day or a later one.")
            % {"name": residence.person.name, "since": f"{residence.since:%Y-%m-%d}"}
        )
    residence.until = day
    residence.save(update_fields=["until"])
    household = residence.household
    if not household.residences.filter(until=None).exists():
        household.ended_on = day
    _touch(household)


def _begun(dwelling: Dwelling) -> Household:
    now = clock.now()
    household = Household(
        number=new_numbers(1)[0], dwelling=dwelling, path=dwelling.path, created_at=now, changed_at=now
    )
    household.save(force_insert=True)
    return household


def _locked(household: Household) -> Household:
    found = Household.objects.select_for_update(of=("self",)).select_related("dwelling").get(pk=household.pk)
    if found.ended_on is not None:
        raise NotPossible(_("Nobody of this household is left. Load the page again."))
    return found


def _touch(household: Household) -> None:
    household.changed_at = clock.now()
    household.save(update_fields=["ended_on", "changed_at"])


def _follow(person: Person, path: str, dwelling: Dwelling) -> None:
    """Give a person the path of the home."""
    person.path, person.changed_at = path, clock.now()
    index_person(person, dwelling)
    person.save(update_fields=["path", "search_terms", "id_number_index", "phone_index", "changed_at"])
    Correction.objects.filter(person=person).update(path=path)
