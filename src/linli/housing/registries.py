"""What the ledgers know by themselves: this app and those above it say it here at start-up.

A fact is something that is known of dwellings, for the four ones and the six clears. A figure is something that is
counted in a community, for its profile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linli.areas.models import Area
from linli.core.registry import Registry

EVERY_ROOM = _("all homes, shops and dormitories")


@dataclass(frozen=True)
class Fact:
    """Something that is known of a dwelling; conditions are asked on `Dwelling` with ``OuterRef("pk")`` for its id.

    Whoever declined has answered: where the fact does not hold, the dwelling is in no denominator and in no list of
    what is missing. Without ``declined`` only notes on the four ones tell of it. ``asked`` says of which dwellings the
    fact is asked at all, ``asked_of`` says so in words.
    """

    holds: Callable[[], Q]
    declined: Callable[[], Q] | None = None
    asked: Callable[[], Q] = Q
    asked_of: str | Promise = EVERY_ROOM


facts: Registry[Fact] = Registry("fact about dwellings")


@dataclass(frozen=True)
class ProfileFigure:
    """Something that is counted in a community: ``count`` takes the user and the community.

    It is shown to whoever has the ``ability`` for the community; ``public`` figures stand on the public page too, where
    ``count`` is given None for the user.
    """

    label: str | Promise
    count: Callable[[Any, Area], int]
    ability: str = "areas.view"
    public: bool = False


figures: Registry[ProfileFigure] = Registry("figure of the community profile")
