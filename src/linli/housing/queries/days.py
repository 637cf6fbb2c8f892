"""A home as it stood at the end of a day, for the household file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from linli.core import clock
from linli.housing.choices import MendState
from linli.housing.models import CheckResult, Dwelling, Mend, Ownership, Plate, SafetyCheck, Tenancy
from linli.housing.queries.rentals import FourOnes, four_ones_of


@dataclass(frozen=True)
class MendOn:
    """Something to mend as it stood on a day."""

    mend: Mend
    is_open: bool
    is_late: bool

    @property
    def label(self) -> str:
        """The state in words."""
        return str((MendState.OPEN if self.is_open else MendState.DONE).label)


@dataclass(frozen=True)
class HomeOn:
    """What is known of a home, as it stood at the end of ``day``.

    The four ones and the plate carry no history: on a past day they are left out.
    """

    dwelling: Dwelling
    day: date
    owners: list[Ownership]
    former_owners: list[Ownership]
    tenancy: Tenancy | None
    former_tenancies: list[Tenancy]
    checks: list[SafetyCheck]
    mends: list[MendOn]
    ones: FourOnes | None = None
    plate: Plate | None = None

    @property
    def case_numbers(self) -> list[str]:
        """The cases that something to mend became."""
        return [line.mend.case_number for line in self.mends if line.mend.case_number]


def home_on(dwelling: Dwelling, day: date) -> HomeOn:
    """Return a home as it stood at the end of a day."""
    owners = [row for row in Ownership.objects.filter(dwelling=dwelling) if row.since is None or row.since <= day]
    tenancies = list(Tenancy.objects.filter(dwelling=dwelling, since__lte=day))
    present = [row for row in tenancies if row.until is None or row.until >= day]
    results = CheckResult.objects.select_related("item")
    checks = SafetyCheck.objects.filter(dwelling=dwelling, on__lte=day)
    mends = Mend.objects.filter(dwelling=dwelling, opened_on__lte=day).select_related("item")
    is_today = day == clock.today()
    return HomeOn(
        dwelling,
        day,
        owners=[row for row in owners if row.until is None or row.until >= day],
        former_owners=[row for row in owners if row.until is not None and row.until < day],
        tenancy=present[0] if present else None,
        former_tenancies=[row for row in tenancies if row.until is not None and row.until < day],
        checks=list(checks.prefetch_related(Prefetch("results", queryset=results))),
        mends=[_mend_on(mend, day) for mend in mends],
        ones=four_ones_of([dwelling])[dwelling.pk] if is_today else None,
        plate=Plate.objects.filter(dwelling=dwelling).first() if is_today else None,
    )


def _mend_on(mend: Mend, day: date) -> MendOn:
    is_open = mend.settled_on is None or mend.settled_on > day
    return MendOn(mend, is_open, is_open and mend.due_on is not None and mend.due_on < day)
