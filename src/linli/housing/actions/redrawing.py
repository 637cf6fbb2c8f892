"""Buildings and what stands between them come to grids that were drawn anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from linli.accounts.rules import require
from linli.areas.models import Area
from linli.areas.redrawn import AT_ONCE, Redrawn, Rows
from linli.housing.actions.homes import follow_buildings, put_into
from linli.housing.actions.planned import place_planned_anew
from linli.housing.choices import SiteState
from linli.housing.models import Building, Facility, PlannedBuilding
from linli.journal import actions as journal

REDRAW = "grids.redraw"


@transaction.atomic
def put_into_grids(community: Area, grids: Mapping[int, Area | None], *, by: Any) -> int:
    """Put buildings of a community into grids, with all that is in them; return how many were put elsewhere.

    One entry in the journal, because who redraws a place writes down all of it. See `assign_grids` for one by one.

    Args:
        community: where they stand; other buildings are left alone.
        grids: key of a building → its grid, or None.
        by: whoever redraws.

    Raises:
        ValidationError: a grid belongs to another community, or is closed.
    """
    require(by, REDRAW, community)
    moved: list[Building] = []
    groups: dict[int | None, list[Building]] = defaultdict(list)
    rows = Building.objects.select_for_update(of=("self",)).filter(community=community).order_by("pk")
    for building in rows.defer("geometry", "search_terms"):
        if building.pk not in grids:
            continue
        grid, before = grids[building.pk], building.grid_id
        building.community = community
        put_into(building, grid)
        if building.grid_id != before:
            moved.append(building)
            groups[building.grid_id].append(building)
    for grid_id, group in groups.items():
        for start in range(0, len(group), AT_ONCE):
            keys = [building.pk for building in group[start : start + AT_ONCE]]
            Building.objects.filter(pk__in=keys).update(grid=grid_id, path=group[0].path)
    follow_buildings(moved)
    journal.record(by, "housing.put_into_grids", community, detail={"buildings": len(moved)})
    return len(moved)


@transaction.atomic
def follow_grids(redrawn: Redrawn, *, by: Any) -> Rows:
    """Let facilities and planned buildings follow grids that were drawn anew. Returns where they were."""
    for community in redrawn.communities:
        require(by, REDRAW, community)
    facilities = Facility.objects.filter(area__in=redrawn.affected).order_by("pk")
    moved = redrawn.move(Facility.objects.all(), facilities.values_list("pk", "area", "longitude", "latitude"), "area")
    planned = PlannedBuilding.objects.filter(grid__in=redrawn.affected).order_by("pk")
    ended = planned.exclude(state=SiteState.COMING).values_list("pk", "grid", "longitude", "latitude")
    sites = redrawn.move(PlannedBuilding.objects.all(), ended, "grid")
    before = dict(planned.filter(state=SiteState.COMING).values_list("pk", "grid"))
    place_planned_anew(redrawn.communities, by=by)
    after = dict(PlannedBuilding.objects.filter(pk__in=before).values_list("pk", "grid"))
    sites |= {key: grid for key, grid in before.items() if grid is not None and after[key] != grid}
    journal.record(by, "housing.follow_grids", detail={"facilities": len(moved), "planned": len(sites)})
    return {Facility._meta.label_lower: moved, PlannedBuilding._meta.label_lower: sites}
