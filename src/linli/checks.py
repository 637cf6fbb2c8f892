"""``linli check``: one report on coverage, orphans, vacancies, values to correct, broken workflows and histories.

What stands under ``problems`` must not be; what stands under ``notices`` waits for somebody's work. The report names
codes and addresses of buildings, never a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db.models import F, QuerySet

from linli.accounts.rules import require
from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.queries import grids_under, vacant_grids
from linli.cases.models import Case
from linli.cases.replay import replay_all
from linli.core.geo import from_geojson, gaps_and_overlaps
from linli.core.paths import within
from linli.declarations.models import Declaration
from linli.housing.addresses import building_order, home_order
from linli.housing.models import Building, Dwelling
from linli.people.choices import CorrectionState
from linli.people.histories import broken_histories
from linli.people.models import Correction, Household, Person

# Rounded coordinates leave slivers; a gap smaller than a doormat is none.
TOLERANCE_M2 = 0.5
MOST_NAMED = 100

Finding = dict[str, Any]


def check_all(area: Area | None, *, by: Any) -> dict[str, Any]:
    """Check a subtree, or everything, and return ``{"clean", "checked", "problems", "notices"}``."""
    require(by, "areas.edit", area)
    paths = [area.path] if area else list(Area.objects.filter(parent=None).values_list("path", flat=True))
    roots = [area] if area else list(Area.objects.filter(parent=None))
    problems = [*_coverage(paths), *_orphans(paths), *_out_of_order(paths), *_broken(paths), *_histories(area, paths)]
    notices = [*_vacancies(roots), *_without_grid(paths), *_corrections(paths)]
    checked = {
        "areas": Area.objects.filter(within(paths)).count(),
        "grids": sum(grids_under(root).count() for root in roots),
        "buildings": Building.objects.filter(within(paths)).count(),
        "dwellings": Dwelling.objects.filter(within(paths)).count(),
        "households": Household.objects.filter(within(paths)).count(),
        "people": Person.objects.filter(within(paths)).count(),
        "cases": Case.objects.filter(within(paths)).count(),
    }
    return {"clean": not problems, "checked": checked, "problems": problems, "notices": notices}


def report_lines(report: dict[str, Any]) -> str:
    """Return the report as lines of text."""
    lines = [", ".join(f"{name} {count}" for name, count in report["checked"].items())]
    for part in ("problems", "notices"):
        lines += [f"{part}: {finding['kind']}: {_told(finding)}" for finding in report[part]]
    return "\n".join([*lines, "clean" if report["clean"] else "not clean"])


def _told(finding: Finding) -> str:
    return ", ".join(f"{name} {value}" for name, value in finding.items() if name != "kind")


def _coverage(paths: Iterable[str]) -> Iterator[Finding]:
    """Yield the gaps and overlaps below every area whose children are all drawn."""
    drawn = Area.objects.current().filter(within(paths)).exclude(geometry=None)
    children: dict[int, list[Area]] = {}
    for child in Area.objects.current().filter(within(paths)).exclude(parent=None):
        children.setdefault(child.parent_id or 0, []).append(child)
    for parent in drawn.exclude(level=Level.GRID):
        below = children.get(parent.pk, [])
        shapes = [child.geometry for child in below if child.geometry]
        if not parent.geometry or not below or len(shapes) < len(below):
            continue
        found = gaps_and_overlaps(from_geojson(parent.geometry), [from_geojson(shape) for shape in shapes])
        for kind, square_metres in (
            ("gap", found.gaps_m2),
            ("overlap", found.overlaps_m2),
            ("outside", found.outside_m2),
        ):
            if square_metres > TOLERANCE_M2:
                yield {"kind": kind, "area": parent.code, "m2": round(square_metres, 1)}


def _orphans(paths: list[str]) -> Iterator[Finding]:
    """Yield rows whose copy of the path differs from the row that they belong to, and rows that belong nowhere."""
    here = within(paths)
    yield from _counted("building_path_differs", Building.objects.filter(here, grid__isnull=False), "grid__path")
    yield from _counted("dwelling_path_differs", Dwelling.objects.filter(here), "building__path")
    yield from _counted("household_path_differs", Household.objects.filter(here), "dwelling__path")
    yield from _counted("declaration_path_differs", Declaration.objects.filter(here), "building__path")
    yield from _counted("case_path_differs", Case.objects.filter(here), "area__path")
    homeless = Person.objects.filter(here).exclude(residences__until=None)
    if count := homeless.count():
        yield {"kind": "person_without_home", "count": count}


def _counted(kind: str, rows: QuerySet[Any, Any], belongs_to: str) -> Iterator[Finding]:
    if count := rows.exclude(path=F(belongs_to)).count():
        yield {"kind": kind, "count": count}


def _out_of_order(paths: list[str]) -> Iterator[Finding]:
    """Yield buildings and homes whose key does not say where they stand among the others."""
    here = within(paths)
    buildings = Building.objects.filter(here).order_by().values_list("sort_key", "address")
    if count := sum(key != building_order(address) for key, address in buildings.iterator()):
        yield {"kind": "building_out_of_order", "count": count}
    homes = Dwelling.objects.filter(here).order_by()
    rows = homes.values_list("sort_key", "building__address", "entrance", "floor", "room")
    if count := sum(key != home_order(at, door, floor, room) for key, at, door, floor, room in rows.iterator()):
        yield {"kind": "dwelling_out_of_order", "count": count}


def _broken(paths: list[str]) -> Iterator[Finding]:
    for found in islice(replay_all(Case.objects.filter(within(paths))), MOST_NAMED):
        yield {"kind": "case_breaks_workflow", "case": found.case, "step": found.step, "problem": found.reason}


def _histories(area: Area | None, paths: list[str]) -> Iterator[Finding]:
    """Yield whose events don't lead to where they live; everywhere, also of those who moved away."""
    people = Person.objects.filter(within(paths)) if area else Person.objects.all()
    for person in islice(broken_histories(people), MOST_NAMED):
        yield {"kind": "residence_history_broken", "person": person}


def _vacancies(roots: Iterable[Area]) -> Iterator[Finding]:
    for root in roots:
        for grid in vacant_grids(root):
            yield {"kind": "vacancy", "area": grid.code}


def _without_grid(paths: list[str]) -> Iterator[Finding]:
    for building in Building.objects.orphans().filter(within(paths)).select_related("community")[:MOST_NAMED]:
        yield {"kind": "building_without_grid", "building": building.address, "community": building.community.code}


def _corrections(paths: list[str]) -> Iterator[Finding]:
    waiting = Correction.objects.filter(within(paths), state=CorrectionState.OPEN)
    if count := waiting.count():
        yield {"kind": "values_to_correct", "count": count}
