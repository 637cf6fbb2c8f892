"""Coverage check 无缝隙: whether every household lies in exactly one grid that somebody serves.

The one number of every place is covered ÷ all households, where covered means: in exactly one grid by the ledger, the
map says nothing else, and the grid has a worker or an assistant. Everything else that is found stands beside it.

A community is counted as a whole, with a handful of questions to the database; larger places add up what was counted
last. A community, network or grid is counted at the moment of asking, so that what was mended is gone at once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import shapely
from django.db.models import Count, QuerySet
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from linli.areas.bands import Band, band_of, bands
from linli.areas.choices import AreaKind, Level, Measure, Side
from linli.areas.models import Area, AreaQuerySet, SizeReason
from linli.areas.queries import community_of, short_grids
from linli.areas.scope import scope_paths
from linli.assessment.choices import CoverageKind
from linli.assessment.models import CoverageCount, CoverageFinding
from linli.core import clock
from linli.core.geo import area_m2, from_geojson, polygons_of, seams, to_geojson
from linli.core.paths import ancestors, within
from linli.housing.models import Building, Dwelling
from linli.people.forecast import Outlook, expected_at, outlooks
from linli.people.models import Household
from linli.people.queries import household_counts

# Rounded coordinates leave slivers; a gap smaller than a doormat is none.
TOLERANCE_M2 = 0.5
# So near to a border, in degrees (about a metre), a building may lie on either side of it.
AT_THE_BORDER = 1e-5
DIGITS = 7

HOUSEHOLDS, HOMES, COVERED, GRIDS = "households", "homes", "covered", "grids"
# What must not be; the others wait for somebody's work, or tell.
MUST_NOT = (
    CoverageKind.GAP,
    CoverageKind.OVERLAP,
    CoverageKind.OUTSIDE,
    CoverageKind.NO_GRID,
    CoverageKind.TWO_GRIDS,
    CoverageKind.ASTRAY,
)
TELLING = (CoverageKind.FORECAST, CoverageKind.EXPLAINED)
ABOVE = (Level.PROVINCE, Level.CITY, Level.DISTRICT, Level.STREET)
AT_ONCE = (Level.COMMUNITY, Level.NETWORK, Level.GRID)
LEVELS = (*ABOVE, *AT_ONCE)

Counts = Mapping[str, int]


def key_of(kind: str, unit: str) -> str:
    """Return the name of a number of a kind: ``no_grid.households``; the findings themselves are ``no_grid``."""
    return f"{kind}.{unit}"


@dataclass
class Counted:
    """What was counted in one place: path → numbers, and the findings, not saved."""

    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    findings: list[CoverageFinding] = field(default_factory=list)

    def add(self, kind: CoverageKind, area: Area, path: str = "", **told: Any) -> None:
        """Note a finding where it is, and count it there."""
        homes = told.pop("homes", 0)
        finding = CoverageFinding(kind=kind, area=area, path=path or area.path, **told)
        self.findings.append(finding)
        self.counts[finding.path].update(
            {kind: 1, key_of(kind, HOUSEHOLDS): finding.households, key_of(kind, HOMES): homes}
        )

    def under(self, path: str) -> Counted:
        """Return the part that lies in a subtree."""
        return Counted(
            {place: counts for place, counts in self.counts.items() if place.startswith(path)},
            [finding for finding in self.findings if finding.path.startswith(path)],
        )

    @property
    def whole(self) -> Counter[str]:
        """The numbers of everything that was counted."""
        return sum(self.counts.values(), Counter())


@dataclass(frozen=True)
class Coverage:
    """The numbers of one place."""

    counts: Counts = field(default_factory=dict)

    @property
    def households(self) -> int:
        """All households."""
        return self.counts.get(HOUSEHOLDS, 0)

    @property
    def covered(self) -> int:
        """Those in exactly one grid that somebody serves."""
        return self.counts.get(COVERED, 0)

    @property
    def grids(self) -> int:
        """The grids in use."""
        return self.counts.get(GRIDS, 0)

    @property
    def share(self) -> float | None:
        """Covered ÷ all in per cent with one decimal, or None without households; 100 only where it is all."""
        if not self.households:
            return None
        share = round(100 * self.covered / self.households, 1)
        return min(share, 99.9) if self.covered < self.households else share

    def found(self, kind: CoverageKind) -> int:
        """Return how many findings of a kind there are."""
        return self.counts.get(kind, 0)

    def concerned(self, kind: CoverageKind, unit: str = HOUSEHOLDS) -> int:
        """Return how many households, or homes, findings of a kind concern."""
        return self.counts.get(key_of(kind, unit), 0)

    @property
    def wanting(self) -> int:
        """How many findings there are that somebody is to mend."""
        return sum(self.found(kind) for kind in CoverageKind if kind not in TELLING)


@dataclass(frozen=True)
class PlaceRow:
    area: Area
    coverage: Coverage


@dataclass(frozen=True)
class Report:
    """The numbers of one place and of those directly below it, in the order of their codes.

    ``elsewhere`` is what lies in none of them. ``counted_at`` is the oldest count among them, None where nothing was
    counted yet; ``at_once`` tells that it was counted at this moment.
    """

    area: Area
    total: Coverage
    below: list[PlaceRow]
    elsewhere: Coverage
    counted_at: datetime | None
    at_once: bool = False
    changing: bool = False


def coverage_areas(user: Any) -> AreaQuerySet:
    """Return the areas whose coverage a user may see, in the order of their codes."""
    areas: AreaQuerySet = Area.objects.filter(within(scope_paths(user, "areas.view")))
    return areas.current().filter(level__in=LEVELS).order_by("code")


def report(user: Any, area: Area) -> Report:
    """Return the coverage of a place, with that of the places directly below it."""
    below = list(coverage_areas(user).filter(parent=area).defer("geometry", "bounds"))
    if area.level in AT_ONCE:
        parts = [(path, counts) for path, counts in counted_now(area).counts.items()]
        return _report(area, below, parts, clock.now(), at_once=True)
    rows = CoverageCount.objects.visible_to(user).filter(within([area.path]), whole__isnull=False).order_by("path")
    kept = list(rows.values_list("path", "whole", "counted_at", "stale"))
    oldest = min((counted_at for _path, _whole, counted_at, _stale in kept), default=None)
    changing = any(stale for *_row, stale in kept)
    return _report(area, below, [(path, whole) for path, whole, *_row in kept], oldest, changing=changing)


def _report(
    area: Area, below: list[Area], parts: Iterable[tuple[str, Any]], counted_at: datetime | None, **told: bool
) -> Report:
    places = {place.path for place in below}
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for path, counts in parts:
        sums[next((above for above in ancestors(path) if above in places), "")].update(counts)
    total = sum(sums.values(), Counter())
    rows = [PlaceRow(place, Coverage(sums[place.path])) for place in below]
    return Report(area, Coverage(total), rows, Coverage(sums[""]) if below else Coverage(), counted_at, **told)


def findings_in(user: Any, area: Area, kind: CoverageKind) -> Sequence[CoverageFinding] | QuerySet[CoverageFinding]:
    """Return the findings of a kind in a place, place by place, with area and building; as fresh as `report`."""
    if area.level in AT_ONCE:
        found = [finding for finding in counted_now(area).findings if finding.kind == kind]
        _with_buildings(found)
        return sorted(found, key=lambda finding: (finding.path, finding.building.sort_key if finding.building else ""))
    areas = ("area", "area__parent")
    shapes = [f"{name}__{field}" for name in areas for field in ("geometry", "bounds")] + ["building__geometry"]
    rows = CoverageFinding.objects.visible_to(user).filter(within([area.path]), kind=kind)
    return rows.select_related("area__parent", "building").defer(*shapes).order_by("path", "building__sort_key", "pk")


def _with_buildings(found: list[CoverageFinding]) -> None:
    buildings = Building.objects.defer("geometry", "search_terms").in_bulk(
        [one.building_id for one in found if one.building_id]
    )
    for finding in found:
        if finding.building_id:
            finding.building = buildings[finding.building_id]


def counted_now(area: Area) -> Counted:
    """Count the community of a place at this moment and return what lies in the place."""
    community = community_of(area)
    if community is None:
        return Counted()
    return count_place(community).under(area.path)


def places_counted(paths: Iterable[str]) -> AreaQuerySet:
    """Return the places of these subtrees that are counted, each by itself."""
    levels = (*ABOVE, Level.COMMUNITY)
    found: AreaQuerySet = Area.objects.current().filter(within(paths), level__in=levels).order_by("path")
    return found


def count_place(place: Area) -> Counted:
    """Count one place: of a community all that lies in it, of a larger place the seams between those below it."""
    counted = Counted()
    if place.level != Level.COMMUNITY:
        _seams(counted, place, list(Area.objects.current().filter(parent=place)))
        return counted
    found = Area.objects.current().filter(within([place.path])).select_related("parent")
    areas = list(found.defer("parent__geometry", "parent__bounds").order_by("code"))
    grids = [area for area in areas if area.level == Level.GRID]
    counted.counts[place.path][GRIDS] = 0
    for area in areas:
        if area.level in (Level.COMMUNITY, Level.NETWORK):
            _seams(counted, area, [child for child in areas if child.parent_id == area.pk])
    if not grids:
        counted.add(CoverageKind.UNDIVIDED, place)
    for grid in grids:
        counted.counts[grid.path][GRIDS] = 1
        if not grid.geometry:
            counted.add(CoverageKind.NOT_DRAWN, grid)
    _people(counted, place, grids)
    return counted


def _seams(counted: Counted, parent: Area, below: list[Area]) -> None:
    """Note where the places directly below a drawn one leave gaps, overlap, or reach beyond it."""
    shapes = [from_geojson(child.geometry) for child in below if child.geometry]
    if not parent.geometry or not shapes or len(shapes) < len(below):
        return
    for kind, geometry in seams(from_geojson(parent.geometry), shapes).items():
        parts = polygons_of(geometry, TOLERANCE_M2 / 100)
        square_metres = sum(map(area_m2, parts))
        if square_metres > TOLERANCE_M2:
            drawn = to_geojson(MultiPolygon(parts), DIGITS)
            detail = {"m2": round(square_metres, 1), "parts": len(parts)}
            counted.add(CoverageKind(kind), parent, shape=drawn, detail=detail)


@dataclass
class _House:
    """A building with what lives in it."""

    pk: int
    path: str
    grid: int | None
    place: tuple[float, float] | None
    homes: int = 0
    households: int = 0
    homes_astray: int = 0
    households_astray: int = 0


def _people(counted: Counted, community: Area, grids: list[Area]) -> None:
    houses = _houses(community)
    served = {grid.pk for grid in grids} - {short.grid.pk for short in short_grids([community.path]) if short.deserted}
    by_key, wrong = {grid.pk: grid for grid in grids}, _on_the_map(houses.values(), grids)
    lived_in: Counter[int] = Counter()
    buildings: Counter[int] = Counter()
    for house in houses.values():
        grid = by_key.get(house.grid or 0)
        where = grid or community
        numbers = counted.counts[where.path]
        numbers.update({HOUSEHOLDS: house.households, HOMES: house.homes})
        lived_in[where.pk] += house.households
        buildings[where.pk] += 1
        found = wrong.get(house.pk)
        if grid is None:
            found = (CoverageKind.NO_GRID, {"closed": house.grid is not None})
        if found is not None:
            kind, detail = found
            told: dict[str, Any] = {"households": house.households, "homes": house.homes, "detail": detail}
            counted.add(kind, where, building_id=house.pk, **told)
        elif grid is not None and grid.pk in served:
            numbers[COVERED] += house.households - house.households_astray
        if house.homes_astray or house.households_astray:
            told = {"households": house.households_astray, "homes": house.homes_astray}
            counted.add(CoverageKind.ASTRAY, where, building_id=house.pk, detail={"homes": house.homes_astray}, **told)
    for grid in grids:
        if grid.pk not in served:
            counted.add(CoverageKind.NO_WORKER, grid, households=lived_in[grid.pk])
    _sizes(counted, community, grids, lived_in, buildings)


def _houses(community: Area) -> dict[int, _House]:
    columns = ("pk", "path", "grid", "longitude", "latitude")
    houses = {
        pk: _House(pk, path, grid, (longitude, latitude) if longitude is not None and latitude is not None else None)
        for pk, path, grid, longitude, latitude in Building.objects.filter(community=community)
        .order_by()
        .values_list(*columns)
    }
    homes = Dwelling.objects.filter(building__community=community).order_by().values_list("building", "path")
    for building, path, count in homes.annotate(count=Count("pk")):
        house = houses[building]
        house.homes += count
        house.homes_astray += count if path != house.path else 0
    households = Household.objects.filter(dwelling__building__community=community, ended_on=None).order_by()
    for building, path, count in households.values_list("dwelling__building", "path").annotate(count=Count("pk")):
        house = houses[building]
        house.households += count
        house.households_astray += count if path != house.path else 0
    return houses


Wrong = tuple[CoverageKind, dict[str, Any]]


def _on_the_map(houses: Iterable[_House], grids: list[Area]) -> dict[int, Wrong]:
    """Return building → what is wrong about where the map shows it, against the grid that the ledger names."""
    drawn = [(grid, from_geojson(grid.geometry)) for grid in grids if grid.geometry]
    shapes = {grid.pk: shape for grid, shape in drawn}
    placed = [house for house in houses if house.place is not None and house.grid in shapes]
    if not placed:
        return {}
    points: Any = shapely.points(np.array([house.place for house in placed]))
    numbers, hits = shapely.STRtree([shape for _grid, shape in drawn]).query(points, predicate="intersects")
    around: dict[int, list[Area]] = defaultdict(list)
    for number, hit in zip(numbers.tolist(), hits.tolist(), strict=True):
        around[number].append(drawn[hit][0])
    wrong: dict[int, Wrong] = {}
    for number, house in enumerate(placed):
        found = _wrong(points[number], house.grid or 0, around[number], shapes)
        if found is not None:
            wrong[house.pk] = found
    return wrong


def _wrong(point: Any, own: int, around: list[Area], shapes: Mapping[int, BaseGeometry]) -> Wrong | None:
    others = [grid for grid in around if grid.pk != own]
    if own in {grid.pk for grid in around}:
        others = [grid for grid in others if shapes[grid.pk].boundary.distance(point) > AT_THE_BORDER]
        if not others or shapes[own].boundary.distance(point) <= AT_THE_BORDER:
            return None
    elif shapes[own].distance(point) <= AT_THE_BORDER:
        return None
    if not others:
        return CoverageKind.NO_GRID, {"off_map": True}
    return CoverageKind.TWO_GRIDS, {"map": sorted(grid.name for grid in others)}


def _sizes(
    counted: Counted, community: Area, grids: list[Area], lived_in: Counter[int], buildings: Counter[int]
) -> None:
    """Note the grids outside their band, with the reason where one was accepted, and those that will leave it."""
    asked, reasons = bands(), {row.grid_id: row for row in SizeReason.objects.filter(grid__in=grids)}
    ahead = outlooks({grid.pk: lived_in[grid.pk] for grid in grids}, expected_at([community.path]))
    for grid in grids:
        band, households = asked[AreaKind(grid.kind)], lived_in[grid.pk]
        size = buildings[grid.pk] if band.measure == Measure.BUILDINGS else households
        side, told = band.side_of(size), {"low": band.warned_low, "high": band.warned_high, "measure": band.measure}
        if side is not None:
            reason = reasons.get(grid.pk)
            accepted = reason is not None and reason.side == side
            kind = CoverageKind.EXPLAINED if accepted else CoverageKind.SIZE
            detail = told | {"size": size, "side": side, "reason": reason.text if reason and accepted else ""}
            counted.add(kind, grid, households=households, detail=detail)
        if leaving := leaves_band(ahead[grid.pk], band):
            month, households_then = leaving
            detail = told | {"size": households_then, "now": households, "month": month}
            counted.add(CoverageKind.FORECAST, grid, households=households, detail=detail)


@dataclass(frozen=True)
class GridSize:
    """The size of a grid, in what its kind is told by, against its band; ``reason`` was accepted for this side."""

    band: Band
    size: int
    side: Side | None
    reason: SizeReason | None

    @property
    def told(self) -> dict[str, Any]:
        """The same as findings tell it."""
        band = self.band
        return {"size": self.size, "low": band.warned_low, "high": band.warned_high, "measure": band.measure}


def grid_size(user: Any, grid: Area, households: int | None = None) -> GridSize:
    """Return the size of a grid; its households are counted unless they are given."""
    band = band_of(grid.kind)
    if band.measure == Measure.BUILDINGS:
        size = Building.objects.filter(grid=grid).count()
    else:
        size = household_counts([grid.path])[grid.path] if households is None else households
    side = band.side_of(size)
    reason = SizeReason.objects.visible_to(user).filter(grid=grid, side=side).first() if side else None
    return GridSize(band, size, side, reason)


def leaves_band(outlook: Outlook, band: Band) -> tuple[str, int] | None:
    """Return when a grid will grow beyond its band, as (2027-06, households then); None where it stays."""
    if band.measure != Measure.HOUSEHOLDS or band.side_of(outlook.now) == Side.ABOVE:
        return None
    beyond = (step for step in outlook.steps if band.side_of(step.households) == Side.ABOVE)
    return next(((f"{step.month:%Y-%m}", step.households) for step in beyond), None)
