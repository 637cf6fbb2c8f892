"""Dividing a household, joining two, and another head of household."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from linli.accounts.rules import require
from linli.core import clock
from linli.housing.models import Dwelling
from linli.journal import actions as journal
from linli.people.actions.book import Book, chosen, lock_households, members_of, new_household
from linli.people.actions.moves import pass_on_head, settle_group, turn_to_head
from linli.people.choices import EventKind, Relation
from linli.people.models import Event, Household, Person
from linli.people.relations import relation_to
from linli.people.rules import NotPossible


@transaction.atomic
def confirm_household(household: Household, *, by: Any) -> Household:
    """Note that somebody went through a household and nothing has changed.

    Raises:
        Refused: it is out of reach, or the post may not write.
        NotPossible: nobody of it is left.
    """
    (locked,) = lock_households(household)
    require(by, "people.edit", locked)
    locked.confirmed_at = clock.now()
    locked.save(update_fields=["confirmed_at"])
    journal.record(by, "people.confirm_household", locked)
    return locked


@transaction.atomic
def split_household(
    household: Household,
    people: Iterable[Person],
    *,
    by: Any,
    day: date,
    head: Person | None = None,
    dwelling: Dwelling | None = None,
    new_head: Person | None = None,
) -> Household:
    """Divide a household 分户: some members keep house by themselves, in the same home or in another of the grid.

    Args:
        head: of the new household; else the former head, else the first of them.
        new_head: of those who stay, when the head is among those who go.

    Raises:
        Refused: the household or the home is out of reach.
        NotPossible: nobody would stay, the home lies in another grid, or the day does not fit.
    """
    (locked,) = lock_households(household)
    require(by, "people.edit", locked)
    home = dwelling or locked.dwelling
    require(by, "people.edit", home)
    if home.path != locked.path:
        raise NotPossible(_("This home lies in another grid. Ask that grid to take them over instead."), "home")
    members = members_of(locked)
    leaving = chosen(members, people)
    if len(leaving) == len(members):
        raise NotPossible(_("Somebody has to stay. If all of them move, choose “Moving to another home”."), "people")
    made = new_household(home)
    book = Book(EventKind.SPLIT, day, by=by)
    relations: dict[int, str] = {}
    if head is not None:
        (first,) = chosen(leaving, [head])
        relations = {row.person_id: relation_to(first.relation, row.relation, row.person.sex) for row in leaving}
        if first.relation == Relation.HEAD:
            relations = {row.person_id: row.relation for row in leaving}
        relations[first.person_id] = Relation.HEAD
    settle_group(book, leaving, made, relations, begun=True)
    pass_on_head(book, members, leaving, new_head)
    event = book.close()
    journal.record(by, "people.split", locked, detail={"event": event.pk, "new": made.number, "people": len(leaving)})
    return made


@transaction.atomic
def merge_households(
    keep: Household, drop: Household, *, by: Any, day: date, relations: Mapping[int, str] | None = None
) -> Event:
    """Join two households of one grid 并户: everybody of ``drop`` enters ``keep``, and ``drop`` ends.

    Args:
        relations: person → relation to the head of ``keep``; who is left out is “other”.

    Raises:
        Refused: a household is out of reach.
        NotPossible: they are the same, lie in two grids, or the day does not fit.
    """
    if keep.pk == drop.pk:
        raise NotPossible(_("Choose another household to join with."), "other")
    kept, dropped = lock_households(keep, drop)
    require(by, "people.edit", kept)
    require(by, "people.edit", dropped)
    if kept.path != dropped.path:
        raise NotPossible(
            _("The two households lie in different grids. Let one move to the other grid first."), "other"
        )
    members = members_of(dropped)
    book = Book(EventKind.MERGE, day, by=by)
    settle_group(book, chosen(members, [row.person for row in members]), kept, relations or {}, begun=False)
    event = book.close()
    detail = {"event": event.pk, "ended": dropped.number, "people": len(members)}
    journal.record(by, "people.merge_households", kept, detail=detail)
    return event


@transaction.atomic
def change_head(
    household: Household, head: Person, *, by: Any, day: date, relations: Mapping[int, str] | None = None
) -> Event:
    """Make another member the head of a household.

    Args:
        relations: person → relation to the new head, where it is not what the old relations tell.

    Raises:
        Refused: the household is out of reach.
        NotPossible: the person does not live here or is the head already, or the day does not fit.
    """
    (locked,) = lock_households(household)
    require(by, "people.edit", locked)
    members = members_of(locked)
    (row,) = chosen(members, [head])
    if row.relation == Relation.HEAD:
        raise NotPossible(_("%(name)s is the head already.") % {"name": row.person.name}, "head")
    if Relation.HEAD in (relations or {}).values():
        raise NotPossible(_("A household has one head."), "head")
    book = Book(EventKind.HEAD, day, by=by)
    turn_to_head(book, row, members, relations)
    event = book.close()
    journal.record(by, "people.change_head", locked, detail={"event": event.pk})
    return event
