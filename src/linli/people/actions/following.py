"""People follow their buildings to other grids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q

from linli.accounts.rules import require
from linli.areas.redrawn import Redrawn, Rows
from linli.housing.grouping import by_grid
from linli.housing.models import Building
from linli.journal import actions as journal
from linli.people.models import Correction, Household, Merge, Person, Residence

# What belongs to people who live nowhere here any more, and follows no building.
LEFT: tuple[Any, ...] = (Correction, Merge)


@transaction.atomic
def follow_buildings(buildings: Iterable[Building]) -> None:
    """Let everybody who lives in these buildings follow them to their new grids. Called when buildings move.

    Those who are on their way in with a workbook follow too.
    """
    for building, keys in by_grid(buildings):
        Household.everything.filter(dwelling__building__in=keys).update(path=building.path)
        people = Residence.everything.filter(until=None, household__dwelling__building__in=keys).values("person")
        Person.everything.filter(pk__in=people).update(path=building.path)
        Correction.everything.filter(person__in=people).update(path=building.path)


@transaction.atomic
def follow_grids(redrawn: Redrawn, *, by: Any) -> Rows:
    """Let what no building carries follow grids that were closed; called after the buildings. Returns where it was."""
    for community in redrawn.communities:
        require(by, "grids.redraw", community)
    found: Rows = {}
    for model in LEFT:
        label, manager = model._meta.label_lower, getattr(model, "everything", model._default_manager)
        concerned = Q(path__in=redrawn.paths) | Q(pk__in=redrawn.exact.get(label, {}))
        before = {pk: redrawn.paths.get(path, 0) for pk, path in manager.filter(concerned).values_list("pk", "path")}
        placed = redrawn.moves(label, ((pk, grid, None, None) for pk, grid in before.items()))
        found[label] = {pk: before[pk] for pk in placed}
        for path, keys in _by_path(placed).items():
            manager.filter(pk__in=keys).update(path=path)
    journal.record(by, "people.follow_grids", detail={label: len(rows) for label, rows in found.items()})
    return found


def _by_path(placed: Mapping[int, Any]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for key, area in placed.items():
        found[area.path].append(key)
    return found
