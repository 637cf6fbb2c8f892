"""What this app knows by itself about dwellings."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from linli.core import clock
from linli.housing.choices import MarkState, Occupancy
from linli.housing.models import HomeMark, Plate, SafetyCheck, Tenancy
from linli.housing.registries import Fact, facts

# A safety check counts for so long, and so does the answer that none is wanted.
CHECK_DAYS = 365


def has_plate() -> Q:
    """A plate hangs at the door."""
    return Q(Exists(Plate.objects.filter(dwelling=OuterRef("pk"))))


def has_tenancy() -> Q:
    """The present tenancy is written down."""
    return Q(Exists(Tenancy.objects.filter(dwelling=OuterRef("pk"), until=None)))


def was_checked() -> Q:
    """Somebody looked at it within the year."""
    return Q(Exists(_checks_of_the_year().filter(declined=False)))


def declined_check() -> Q:
    """Whoever lives there preferred not to have it looked at, and said so within the year."""
    marks = HomeMark.objects.filter(item__derived_by="check", on__gt=counts_since())
    return Q(Exists(_checks_of_the_year().filter(declined=True))) | _marked_no(marks)


def declined_tenancy() -> Q:
    """Whoever is asked prefers not to tell of the tenancy."""
    return _marked_no(HomeMark.objects.filter(item__derived_by="tenancy"))


def has_use() -> Q:
    """It is known how the dwelling is used."""
    return ~Q(occupancy__in=[Occupancy.UNKNOWN, Occupancy.DECLINED])


def declined_use() -> Q:
    """Whoever lives there prefers not to say how it is used."""
    return Q(occupancy=Occupancy.DECLINED)


def is_let() -> Q:
    """The dwelling is let."""
    return Q(occupancy=Occupancy.RENTED)


def counts_since() -> date:
    """Return the day after which a check, or the answer that none is wanted, still counts."""
    return clock.today() - timedelta(days=CHECK_DAYS)


def _checks_of_the_year() -> QuerySet[Any]:
    return SafetyCheck.objects.filter(dwelling=OuterRef("pk"), on__gt=counts_since())


def _marked_no(marks: QuerySet[HomeMark]) -> Q:
    return Q(Exists(marks.filter(dwelling=OuterRef("pk"), state=MarkState.DECLINED)))


def register() -> None:
    """Put these facts among those that lists may name."""
    let = _("homes that are let")
    facts.register("plate", Fact(has_plate))
    facts.register("tenancy", Fact(has_tenancy, declined_tenancy, is_let, let))
    facts.register("check", Fact(was_checked, declined_check, is_let, let))
    facts.register("uses", Fact(has_use, declined_use))
