"""What people know about dwellings and communities: whether somebody is registered there, and how many."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from linli.areas.models import Area
from linli.core.paths import within
from linli.housing.choices import DwellingKind, Occupancy
from linli.housing.registries import Fact, ProfileFigure, facts, figures
from linli.people.models import Household, Person


def has_household() -> Q:
    """A household is written down there now."""
    return Q(Exists(Household.objects.filter(dwelling=OuterRef("pk"), ended_on=None)))


def is_accounted_for() -> Q:
    """Who lives there is known: a household, or nobody because the dwelling is empty."""
    return has_household() | Q(occupancy=Occupancy.EMPTY)


def prefers_not_to_say() -> Q:
    """Whoever lives there prefers not to say how the dwelling is used, or by whom."""
    return Q(occupancy=Occupancy.DECLINED)


def is_home() -> Q:
    """People may live there: it is no shop, dormitory or other room."""
    return Q(kind=DwellingKind.HOME)


def count_households(_user: Any, community: Area) -> int:
    """Return how many households live in a community."""
    return Household.objects.filter(within([community.path]), ended_on=None).count()


def count_residents(_user: Any, community: Area) -> int:
    """Return how many people live in a community."""
    return Person.objects.filter(within([community.path])).count()


def register() -> None:
    """Put these facts among those that the lists of housing may name, and these figures into community profiles."""
    figures.register("households", ProfileFigure(_("Households"), count_households, "people.count", public=True))
    figures.register("residents", ProfileFigure(_("Residents"), count_residents, "people.count", public=True))
    facts.register("file", Fact(has_household))
    facts.register(
        "homes", Fact(is_accounted_for, prefers_not_to_say, is_home, _("homes, without shops and dormitories"))
    )
