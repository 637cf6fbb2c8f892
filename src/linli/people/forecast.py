"""How many households a grid will have, month by month: who lives there, and whom planned buildings bring."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count

from linli.areas.models import Area
from linli.housing.queries import Coming, coming_to
from linli.people.models import Household
from linli.people.queries import household_counts


@dataclass(frozen=True)
class Step:
    """From a month on so many households live in a grid; ``brought`` of them are new, and from where."""

    month: date
    households: int
    brought: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Outlook:
    """The households of a grid now, and how they grow."""

    now: int
    steps: tuple[Step, ...] = ()

    def on(self, month: date) -> int:
        """Return how many households there will be in a month."""
        return next((step.households for step in reversed(self.steps) if step.month <= month), self.now)

    @property
    def last(self) -> int:
        """How many there will be when everything that is known of has been built."""
        return self.steps[-1].households if self.steps else self.now


def forecast(grids: Iterable[Area], month: date | None = None) -> dict[int, Outlook]:
    """Return grid id → its households now and month by month, up to a month or as far as anything is planned."""
    wanted = list(grids)
    counts = household_counts([grid.path for grid in wanted])
    return outlooks({grid.pk: counts[grid.path] for grid in wanted}, expected_at([grid.path for grid in wanted]), month)


def expected_at(paths: Sequence[str]) -> list[Coming]:
    """Return what will come to these subtrees; of finished buildings what is not written down yet."""
    found = coming_to(paths)
    finished = [one.building for one in found if one.building is not None]
    if not finished:
        return found
    here: dict[Any, int] = dict(
        Household.objects.filter(dwelling__building__in=finished, ended_on=None)
        .order_by()
        .values_list("dwelling__building")
        .annotate(Count("pk"))
    )
    left = [replace(one, households=max(one.households - here.get(one.building, 0), 0)) for one in found]
    return [one for one in left if one.households]


def outlooks(now: dict[int, int], coming: Iterable[Coming], month: date | None = None) -> dict[int, Outlook]:
    """Return grid id → outlook, from the households now and what will come."""
    last = month.replace(day=1) if month else date.max
    by_grid: dict[int, dict[date, list[Coming]]] = {}
    for one in coming:
        if one.grid in now and one.month <= last:
            by_grid.setdefault(one.grid, {}).setdefault(one.month, []).append(one)
    return {grid: Outlook(households, _steps(households, by_grid.get(grid, {}))) for grid, households in now.items()}


def _steps(now: int, by_month: dict[date, list[Coming]]) -> tuple[Step, ...]:
    steps, total = [], now
    for month in sorted(by_month):
        brought = sum(one.households for one in by_month[month])
        total += brought
        steps.append(Step(month, total, brought, tuple(one.name for one in by_month[month])))
    return tuple(steps)
