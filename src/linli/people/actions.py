"""Every write about people and households."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from linli.accounts.rules import require
from linli.core import clock, idnumber, phones
from linli.core.dates import parse_date
from linli.exchange.snapshots import column_names
from linli.housing.models import Building
from linli.journal import actions as journal
from linli.people.choices import CorrectionState
from linli.people.models import Correction, Household, Person, Residence
from linli.people.plans import index_person
from linli.people.rules import NotPossible, require_hidden, require_purpose

CHUNK = 1000
WRITE_STEP = "write"
COLUMNS_OF_A_PERSON = list(column_names(Person))


@transaction.atomic
def reveal(person: Person, hidden_field: str, *, by: Any, reason: str) -> str:
    """Return an ID number (``id_number``) or phone (``phone``) in clear, and journal who looked and what for.

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
    value: str = getattr(locked, hidden_field)
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
    _put_value(person, locked.field, value)
    person.changed_at = clock.now()
    _save_person(person)
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
def follow_buildings(buildings: Iterable[Building]) -> None:
    """Let everybody who lives in these buildings follow them to their new grids. Called when buildings move.

    Those who are on their way in with a workbook follow too.
    """
    for building in buildings:
        Household.everything.filter(dwelling__building=building).update(path=building.path)
        people = Residence.everything.filter(until=None, household__dwelling__building=building).values("person")
        Person.everything.filter(pk__in=people).update(path=building.path)
        Correction.everything.filter(person__in=people).update(path=building.path)


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


def _put_value(person: Person, name: str, value: str) -> None:
    if name == "id_number":
        checked = idnumber.check(value)
        if not checked.ok:
            raise NotPossible(_("This ID number is wrong too. Compare it with the card, or keep it as written."))
        person.id_number = checked.value
    elif name == "phone":
        found = phones.check(value)
        if not found.ok:
            raise NotPossible(_("This phone is wrong too. A mobile number has 11 digits."))
        person.phone = found.value
    else:
        parsed = parse_date(value)
        if parsed.value is None:
            raise NotPossible(_("This is no date. Write it as 1961-08-25."))
        person.birth_date = parsed.value


def _save_person(person: Person) -> None:
    residence = person.residences.select_related("household__dwelling").get(until=None)
    index_person(person, residence.household.dwelling)
    person.save(
        update_fields=[
            "id_number",
            "id_number_index",
            "phone",
            "phone_index",
            "birth_date",
            "search_terms",
            "changed_at",
        ]
    )
