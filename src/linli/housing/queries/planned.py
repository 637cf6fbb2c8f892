"""Reading planned buildings: the register, the map, and how many households they bring to a grid by a month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from linli.areas.models import Area
from linli.core import clock
from linli.core.paths import within
from linli.housing.choices import SiteState
from linli.housing.models import PlannedBuilding

LONGEST_TEXT = 60
# So long after a building was finished its households are still expected, as far as they are not written down.
SETTLING = timedelta(days=365)
_DRAWN = tuple(f"{area}__{name}" for area in ("grid", "community") for name in ("geometry", "bounds"))


@dataclass(frozen=True)
class PlannedFilters:
    """Which planned buildings to list; rubbish counts as nothing. Without a state those still being built are meant."""

    under: str = ""
    state: str = SiteState.COMING
    text: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> PlannedFilters:
        """Read the filters from the query of an address: ``under``, ``state`` (``all`` for every one), ``q``."""
        state = query.get("state", "")
        return cls(
            under=query.get("under", "")[:20],
            state=state if state in {*SiteState.values, "all"} else SiteState.COMING,
            text=query.get("q", "")[:LONGEST_TEXT].strip(),
        )

    @property
    def narrowed(self) -> bool:
        """Whether any filter is set."""
        return bool(self.under or self.state != SiteState.COMING or self.text)


@dataclass(frozen=True)
class Coming:
    """Households that will come to a place from a month on.

    ``building`` is the real building of a site that is finished: what is written down there has come already.
    """

    grid: int | None
    path: str
    month: date
    households: int
    longitude: float
    latitude: float
    name: str
    building: int | None = None


def planned_for(user: Any, filters: PlannedFilters | None = None) -> QuerySet[PlannedBuilding]:
    """Return the planned buildings of the user's reach, the next to be lived in first."""
    chosen = filters or PlannedFilters(state="all")
    found: QuerySet[PlannedBuilding] = PlannedBuilding.objects.visible_to(user)
    if chosen.under:
        area = Area.objects.filter(code=chosen.under).first()
        found = found.filter(within([area.path])) if area is not None else found.none()
    if chosen.state != "all":
        found = found.filter(state=chosen.state)
    if chosen.text:
        found = found.filter(Q(name__contains=chosen.text) | Q(note__contains=chosen.text))
    rows = found.select_related("grid", "community").defer(*_DRAWN)
    return rows.order_by("expected_on", "path", "name", "pk")


def planned_one(user: Any, pk: int) -> PlannedBuilding:
    """Return one planned building of the user's reach. Raises ``PlannedBuilding.DoesNotExist``."""
    return planned_for(user).select_related("building").get(pk=pk)


def coming_to(paths: Iterable[str]) -> list[Coming]:
    """Return what will come to these subtrees, by month: sites being built, and buildings finished within a year.

    What should have come already is expected in this month.
    """
    this_month = clock.today().replace(day=1)
    settling = Q(state=SiteState.FINISHED, ended_on__gte=clock.today() - SETTLING, building__isnull=False)
    rows = PlannedBuilding.objects.filter(within(paths)).filter(Q(state=SiteState.COMING) | settling)
    columns = ("grid", "path", "expected_on", "households", "longitude", "latitude", "name", "building")
    found = [Coming(*row) for row in rows.order_by().values_list(*columns)]
    expected = [replace(one, month=max(one.month, this_month)) for one in found]
    return sorted(expected, key=lambda one: (one.month, one.path, one.name))


def forecast(grids: Iterable[Area], month: date) -> dict[int, dict[date, int]]:
    """Return grid id → month → how many households planned buildings will have brought by then, up to a month.

    Grids without any are left out. Who lives there already is counted by `people.forecast.forecast`, which also knows
    how much of a finished building is lived in; here only sites that are still being built count.
    """
    wanted = list(grids)
    keys, last = {grid.pk for grid in wanted}, month.replace(day=1)
    brought: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for one in coming_to(grid.path for grid in wanted):
        if one.building is None and one.grid in keys and one.month <= last:
            brought[one.grid][one.month] += one.households
    return {grid: _summed(by_month) for grid, by_month in brought.items()}


def planned_geojson(rows: Iterable[PlannedBuilding]) -> dict[str, Any]:
    """Return the outlines of planned buildings, of those that have one, as GeoJSON with their names."""
    features = [
        {"type": "Feature", "geometry": row.outline, "properties": {"id": row.pk, "label": row.name}}
        for row in rows
        if row.outline
    ]
    return {"type": "FeatureCollection", "features": features}


def _summed(by_month: Mapping[date, int]) -> dict[date, int]:
    total, found = 0, {}
    for month in sorted(by_month):
        total += by_month[month]
        found[month] = total
    return found
