"""The workbook of units, registered with exchange."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.areas.choices import Level
from linli.areas.models import Area
from linli.core import clock
from linli.core.masking import mask_name, mask_phone
from linli.core.offices import mask_offices
from linli.core.paths import within
from linli.core.sheets.checking import CheckedRow
from linli.core.sheets.unit_rows import UNITS_SHEET
from linli.exchange import ledgers
from linli.exchange.choices import DifferenceKind
from linli.exchange.models import Batch
from linli.exchange.plans import Change, Difference, Figures, Insert, Known, changed, created
from linli.housing.addresses import HomeKey, home_key, spell_building
from linli.housing.importing import house_key
from linli.housing.models import Building
from linli.units.choices import UnitChangeKind, UnitKind
from linli.units.models import CONTACT_FIELDS, Unit, UnitChange
from linli.units.rules import code_is_right, normalise_code
from linli.units.terms import search_terms

# So many units are written in one transaction; a community rarely has more, so they appear in one moment.
WRITTEN_AT_ONCE = 500
SAID = (
    "name",
    "kind",
    "credit_code",
    "register_number",
    "licence_until",
    "opening_hours",
    "opened_on",
    "employees",
    "floor_area",
    "members",
    "contract_rate",
    "term_from",
    "term_until",
    "liaison",
    *CONTACT_FIELDS,
    "contact_declined",
    "officers",
)
MASKS = {
    "contact_name": mask_name,
    "contact_phone": mask_phone,
    "second_name": mask_name,
    "second_phone": mask_phone,
    "officers": mask_offices,
}


@dataclass
class UnitsDraft:
    """The units of a workbook, each with what is said about it, and the building that it is in."""

    said: list[tuple[HomeKey, dict[str, Any]]] = field(default_factory=list)

    def add(self, row: CheckedRow) -> None:
        """Take a row; one that is held is passed over."""
        if row.held:
            return
        values = {name: row.values[name] for name in (*SAID, "place") if not _is_nothing(row.values.get(name))}
        if values.get("contact_declined"):
            values = {name: value for name, value in values.items() if name not in CONTACT_FIELDS}
        if "credit_code" in values:
            values["credit_code"] = normalise_code(str(values["credit_code"]))
        if "floor_area" in values:
            values["floor_area"] = round(float(str(values["floor_area"])))
        house = home_key(str(row.values.get("compound") or ""), str(row.values.get("building") or ""))
        self.said.append((house, values))

    def figures(self) -> Figures:
        """Return what the rows would bring."""
        return {"units": len(self.said), "updated": 0}


class UnitsPlan:
    """A workbook of units, compared with those that a community has.

    A unit is known by its credit code, else by its name, and then only where one open unit has it. What the workbook
    does not say stays as it is; nobody is closed because a workbook leaves them out. A new one without a building that
    is on the map belongs to no grid yet, so that only the community sees it until somebody says where it is.
    """

    def __init__(self, draft: UnitsDraft, batch: Batch) -> None:
        self.draft, self.batch = draft, batch
        self.now = clock.now()
        self.houses = _Houses(batch.area)
        self.known = _KnownUnits(batch.area)
        self.rows = [(self.known.take(values), house, values) for house, values in draft.said]
        self.size = len(self.rows)
        self.updated = sum(known.difference is not None for step in self.changes() for known in step)

    def figures(self) -> Figures:
        """Return what it brings; ``updated`` are those who are known and of whom something changes."""
        return {**self.draft.figures(), "updated": self.updated}

    def prepare(self) -> None:
        """Nothing takes long here."""

    def reserve(self) -> None:
        """New units get their keys when they are noted."""

    def inserts(self) -> Iterator[list[Insert]]:
        """Yield nothing: units are few, and made together with what changes."""
        return iter(())

    def changes(self) -> Iterator[list[Known]]:
        """Yield new units, and what changes about known ones, each with its line of history."""
        for start in range(0, len(self.rows), WRITTEN_AT_ONCE):
            part = self.rows[start : start + WRITTEN_AT_ONCE]
            units = Unit.objects.in_bulk([key for key, _house, _values in part if key])
            yield [
                self._changed(units[key], values) if key in units else self._new(house, values)
                for key, house, values in part
            ]

    def mend(self) -> None:
        """Units are put where their buildings lie when they are compared."""

    def _new(self, house: HomeKey, values: Mapping[str, Any]) -> Known:
        building = self.houses.find(house)
        place = str(values.get("place") or (building.address if building else self.batch.area.name))
        code = str(values.get("credit_code", ""))
        made = {
            "kind": str(UnitKind.OTHER),
            **{name: _plain(value) for name, value in values.items()},
            "place": place,
            "credit_code_wrong": bool(code) and not code_is_right(code),
            "building_id": building.pk if building else None,
            "grid_id": building.grid_id if building else None,
            "path": building.path if building else self.batch.area.path,
            "search_terms": search_terms(str(values["name"]), place, code, *_contacts(values)),
            "created_at": self.now,
            "changed_at": self.now,
        }
        return Known([created(Unit, made)])

    def _changed(self, unit: Unit, values: Mapping[str, Any]) -> Known:
        said = {name: value for name, value in values.items() if name in SAID and value != getattr(unit, name)}
        if unit.contact_declined:
            said = {name: value for name, value in said.items() if name not in CONTACT_FIELDS}
        elif said.get("contact_declined"):
            said |= {name: "" for name in CONTACT_FIELDS if getattr(unit, name)}
        if not said:
            return Known([])
        before = {name: _text(getattr(unit, name)) for name in said}
        lines = [(name, _shown(name, before[name]), _shown(name, _text(value))) for name, value in said.items()]
        name, place = unit.name, unit.place
        code = str(said.get("credit_code", unit.credit_code))
        contacts = _contacts({name: said.get(name, getattr(unit, name)) for name in CONTACT_FIELDS})
        new = {
            **{key: _plain(value) for key, value in said.items()},
            "credit_code_wrong": bool(code) and not code_is_right(code),
            "search_terms": search_terms(str(said.get("name", unit.name)), place, code, *contacts),
            "changed_at": self.now,
        }
        line = {
            "unit_id": unit.pk,
            "at": self.now,
            "by": self.batch.created_by,
            "kind": str(UnitChangeKind.CHANGED),
            "before": json.dumps(before, ensure_ascii=False),
        }
        changes: list[Change] = [changed(unit, new), created(UnitChange, line)]
        return Known(changes, Difference(DifferenceKind.UNIT, name, place, lines))


class _KnownUnits:
    """The open units of a community, each found only once."""

    def __init__(self, area: Area) -> None:
        self._by_code: dict[str, list[int]] = {}
        self._by_name: dict[str, list[int]] = {}
        self._taken: set[int] = set()
        rows = Unit.objects.filter(within([area.path]), closed_on=None).order_by("pk")
        for key, name, code in rows.values_list("pk", "name", "credit_code"):
            self._by_name.setdefault(name, []).append(key)
            if code:
                self._by_code.setdefault(code, []).append(key)

    def take(self, values: Mapping[str, Any]) -> int | None:
        """Return the key of the unit that a row speaks of, or None."""
        code = values.get("credit_code")
        found = self._free(self._by_code.get(str(code), [])) if code else []
        found = found or self._free(self._by_name.get(str(values["name"]), []))
        if len(found) != 1:
            return None
        self._taken.add(found[0])
        return found[0]

    def _free(self, keys: list[int]) -> list[int]:
        return [key for key in keys if key not in self._taken]


class _Houses:
    """The buildings of a community, found as a workbook writes them."""

    def __init__(self, area: Area) -> None:
        rows = Building.objects.filter(community=area).select_related("compound").defer("geometry", "search_terms")
        self._by_key = {house_key(building): building for building in rows}
        self._by_address = {building.address: building for building in self._by_key.values()}

    def find(self, key: HomeKey) -> Building | None:
        """Return the building of a key, or None where nothing fits."""
        return self._by_key.get(key) or self._by_address.get(key.compound + spell_building(key.building))


def _contacts(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    told = [_text(values.get(name)) for name in CONTACT_FIELDS]
    return [(told[0], told[1]), (told[2], told[3])]


def _is_nothing(value: Any) -> bool:
    """Tell whether a cell says nothing: it is empty, or a “no” where nobody takes a “prefers not to” back."""
    return value is None or value is False or value == ""


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _shown(name: str, text: str) -> str:
    return MASKS[name](text) if name in MASKS else text


def words(name: str, value: str) -> str:
    """Return a value in words: the kind by its label, whether no contact is given by yes and no."""
    if name == "contact_declined":
        return gettext("yes") if value == str(True) else gettext("no")
    return str(UnitKind(value).label) if name == "kind" and value in UnitKind.values else value


def register() -> None:
    """Let exchange take in workbooks of units."""
    ledgers.register(
        "units",
        ledgers.Ledger(
            label=_("Units"),
            sheet=UNITS_SHEET,
            ability="people.import",
            levels=(Level.COMMUNITY,),
            figures={"units": _("Units"), "updated": _("Known already, brought up to date")},
            collector=UnitsDraft,
            compare=UnitsPlan,
            tables=(Unit, UnitChange),
            applied="units.import",
            undone="units.undo_import",
            follow=_follow,
            name=_name,
            words=words,
        ),
    )


def _follow(touched: ledgers.Keys) -> None:
    """Let units that were put back lie where their buildings lie now."""
    home = Building.objects.filter(pk=models.OuterRef("building"))
    there = Unit.objects.filter(pk__in=touched.get(Unit, ())).exclude(building=None)
    there.update(path=models.Subquery(home.values("path")[:1]), grid=models.Subquery(home.values("grid")[:1]))


def _name(row: models.Model) -> str:
    return row.unit.name if isinstance(row, UnitChange) else str(row)
