"""A community of a draft between the database and memory."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shapely.geometry import mapping

from linli.gridplans.collecting import Standing
from linli.gridplans.drafting import DECIDED, FIXED, Draft, figures_kept
from linli.gridplans.models import GridPlan, PlanPart
from linli.gridplans.values import Asked
from linli.planner.ground import Ground
from linli.planner.judging import judge
from linli.planner.model import Previous
from linli.planner.shapes import draw
from linli.planner.storing import dump, load

# The layers of the map that no step changes, in the order in which they are written.
LAYERS = ("communities", "buildings", "present")
# What a step writes.
CHANGED = ("grids", "assignment", "shapes", "figures", "next_key")


def open_part(part: PlanPart) -> Draft:
    """Return a community of a draft, ready to be changed."""
    return Draft(
        ground=load(bytes(part.ground)),
        settings=Asked.read(part.plan.settings).settings(part.present["digits"]),
        present=part.present["grids"],
        taken=part.present["taken"],
        before=part.before,
        grids={key: dict(row) for key, row in part.grids.items()},
        assignment=list(part.assignment),
        coming=part.present["coming"],
        next_key=part.next_key,
        shapes=part.shapes,
        figures=part.figures,
    )


def put_draft(part: PlanPart, draft: Draft) -> None:
    """Write a changed draft into the row of its community; not saved."""
    for name in CHANGED:
        setattr(part, name, getattr(draft, name))


def begin_draft(plan: GridPlan, one: Standing, ground: Ground) -> Draft:
    """Return a community with nothing divided yet: its buildings are in no grid."""
    code_of = {grid.pk: grid.code for grid in one.grids}
    grid_of = {str(house.pk): house.grid for house in one.houses}
    before = [code_of.get(grid_of[key] or 0, "") for key in ground.keys]
    settings = Asked.read(plan.settings).settings(one.digits())
    return Draft(ground, settings, one.present(), one.taken, before, {}, [], one.coming)


@dataclass(frozen=True)
class Held:
    """A grid of another draft that is to stay: the keys of its buildings, and what a person decided of it."""

    buildings: frozenset[str]
    decided: dict[str, Any]


def locked_by_hand(part: PlanPart) -> list[Held]:
    """Return the grids of a community that somebody locked; special ones are locked in any case."""
    found = []
    for key, row in part.grids.items():
        if row["locked"] and row["kind"] not in FIXED:
            pairs = zip(part.buildings, part.assignment, strict=True)
            own = frozenset(str(building) for building, grid in pairs if grid == key)
            found.append(Held(own, {name: row[name] for name in DECIDED}))
    return found


def starting_point(draft: Draft, held: Sequence[Held] = (), *, afresh: bool = False) -> Previous | None:
    """Return the grids that the planner begins from; special ones are locked. None where it begins from nothing.

    Args:
        draft: one community.
        held: grids of another draft that stay as they are.
        afresh: without the present grids but the special ones.
    """
    fixed = {code for code, grid in draft.present.items() if grid["kind"] in FIXED}
    grids = draft.codes_before()
    if afresh:
        grids = {key: code for key, code in grids.items() if code in fixed}
    locked = set(fixed)
    for number, grid in enumerate(held):
        label = f"held-{number}"
        grids |= {key: label for key in grid.buildings if grids.get(key) not in fixed}
        locked.add(label)
    return Previous(grids, frozenset(locked), frozenset(draft.taken)) if grids else None


def fill(draft: Draft, numbers: list[int], held: Sequence[Held] = ()) -> None:
    """Put the buildings into the grids that the planner found, and work out what follows.

    ``held``: what a person decided of these in another draft holds here, too.
    """
    keys = [draft.new_grid() for _number in range(max(numbers, default=-1) + 1)]
    draft.assignment = [keys[number] for number in numbers]
    grids = dict(zip(draft.ground.keys, draft.assignment, strict=True))
    for grid in held:
        key = next((grids[building] for building in sorted(grid.buildings & grids.keys())), None)
        if key is not None:
            draft.grids[key] |= grid.decided
    draft.renew()
    for row in draft.grids.values():
        row["locked"] = row["locked"] or (row["kind"] in FIXED and not row.get("empty"))


def present_figures(draft: Draft) -> dict[str, Any] | None:
    """Judge the present grids over the same ground; buildings in none count as a grid. None without grids."""
    codes = sorted({code for code in draft.before if code}, key=lambda code: (code not in draft.present, code))
    if not codes:
        return None
    order = {code: number for number, code in enumerate([*codes, ""] if "" in draft.before else codes)}
    numbers = [order[code] for code in draft.before]
    polygons = draw(draft.ground, numbers)
    figures, _remarks = judge(draft.ground, numbers, polygons, draft.settings, draft.codes_before())
    return figures_kept(figures) | {"moved_households": 0}


def new_part(plan: GridPlan, one: Standing, draft: Draft, digest: str) -> PlanPart:
    """Return the unsaved row of a community that was divided."""
    return PlanPart(
        plan=plan,
        community=one.community,
        ground=dump(draft.ground),
        land=_land(one),
        buildings=[int(key) for key in draft.ground.keys],
        households=[int(count) for count in draft.ground.households],
        before=list(draft.before),
        present={
            "grids": draft.present,
            "taken": list(draft.taken),
            "digits": draft.settings.digits,
            "coming": draft.coming,
        },
        digest=digest,
        grids=draft.grids,
        assignment=draft.assignment,
        shapes=draft.shapes,
        figures=draft.figures,
        present_figures=present_figures(draft),
        next_key=draft.next_key,
    )


def _land(one: Standing) -> str:
    """Return the features of a community that no step changes: a line for each of `LAYERS`, written once as JSON."""
    layers = _features(one)
    return "\n".join(",".join(map(_written, layers[name])) for name in LAYERS)


def _written(feature: dict[str, Any]) -> str:
    return json.dumps(feature, ensure_ascii=False, separators=(",", ":"))


def _features(one: Standing) -> dict[str, list[dict[str, Any]]]:
    code, known = one.community.code, one.present()
    return {
        "communities": [_feature(mapping(one.outline), code=code, name=one.community.name)],
        "buildings": [
            _feature(
                house.geometry,
                id=house.pk,
                name=house.name,
                households=house.households,
                compound=house.compound,
                community=code,
            )
            for house in one.houses
            if house.geometry
        ],
        "present": [
            _feature(
                grid.geometry,
                code=grid.code,
                name=grid.name,
                households=known[grid.code]["households"] if grid.code in known else 0,
                worker=one.workers.get(grid.pk, ""),
            )
            for grid in one.grids
            if grid.geometry
        ],
    }


def _feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}
