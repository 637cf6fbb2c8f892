"""Building sites: written down, changed, finished as a building, or given up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from shapely.geometry import Point, shape

from linli.accounts.rules import require
from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.queries import community_at, community_of, locate
from linli.areas.signals import places_changed
from linli.core import clock
from linli.core.geo import area_m2, to_geojson
from linli.core.paths import within
from linli.housing.actions.homes import NewBuilding, add_building
from linli.housing.choices import SiteState
from linli.housing.models import Building, PlannedBuilding
from linli.housing.rules import NotPossible
from linli.housing.values import BuildingValues, PlannedValues
from linli.journal import actions as journal

ABILITY = "areas.plan"
# A site larger than that is more than a building, and the outline was drawn in the wrong place.
LARGEST_SITE_M2 = 2_000_000
MOST_YEARS = 30
DETAILS = ("floors", "entrances", "built_year", "lift", "property_manager")


@transaction.atomic
def add_planned(values: PlannedValues, *, by: Any) -> PlannedBuilding:
    """Write down a planned building; its place on the map says in which grid it will stand.

    Raises:
        ValidationError: the place lies in no community of the user's reach, or the month is over.
    """
    planned = PlannedBuilding()
    _fill(planned, values, by)
    planned.save(force_insert=True)
    journal.record(by, "housing.add_planned", planned, detail=_told(planned))
    places_changed.send(Area, paths=[planned.path])
    return planned


@transaction.atomic
def change_planned(planned: PlannedBuilding, values: PlannedValues, *, by: Any) -> PlannedBuilding:
    """Change what is told of a planned building that is still being built."""
    locked = _lock(planned, by)
    before = locked.path
    _fill(locked, values, by)
    locked.save()
    journal.record(by, "housing.change_planned", locked, detail=_told(locked))
    places_changed.send(Area, paths=[before, locked.path])
    return locked


@transaction.atomic
def finish_planned(planned: PlannedBuilding, values: BuildingValues, *, by: Any) -> Building:
    """Let a planned building become a real one, at its place on the map.

    Raises:
        ValidationError: the community has a building of that address, or the grid is not one of the community.
    """
    locked = _lock(planned, by)
    building = add_building(
        NewBuilding(
            locked.community,
            values.name,
            values.compound,
            values.grid,
            kind=values.kind,
            geometry=locked.outline,
            longitude=locked.longitude,
            latitude=locked.latitude,
        ),
        by=by,
    )
    for name in DETAILS:
        setattr(building, name, getattr(values, name))
    building.save(update_fields=list(DETAILS))
    locked.state, locked.building, locked.ended_on = SiteState.FINISHED, building, clock.today()
    locked.grid, locked.path = building.grid, building.path
    locked.save(update_fields=["state", "building", "ended_on", "grid", "path"])
    journal.record(by, "housing.finish_planned", locked, detail={"building": building.address})
    places_changed.send(Area, paths=[locked.path])
    return building


@transaction.atomic
def give_up_planned(planned: PlannedBuilding, reason: str, *, by: Any) -> PlannedBuilding:
    """Say that a planned building will not be built, and why."""
    locked = _lock(planned, by)
    if not reason.strip():
        raise ValidationError({"reason": _("Say in a few words why.")})
    locked.state, locked.reason, locked.ended_on = SiteState.GIVEN_UP, reason.strip(), clock.today()
    locked.full_clean()
    locked.save(update_fields=["state", "reason", "ended_on"])
    journal.record(by, "housing.give_up_planned", locked, detail={"reason": locked.reason})
    places_changed.send(Area, paths=[locked.path])
    return locked


@transaction.atomic
def place_planned_anew(communities: Iterable[Area], *, by: Any) -> int:
    """Let the planned buildings of communities whose grids were drawn anew follow; return how many changed their grid.

    Whoever opens, closes or redraws grids calls this in the same transaction.
    """
    paths = [community.path for community in communities]
    grids = list(Area.objects.current().filter(within(paths), level=Level.GRID).exclude(geometry=None).order_by("code"))
    drawn = [(grid, shape(grid.geometry)) for grid in grids if grid.geometry]
    moved = 0
    rows = PlannedBuilding.objects.select_for_update(of=("self",)).coming().filter(within(paths))
    for planned in rows.select_related("community").order_by("pk"):
        point = Point(planned.longitude, planned.latitude)
        grid = next((grid for grid, polygon in drawn if polygon.covers(point)), None)
        if (grid.pk if grid else None) != planned.grid_id:
            planned.grid, planned.path = grid, grid.path if grid else planned.community.path
            planned.save(update_fields=["grid", "path"])
            journal.record(by, "housing.place_planned", planned, detail={"grid": grid.code if grid else ""})
            moved += 1
    return moved


def _lock(planned: PlannedBuilding, by: Any) -> PlannedBuilding:
    rows = PlannedBuilding.objects.select_for_update(of=("self",)).select_related("community", "grid")
    locked = rows.get(pk=planned.pk)
    require(by, ABILITY, locked)
    if locked.state != SiteState.COMING:
        raise NotPossible(_("This was finished or given up already. Write it down anew if it is built after all."))
    return locked


def _fill(planned: PlannedBuilding, values: PlannedValues, by: Any) -> None:
    month = values.expected_on.replace(day=1)
    if month != planned.expected_on and month < clock.today().replace(day=1):
        raise ValidationError({"expected_on": _("This month is over. Choose this month or a later one.")})
    if month.year > clock.today().year + MOST_YEARS:
        raise ValidationError({"expected_on": _("This is more than thirty years ahead. Look at the year again.")})
    planned.longitude, planned.latitude, planned.outline = _place(values)
    planned.grid = locate(planned.longitude, planned.latitude)
    community = community_of(planned.grid) if planned.grid else community_at(planned.longitude, planned.latitude)
    if community is None:
        raise ValidationError({"longitude": _("This place lies in no community. Choose a place inside one.")})
    planned.community, planned.path = community, planned.grid.path if planned.grid else community.path
    if not by.has_perm(ABILITY, planned):
        raise ValidationError({"longitude": _("This place lies outside your area. Choose a place inside it.")})
    planned.name, planned.note = values.name.strip(), values.note.strip()
    planned.households, planned.expected_on = values.households, month
    planned.full_clean()


def _place(values: PlannedValues) -> tuple[float, float, dict[str, Any] | None]:
    """Return the point, and the outline where there is one: then the point lies inside it."""
    if values.outline is None:
        if values.longitude is None or values.latitude is None:
            raise ValidationError({"longitude": _("Tap the map where it stands, or draw its outline.")})
        return values.longitude, values.latitude, None
    drawn = shape(dict(values.outline))
    if drawn.geom_type != "Polygon" or not drawn.is_valid or not drawn.area:
        text = _("The outline crosses itself. Take the corners in order, once around the site.")
        raise ValidationError({"outline": text})
    if area_m2(drawn) > LARGEST_SITE_M2:
        raise ValidationError({"outline": _("This outline is larger than two square kilometres. Draw only the site.")})
    inside = drawn.representative_point()
    return round(inside.x, 7), round(inside.y, 7), to_geojson(drawn, 7)


def _told(planned: PlannedBuilding) -> dict[str, Any]:
    return {
        "households": planned.households,
        "month": planned.expected_on.isoformat()[:7],
        "grid": planned.grid.code if planned.grid else "",
    }
