"""What the ledgers know by themselves: this app and those above it say it here at start-up.

A fact is a condition on dwellings, for the four ones and the six clears. A figure is something that is counted in a
community, for its profile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise

from linli.areas.models import Area
from linli.core.registry import Registry

# Name → the condition that a dwelling fulfils, asked on `Dwelling` with ``OuterRef("pk")`` for its id.
facts: Registry[Callable[[], Q]] = Registry("fact about dwellings")


@dataclass(frozen=True)
class ProfileFigure:
    """Something that is counted in a community: ``count`` takes the user and the community."""

    label: str | Promise
    count: Callable[[Any, Area], int]


figures: Registry[ProfileFigure] = Registry("figure of the community profile")
