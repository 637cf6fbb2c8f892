"""What people do when something below changes."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from linli.housing.signals import buildings_moved
from linli.people.actions import follow_buildings


@receiver(buildings_moved)
def follow(sender: Any, **values: Any) -> None:
    """Let everybody follow the buildings they live in."""
    follow_buildings(values["buildings"])
