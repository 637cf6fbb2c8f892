"""``linli check``: one report on coverage, sizes, orphans, vacancies, values to correct, workflows and histories.

What stands under ``problems`` must not be; what stands under ``notices`` waits for somebody's work. The report names
codes and addresses of buildings, never a person.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from django.db.models import F, QuerySet

from linli.accounts.rules import require
from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.queries import grids_under
from linli.assessment.choices import CoverageKind
from linli.assessment.coverage import (
    AT_ONCE,
    COVERED,
    HOUSEHOLDS,
    LEVELS,
    Coverage,
    count_place,
    counted_now,
    places_counted,
)
from linli.assessment.models import CoverageFinding
from linli.cases.models import Case
from linli.cases.replay import replay_all
from linli.core.paths import ancestors, within
from linli.declarations.models import Declaration
from linli.housing.addresses import building_order, home_order
from linli.housing.models import Building, Dwelling
from linli.people.choices import CorrectionState
from linli.people.histories import broken_histories
from linli.people.models import Correction, Household, Person

MOST_NAMED = 100
DEFINITION = "households in exactly one grid that somebody serves / all households"
SEAMS = (CoverageKind.GAP, CoverageKind.OVERLAP, CoverageKind.OUTSIDE)
# What the coverage check finds under its name in this report; the others are seams.
NAMES: Mapping[str, str] = {
    CoverageKind.NO_GRID: "building_without_grid",
    CoverageKind.TWO_GRIDS: "building_in_two_grids",
    CoverageKind.ASTRAY: "homes_elsewhere",
    CoverageKind.NO_WORKER: "vacancy",
    CoverageKind.SIZE: "grid_outside_band",
    CoverageKind.EXPLAINED: "grid_outside_band_explained",
    CoverageKind.FORECAST: "grid_will_leave_band",
    CoverageKind.NOT_DRAWN: "grid_without_boundary",
    CoverageKind.UNDIVIDED: "community_without_grids",
}

Finding = dict[str, Any]


def check_all(area: Area | None, *, by: Any) -> dict[str, Any]:
    """Check a subtree, or everything, and return ``{"clean", "coverage", "checked", "problems", "notices"}``."""
    require(by, "areas.edit", area)
    paths = [area.path] if area else list(Area.objects.filter(parent=None).values_list("path", flat=True))
    roots = [area] if area else list(Area.objects.filter(parent=None))
    numbers, found = _counted_coverage(area, paths)
    seams = [_seam(finding) for finding in found if finding.kind in SEAMS]
    problems = [*seams, *_orphans(paths), *_out_of_order(paths), *_broken(paths), *_histories(area, paths)]
    notices = [*_named(finding for finding in found if finding.kind not in SEAMS), *_corrections(paths)]
    checked = {
        "areas": Area.objects.filter(within(paths)).count(),
        "grids": sum(grids_under(root).count() for root in roots),
        "buildings": Building.objects.filter(within(paths)).count(),
        "dwellings": Dwelling.objects.filter(within(paths)).count(),
        "households": Household.objects.filter(within(paths)).count(),
        "people": Person.objects.filter(within(paths)).count(),
        "cases": Case.objects.filter(within(paths)).count(),
    }
    return {
        "clean": not problems,
        "coverage": _coverage(paths, numbers),
        "checked": checked,
        "problems": problems,
        "notices": notices,
    }


def report_lines(report: dict[str, Any]) -> str:
    """Return the report as lines of text."""
    lines = [_covered(report["coverage"]), ", ".join(f"{name} {count}" for name, count in report["checked"].items())]
    for part in ("problems", "notices"):
        lines += [f"{part}: {finding['kind']}: {_told(finding)}" for finding in report[part]]
    return "\n".join([*lines, "clean" if report["clean"] else "not clean"])


def _covered(coverage: Mapping[str, Any]) -> str:
    share = "–" if coverage["share"] is None else f"{coverage['share']:.1f} %"
    return f"coverage {share}: {coverage['covered']} of {coverage['households']} ({coverage['definition']})"


def _told(finding: Finding) -> str:
    return ", ".join(f"{name} {value}" for name, value in finding.items() if name != "kind")


def _counted_coverage(area: Area | None, paths: list[str]) -> tuple[dict[str, Counter[str]], list[CoverageFinding]]:
    """Count everything anew; return path → numbers of the place by itself, and what was found."""
    if area is not None and area.level in AT_ONCE:
        counted = counted_now(area)
        return counted.counts, counted.findings
    numbers: dict[str, Counter[str]] = defaultdict(Counter)
    found: list[CoverageFinding] = []
    for place in places_counted(paths).iterator(chunk_size=20):
        counted = count_place(place)
        found += counted.findings
        for path, counts in counted.counts.items():
            numbers[path].update(counts)
    return numbers, found


def _coverage(paths: list[str], numbers: Mapping[str, Counter[str]]) -> dict[str, Any]:
    """Return the one number of everything that was checked and of every place in it, in the order of their codes."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for path, counts in numbers.items():
        for above in ancestors(path):
            sums[above].update(counts)
    places = Area.objects.current().filter(within(paths), level__in=LEVELS).order_by("code")
    areas = [
        {"code": code, "name": name, "level": level, **_share(sums[path])}
        for code, name, level, path in places.values_list("code", "name", "level", "path")
    ]
    total = sum(numbers.values(), Counter())
    return {"definition": DEFINITION, **_share(total), "areas": areas}


def _share(counts: Counter[str]) -> dict[str, Any]:
    return {"covered": counts[COVERED], "households": counts[HOUSEHOLDS], "share": Coverage(counts).share}


def _seam(finding: CoverageFinding) -> Finding:
    return {"kind": str(finding.kind), "area": finding.area.code, "m2": finding.detail["m2"]}


def _named(found: Iterable[CoverageFinding]) -> Iterator[Finding]:
    """Yield what else was found, no more of a kind than somebody reads, and how many more there are."""
    seen: Counter[str] = Counter()
    addresses: dict[int | None, str] = {}
    rows = list(found)
    wanted = [row.building_id for row in rows if row.building_id is not None]
    for start in range(0, len(wanted), MOST_NAMED):
        chunk = Building.objects.filter(pk__in=wanted[start : start + MOST_NAMED]).order_by()
        addresses.update(chunk.values_list("pk", "address"))
    for row in sorted(rows, key=lambda one: (list(NAMES).index(one.kind), one.path)):
        seen[row.kind] += 1
        if seen[row.kind] <= MOST_NAMED:
            yield _spelt(row, addresses)
    for kind, count in seen.items():
        if count > MOST_NAMED:
            yield {"kind": NAMES[kind], "more": count - MOST_NAMED}


def _spelt(row: CoverageFinding, addresses: Mapping[int | None, str]) -> Finding:
    told = {name: value for name, value in row.detail.items() if value is not False and value not in ("", None)}
    if row.building_id is None:
        return {"kind": NAMES[row.kind], "area": row.area.code, **told}
    place = "community" if row.area.level == Level.COMMUNITY else "area"
    return {"kind": NAMES[row.kind], "building": addresses[row.building_id], place: row.area.code, **told}


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


def _corrections(paths: list[str]) -> Iterator[Finding]:
    waiting = Correction.objects.filter(within(paths), state=CorrectionState.OPEN)
    if count := waiting.count():
        yield {"kind": "values_to_correct", "count": count}
