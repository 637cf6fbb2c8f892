"""What people know about dwellings: whether somebody is registered there."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from linli.housing.choices import Occupancy
from linli.housing.registries import facts
from linli.people.models import Household


def has_household() -> Q:
    """A household is written down there now."""
    return Q(Exists(Household.objects.filter(dwelling=OuterRef("pk"), ended_on=None)))


def is_accounted_for() -> Q:
    """Who lives there is known: a household, or nobody because the dwelling is empty."""
    return has_household() | Q(occupancy=Occupancy.EMPTY)


def register() -> None:
    """Put these facts among those that the lists of housing may name."""
    facts.register("file", has_household)
    facts.register("homes", is_accounted_for)
