"""The workbooks of homes and of buildings, registered with exchange."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.naming import Places, Unknown
from linli.core.sheets.checking import CheckedRow
from linli.core.sheets.columns import shown
from linli.core.sheets.definition import RowDraft, RowRule, SheetFacts
from linli.core.sheets.housing_rows import BUILDINGS_SHEET, DWELLINGS_SHEET
from linli.core.sheets.problems import Fault, ProblemKind
from linli.exchange import ledgers
from linli.exchange.choices import DifferenceKind
from linli.exchange.models import Batch
from linli.exchange.plans import Difference, Figures, Known, changed
from linli.housing.actions import put_into
from linli.housing.addresses import HomeKey, spell_plate
from linli.housing.choices import BuildingKind, Occupancy
from linli.housing.importing import HOUSING_MODELS, HomesPlan, House, PlanOfHomes, follow_houses, note_grids
from linli.housing.models import Building, Dwelling

COMPARED_AT_ONCE = 500
# What a workbook may say about a building.
FACTS = ("kind", "floors", "entrances")
GRID_ID = "grid_id"
_NO_GRID = _("%(place)s has no grid of this name or code. Look it up in the list of grids; the rest is taken over.")
_SEVERAL_GRIDS = _("%(place)s has several grids of this name. Write the code; the rest is taken over.")
CHOICES: dict[str, Any] = {"occupancy": Occupancy, "kind": BuildingKind}


@dataclass
class HomesDraft:
    """The homes of a workbook, each with its use (None: not said), and the plate numbers that are said."""

    uses: dict[HomeKey, str | None] = field(default_factory=dict)
    plates: dict[HomeKey, str] = field(default_factory=dict)

    def add(self, row: CheckedRow) -> None:
        """Take a row; one that is held is passed over."""
        if not row.held:
            key = _key(row)
            self.uses[key] = str(row.values.get("occupancy") or "") or None
            if plate := spell_plate(str(row.values.get("plate_number") or "")):
                self.plates[key] = plate

    def figures(self) -> Figures:
        """Return what the rows would bring."""
        uses = list(self.uses.values())
        return {
            "dwellings": len(uses),
            "empty_homes": uses.count(Occupancy.EMPTY),
            "renting": uses.count(Occupancy.RENTED),
            "updated": 0,
        }


class DwellingsPlan(PlanOfHomes):
    """A workbook of homes compared with those of a community."""

    def __init__(self, draft: HomesDraft, batch: Batch) -> None:
        self.draft = draft
        self.homes = HomesPlan(draft.uses, batch.area, plates=draft.plates)
        self.size = self.homes.size

    def figures(self) -> Figures:
        """Return what it brings; ``updated`` are known homes of which something changes."""
        return {**self.draft.figures(), "updated": self.homes.changed}

    def changes(self) -> Iterator[list[Known]]:
        """Yield the homes of which something else was known."""
        return self.homes.changes()


@dataclass
class BuildingsDraft:
    """The buildings of a workbook, each with what is said about it, and the key of its grid where one is said."""

    facts: dict[HomeKey, dict[str, Any]] = field(default_factory=dict)

    def add(self, row: CheckedRow) -> None:
        """Take a row; one that is held is passed over."""
        if not row.held:
            self.facts[_key(row).house] = {name: row.values[name] for name in (*FACTS, GRID_ID) if row.values.get(name)}

    def figures(self) -> Figures:
        """Return what the rows would bring."""
        return {"buildings": len(self.facts), "updated": 0}


class BuildingsPlan(PlanOfHomes):
    """A workbook of buildings compared with those of a community.

    What a workbook does not say about a known building stays as it is. One that comes into another grid takes its
    homes and everything in them along, as when somebody moves it by hand.
    """

    def __init__(self, draft: BuildingsDraft, batch: Batch) -> None:
        self.draft = draft
        said = {facts[GRID_ID] for facts in draft.facts.values() if GRID_ID in facts}
        self.grids = Area.objects.defer("geometry", "bounds").in_bulk(said)
        self.homes = HomesPlan({}, batch.area, draft.facts)
        self.known: list[tuple[House, dict[str, Any]]] = []
        for key, facts in draft.facts.items():
            house = self.homes.house(key)
            if house.row is None:
                self.known.append((house, facts))
            else:
                put_into(house.row, self.grids.get(facts.get(GRID_ID, 0)))
                house.path = house.row.path
                for name in FACTS:
                    setattr(house.row, name, facts.get(name, getattr(house.row, name)))
        self.updated = sum(len(step) for step in self.changes())
        self.size = self.homes.size + self.updated

    def figures(self) -> Figures:
        """Return what it brings; ``updated`` are known buildings that are described otherwise."""
        return {**self.draft.figures(), "updated": self.updated}

    def changes(self) -> Iterator[list[Known]]:
        """Yield the buildings that are described otherwise than was known."""
        for start in range(0, len(self.known), COMPARED_AT_ONCE):
            part = self.known[start : start + COMPARED_AT_ONCE]
            rows = Building.objects.select_related("grid").in_bulk([house.pk for house, _facts in part])
            found = [_described(rows[house.pk], facts, self.grids) for house, facts in part if house.pk in rows]
            yield [known for known in found if known is not None]

    def mend(self) -> None:
        """New buildings lie where the workbook says, and follow nothing."""


def register() -> None:
    """Let exchange take in workbooks of homes and of buildings."""
    ledgers.register(
        "dwellings",
        ledgers.Ledger(
            label=_("Homes"),
            sheet=DWELLINGS_SHEET,
            ability="people.import",
            levels=(Level.COMMUNITY,),
            figures={
                "dwellings": _("Homes"),
                "empty_homes": _("Empty homes"),
                "renting": _("Homes that are let"),
                "updated": _("Known already, brought up to date"),
            },
            collector=HomesDraft,
            compare=DwellingsPlan,
            tables=HOUSING_MODELS,
            applied="housing.import_homes",
            undone="housing.undo_homes",
            follow=follow_houses,
            name=_name,
            words=words,
        ),
    )
    ledgers.register(
        "buildings",
        ledgers.Ledger(
            label=_("Buildings"),
            sheet=BUILDINGS_SHEET,
            ability="people.import",
            levels=(Level.COMMUNITY,),
            figures={"buildings": _("Buildings"), "updated": _("Known already, described otherwise")},
            collector=BuildingsDraft,
            compare=BuildingsPlan,
            tables=HOUSING_MODELS[:-1],
            applied="housing.import_buildings",
            undone="housing.undo_buildings",
            follow=follow_houses,
            name=_name,
            words=words,
            note=note_grids,
            look=_grid_rule,
        ),
    )


def words(field: str, value: str) -> str:
    """Return a value in words: choices by their labels."""
    choices = CHOICES.get(field)
    return str(choices(value).label) if choices is not None and value in choices.values else value


def _key(row: CheckedRow) -> HomeKey:
    return HomeKey(*(str(row.values.get(part) or "") for part in HomeKey._fields))


def _grid_rule(community: Area) -> RowRule:
    """Return the rule that finds the grid that a row names; a building whose grid is not found comes in without one."""
    places = Places(community)

    def find_grid(row: RowDraft, _facts: SheetFacts) -> None:
        written = str(row.values.get("grid") or "")
        if not written:
            return
        try:
            row.values[GRID_ID] = places.find(grid=written).pk
        except Unknown as unknown:
            text = _SEVERAL_GRIDS if unknown.several else _NO_GRID
            row.mark("grid", Fault(ProblemKind.UNKNOWN_CODE, text, shown(written), details={"place": community.name}))

    return find_grid


def _described(row: Building, facts: dict[str, Any], grids: Mapping[int, Area]) -> Known | None:
    said = {name: value for name, value in facts.items() if value != getattr(row, name)}
    if not said:
        return None
    lines = [(name, _text(getattr(row, name)), _text(value)) for name, value in said.items() if name != GRID_ID]
    if GRID_ID in said:
        grid = grids[said[GRID_ID]]
        lines.append(("grid", row.grid.name if row.grid else "", grid.name))
        said["path"] = grid.path
    return Known([changed(row, said)], Difference(DifferenceKind.BUILDING, "", row.address, lines))


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _name(row: models.Model) -> str:
    return row.address if isinstance(row, Building | Dwelling) else str(row)
