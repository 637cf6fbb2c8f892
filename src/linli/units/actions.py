"""Every write about units."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linli.accounts.rules import require
from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.redrawn import Redrawn, Rows
from linli.core import clock, phones
from linli.core.offices import OfficesFault, read_offices, spell_offices
from linli.housing.grouping import by_grid
from linli.housing.models import Building, Dwelling
from linli.journal import actions as journal
from linli.people.rules import require_purpose
from linli.units.choices import UnitChangeKind, UnitKind
from linli.units.models import CONTACT_FIELDS, HIDDEN_FIELDS, Unit, UnitChange, UnitNotice
from linli.units.rules import NotPossible, code_is_right, normalise_code
from linli.units.terms import search_terms


@dataclass(frozen=True)
class UnitFacts:
    """What is known of a unit besides where it is."""

    name: str
    kind: str = UnitKind.SHOP
    credit_code: str = ""
    register_number: str = ""
    licence_until: date | None = None
    opening_hours: str = ""
    employees: int | None = None
    floor_area: int | None = None
    members: int | None = None
    contract_rate: int | None = None
    liaison: str = ""
    term_from: date | None = None
    term_until: date | None = None
    contact_name: str = ""
    contact_phone: str = ""
    second_name: str = ""
    second_phone: str = ""
    contact_declined: bool = False
    officers: str = ""
    opened_on: date | None = None


@dataclass(frozen=True)
class Where:
    """Where a unit is: a grid and an address, and the building and the room where they are known."""

    grid: Area
    place: str
    building: Building | None = None
    dwelling: Dwelling | None = None


@transaction.atomic
def add_unit(facts: UnitFacts, where: Where, *, by: Any) -> Unit:
    """Write down a unit. Raises ``ValidationError`` for a wrong phone, term or place."""
    require(by, "units.edit", where.grid)
    now = clock.now()
    unit = Unit(created_at=now, changed_at=now)
    _put_facts(unit, facts)
    _put_where(unit, where)
    _check(unit)
    unit.save(force_insert=True)
    _note(unit, UnitChangeKind.ADDED, {}, by)
    journal.record(by, "units.add", unit)
    return unit


@transaction.atomic
def change_unit(unit: Unit, facts: UnitFacts, *, by: Any) -> Unit:
    """Change what is known of a unit; the values before stay as history. Nothing new leaves no trace."""
    locked = _locked(unit, by)
    names = list(asdict(facts))
    before = _texts(locked, names)
    _put_facts(locked, facts)
    return _save(locked, UnitChangeKind.CHANGED, [*names, "credit_code_wrong"], before, by)


@transaction.atomic
def move_unit(unit: Unit, where: Where, *, by: Any) -> Unit:
    """Put a unit to another address; who moves it must reach both grids."""
    locked = _locked(unit, by)
    require(by, "units.edit", where.grid)
    before = _texts(locked, ["place", "grid"])
    _put_where(locked, where)
    return _save(locked, UnitChangeKind.MOVED, ["place", "grid", "building", "dwelling", "path"], before, by)


@transaction.atomic
def close_unit(unit: Unit, on: date, *, by: Any) -> Unit:
    """Say that a unit has closed down; it stays as history."""
    locked = _locked(unit, by)
    if locked.closed_on is not None:
        raise NotPossible(_("This unit is closed already. Load the page again."))
    if on > clock.today():
        raise NotPossible(_("This day is still to come. Write the day on which it closed."))
    if locked.opened_on is not None and on < locked.opened_on:
        raise NotPossible(_("It opened after this day. Write a later day."))
    before = _texts(locked, ["closed_on"])
    locked.closed_on = on
    return _save(locked, UnitChangeKind.CLOSED, ["closed_on"], before, by)


@transaction.atomic
def reopen_unit(unit: Unit, *, by: Any) -> Unit:
    """Say that a closed unit is open again."""
    locked = _locked(unit, by)
    if locked.closed_on is None:
        raise NotPossible(_("This unit is open. Load the page again."))
    before = _texts(locked, ["closed_on"])
    locked.closed_on = None
    return _save(locked, UnitChangeKind.REOPENED, ["closed_on"], before, by)


@transaction.atomic
def reveal_contact(unit: Unit, field: str, *, by: Any, reason: str) -> str:
    """Return a name or phone of a contact, or the office-holders, in clear, and journal who looked and what for.

    Args:
        field: one of ``HIDDEN_FIELDS``.
        reason: a purpose of people's list.

    Raises:
        Refused: the unit is out of reach, or the post may not reveal.
        people.rules.NotPossible: no purpose of the list was given.
        ValueError: the field is not masked.
    """
    if field not in HIDDEN_FIELDS:
        raise ValueError(f"{field} is not masked")
    locked = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    require(by, "units.view", locked)
    require(by, "people.reveal", locked)
    purpose = require_purpose(reason)
    journal.record(by, "units.reveal_contact", locked, reason=purpose, detail={"field": field})
    value: str = getattr(locked, field)
    return value


@transaction.atomic
def note_notice(unit: Unit, text: str, on: date, *, by: Any) -> UnitNotice:
    """Write down what a unit was told, and on which day."""
    locked = _locked(unit, by)
    if on > clock.today():
        raise NotPossible(_("This day is still to come. Write the day on which it was told."))
    notice = UnitNotice(unit=locked, on=on, text=text.strip(), by=by.username, by_name=by.name)
    notice.full_clean()
    notice.save(force_insert=True)
    journal.record(by, "units.notify", locked)
    return notice


@transaction.atomic
def follow_buildings(buildings: Iterable[Building]) -> None:
    """Let units follow the buildings they are in to their new grids. Called when buildings move."""
    for building, keys in by_grid(buildings):
        Unit.objects.filter(building__in=keys).update(grid=building.grid_id, path=building.path)


@transaction.atomic
def follow_grids(redrawn: Redrawn, *, by: Any) -> Rows:
    """Let units in no building follow grids that were drawn anew. Returns where they were."""
    for community in redrawn.communities:
        require(by, "grids.redraw", community)
    rows = Unit.objects.filter(grid__in=redrawn.affected, building=None).order_by("pk").values_list("pk", "grid")
    moved = redrawn.move(Unit.objects.all(), ((pk, grid, None, None) for pk, grid in rows), "grid")
    journal.record(by, "units.follow_grids", detail={"units": len(moved)})
    return {Unit._meta.label_lower: moved}


def _locked(unit: Unit, by: Any) -> Unit:
    locked = Unit.objects.select_for_update(of=("self",)).select_related("grid").get(pk=unit.pk)
    require(by, "units.edit", locked)
    return locked


def _put_facts(unit: Unit, facts: UnitFacts) -> None:
    for name, value in asdict(facts).items():
        setattr(unit, name, value.strip() if isinstance(value, str) else value)
    if not unit.name:
        raise ValidationError({"name": _("Write the name of the unit.")})
    unit.credit_code = normalise_code(unit.credit_code)
    unit.credit_code_wrong = bool(unit.credit_code) and not code_is_right(unit.credit_code)
    if unit.contact_declined:
        for name in CONTACT_FIELDS:
            setattr(unit, name, "")
    for name in ("contact_phone", "second_phone"):
        setattr(unit, name, _phone(name, getattr(unit, name)))
    try:
        unit.officers = spell_offices(read_offices(unit.officers))
    except OfficesFault as fault:
        raise ValidationError({"officers": fault.message}) from None
    if unit.term_from and unit.term_until and unit.term_until < unit.term_from:
        raise ValidationError({"term_until": _("The term ends before it begins. Write a later day.")})


def _phone(field: str, written: str) -> str:
    if not written:
        return ""
    found = phones.check(written)
    if not found.ok:
        raise ValidationError({field: _("This phone is wrong. A mobile number has 11 digits.")})
    return found.value


def _put_where(unit: Unit, where: Where) -> None:
    if where.grid.level != Level.GRID or where.grid.closed_on is not None:
        raise ValidationError({"grid": _("Choose a grid.")})
    if where.building is not None and where.building.grid_id != where.grid.pk:
        raise ValidationError({"place": _("This building lies in another grid. Choose that grid.")})
    if where.dwelling is not None and (where.building is None or where.dwelling.building_id != where.building.pk):
        raise ValidationError({"place": _("This room lies in another building. Choose that building.")})
    unit.dwelling = where.dwelling
    unit.grid, unit.building, unit.place, unit.path = where.grid, where.building, where.place.strip(), where.grid.path


def _check(unit: Unit) -> None:
    contacts = (unit.contact_name, unit.contact_phone), (unit.second_name, unit.second_phone)
    unit.search_terms = search_terms(unit.name, unit.place, unit.credit_code, *contacts)
    unit.full_clean()


def _save(unit: Unit, kind: UnitChangeKind, columns: list[str], before: dict[str, str], by: Any) -> Unit:
    now = _texts(unit, list(before))
    changed = {name: value for name, value in before.items() if now[name] != value}
    if not changed:
        return unit
    _check(unit)
    unit.changed_at = clock.now()
    unit.save(update_fields=[*columns, "search_terms", "changed_at"])
    _note(unit, kind, changed, by)
    journal.record(by, f"units.{_VERBS[kind]}", unit, detail={"fields": sorted(changed)})
    return unit


_VERBS = {
    UnitChangeKind.CHANGED: "change",
    UnitChangeKind.MOVED: "move",
    UnitChangeKind.CLOSED: "close",
    UnitChangeKind.REOPENED: "reopen",
}


def _texts(unit: Unit, names: list[str]) -> dict[str, str]:
    values = ((name, getattr(unit, name)) for name in names)
    return {name: "" if value is None else str(value) for name, value in values}


def _note(unit: Unit, kind: UnitChangeKind, before: dict[str, str], by: Any) -> None:
    UnitChange.objects.create(
        unit=unit,
        at=unit.changed_at,
        by=by.username,
        kind=kind,
        before=json.dumps(before, ensure_ascii=False) if before else "",
    )
