"""Plans to files: grids as GeoJSON, the assignment of buildings as CSV, the figures as numbers by name."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import shapely

from linli.planner.model import Grid, Plan, Reason, Remark

WORDS = {
    Reason.TOO_FEW: "{about} households, fewer than the band allows",
    Reason.TOO_MANY: "{about} households, more than the band allows",
    Reason.SMALL_PART: "this part of the community is too small for a grid of the right size",
    Reason.SMALL_COMMUNITY: "the community {about} is too small for a grid of the right size",
    Reason.BIG_BUILDING: "the building {about} alone has more households than the band allows",
    Reason.NO_BUILDING: "there is no building in this part of the community",
    Reason.CROSSES_ROAD: "main roads crossed where both sides could be grids: {about}",
    Reason.SPLITS_COMPOUND: "the compound {about} lies in several grids",
    Reason.LOCKED: "locked: kept as it was",
    Reason.OUTSIDE: "not wholly in its community",
    Reason.UNKNOWN_COMMUNITY: "no community has the code “{about}”; the nearest was taken",
    Reason.NO_SHAPE: "has no place on the map; goes with its compound or the community",
    Reason.MENDED: "the footprint was not valid and was mended",
    Reason.REPEATED: "is there more than once; the first was taken",
    Reason.OVERLAPS: "the footprint overlaps another",
    Reason.BAD_HOUSEHOLDS: "the number of households is no number; none was taken",
}


def words_of(reason: Reason, about: str) -> str:
    """Return a remark or a problem in plain English words."""
    return WORDS[reason].format(about=about)


def write_grids(plan: Plan, path: Path) -> None:
    """Write the grids as GeoJSON. Coordinates keep every digit, so that neighbours share their corners exactly."""
    features = ",\n".join(_feature(grid) for grid in plan.grids)
    path.write_text('{"type":"FeatureCollection","features":[\n' + features + "\n]}\n", encoding="utf-8")


def _feature(grid: Grid) -> str:
    properties = {
        "code": grid.code,
        "community": grid.community,
        "households": grid.households,
        "buildings": len(grid.buildings),
        "compounds": list(grid.compounds),
        "warnings": [_warning(one) for one in grid.remarks],
    }
    shape = json.dumps(_geometry(grid.outline))
    return f'{{"type":"Feature","properties":{json.dumps(properties, ensure_ascii=False)},"geometry":{shape}}}'


def _geometry(outline: Any) -> dict[str, Any]:
    polygons = [
        [shapely.get_coordinates(ring).tolist() for ring in (polygon.exterior, *polygon.interiors)]
        for polygon in shapely.get_parts(outline)
    ]
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def _warning(remark: Remark) -> dict[str, str]:
    return {"reason": remark.reason.value, "about": remark.about, "text": words_of(remark.reason, remark.about)}


def write_assignment(plan: Plan, path: Path) -> None:
    """Write which grid each building stands in: ``building_id,grid``."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["building_id", "grid"])
        rows.writerows(sorted(plan.assignment.items()))


def figures_of(plan: Plan, seconds: dict[str, float]) -> dict[str, Any]:
    """Return the figures of a plan by name, as ``--json`` prints them."""
    found: dict[str, Any] = {
        name: round(value, 6) if isinstance(value, float) else value for name, value in asdict(plan.figures).items()
    }
    moved = found.pop("moved_households")
    found["defects_per_100"] = round(plan.figures.defects_per_100, 6)
    found["moved_households"] = moved
    found["seconds"] = {name: round(value, 4) for name, value in seconds.items()}
    return found
