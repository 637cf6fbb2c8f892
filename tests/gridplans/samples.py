"""A community to divide: two squares with twelve buildings each, ten homes in every building, drawn as two grids."""

from __future__ import annotations

from typing import Any

from linli.accounts.rules import SYSTEM
from linli.areas.actions import set_band
from linli.areas.bands import NUMBERS
from linli.areas.choices import AreaKind, Measure
from linli.areas.models import Area
from linli.gridplans import actions
from linli.gridplans.choices import PlanState
from linli.gridplans.models import GridPlan, PlanPart
from linli.gridplans.values import Asked, StepAsked
from linli.housing.actions import NewBuilding, NewDwelling, add_buildings, add_compound, add_dwellings
from linli.housing.models import Building
from linli.jobs import actions as jobs
from tests.cast import SIDE, SOUTH, WEST, Cast
from tests.jobs.queue import WAITING
from tests.once import once

COLUMNS, ROWS, HOMES = 4, 3, 10
WIDE, HIGH = 0.0006, 0.0004
# The present grids as they are; and half their size.
AS_NOW = Asked(target=120, lowest=80, highest=160, preset="quick")
HALVES = Asked(target=60, lowest=35, highest=85, preset="quick")


def footprint(column: int, row: int) -> dict[str, Any]:
    """Return the outline of a building; columns run through both squares."""
    step_x, step_y = SIDE / COLUMNS, SIDE / ROWS
    x, y = WEST + (column + 0.5) * step_x, SOUTH + (row + 0.5) * step_y
    west, east, south, north = x - WIDE / 2, x + WIDE / 2, y - HIGH / 2, y + HIGH / 2
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [[[round(a, 7), round(b, 7)] for a, b in ring]]}


def make_ground(cast: Cast) -> None:
    """Write the buildings and homes down."""
    if not Building.objects.filter(address__endswith="1-1号楼").exists():
        once("gridplans.ground", lambda: _write_down(cast))


def _write_down(cast: Cast) -> None:
    numbers = dict(zip(NUMBERS, (60, 35, 160, 35, 160), strict=True))
    set_band(AreaKind.RESIDENTIAL, Measure.HOUSEHOLDS, numbers, by=SYSTEM)
    compound = add_compound(cast.community_area, "古公寓", by=SYSTEM)
    new = [
        NewBuilding(
            cast.community_area,
            f"{column + 1}-{row + 1}号楼",
            compound=compound if column == 0 else None,
            grid=cast.grid if column < COLUMNS else cast.other_grid,
            geometry=footprint(column, row),
        )
        for column in range(2 * COLUMNS)
        for row in range(ROWS)
    ]
    buildings = add_buildings(new, by=SYSTEM)
    add_dwellings(
        [NewDwelling(building, "", f"{floor}01") for building in buildings for floor in range(1, HOMES + 1)], by=SYSTEM
    )


def house(column: int, row: int) -> Building:
    """Return the building at a place of the two squares."""
    return Building.objects.get(address__endswith=f"{column + 1}-{row + 1}号楼")


def drawn(area: Area, asked: Asked = AS_NOW, *, by: Any = SYSTEM, **more: Any) -> GridPlan:
    """Return a draft that was worked out."""
    with WAITING:
        plan = actions.new_plan(area, asked, by=by, **more)
    return worked_off(plan)


def worked_off(plan: GridPlan) -> GridPlan:
    """Do the background work that waits for a draft, and return it as it is then."""
    plan = GridPlan.objects.select_related("job").get(pk=plan.pk)
    assert plan.job is not None
    arguments: dict[str, Any] = {"plan": plan.pk}
    if plan.job.kind == "gridplans.apply":
        arguments["version"] = plan.version
    jobs.run(plan.job.pk, arguments)
    return GridPlan.objects.select_related("job", "area").get(pk=plan.pk)


def applied(plan: GridPlan, by: Any) -> GridPlan:
    """Return a draft that was brought into force."""
    with WAITING:
        actions.ask_to_apply(plan, by=by)
    done = worked_off(plan)
    assert done.state == PlanState.APPLIED, done.job and done.job.message
    return done


def taken_back(plan: GridPlan, by: Any) -> GridPlan:
    """Return a draft that was taken back."""
    with WAITING:
        actions.ask_to_revert(plan, by=by)
    done = worked_off(plan)
    assert done.state == PlanState.REVERTED, done.job and done.job.message
    return done


def part_of(plan: GridPlan) -> PlanPart:
    """Return the only community of a draft, as it is now."""
    return PlanPart.objects.select_related("plan", "community").get(plan=plan)


def key_of(plan: GridPlan, building: Building) -> str:
    """Return the key of the grid that a building is in."""
    part = part_of(plan)
    return str(part.assignment[part.buildings.index(building.pk)])


def step(plan: GridPlan, kind: str, *, by: Any = SYSTEM, version: int | None = None, **more: Any) -> PlanPart:
    """Take a step in a draft as it is now."""
    now = GridPlan.objects.get(pk=plan.pk).version if version is None else version
    return actions.take_step(plan, StepAsked(kind, **more), version=now, by=by)
