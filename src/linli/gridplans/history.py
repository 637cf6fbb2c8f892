"""What points to grids: which rows must follow when a grid closes, and which stay, because they tell of the past.

Every table that points to an area, or copies its path, is looked at: one that is not named here must follow with all of
its rows, so that a new table is never left behind silently.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q

from linli.areas.models import Area
from linli.cases.workflow import OPEN_STATES
from linli.core import clock
from linli.core.paths import PathField

# Model → why its rows stay where they were.
PAST: dict[str, str] = {
    "areas.sizereason": "why a grid had its size",
    "assessment.coveragecount": "counted anew",
    "assessment.coveragefinding": "counted anew",
    "assessment.delaycount": "counted anew",
    "assessment.ledgercount": "counted anew",
    "assessment.review": "who went through which ledger in which quarter",
    "cases.route": "a rule for a place where no case is reported any more; it holds again when the grid opens again",
    "exchange.batch": "a workbook that came in for the grid",
    "exchange.learntheader": "what was learnt from its workbooks",
    "exports.export": "a list that was taken out there",
    "gridplans.gridplan": "drafts are made for communities and larger places",
    "gridplans.planpart": "drafts are made for communities and larger places",
    "journal.entry": "is never changed",
    "people.duplicatecheck": "a look through a place, on a day",
    "reporting.template": "kept by the community or a larger place",
}


def _live() -> dict[str, Q]:
    """Return model → which of its rows must follow; the others tell of the past."""
    return {
        "areas.area": Q(closed_on=None),
        "areas.post": Q(until=None) | Q(until__gte=clock.today()),
        "cases.case": Q(state__in=OPEN_STATES),
    }


def pointers() -> Iterator[tuple[type[models.Model], str]]:
    """Yield each model with a field that points to an area."""
    for relation in Area._meta.related_objects:
        model: Any = relation.related_model
        yield model, relation.field.name


def copies() -> Iterator[tuple[type[models.Model], str]]:
    """Yield each model with a field that copies the path of an area."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, PathField) and model is not Area:
                yield model, field.name


def standing_on(grids: Iterable[Area]) -> Iterator[tuple[type[models.Model], set[Any]]]:
    """Yield each model with the keys of its rows that are in these grids and do not tell of the past."""
    known, live = list(grids), _live()
    keys, paths = [grid.pk for grid in known], [grid.path for grid in known]
    found: dict[type[models.Model], set[Any]] = {}
    for wanted, fields in ((keys, pointers()), (paths, copies())):
        for model, name in fields:
            label = model._meta.label_lower
            if label in PAST:
                continue
            manager: Any = getattr(model, "everything", model._default_manager)
            rows = manager.filter(live.get(label, Q()), **{f"{name}__in": wanted}).order_by()
            found.setdefault(model, set()).update(rows.values_list("pk", flat=True))
    yield from ((model, rows) for model, rows in found.items() if rows)
