"""People follow their buildings to other grids."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from linli.housing.models import Building
from linli.people.models import Correction, Household, Person, Residence


@transaction.atomic
def follow_buildings(buildings: Iterable[Building]) -> None:
    """Let everybody who lives in these buildings follow them to their new grids. Called when buildings move.

    Those who are on their way in with a workbook follow too.
    """
    for building in buildings:
        Household.everything.filter(dwelling__building=building).update(path=building.path)
        people = Residence.everything.filter(until=None, household__dwelling__building=building).values("person")
        Person.everything.filter(pk__in=people).update(path=building.path)
        Correction.everything.filter(person__in=people).update(path=building.path)
