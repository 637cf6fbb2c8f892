"""Moving in, away and within a grid, births, deaths, and what changes about how somebody lives here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from linli.accounts.rules import require
from linli.core import clock, idnumber
from linli.housing.models import Dwelling
from linli.journal import actions as journal
from linli.people.actions.book import Book, chosen, lock_households, members_of, new_household, require_past
from linli.people.actions.consents import Said, note_departure
from linli.people.actions.facts import write_facts
from linli.people.choices import Destination, EventKind, Presence, Registration, Relation
from linli.people.models import Event, Household, Particulars, Person, Residence
from linli.people.places import Tie
from linli.people.plans import index_person
from linli.people.queries import id_index
from linli.people.relations import born_to, relation_to
from linli.people.rules import NotPossible

# A household that people join, or the home in which they begin one of their own.
Home = Household | Dwelling


@dataclass(frozen=True)
class NewPerson:
    """Somebody who is not in the ledger yet. ID number and phone are in their normal form, digits only."""

    name: str
    sex: str = ""
    birth_date: date | None = None
    id_number: str = ""
    phone: str = ""
    registered_address: str = ""
    employer: str = ""
    note: str = ""


@transaction.atomic
def move_in(who: NewPerson | Person, home: Home, tie: Tie, *, by: Any, day: date) -> Person:
    """Let somebody from outside move in: somebody new, or somebody known who has no home in the ledger.

    Somebody new whose ID number is known is the one who is known.

    Args:
        home: a household to join, or a home in which a new household begins; its first member is the head.

    Raises:
        Refused: the home is out of reach.
        NotPossible: the person lives elsewhere in the ledger, has died, or the day does not fit.
    """
    require(by, "people.edit", home)
    require_past(day)
    household = _household(home)
    if isinstance(home, Dwelling):
        tie = Tie(Relation.HEAD, tie.registration, tie.presence)
    if isinstance(who, NewPerson):
        person = _known(who, by) or _write(who, household)
    else:
        person = Person.objects.select_for_update().get(pk=who.pk)
    _require_homeless(person)
    book = Book(EventKind.MOVE_IN, day, by=by)
    book.enter(person, household, tie)
    event = book.close()
    journal.record(by, "people.move_in", person, detail={"event": event.pk, "household": household.number})
    return person


@transaction.atomic
def move_out(
    household: Household,
    people: Iterable[Person],
    *,
    by: Any,
    day: date,
    destination: str = Destination.NOT_SAID,
    new_head: Person | None = None,
    said: Said | None = None,
) -> Event:
    """Let people move away from the area. Where to is noted as far as they say it.

    Args:
        said: whether they agreed that a transfer file goes along; without it nobody asked.

    Raises:
        Refused: the household is out of reach.
        NotPossible: somebody does not live here, or the day does not fit.
    """
    (locked,) = lock_households(household)
    require(by, "people.edit", locked)
    members = members_of(locked)
    leaving = chosen(members, people)
    book = Book(EventKind.MOVE_OUT, day, by=by, detail={"destination": str(Destination(destination))})
    for row in leaving:
        book.leave(row)
    pass_on_head(book, members, leaving, new_head)
    event = _recorded(book, locked, "people.move_out")
    note_departure(event, locked, said or Said(), by=by)
    return event


@transaction.atomic
def move_home(
    household: Household,
    people: Iterable[Person],
    home: Home,
    *,
    by: Any,
    day: date,
    relations: Mapping[int, str] | None = None,
    new_head: Person | None = None,
) -> Event:
    """Let people move to another home of the same grid.

    Args:
        relations: person → relation to the head there; who is left out keeps the relation in a new household, and is
            “other” in one that they join.
        new_head: who becomes the head of those who stay, when the head is among those who go.

    Raises:
        Refused: a home is out of reach.
        NotPossible: the home lies in another grid, somebody does not live here, or the day does not fit.
    """
    require(by, "people.edit", home)
    locked, there = lock_with(household, home)
    require(by, "people.edit", locked)
    target = _target(there, locked)
    if target.path != locked.path:
        raise NotPossible(_("This home lies in another grid. Ask that grid to take them over instead."), "home")
    members = members_of(locked)
    leaving = chosen(members, people)
    book = Book(EventKind.MOVE_HOME, day, by=by)
    settle_group(book, leaving, target, relations or {}, begun=isinstance(home, Dwelling))
    pass_on_head(book, members, leaving, new_head)
    return _recorded(book, locked, "people.move_home")


@transaction.atomic
def record_birth(
    household: Household,
    child: NewPerson,
    *,
    by: Any,
    day: date,
    parent: Person | None = None,
    registration: str = Registration.UNKNOWN,
) -> Person:
    """Write down a child that was born into the household of its mother or father.

    Raises:
        Refused: the household is out of reach.
        NotPossible: the parent does not live here, or the day does not fit.
    """
    (locked,) = lock_households(household)
    require(by, "people.edit", locked)
    require_past(day)
    relation: str = Relation.OTHER
    if parent is not None:
        row = next((row for row in members_of(locked) if row.person_id == parent.pk), None)
        if row is None:
            raise NotPossible(_("The mother or father has to live here. Choose again."), "parent")
        relation = born_to(row.relation, child.sex)
    person = _write(child, locked)
    book = Book(EventKind.BIRTH, day, by=by, detail={"parent": parent.pk} if parent is not None else {})
    book.enter(person, locked, Tie(relation, registration, Presence.HERE))
    event = book.close()
    journal.record(by, "people.birth", person, detail={"event": event.pk, "household": locked.number})
    return person


@transaction.atomic
def record_death(person: Person, *, by: Any, day: date, new_head: Person | None = None) -> Event:
    """Write down that somebody died: the residence ends on that day, and the person is no longer counted.

    Raises:
        Refused: the home is out of reach.
        NotPossible: the person lives nowhere in the ledger, or the day does not fit.
    """
    (locked,) = lock_households(_home_of(person))
    require(by, "people.edit", locked)
    members = members_of(locked)
    leaving = chosen(members, [person])
    book = Book(EventKind.DEATH, day, by=by)
    book.leave(leaving[0])
    pass_on_head(book, members, leaving, new_head)
    Particulars.objects.update_or_create(person=leaving[0].person, defaults={"died_on": day})
    return _recorded(book, locked, "people.death")


@transaction.atomic
def change_tie(
    person: Person, *, by: Any, day: date, relation: str = "", registration: str = "", presence: str = ""
) -> Event:
    """Write down that somebody is registered or lives elsewhere from a day on, or is something else to the head.

    Raises:
        Refused: the home is out of reach.
        NotPossible: nothing differs, there would be two heads or none, or the day does not fit.
    """
    (locked,) = lock_households(_home_of(person))
    require(by, "people.edit", locked)
    (row,) = chosen(members_of(locked), [person])
    if relation and (relation == Relation.HEAD) != (row.relation == Relation.HEAD):
        raise NotPossible(_("To change the head use “Another head of household”."), "relation")
    said = {"relation": relation, "registration": registration, "presence": presence}
    book = Book(EventKind.STANDING, day, by=by)
    book.turn(row, **{name: value for name, value in said.items() if value})
    return _recorded(book, locked, "people.change_tie")


def pass_on_head(
    book: Book, members: Sequence[Residence], leaving: Sequence[Residence], new_head: Person | None
) -> None:
    """Make somebody of those who stay the head, when the head leaves; without a new head there is none."""
    gone = {row.person_id for row in leaving}
    staying = [row for row in members if row.person_id not in gone]
    if new_head is None or not any(row.relation == Relation.HEAD for row in leaving):
        return
    head = next((row for row in staying if row.person_id == new_head.pk), None)
    if head is None:
        raise NotPossible(_("Choose the new head among those who stay."), "new_head")
    turn_to_head(book, head, staying)


def turn_to_head(
    book: Book, head: Residence, members: Iterable[Residence], relations: Mapping[int, str] | None = None
) -> None:
    """Make one member the head, and the others what they are to the new head, unless ``relations`` says it."""
    said = relations or {}
    was = head.relation
    for row in members:
        if row.person_id == head.person_id:
            book.turn(row, relation=Relation.HEAD)
        else:
            told = said.get(row.person_id) or relation_to(was, row.relation, row.person.sex)
            book.turn(row, relation=told)


def settle_group(
    book: Book, leaving: Sequence[Residence], target: Household, relations: Mapping[int, str], *, begun: bool
) -> None:
    """Let people leave where they live and enter another household together.

    In a household that begins with them, the former head, else the first of them, is the head.
    """
    head = next((row for row in leaving if row.relation == Relation.HEAD), leaving[0])
    for row in leaving:
        if row.person_id in relations:
            relation = relations[row.person_id]
        elif not begun:
            relation = Relation.OTHER
        elif row.person_id == head.person_id:
            relation = Relation.HEAD
        elif head.relation == Relation.HEAD:
            relation = row.relation
        else:
            relation = relation_to(head.relation, row.relation, row.person.sex)
        book.leave(row)
        book.enter(row.person, target, Tie(relation, _registration(row, target), row.presence))


def _registration(row: Residence, target: Household) -> str:
    """Who was registered in the old home is not registered in the new one until somebody says so."""
    if row.registration == Registration.HERE and target.dwelling_id != row.household.dwelling_id:
        return Registration.ELSEWHERE
    return row.registration


def _household(home: Home) -> Household:
    """Return the household to enter, locked: the one that was given, or a new one."""
    if isinstance(home, Dwelling):
        return new_household(home)
    return lock_households(home)[0]


def lock_with(household: Household, home: Home) -> tuple[Household, Home]:
    """Lock the household that people leave and the one that they join, in one order, and return both read anew."""
    if isinstance(home, Household) and home.pk != household.pk:
        locked, there = lock_households(household, home)
        return locked, there
    return lock_households(household)[0], home


def _target(home: Home, left: Household) -> Household:
    """Return the household that people of another one enter."""
    if isinstance(home, Dwelling) and home.pk != left.dwelling_id:
        return new_household(home)
    if isinstance(home, Dwelling) or home.pk == left.pk:
        raise NotPossible(_("They live in this home already. Choose another one."), "home")
    return home


def _home_of(person: Person) -> Household:
    row = person.residences.select_related("household").filter(until=None).first()
    if row is None:
        raise NotPossible(_("%(name)s lives in no home of the ledger now.") % {"name": person.name})
    return row.household


def _known(new: NewPerson, by: Any) -> Person | None:
    """Return the person of a valid ID number who is known already, with what is told anew written down."""
    if not new.id_number or not idnumber.check(new.id_number).ok:
        return None
    found = Person.objects.select_for_update().filter(id_number_index=id_index(new.id_number)).order_by("pk").first()
    if found is None:
        return None
    _require_homeless(found)
    told = {field.name: getattr(new, field.name) for field in fields(NewPerson)}
    write_facts(found, {name: value for name, value in told.items() if value}, by=by)
    return found


def _require_homeless(person: Person) -> None:
    if Particulars.objects.filter(person=person).exclude(died_on=None).exists():
        raise NotPossible(_("This person is written down as deceased. Compare the number with the card."), "id_number")
    if person.residences.filter(until=None).exists():
        raise NotPossible(
            _(
                "This person is still written down in another home. Whoever keeps that home lets them move: "
                "within the grid, or to another grid."
            ),
            "id_number",
        )


def _write(new: NewPerson, household: Household) -> Person:
    now = clock.now()
    if new.birth_date is not None and new.birth_date > clock.today():
        raise NotPossible(_("This day has not come yet. Choose today or a day before."), "birth_date")
    values = {field.name: getattr(new, field.name) for field in fields(NewPerson)}
    person = Person(path=household.path, created_at=now, changed_at=now, **values)
    index_person(person, household.dwelling)
    person.save(force_insert=True)
    return person


def _recorded(book: Book, household: Household, action: str) -> Event:
    """Close the book and note it in the journal."""
    event = book.close()
    journal.record(book.by, action, household, detail={"event": event.pk, "people": len(book.moves)})
    return event
