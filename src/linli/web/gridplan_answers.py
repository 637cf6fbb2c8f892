"""A draft of grids as the plan page reads it: see “JSON of the plan page” in docs/architecture.md."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import shapely
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _
from shapely.geometry import shape

from linli.areas.choices import AreaKind
from linli.gridplans.checking import Check, remarks_of
from linli.gridplans.choices import PlanState
from linli.gridplans.collecting import workers_at
from linli.gridplans.models import GridPlan, PlanPart
from linli.gridplans.queries import (
    busy,
    checks_for,
    figures_of,
    layers_of,
    may_do,
    parts_of,
    share_done,
    state_of,
    step_words,
)
from linli.gridplans.values import Asked
from linli.web.job_words import outcome_of, standing_of


def ground_answer(plan: GridPlan) -> str:
    """Return what the map shows and no step changes, as JSON put together from what was written before."""
    layers = layers_of(plan)
    outlines = [shape(feature["geometry"]) for feature in json.loads(f"[{layers['communities']}]")]
    bounds = [float(edge) for edge in shapely.total_bounds(outlines)] if outlines else None
    roads = [_feature({"type": "LineString", "coordinates": line}, main=True) for line in plan.roads]
    layers["roads"] = ",".join(map(json.dumps, roads))
    found = (f'"{name}":{{"type":"FeatureCollection","features":[{line}]}}' for name, line in layers.items())
    return f'{{"bounds":{json.dumps(bounds)},{",".join(found)}}}'


def draft_answer(plan: GridPlan, user: Any) -> dict[str, Any]:
    """Return the whole draft: grids, who is in which, boundaries, figures, what is to be seen."""
    parts = parts_of(plan, whole=True)
    return _standing(plan, user) | _of_parts(plan, parts) | _of_all(plan, parts)


def step_answer(plan: GridPlan, user: Any, changed: PlanPart) -> dict[str, Any]:
    """Return what a step may have changed: one community, and what is said of the whole."""
    parts = [changed if part.pk == changed.pk else part for part in parts_of(plan)]
    answer = _standing(plan, user) | _of_parts(plan, [changed]) | _of_all(plan, parts, stepping=True)
    return answer | {"changed_communities": [changed.community.code]}


def errors_answer(problem: ValidationError) -> dict[str, Any]:
    """Return why a step is not possible, by field."""
    told = problem.message_dict if hasattr(problem, "error_dict") else {NON_FIELD_ERRORS: problem.messages}
    errors = [{"field": field, "message": message} for field, messages in told.items() for message in messages]
    return {"errors": errors}


def _standing(plan: GridPlan, user: Any) -> dict[str, Any]:
    undo, redo = step_words(plan) if plan.state == PlanState.READY else (None, None)
    outcome = outcome_of(plan.job) if plan.job is not None else None
    return {
        "version": plan.version,
        "state": str(state_of(plan)),
        "progress": _progress(plan),
        "message": outcome.text if outcome is not None else "",
        "note": plan.note,
        "settings": Asked.read(plan.settings).kept(),
        "can": may_do(plan, user),
        "undo": undo,
        "redo": redo,
    }


def _progress(plan: GridPlan) -> dict[str, Any] | None:
    if plan.job is None or not busy(plan):
        return None
    standing = standing_of(plan.job)
    return {"share": share_done(plan) if standing.total else None, "words": standing.label}


def _of_parts(plan: GridPlan, parts: Iterable[PlanPart]) -> dict[str, Any]:
    known, asked = list(parts), Asked.read(plan.settings)
    workers = workers_at(part.community.path for part in known)
    grids: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    assignment: dict[str, str] = {}
    for part in known:
        for key, row in sorted(part.grids.items(), key=lambda pair: str(pair[1]["code"])):
            grids.append(_grid(key, row, part, asked, workers))
            shapes.append(_feature(part.shapes[key], key=key))
        assignment |= {str(building): key for building, key in zip(part.buildings, part.assignment, strict=True)}
    return {"grids": grids, "assignment": assignment, "shapes": _collection(shapes)}


def _grid(key: str, row: Mapping[str, Any], part: PlanPart, asked: Asked, workers: Mapping[int, str]) -> dict[str, Any]:
    told = remarks_of(row, asked)
    return {
        "key": key,
        "code": row["code"],
        "name": row["name"],
        "community": part.community.code,
        "worker": workers.get(row["area"] or 0, ""),
        "households": row["households"],
        "present_households": row["present_households"],
        "buildings": row["buildings"],
        "band": list(asked.band) if row["kind"] == AreaKind.RESIDENTIAL else None,
        "locked": row["locked"],
        "reason": row["reason"],
        "remarks": [
            {"level": str(one.level), "reason": one.reason, "text": one.text, "explained": one.explained}
            for one in told
        ],
    }


def _of_all(plan: GridPlan, parts: Iterable[PlanPart], *, stepping: bool = False) -> dict[str, Any]:
    known = list(parts)
    checks = checks_for(plan, known, stepping=stepping)
    return {"figures": figures_of(known), "checks": [_check(check) for check in checks]}


def _check(check: Check) -> dict[str, Any]:
    fixes = [{"words": fix.words, "step": fix.step, "building": fix.building} for fix in check.fixes]
    return {"level": str(check.level), "text": check.text, "detail": check.detail, "fixes": fixes, "grid": check.grid}


def _feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}


def no_such_step() -> dict[str, Any]:
    """Return the answer to a step that can't be read."""
    return {"errors": [{"field": "action", "message": _("This step can't be read. Load the page again.")}]}
