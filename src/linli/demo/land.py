"""Writing the area tree of the demo."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from shapely.geometry import mapping

from linli.areas.actions import add_area, geometry_changed
from linli.areas.choices import AreaKind, Level
from linli.areas.models import Area
from linli.demo.ground import Ground
from linli.demo.register import place_rows
from linli.demo.scales import VILLAGE_ENDING


@transaction.atomic
def write_areas(ground: Ground, opened_on: date, *, by: Any) -> dict[str, Area]:
    """Write every area of the register and the grids below; return them by code."""
    made: dict[str, Area] = {}
    for row in place_rows():
        polygon = ground.polygons.get(row.code)
        made[row.code] = add_area(
            code=row.code,
            name=row.name,
            level=row.level,
            kind=AreaKind.VILLAGE if row.name.endswith(VILLAGE_ENDING) else AreaKind.ORDINARY,
            parent=made.get(row.parent_code),
            geometry=mapping(polygon) if polygon is not None else None,
            opened_on=opened_on,
            by=by,
        )
    for grid in ground.grids:
        made[grid.code] = add_area(
            code=grid.code,
            name=grid.name,
            level=Level.GRID,
            kind=AreaKind.RESIDENTIAL,
            parent=made[grid.community],
            geometry=mapping(grid.polygon),
            opened_on=opened_on,
            by=by,
        )
    geometry_changed()
    return made
