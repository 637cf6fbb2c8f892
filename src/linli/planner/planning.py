"""The one entry point: a place in, a plan out."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

import numpy as np
from shapely.geometry.base import BaseGeometry

from linli.planner.ground import Ground, prepare
from linli.planner.judging import judge, together
from linli.planner.model import Figures, Grid, Place, Plan, Previous, Remark, Settings, Watch
from linli.planner.numbering import give_codes, kept_codes
from linli.planner.shapes import draw

# What the steps take of the whole, for the progress.
GEOMETRY_SHARE = 0.5


def make_plan(place: Place, settings: Settings, previous: Previous | None = None, watch: Watch | None = None) -> Plan:
    """Divide communities into grids, or mend the plan before where it no longer fits.

    Args:
        place: buildings with households, communities, main roads; all in WGS-84.
        settings: size of grids, what bounds them, how long to look, seed.
        previous: the plan before; its grids keep their codes, and few households move.
        watch: told how far the work is; an exception raised in it ends the work.

    Returns:
        A plan in which every building stands in one grid, every grid is in one piece within its community, and the
        grids tile the communities. The same input and seed give the same plan.
    """
    begin = perf_counter()
    grounds = prepare(place, settings, _part(watch, 0.0, GEOMETRY_SHARE))
    # Heavy to load: who only reads plans does without it, and a thread may have loaded it meanwhile.
    from linli.planner.replanning import divide

    known = perf_counter()
    before = (previous.grids, previous.locked) if previous else ()
    grids: list[Grid] = []
    figures: list[Figures] = []
    for at, ground in enumerate(grounds.communities):
        if watch:
            watch(GEOMETRY_SHARE + (1 - GEOMETRY_SHARE) * at / len(grounds.communities), ground.name)
        numbers = divide(ground, settings, previous)
        polygons = draw(ground, numbers)
        found, remarks = judge(ground, numbers, polygons, settings, *before)
        figures.append(found)
        grids += _grids(ground, numbers, polygons, remarks, settings, previous)
    return Plan(
        grids=tuple(sorted(grids, key=lambda grid: (grid.community, grid.code))),
        assignment={key: grid.code for grid in grids for key in grid.buildings},
        figures=together(figures),
        problems=grounds.problems,
        seconds={"geometry": known - begin, "plan": perf_counter() - known},
    )


def _part(watch: Watch | None, begin: float, share: float) -> Watch | None:
    if watch is None:
        return None
    return lambda done, words: watch(begin + share * done, words)


def _grids(
    ground: Ground,
    numbers: Sequence[int],
    polygons: Sequence[BaseGeometry],
    remarks: Sequence[tuple[Remark, ...]],
    settings: Settings,
    previous: Previous | None,
) -> list[Grid]:
    codes = give_codes(ground, numbers, polygons, settings, previous)
    kept = kept_codes(ground, numbers, previous.grids) if previous else [""] * len(polygons)
    rows: list[list[int]] = [[] for _polygon in polygons]
    for row, number in enumerate(numbers):
        rows[number].append(row)
    return [
        Grid(
            code=codes[number],
            community=ground.code,
            outline=polygon,
            households=int(ground.households[np.array(rows[number], dtype=np.int64)].sum()),
            buildings=tuple(ground.keys[row] for row in rows[number]),
            compounds=tuple(sorted({ground.compounds[row] for row in rows[number]} - {""})),
            remarks=tuple(remarks[number]),
            before=kept[number],
        )
        for number, polygon in enumerate(polygons)
    ]
