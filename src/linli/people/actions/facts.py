"""Every write about what is known of a person: facts, hidden numbers, values to correct."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from linli.accounts.rules import require
from linli.core import clock, idnumber, phones
from linli.core.dates import parse_date
from linli.journal import actions as journal
from linli.people.choices import CorrectionState, Withheld
from linli.people.models import Correction, Household, Particulars, Person, PersonChange
from linli.people.plans import index_person
from linli.people.queries import FACTS, NAMED, facts_of
from linli.people.rules import NotPossible, require_hidden, require_purpose

PERSON_COLUMNS = tuple(name for name in FACTS if name not in NAMED)
# What is emptied with an answer that somebody prefers not to give, beside the field of that name.
EMPTIED_WITH = {
    Withheld.EMERGENCY_CONTACT: ("emergency_name", "emergency_relation", "emergency_phone"),
}


@transaction.atomic
def reveal(person: Person, hidden_field: str, *, by: Any, reason: str) -> str:
    """Return a hidden number (``HIDDEN_FIELDS``) in clear, and journal who looked and what for.

    Args:
        reason: a ``RevealPurpose``.

    Raises:
        Refused: the person is out of reach, or the post may not reveal.
        NotPossible: no purpose of the list was given.
        ValueError: the field is not masked.
    """
    require_hidden(hidden_field)
    locked = Person.objects.select_for_update().get(pk=person.pk)
    require(by, "people.reveal", locked)
    purpose = require_purpose(reason)
    journal.record(by, "people.reveal", locked, reason=purpose, detail={"field": hidden_field})
    holder: Any = locked
    if hidden_field == "emergency_phone":
        holder = Particulars.objects.filter(person=locked).first() or Particulars()
    value: str = getattr(holder, hidden_field)
    return value


@transaction.atomic
def correct(correction: Correction, value: str, *, by: Any) -> Person:
    """Put right a value that was written wrongly.

    Raises:
        Refused: the person is out of reach.
        NotPossible: it was put right already, or the new value is wrong as well.
    """
    locked = _open_correction(correction, by)
    person = Person.objects.select_for_update().get(pk=locked.person_id)
    write_facts(person, {locked.field: _right_value(locked.field, value)}, by=by)
    _settle(locked, CorrectionState.DONE)
    journal.record(by, "people.correct", person, detail={"field": locked.field, "kind": locked.kind})
    return person


@transaction.atomic
def keep_as_written(correction: Correction, *, by: Any) -> Correction:
    """Say that a marked value was compared with the document and is right as written."""
    locked = _open_correction(correction, by)
    _settle(locked, CorrectionState.KEPT)
    journal.record(by, "people.keep_as_written", locked.person, detail={"field": locked.field, "kind": locked.kind})
    return locked


@transaction.atomic
def change_person(person: Person, values: Mapping[str, Any], *, by: Any) -> list[str]:
    """Put facts about a person right, and keep what stood there before; return the names of the fields that changed.

    ``values`` holds fields of ``queries.FACTS`` and, as ``declined``, names of ``Withheld``: what is declined is
    emptied, and is an answer like any other. A field that is left out stays.

    Raises:
        Refused: the home of the person is out of reach.
    """
    locked = Person.objects.select_for_update().get(pk=person.pk)
    require(by, "people.edit", locked)
    changed = write_facts(locked, values, by=by)
    if changed:
        settle_corrections(locked, changed)
        journal.record(by, "people.change", locked, detail={"fields": changed})
    return changed


def settle_corrections(person: Person, changed: list[str]) -> None:
    """Close what waits to be put right of facts that were changed."""
    for correction in Correction.objects.filter(person=person, field__in=changed, state=CorrectionState.OPEN):
        _settle(correction, CorrectionState.DONE)


def write_facts(person: Person, values: Mapping[str, Any], *, by: Any, at: datetime | None = None) -> list[str]:
    """Write facts of a locked person and what stood there before; part of an action that checks and journals.

    ``at`` is the moment from which they hold, now unless one is given.
    """
    particulars = Particulars.objects.filter(person=person).first() or Particulars(person=person)
    before = facts_of(person, particulars)
    wanted = {**before, **_without_declined(values)}
    changed = [name for name in FACTS if wanted[name] != before[name]]
    if not changed:
        return []
    kept = {name: before[name] for name in changed}
    PersonChange.objects.create(
        person=person,
        changed_at=at or clock.now(),
        by=by.username,
        fields=changed,
        before=json.dumps(kept, default=str),
    )
    for name in changed:
        setattr(particulars if name in NAMED else person, name, wanted[name])
    if set(changed) & set(NAMED):
        particulars.save()
    person.changed_at = clock.now()
    _save_person(person)
    return changed


def _without_declined(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with everything emptied that is declined."""
    wanted = dict(values)
    if "declined" in wanted:
        wanted["declined"] = sorted(set(wanted["declined"]) & set(Withheld.values))
        for name in wanted["declined"]:
            for emptied in EMPTIED_WITH.get(Withheld(name), (name,)):
                wanted[emptied] = None if emptied == "birth_date" else ""
    return wanted


@transaction.atomic
def print_household(household: Household, *, by: Any, day: date | None = None) -> None:
    """Note that somebody printed the file of a household.

    Raises:
        Refused: the household is out of reach.
    """
    require(by, "people.view", household)
    journal.record(by, "people.print_household", household, detail={"day": str(day)} if day else {})


@transaction.atomic
def print_codes(area: Any, count: int, *, by: Any) -> None:
    """Note that somebody printed the list of service codes of a grid.

    Raises:
        Refused: the grid is out of reach.
    """
    require(by, "people.edit", area)
    journal.record(by, "people.print_codes", area, detail={"households": count})


def _open_correction(correction: Correction, by: Any) -> Correction:
    locked = Correction.objects.select_for_update(of=("self",)).select_related("person").get(pk=correction.pk)
    require(by, "people.edit", locked)
    if locked.state != CorrectionState.OPEN:
        raise NotPossible(_("Somebody has settled this already. Load the page again."))
    return locked


def _settle(correction: Correction, state: CorrectionState) -> None:
    correction.state = state
    correction.settled_at = clock.now()
    correction.save(update_fields=["state", "settled_at"])


def _right_value(name: str, value: str) -> Any:
    if name == "id_number":
        checked = idnumber.check(value)
        if not checked.ok:
            raise NotPossible(_("This ID number is wrong too. Compare it with the card, or keep it as written."))
        return checked.value
    if name == "phone":
        found = phones.check(value)
        if not found.ok:
            raise NotPossible(_("This phone is wrong too. A mobile number has 11 digits."))
        return found.value
    parsed = parse_date(value)
    if parsed.value is None:
        raise NotPossible(_("This is no date. Write it as 1961-08-25."))
    return parsed.value


def _save_person(person: Person) -> None:
    residence = person.residences.select_related("household__dwelling").filter(until=None).first()
    last = residence or person.residences.select_related("household__dwelling").order_by("-pk").first()
    if last is not None:
        index_person(person, last.household.dwelling)
    person.save(update_fields=[*PERSON_COLUMNS, "id_number_index", "phone_index", "search_terms", "changed_at"])
