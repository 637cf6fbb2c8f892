"""What this app knows by itself about dwellings."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q

from linli.core import clock
from linli.housing.choices import Occupancy
from linli.housing.models import Plate, SafetyCheck, Tenancy
from linli.housing.registries import facts

# A safety check counts for so long.
CHECK_DAYS = 365


def has_plate() -> Q:
    """A plate hangs at the door."""
    return Q(Exists(Plate.objects.filter(dwelling=OuterRef("pk"))))


def has_tenancy() -> Q:
    """The present tenancy is written down."""
    return Q(Exists(Tenancy.objects.filter(dwelling=OuterRef("pk"), until=None)))


def was_checked() -> Q:
    """Somebody looked at it within the year."""
    since = clock.today() - timedelta(days=CHECK_DAYS)
    return Q(Exists(SafetyCheck.objects.filter(dwelling=OuterRef("pk"), on__gt=since)))


def has_use() -> Q:
    """It is known how the dwelling is used."""
    return ~Q(occupancy=Occupancy.UNKNOWN)


def register() -> None:
    """Put these facts among those that lists may name."""
    facts.register("plate", has_plate)
    facts.register("tenancy", has_tenancy)
    facts.register("check", was_checked)
    facts.register("uses", has_use)
