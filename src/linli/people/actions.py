"""Every write about people and households."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models, transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from linli.accounts.rules import require
from linli.core import clock, idnumber, phones, progress
from linli.core.bulkload import insert_objects
from linli.core.dates import parse_date
from linli.exchange import actions as exchange
from linli.exchange.models import Batch
from linli.exchange.snapshots import column_names
from linli.housing import actions as housing
from linli.housing.models import Building
from linli.journal import actions as journal
from linli.people.choices import CorrectionState
from linli.people.drafts import Draft
from linli.people.models import Correction, Household, Person, Residence
from linli.people.plans import Plan, index_person, plan_import
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
def import_people(draft: Draft, *, by: Any, batch: Batch) -> dict[str, int]:
    """Write what a people workbook says, and return the figures of the import report. Only for imports.

    Somebody is known by the ID number, else by name, birth date and home, and only within the area of the batch: who
    is known there is changed, never doubled. Blank cells erase nothing, and a wrongly written value never replaces a
    right one. One journal entry carries a digest of all rows; the batch keeps what is needed to undo it.

    Args:
        draft: the people and homes of the rows that are not held.
    """
    require(by, "people.import", batch.area)
    homes = housing.find_or_make_homes(draft.uses, community=batch.area, by=by, batch=batch)
    plan = plan_import(draft, homes, batch.area, clock.now())
    _write_plan(plan, batch)
    figures = {
        "people": len(draft.people),
        "dwellings": len(draft.uses),
        "households": len({person.home for person in draft.people}),
        "empty_homes": draft.empty,
        "renting": draft.renting,
        "updated": plan.matched,
    }
    journal.record(by, "people.import", batch, detail={**figures, "digest": exchange.changes_digest(batch)})
    return figures


@transaction.atomic
def undo_people(batch: Batch, *, by: Any) -> None:
    """Bring people, households and homes back to how they stood before a batch. Only for undoing imports.

    Raises:
        exchange.rules.NotPossible: somebody changed one of the rows since; the message names them.
    """
    require(by, "people.import", batch.area)
    exchange.require_unchanged(batch, Person)
    exchange.require_unchanged(batch, Household, _household_address)
    exchange.require_unchanged(batch, Residence, _person_name)
    exchange.require_unchanged(batch, Correction, _person_name)
    exchange.require_nothing_added(batch, Person, Residence, "person")
    exchange.require_nothing_added(batch, Person, Correction, "person")
    exchange.take_back_created(batch, Correction)
    exchange.take_back_created(batch, Residence)
    exchange.take_back_created(batch, Household, _household_address)
    exchange.take_back_created(batch, Person)
    for model in (Person, Household, Residence, Correction):
        exchange.put_back_changed(batch, model)
    _follow_homes(exchange.touched(batch, Person))
    housing.undo_homes(batch, by=by)
    journal.record(by, "people.undo_import", batch)


@transaction.atomic
def follow_buildings(buildings: Iterable[Building]) -> None:
    """Let everybody who lives in these buildings follow them to their new grids. Called when buildings move."""
    for building in buildings:
        Household.objects.filter(dwelling__building=building).update(path=building.path)
        people = Residence.objects.filter(until=None, household__dwelling__building=building).values("person")
        Person.objects.filter(pk__in=people).update(path=building.path)
        Correction.objects.filter(person__in=people).update(path=building.path)


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


def _write_plan(plan: Plan, batch: Batch) -> None:
    made: tuple[Sequence[models.Model], ...] = (
        plan.new_households,
        plan.new_people,
        plan.new_residences,
        plan.new_corrections,
    )
    changed: tuple[Sequence[tuple[models.Model, str]], ...] = (
        plan.changed_people,
        plan.changed_households,
        plan.changed_residences,
        plan.settled_corrections,
    )
    # Every row is written, and noted so that it can be undone.
    progress.begin(WRITE_STEP, 2 * sum(len(rows) for rows in (*made, *changed)))
    _create(Household, plan.new_households)
    _create(Person, plan.new_people)
    _update(Person, plan.changed_people, COLUMNS_OF_A_PERSON)
    # Who moves leaves the former home before entering the new one.
    _update(Residence, plan.changed_residences, ["relation", "registration", "presence", "until"])
    _create(Residence, plan.new_residences)
    _update(Household, plan.changed_households, ["ended_on", "changed_at"])
    _update(Correction, plan.settled_corrections, ["state", "settled_at"])
    _create(Correction, plan.new_corrections)
    for rows in made:
        exchange.keep_created(batch, rows)
    for pairs in changed:
        exchange.keep_changed(batch, pairs)


def _create(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    for chunk in exchange.chunks(rows, CHUNK):
        insert_objects(model, chunk)
        progress.advance(len(chunk))


def _update(model: type[models.Model], pairs: Sequence[tuple[models.Model, str]], columns: Sequence[str]) -> None:
    for chunk in exchange.chunks((row for row, _before in pairs), CHUNK):
        model._default_manager.bulk_update(chunk, columns, batch_size=CHUNK)
        progress.advance(len(chunk))


def _follow_homes(people: Sequence[int]) -> None:
    """Give people the path of their home as it lies now."""
    home = Residence.objects.filter(person=OuterRef("pk"), until=None).values("household__path")[:1]
    person = Person.objects.filter(pk=OuterRef("person")).values("path")[:1]
    for chunk in exchange.chunks(people):
        Person.objects.filter(pk__in=chunk, residences__until=None).update(path=Subquery(home))
        Correction.objects.filter(person__in=chunk).update(path=Subquery(person))


def _household_address(household: Household) -> str:
    return household.dwelling.address


def _person_name(row: Residence | Correction) -> str:
    return row.person.name
