"""What units do when something below changes."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from linli.housing.signals import buildings_moved
from linli.units.actions import follow_buildings


@receiver(buildings_moved)
def follow(sender: Any, **values: Any) -> None:
    """Let units follow the buildings they are in."""
    follow_buildings(values["buildings"])
