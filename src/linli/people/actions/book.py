"""The one way in which residences change: an action opens a book, says who leaves and enters, and closes it.

Closing writes everything at once: rows that end and begin on the day, households that begin or end, the copies of
paths, and the event with its lines, from which the present can be replayed. It refuses what can't be: a day before the
last change of a person, a household with two heads, a household that was empty in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from linli.core import clock
from linli.core.widgets import full_moment
from linli.housing.models import Dwelling
from linli.people.choices import EventKind, Relation, TransferState
from linli.people.models import Correction, Event, EventLine, Household, Person, Residence
from linli.people.numbers import new_numbers
from linli.people.places import Place, Tie
from linli.people.plans import index_person
from linli.people.rules import NotPossible


@dataclass
class Move:
    """One person: the residence that ends, if there is one, and the household and tie that begin, if any."""

    person: Person
    ended: Residence | None = None
    household: Household | None = None
    tie: Tie | None = None

    @property
    def before(self) -> Place | None:
        """Where the person stood."""
        return Place(self.ended.household_id, Tie.of(self.ended)) if self.ended is not None else None


class Book:
    """The change that one action makes to where people live."""

    def __init__(self, kind: EventKind, day: date, *, by: Any, detail: Mapping[str, Any] | None = None) -> None:
        require_past(day)
        self.kind = kind
        self.day = day
        self.by = by
        self.detail = dict(detail or {})
        self.now = clock.now()
        self.moves: dict[int, Move] = {}

    def leave(self, residence: Residence) -> None:
        """Let somebody leave a household."""
        self.moves[residence.person_id] = Move(residence.person, ended=residence)

    def enter(self, person: Person, household: Household, tie: Tie) -> None:
        """Let somebody enter a household; who leaves another in the same book moves."""
        move = self.moves.setdefault(person.pk, Move(person))
        move.household, move.tie = household, tie

    def turn(self, residence: Residence, **changes: str) -> None:
        """Change how somebody belongs to the household; nothing happens where nothing differs."""
        tie = replace(Tie.of(residence), **changes)
        if tie != Tie.of(residence):
            self.leave(residence)
            self.enter(residence.person, residence.household, tie)

    def close(self) -> Event:
        """Write everything.

        Raises:
            NotPossible: the change can't be; the message says why.
        """
        if not self.moves:
            raise NotPossible(_("Nothing differs from what is written down."))
        moves = list(self.moves.values())
        for move in moves:
            self._require_order(move)
            self._require_begun(move)
        self._write_rows(moves)
        households = {place.pk: place for move in moves for place in _places(move)}
        for household in households.values():
            self._settle(household)
        for move in moves:
            self._follow(move)
        return self._write_event(moves)

    def _require_order(self, move: Move) -> None:
        """Refuse a day before what is written down of the person last."""
        if move.ended is not None:
            last = move.ended.since
        else:
            ends = move.person.residences.exclude(until=None).order_by("-until")
            last = ends.values_list("until", flat=True).first() if move.person.pk else None
        if last is not None and last > self.day:
            values = {"name": move.person.name, "day": full_moment(last)}
            raise NotPossible(
                _("Something of %(name)s changed on %(day)s. Choose that day or a later one.") % values, "day"
            )

    def _require_begun(self, move: Move) -> None:
        """Refuse to let somebody enter a household before it began."""
        if move.household is None:
            return
        begins = [_begin(row) for row in move.household.residences.all()]
        if begins and min(begins) > self.day:
            raise NotPossible(
                _("This household begins on %(day)s. Choose that day or a later one.")
                % {"day": full_moment(min(begins))},
                "day",
            )

    def _write_rows(self, moves: Sequence[Move]) -> None:
        for move in moves:
            if move.ended is not None:
                move.ended.until = self.day
                move.ended.save(update_fields=["until"])
        for move in moves:
            if move.household is not None and move.tie is not None:
                Residence.objects.create(
                    person=move.person, household=move.household, since=self.day, **move.tie.plain()
                )

    def _settle(self, household: Household) -> None:
        """Check a household that was touched, and end it when the last member left."""
        rows = list(household.residences.all())
        require_one_head(rows)
        require_unbroken(rows)
        if all(row.until is not None for row in rows):
            household.ended_on = max(row.until for row in rows if row.until is not None)
        household.changed_at = self.now
        household.save(update_fields=["ended_on", "changed_at"])

    def _follow(self, move: Move) -> None:
        """Give a person the path of the home; who left has none, and nothing of theirs waits to be put right."""
        person, home = move.person, move.household
        if home is not None and move.ended is not None and home.pk == move.ended.household_id:
            return
        person.path = home.dwelling.path if home is not None else ""
        person.changed_at = self.now
        if home is not None:
            index_person(person, home.dwelling)
        person.save(update_fields=["path", "changed_at", "search_terms", "id_number_index", "phone_index"])
        Correction.objects.filter(person=person).update(path=person.path)

    def _write_event(self, moves: Sequence[Move]) -> Event:
        event = Event.objects.create(
            kind=self.kind, day=self.day, recorded_at=self.now, by=self.by.username, detail=self.detail
        )
        EventLine.objects.bulk_create(
            EventLine(
                event=event,
                person=move.person,
                left_id=move.ended.household_id if move.ended is not None else None,
                joined=move.household,
                before=Tie.of(move.ended).plain() if move.ended is not None else None,
                after=move.tie.plain() if move.tie is not None else None,
            )
            for move in moves
        )
        return event


def _places(move: Move) -> Iterable[Household]:
    if move.ended is not None:
        yield move.ended.household
    if move.household is not None:
        yield move.household


def require_past(day: date) -> None:
    """Raise ``NotPossible`` for a day that has not come yet."""
    if day > clock.today():
        raise NotPossible(_("This day has not come yet. Choose today or a day before."), "day")


def require_one_head(rows: Iterable[Residence]) -> None:
    """Raise ``NotPossible`` when two members are head of the household at one time."""
    heads = sorted(
        (row for row in rows if row.relation == Relation.HEAD and row.since != (row.until or date.max)), key=_begin
    )
    for earlier, later in pairwise(heads):
        if earlier.until is None or _begin(later) < earlier.until:
            raise NotPossible(
                _("This household has a head already. Choose another relation, or change the head first.")
            )


def require_unbroken(rows: Sequence[Residence]) -> None:
    """Raise ``NotPossible`` when nobody lived in the household for some days before somebody did again."""
    reached: date | None = None
    for place, row in enumerate(sorted(rows, key=_begin)):
        if place and reached is not None and _begin(row) > reached:
            raise NotPossible(
                _("Then nobody would have lived here between %(start)s and %(end)s. Compare the days once more.")
                % {"start": full_moment(reached), "end": full_moment(_begin(row))},
                "day",
            )
        if row.until is None:
            return
        reached = max(reached or row.until, row.until)


def _begin(row: Residence) -> date:
    return row.since or date.min


def lock_households(*households: Household) -> list[Household]:
    """Lock households, always in the same order, and return them read anew in the order that was given.

    Raises:
        NotPossible: one of them has ended.
    """
    keys = {household.pk for household in households}
    rows = Household.objects.select_for_update(of=("self",)).select_related("dwelling__building").order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=keys)}
    if any(row.ended_on for row in found.values()):
        raise NotPossible(_("Nobody of this household is left. Open the file of the home where they live now."))
    return [found[household.pk] for household in households]


def members_of(household: Household) -> list[Residence]:
    """Return the present residences of a locked household, with persons that were read anew."""
    rows = list(household.residences.filter(until=None).select_related("person").order_by("pk"))
    for row in rows:
        row.household = household
    return rows


def chosen(members: Sequence[Residence], people: Iterable[Person]) -> list[Residence]:
    """Return the residences of these people.

    Raises:
        NotPossible: nobody was chosen, or somebody lives here no more, or is about to move to another grid.
    """
    by_person = {row.person_id: row for row in members}
    keys = [person.pk for person in people]
    if not keys:
        raise NotPossible(_("Choose at least one person."), "people")
    if not set(keys) <= set(by_person):
        raise NotPossible(_("Somebody has changed this household meanwhile. Load the page again."), "people")
    found = [by_person[key] for key in keys]
    for row in found:
        if row.person.transfers.filter(state=TransferState.WAITING).exists():
            raise NotPossible(
                _("%(name)s is about to move to another grid. Withdraw that first.") % {"name": row.person.name},
                "people",
            )
    return found


def new_household(dwelling: Dwelling) -> Household:
    """Return a new household of a home, written already; members have to enter it in the same transaction."""
    now = clock.now()
    household = Household(
        number=new_numbers(1)[0], dwelling=dwelling, path=dwelling.path, created_at=now, changed_at=now
    )
    household.save(force_insert=True)
    return household
