"""The register of facilities."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from linli.areas.models import Area
from linli.areas.queries import locate
from linli.housing.models import Facility
from linli.housing.rules import NotPossible, may_keep, require_keeper
from linli.housing.terms import facility_terms
from linli.housing.values import FacilityValues
from linli.journal import actions as journal

FIELDS = ("kind", "longitude", "latitude", "condition", "installed_on", "next_inspection_on", "may_be_booked")
WORDS = ("name", "place", "owner", "keeper", "note")


@transaction.atomic
def add_facility(values: FacilityValues, *, by: Any) -> Facility:
    """Write down a facility; its place on the map says in which grid it lies.

    Raises:
        ValidationError: the place lies in no grid, or in none of the user's reach.
    """
    facility = Facility()
    _fill(facility, values, by)
    facility.save(force_insert=True)
    journal.record(by, "housing.add_facility", facility)
    return facility


@transaction.atomic
def change_facility(facility: Facility, values: FacilityValues, *, by: Any) -> Facility:
    """Change what is told of a facility, and where it stands."""
    locked = Facility.objects.select_for_update().get(pk=facility.pk)
    require_keeper(by, locked)
    _fill(locked, values, by)
    locked.save()
    journal.record(by, "housing.change_facility", locked, detail={"condition": locked.condition})
    return locked


@transaction.atomic
def remove_facility(facility: Facility, *, by: Any) -> None:
    """Remove a facility that was never repaired; one with repairs stays, out of use."""
    locked = Facility.objects.select_for_update().get(pk=facility.pk)
    require_keeper(by, locked)
    journal.record(by, "housing.remove_facility", locked)
    try:
        locked.delete()
    except ProtectedError:
        raise NotPossible(_("Repairs tell of it. Say that it is out of use instead.")) from None


def _fill(facility: Facility, values: FacilityValues, by: Any) -> None:
    area = _grid_at(values, by)
    facility.area, facility.path = area, area.path
    for name in FIELDS:
        setattr(facility, name, getattr(values, name))
    for name in WORDS:
        setattr(facility, name, getattr(values, name).strip())
    facility.search_terms = facility_terms(facility.name, facility.place)
    facility.full_clean()


def _grid_at(values: FacilityValues, by: Any) -> Area:
    grid = locate(values.longitude, values.latitude)
    if grid is None or not may_keep(by, grid):
        raise ValidationError({"longitude": _("This place lies outside your grids. Choose a place inside them.")})
    return grid
