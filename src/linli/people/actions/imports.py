"""Taking people over from workbooks, taking them back, and following buildings to their grids."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models, transaction
from django.db.models import OuterRef, Subquery

from linli.accounts.rules import require
from linli.core import clock, progress
from linli.core.bulkload import insert_objects
from linli.exchange import actions as exchange
from linli.exchange.models import Batch
from linli.exchange.snapshots import column_names
from linli.housing import actions as housing
from linli.housing.models import Building
from linli.journal import actions as journal
from linli.people.actions.histories import note_import, note_undo
from linli.people.drafts import Draft
from linli.people.models import Correction, Household, Person, Residence
from linli.people.plans import Plan, plan_import

CHUNK = 1000
WRITE_STEP = "write"
COLUMNS_OF_A_PERSON = list(column_names(Person))


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
    note_import(plan, batch, by=by)
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
    note_undo(batch, by=by)
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
