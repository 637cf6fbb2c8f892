"""What agreements do when something below changes."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from linli.agreements.actions import follow_buildings
from linli.housing.signals import buildings_moved


@receiver(buildings_moved)
def follow(sender: Any, **values: Any) -> None:
    """Let agreements follow the buildings they are about."""
    follow_buildings(values["buildings"])
