"""One community of a draft in memory: its grids, who is in which, and all that follows from that.

What a person decides of a grid is its ``name`` (``named``), whether it is ``locked``, and the ``reason`` for it. All
else is worked out anew by `Draft.renew`: ``code``, ``area`` (the key of the present grid that goes on), ``kind``,
``households``, ``buildings``, ``present_households``, ``remarks`` (pairs of reason and what it is about), ``beside``
(keys), ``pieces``, ``coming`` (what planned buildings will bring).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shapely.geometry import Point, mapping

from linli.areas.choices import AreaKind
from linli.gridplans.naming import grid_name
from linli.planner.ground import Ground
from linli.planner.judging import judge
from linli.planner.model import Figures, Previous, Settings
from linli.planner.numbering import give_codes
from linli.planner.shapes import draw

DECIDED = ("name", "named", "locked", "reason")
# Kinds that no plan divides: they keep their buildings.
FIXED = (AreaKind.SPECIAL, AreaKind.SHOPFRONT)

# Figures that are added up over communities, and those of which each grid has a share.
SUMS = ("households", "out_of_band", "noncontiguous", "crossings_avoidable", "compounds_split", "moved_households")
MEANS = ("mean_deviation", "compactness")

Row = dict[str, Any]


@dataclass
class Draft:
    """One community of a draft. ``before``: the code of the present grid of each row of the ground, or "".

    Args:
        present: code → what stands there now: ``pk``, ``name``, ``kind``, ``households``, ``buildings``.
        taken: every code that a grid of the community ever had.
        coming: what is being built: ``name``, ``month``, ``households``, ``place``.
    """

    ground: Ground
    settings: Settings
    present: Mapping[str, Mapping[str, Any]]
    taken: Sequence[str]
    before: Sequence[str]
    grids: dict[str, Row]
    assignment: list[str]
    coming: Sequence[Mapping[str, Any]] = ()
    next_key: int = 1
    shapes: dict[str, Any] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def keys(self) -> list[str]:
        """The keys of the grids with buildings, in the order of their numbers."""
        return [key for key, row in self.grids.items() if not row.get("empty")]

    def numbers(self) -> list[int]:
        """Return the number of the grid of each row."""
        order = {key: number for number, key in enumerate(self.keys)}
        return [order[key] for key in self.assignment]

    def rows_of(self, key: str) -> list[int]:
        """Return the rows of a grid."""
        return [row for row, own in enumerate(self.assignment) if own == key]

    def new_grid(self, **decided: Any) -> str:
        """Add a grid without buildings and return its key."""
        key = f"{self.ground.code}-{self.next_key}"
        self.next_key += 1
        self.grids[key] = {"name": "", "named": False, "locked": False, "reason": ""} | decided
        return key

    def units_of(self, key: str) -> set[int]:
        """Return the footprints of a grid."""
        return {int(self.ground.unit_of[row]) for row in self.rows_of(key)}

    def renew(self) -> None:
        """Draw and judge the grids anew, and give them their codes and names."""
        numbers, keys = self.numbers(), self.keys
        polygons = draw(self.ground, numbers)
        keys = [*keys, *self._empty_keys(len(polygons) - len(keys))]
        self.grids = {key: self.grids[key] for key in keys}
        previous = self.previous()
        codes = give_codes(self.ground, numbers, polygons, self.settings, previous)
        figures, remarks = judge(self.ground, numbers, polygons, self.settings, previous.grids, previous.locked)
        self.shapes = {key: _geojson(polygon) for key, polygon in zip(keys, polygons, strict=True)}
        self._tell(dict(zip(keys, codes, strict=True)))
        for key, found in zip(keys, remarks, strict=True):
            self.grids[key]["remarks"] = [[str(remark.reason), remark.about] for remark in found]
        self._foresee(dict(zip(keys, polygons, strict=True)))
        self.figures = self._figures(figures, dict(zip(keys, codes, strict=True)))

    def previous(self) -> Previous:
        """Return what codes follow from: the present grids and all codes that were ever given."""
        locked = {row["code"] for row in self.grids.values() if row["locked"] and row.get("code") in self.present}
        return Previous(self.codes_before(), frozenset(locked), frozenset(self.taken))

    def codes_before(self) -> dict[str, str]:
        """Return building → code of its present grid, without those that are in none."""
        return {key: code for key, code in zip(self.ground.keys, self.before, strict=True) if code}

    def pieces(self, units: Iterable[int]) -> list[set[int]]:
        """Return footprints in the pieces in which they hang together, the largest first."""
        left, found = set(units), []
        while left:
            piece, waiting = set(), [min(left)]
            while waiting:
                unit = waiting.pop()
                if unit in left:
                    left.remove(unit)
                    piece.add(unit)
                    waiting.extend(self.beside(unit) & left)
            found.append(piece)
        return sorted(found, key=lambda piece: (-len(piece), min(piece)))

    def beside(self, unit: int) -> set[int]:
        """Return the footprints beside one."""
        ground = self.ground
        return {int(other) for other in ground.beside[ground.first[unit] : ground.first[unit + 1]]}

    def neighbours(self) -> dict[str, set[str]]:
        """Return for each grid the grids beside it."""
        owner = {int(unit): key for unit, key in zip(self.ground.unit_of, self.assignment, strict=True)}
        found: dict[str, set[str]] = defaultdict(set)
        for unit, key in owner.items():
            found[key] |= {owner[other] for other in self.beside(unit)} - {key}
        return found

    def _empty_keys(self, count: int) -> list[str]:
        """Return the keys of grids on parts of the community without any building."""
        known = [key for key, row in self.grids.items() if row.get("empty")]
        while len(known) < count:
            known.append(self.new_grid(empty=True))
        return known[:count]

    def _tell(self, codes: Mapping[str, str]) -> None:
        households: dict[str, int] = defaultdict(int)
        buildings: dict[str, int] = defaultdict(int)
        units: dict[str, set[int]] = defaultdict(set)
        for place, key in enumerate(self.assignment):
            households[key] += int(self.ground.households[place])
            buildings[key] += 1
            units[key].add(int(self.ground.unit_of[place]))
        beside, names = self.neighbours(), self._names(codes)
        for key, row in self.grids.items():
            present = self.present.get(codes[key])
            row |= {
                "code": codes[key],
                "name": names[key],
                "area": present["pk"] if present else None,
                "kind": present["kind"] if present else str(AreaKind.RESIDENTIAL),
                "households": households[key],
                "buildings": buildings[key],
                "present_households": present["households"] if present else None,
                "beside": sorted(beside.get(key, ())),
                "pieces": len(self.pieces(units[key])),
            }

    def _foresee(self, polygons: Mapping[str, Any]) -> None:
        """Note at each grid which planned buildings lie in it."""
        for row in self.grids.values():
            row["coming"] = []
        for site in self.coming:
            key = next((key for key, polygon in polygons.items() if polygon.covers(Point(site["place"]))), None)
            if key is not None:
                self.grids[key]["coming"].append({name: site[name] for name in ("name", "month", "households")})

    def _names(self, codes: Mapping[str, str]) -> dict[str, str]:
        """Return names: as somebody gave them, as the present grid has them, or by number."""
        names: dict[str, str] = {}
        for key, row in self.grids.items():
            if row["named"]:
                names[key] = row["name"]
            elif codes[key] in self.present:
                names[key] = self.present[codes[key]]["name"]
        for key in self.grids:
            if key not in names:
                names[key] = grid_name(codes[key], self.ground.code, set(names.values()))
        return names

    def _figures(self, figures: Figures, codes: Mapping[str, str]) -> dict[str, Any]:
        moved = [row for row, key in enumerate(self.assignment) if self.before[row] and self.before[row] != codes[key]]
        return figures_kept(figures) | {
            "moved_buildings": len(moved),
            "moved_households": sum(int(self.ground.households[row]) for row in moved),
        }


def _geojson(polygon: Any) -> dict[str, Any]:
    """Return a boundary with all its decimals, so that grids fill their community exactly."""
    return dict(mapping(polygon))


def figures_kept(figures: Figures) -> dict[str, Any]:
    """Return figures as a draft keeps them."""
    return {name: getattr(figures, name) for name in ("grids", *MEANS, *SUMS)} | {"moved_buildings": 0}


def figures_together(found: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Return the figures of several communities as one, with the defects for each hundred grids; None of none."""
    grids = sum(one["grids"] for one in found)
    if not found:
        return None
    total = {name: sum(one[name] for one in found) for name in SUMS}
    means = {name: sum(one[name] * one["grids"] for one in found) / max(grids, 1) for name in MEANS}
    whole = Figures(grids=grids, **total, **means)
    moved = sum(one["moved_buildings"] for one in found)
    return {"grids": grids, **total, **means, "moved_buildings": moved, "defects_per_100": whole.defects_per_100}


def decided(draft: Draft) -> dict[str, Any]:
    """Return a copy of what a step may change: who is in which grid, and what a person decides of each."""
    grids = {key: {name: row[name] for name in DECIDED} for key, row in draft.grids.items()}
    return {"grids": grids, "assignment": list(draft.assignment)}


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what leads back from one state to the other, and forth: rows by number, grids by key (None: not there)."""
    pairs = zip(before["assignment"], after["assignment"], strict=True)
    rows = [row for row, (was, now) in enumerate(pairs) if was != now]
    keys = [key for key in {**before["grids"], **after["grids"]} if before["grids"].get(key) != after["grids"].get(key)]

    def of(state: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "assignment": {str(row): state["assignment"][row] for row in rows},
            "grids": {key: state["grids"].get(key) for key in keys},
        }

    return of(before), of(after)


def put(draft: Draft, change: Mapping[str, Any]) -> None:
    """Bring a draft to what a step recorded, and work out what follows."""
    for row, key in change["assignment"].items():
        draft.assignment[int(row)] = key
    for key, row in change["grids"].items():
        if row is None:
            draft.grids.pop(key, None)
        else:
            draft.grids[key] = draft.grids.get(key, {}) | row
    draft.renew()
