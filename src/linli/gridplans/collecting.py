"""What the planner is given: buildings with their households, communities, the present grids. Read once for a draft."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import shapely
from django.db.models import Count, Q
from shapely.geometry import LineString, shape

from linli.areas.choices import PAIR, Level
from linli.areas.models import Area, Post
from linli.core import clock
from linli.core.paths import ancestors, within
from linli.gridplans.drafting import FIXED
from linli.housing.choices import DwellingKind, Occupancy
from linli.housing.models import Building, Dwelling, PlannedBuilding
from linli.people.models import Household
from linli.planner.model import Building as PlannerBuilding
from linli.planner.model import Community, Place

# Digits of the number at the end of the code of a grid, where no grid shows it.
USUAL_DIGITS = 3


@dataclass(frozen=True)
class House:
    """A building with the households that count for it."""

    pk: int
    name: str
    households: int
    compound: str
    grid: int | None
    geometry: Any


@dataclass
class Standing:
    """What stands in one community now, and what is being built there.

    ``kept`` are special grids without buildings, whose ground no plan divides.
    """

    community: Area
    outline: Any
    grids: list[Area] = field(default_factory=list)
    kept: list[Area] = field(default_factory=list)
    houses: list[House] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    coming: list[dict[str, Any]] = field(default_factory=list)
    workers: dict[int, str] = field(default_factory=dict)

    def present(self) -> dict[str, dict[str, Any]]:
        """Return code → what is known of each present grid that a plan may change."""
        kept = {grid.pk for grid in self.kept}
        sums: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        for house in self.houses:
            if house.grid is not None:
                sums[house.grid][0] += house.households
                sums[house.grid][1] += 1
        return {
            grid.code: {
                "pk": grid.pk,
                "name": grid.name,
                "kind": grid.kind,
                "households": sums[grid.pk][0],
                "buildings": sums[grid.pk][1],
            }
            for grid in self.grids
            if grid.pk not in kept
        }

    def digits(self) -> int:
        """Return how many digits follow the code of the community in the codes of its grids."""
        tails = [len(grid.code) - len(self.community.code) for grid in self.grids]
        fitting = [tail for tail in tails if tail > 0]
        return min(fitting, default=USUAL_DIGITS)


def communities_of(area: Area) -> list[Area]:
    """Return the communities of a place that are in use, by their codes."""
    return list(Area.objects.current().under(area).filter(level=Level.COMMUNITY).order_by("code"))


def standing(communities: Sequence[Area]) -> list[Standing]:
    """Return what stands in communities that have a boundary."""
    drawn = [community for community in communities if community.geometry]
    paths = [community.path for community in drawn]
    houses, workers, coming = _houses(drawn), workers_at(paths), _coming(drawn)
    grids: dict[str, list[Area]] = defaultdict(list)
    for grid in Area.objects.current().filter(within(paths), level=Level.GRID).order_by("code"):
        grids[_community_path(grid.path, paths)].append(grid)
    taken: dict[str, list[str]] = defaultdict(list)
    for path, code in Area.objects.filter(within(paths)).exclude(path__in=paths).values_list("path", "code"):
        taken[_community_path(path, paths)].append(code)
    found = []
    for community in drawn:
        own = houses.get(community.pk, [])
        lived = {house.grid for house in own}
        kept = [grid for grid in grids[community.path] if grid.kind in FIXED and grid.pk not in lived and grid.geometry]
        outline = shape(community.geometry or {})
        for grid in kept:
            outline = outline.difference(shape(grid.geometry or {}))
        codes = sorted(taken[community.path])
        sites = coming.get(community.pk, [])
        found.append(Standing(community, outline, grids[community.path], kept, own, codes, sites, workers))
    return found


def place_of(standings: Iterable[Standing], roads: Iterable[Any]) -> Place:
    """Return what the planner is given."""
    known = list(standings)
    buildings = tuple(
        PlannerBuilding(str(house.pk), house.households, one.community.code, _outline(house.geometry), house.compound)
        for one in known
        for house in one.houses
    )
    outlines = tuple(Community(one.community.code, one.community.name, one.outline) for one in known)
    return Place(buildings, outlines, tuple(LineString(line) for line in roads))


def digests_of(communities: Sequence[int]) -> dict[int, str]:
    """Return community → a digest of its grids and of which building is in which: another one means another present."""
    found: dict[int, list[Any]] = {pk: [] for pk in communities}
    areas = dict(Area.objects.filter(pk__in=communities).values_list("path", "pk"))
    rows = Building.objects.filter(community__in=communities).order_by("community", "pk")
    for community, building, grid in rows.values_list("community", "pk", "grid"):
        found[community].append((building, grid))
    grids = Area.objects.current().filter(within(areas), level=Level.GRID).order_by("pk")
    for path, pk, code, name, bounds in grids.values_list("path", "pk", "code", "name", "bounds"):
        found[areas[_community_path(path, list(areas))]].append((pk, code, name, bounds))
    return {pk: hashlib.sha256(json.dumps(rows).encode()).hexdigest() for pk, rows in found.items()}


def workers_at(paths: Iterable[str]) -> dict[int, str]:
    """Return grid → the name of its worker, else of the partner, for grids that somebody serves."""
    posts = Post.objects.on(clock.today()).held().filter(within(paths, "area__path"), role__in=PAIR)
    rows = posts.order_by("-role", "-id").values_list("area", "role", "holder__name")
    found: dict[int, str] = {}
    for area, _role, name in sorted(rows, key=lambda row: PAIR.index(row[1]), reverse=True):
        found[area] = name
    return found


def households_of(communities: Iterable[Area]) -> dict[int, int]:
    """Return building → households: those on the ledger, or where nobody is, the homes not known to be empty."""
    keys = [community.pk for community in communities]
    ledger = Household.objects.filter(dwelling__building__community__in=keys, ended_on=None).order_by()
    counted = dict(ledger.values_list("dwelling__building").annotate(count=Count("pk")))
    homes = Dwelling.objects.filter(building__community__in=keys, kind=DwellingKind.HOME).order_by()
    lived = ~Q(occupancy=Occupancy.EMPTY)
    open_homes = dict(homes.filter(lived).values_list("building").annotate(count=Count("pk")))
    return open_homes | counted


def _houses(communities: Sequence[Area]) -> dict[int, list[House]]:
    households = households_of(communities)
    found: dict[int, list[House]] = defaultdict(list)
    rows = Building.objects.filter(community__in=[community.pk for community in communities]).order_by("pk")
    names = ("pk", "address", "compound__name", "grid", "community", "geometry", "longitude", "latitude")
    for pk, name, compound, grid, community, geometry, longitude, latitude in rows.values_list(*names):
        if geometry is None and longitude is not None and latitude is not None:
            geometry = {"type": "Point", "coordinates": [longitude, latitude]}
        found[community].append(House(pk, name, households.get(pk, 0), compound or "", grid, geometry))
    return found


def _coming(communities: Sequence[Area]) -> dict[int, list[dict[str, Any]]]:
    """Return community → the households that planned buildings will bring: name, month, number, place."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = PlannedBuilding.objects.coming().filter(community__in=[community.pk for community in communities])
    for row in rows.defer("outline").order_by("expected_on", "pk"):
        place = [row.longitude, row.latitude]
        found[row.community_id].append(
            {"name": row.name, "month": f"{row.expected_on:%Y-%m}", "households": row.households, "place": place}
        )
    return found


def _outline(geometry: Any) -> Any:
    return shapely.force_2d(shape(geometry)) if geometry else None


def _community_path(path: str, paths: Sequence[str]) -> str:
    own = {*paths}
    return next((above for above in ancestors(path) if above in own), "")
