"""What is counted anew when something below changes."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from linli.areas.models import Area
from linli.areas.signals import places_changed
from linli.assessment.actions import coverage_changed
from linli.housing.signals import buildings_moved


@receiver(places_changed)
def count_places(sender: Any, **values: Any) -> None:
    """Count the coverage of places anew whose boundary, size or worker changed."""
    coverage_changed(values["paths"], drawn=values.get("drawn", False))


@receiver(buildings_moved)
def count_communities(sender: Any, **values: Any) -> None:
    """Count the coverage of communities anew whose buildings came into other grids."""
    communities = {building.community_id for building in values["buildings"]}
    coverage_changed(Area.objects.filter(pk__in=communities).values_list("path", flat=True))
