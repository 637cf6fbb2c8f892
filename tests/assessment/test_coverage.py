"""Coverage check: every household in exactly one grid that somebody serves, at every level, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from linli.accounts.rules import SYSTEM, Refused
from linli.areas.actions import add_area, appoint, end_post, explain_size, set_band, set_boundary
from linli.areas.choices import Level, Measure
from linli.areas.models import Area
from linli.assessment.actions import count_coverage, coverage_changed
from linli.assessment.choices import CoverageKind
from linli.assessment.coverage import Coverage, count_place, coverage_areas, findings_in, report
from linli.assessment.models import CoverageCount, CoverageFinding
from linli.checks import check_all, report_lines
from linli.core import clock
from linli.housing.actions import add_planned, assign_grid
from linli.housing.models import Building, Dwelling
from linli.housing.values import PlannedValues
from linli.people.models import Household
from tests.cast import SIDE, SOUTH, WEST, Cast, middle, square
from tests.people.homes import Homes, make_homes

pytestmark = pytest.mark.usefixtures("tuesday")
# Province, city, district, two streets, three communities.
PLACES = 8
SEAM_KINDS = {CoverageKind.GAP, CoverageKind.OVERLAP, CoverageKind.OUTSIDE}


@pytest.fixture
def homes(cast: Cast) -> Homes:
    """Two grids: the first with two households and staff, the second with one household and nobody."""
    return make_homes(cast)


def rectangle(west: float, east: float) -> dict[str, Any]:
    """Return a boundary as high as the squares, from so many columns to so many."""
    left, right, top = WEST + west * SIDE, WEST + east * SIDE, SOUTH + SIDE
    return {
        "type": "Polygon",
        "coordinates": [[[left, SOUTH], [right, SOUTH], [right, top], [left, top], [left, SOUTH]]],
    }


def put_on_map(building: Building, column: float) -> None:
    building.longitude, building.latitude = middle(0)[0] + column * SIDE, middle(0)[1]
    building.save(update_fields=["longitude", "latitude"])


def kinds_in(area: Area) -> dict[str, int]:
    """Return what a count finds, without sizes: the grids of the cast are tiny."""
    counted = count_place(area)
    found: dict[str, int] = {}
    for finding in counted.findings:
        if finding.kind != CoverageKind.SIZE:
            found[finding.kind] = found.get(finding.kind, 0) + 1
    return found


def share_of(area: Area) -> tuple[int, int]:
    whole = Coverage(count_place(area).whole)
    return whole.covered, whole.households


def test_a_vacant_grid_is_not_covered(homes: Homes) -> None:
    cast = homes.cast
    assert share_of(cast.community_area) == (2, 3)
    assert kinds_in(cast.community_area) == {CoverageKind.NO_WORKER: 1}
    appoint(cast.posts["vacant"], cast.outsider, by=SYSTEM)
    assert share_of(cast.community_area) == (3, 3)
    assert kinds_in(cast.community_area) == {}


def test_an_assistant_alone_covers_a_grid(homes: Homes) -> None:
    cast = homes.cast
    end_post(cast.posts["worker"], clock.today(), by=SYSTEM)
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert share_of(cast.community_area) == (2, 3)
        appoint(cast.posts["partner"], None, by=SYSTEM)
        assert share_of(cast.community_area) == (0, 3)


def test_a_building_without_a_grid_counts_for_the_community_alone(homes: Homes) -> None:
    cast = homes.cast
    assign_grid(homes.buildings[0], None, by=cast.leader)
    [found] = [row for row in count_place(cast.community_area).findings if row.kind == CoverageKind.NO_GRID]
    assert (found.building_id, found.households, found.path) == (homes.buildings[0].pk, 2, cast.community_area.path)
    assert share_of(cast.community_area) == (0, 3)
    told = report(cast.leader, cast.community_area)
    assert (told.elsewhere.households, told.elsewhere.covered) == (2, 0)
    assert [row.coverage.households for row in told.below] == [0, 1]


def test_a_closed_grid_is_none(homes: Homes) -> None:
    cast = homes.cast
    Area.objects.filter(pk=cast.grid.pk).update(closed_on=clock.today())
    [found] = [row for row in count_place(cast.community_area).findings if row.kind == CoverageKind.NO_GRID]
    assert found.detail == {"closed": True}


@pytest.mark.parametrize(
    ("column", "kind", "detail"),
    [
        (0, None, None),
        (0.4999, None, None),
        # Half a metre beyond the border may be a matter of drawing.
        (0.501, None, None),
        (1, CoverageKind.TWO_GRIDS, {"map": ["第二网格"]}),
        (5, CoverageKind.NO_GRID, {"off_map": True}),
    ],
)
def test_the_map_must_not_contradict_the_ledger(
    homes: Homes, column: float, kind: CoverageKind | None, detail: dict[str, Any] | None
) -> None:
    cast = homes.cast
    put_on_map(homes.buildings[0], column)
    found = [row for row in count_place(cast.community_area).findings if row.building_id is not None]
    assert [(row.kind, row.detail) for row in found] == ([(kind, detail)] if kind else [])
    assert share_of(cast.community_area) == ((0, 3) if kind else (2, 3))


def test_where_two_grids_overlap_a_building_is_in_two(homes: Homes) -> None:
    cast = homes.cast
    set_boundary(cast.other_grid, rectangle(0.4, 2), by=SYSTEM)
    put_on_map(homes.buildings[0], 0.2)
    assert kinds_in(cast.community_area) == {
        CoverageKind.OVERLAP: 1,
        CoverageKind.TWO_GRIDS: 1,
        CoverageKind.NO_WORKER: 1,
    }


def test_homes_and_households_elsewhere_than_their_building(homes: Homes) -> None:
    cast = homes.cast
    Dwelling.objects.filter(pk=homes.homes[2].pk).update(path=cast.far_grid.path)
    Household.objects.filter(dwelling=homes.homes[0]).update(path=cast.other_grid.path)
    [found] = [row for row in count_place(cast.community_area).findings if row.kind == CoverageKind.ASTRAY]
    assert (found.households, found.detail) == (1, {"homes": 1})
    assert share_of(cast.community_area) == (1, 3)


@pytest.mark.parametrize(
    ("west", "east", "found"),
    [
        (1, 2, set()),
        (1.2, 2, {CoverageKind.GAP}),
        (0.8, 2, {CoverageKind.OVERLAP}),
        (1, 2.1, {CoverageKind.OUTSIDE}),
        (1.1, 2.1, {CoverageKind.GAP, CoverageKind.OUTSIDE}),
    ],
)
def test_gaps_overlaps_and_what_reaches_beyond(cast: Cast, west: float, east: float, found: set[str]) -> None:
    set_boundary(cast.other_grid, rectangle(west, east), by=SYSTEM)
    rows = [row for row in count_place(cast.community_area).findings if row.kind in SEAM_KINDS]
    assert {row.kind for row in rows} == found
    for row in rows:
        assert row.shape is not None
        assert row.shape["type"] == "MultiPolygon"
        assert row.detail["parts"] == 1
        assert row.detail["m2"] > 10_000


def test_a_grid_without_boundary_and_a_community_without_grids(cast: Cast) -> None:
    Area.objects.filter(pk=cast.other_grid.pk).update(geometry=None, bounds=None)
    assert kinds_in(cast.community_area) == {CoverageKind.NOT_DRAWN: 1, CoverageKind.NO_WORKER: 1}
    Area.objects.filter(level=Level.GRID).update(closed_on=clock.today())
    assert kinds_in(cast.community_area) == {CoverageKind.UNDIVIDED: 1}


def test_larger_places_have_the_seams_between_those_below(cast: Cast) -> None:
    assert kinds_in(cast.street_area) == kinds_in(cast.district_area) == {}
    set_boundary(cast.beside_community, rectangle(2.5, 3), by=SYSTEM)
    assert kinds_in(cast.street_area) == {CoverageKind.GAP: 1}


def test_sizes_with_and_without_a_reason(homes: Homes) -> None:
    cast = homes.cast

    def told(kind: CoverageKind) -> list[tuple[str, int, str]]:
        rows = [row for row in count_place(cast.community_area).findings if row.kind == kind]
        return [(row.area.code[-3:], row.detail["size"], row.detail["reason"]) for row in rows]

    assert told(CoverageKind.SIZE) == [("001", 2, ""), ("002", 1, "")]
    explain_size(cast.grid, "老院子", size=2, by=cast.leader)
    assert told(CoverageKind.SIZE) == [("002", 1, "")]
    assert told(CoverageKind.EXPLAINED) == [("001", 2, "老院子")]
    limits = {"target": 1, "planned_low": 1, "planned_high": 1, "warned_low": 1, "warned_high": 1}
    set_band("residential", Measure.HOUSEHOLDS, limits, by=SYSTEM)
    # It may be small, and is too large by now: that reason does not hold for this side.
    assert told(CoverageKind.SIZE) == [("001", 2, "")]
    set_band("residential", Measure.BUILDINGS, limits, by=SYSTEM)
    assert told(CoverageKind.SIZE) == []


def test_a_grid_that_will_become_too_large(homes: Homes) -> None:
    cast = homes.cast
    limits = {"target": 2, "planned_low": 1, "planned_high": 3, "warned_low": 1, "warned_high": 100}
    set_band("residential", Measure.HOUSEHOLDS, limits, by=SYSTEM)
    for households, month in ((60, date(2027, 3, 1)), (50, date(2027, 6, 1))):
        add_planned(PlannedValues("锦绣苑", households, month, *middle(0)), by=SYSTEM)
    [found] = [row for row in count_place(cast.community_area).findings if row.kind == CoverageKind.FORECAST]
    assert found.area == cast.grid
    assert (found.detail["now"], found.detail["size"], found.detail["month"]) == (2, 112, "2027-06")


@pytest.mark.parametrize(("covered", "of", "share"), [(998, 1000, 99.8), (99_999, 100_000, 99.9), (3, 3, 100.0)])
def test_a_hundred_per_cent_is_all_of_them(covered: int, of: int, share: float) -> None:
    assert Coverage({"covered": covered, "households": of}).share == share


def test_without_households_there_is_no_share() -> None:
    assert Coverage().share is None


def test_every_level_adds_up_and_agrees_with_the_command(homes: Homes) -> None:
    cast = homes.cast
    assert count_coverage(clock.now(), seconds=60) == PLACES
    checked = {row["code"]: row for row in check_all(None, by=SYSTEM)["coverage"]["areas"]}
    for name in ("district_area", "street_area", "community_area", "grid", "other_grid", "far_grid"):
        area = cast.areas[name]
        total = report(cast.administrator, area).total
        row = checked[area.code]
        assert (total.covered, total.households, total.share) == (row["covered"], row["households"], row["share"])
    total = report(cast.administrator, cast.district_area).total
    assert (total.covered, total.households, total.grids) == (2, 3, 4)


def test_what_changed_is_counted_anew_and_nothing_else(homes: Homes) -> None:
    cast = homes.cast

    def stale() -> set[str]:
        return set(CoverageCount.objects.filter(stale=True).values_list("path", flat=True))

    count_coverage(clock.now(), seconds=60)
    assert count_coverage(clock.now(), seconds=60) == 0
    changes: tuple[Callable[[], object], ...] = (
        lambda: appoint(cast.posts["vacant"], cast.outsider, by=SYSTEM),
        lambda: explain_size(cast.grid, "老院子", size=2, by=SYSTEM),
        lambda: assign_grid(homes.buildings[0], cast.other_grid, by=SYSTEM),
        lambda: add_planned(PlannedValues("锦绣苑", 9, date(2027, 6, 1), *middle(0)), by=SYSTEM),
    )
    for change in changes:
        change()
        assert stale() == {cast.community_area.path}
        assert report(cast.administrator, cast.district_area).changing
        assert count_coverage(clock.now(), seconds=60) == 1
    appoint(cast.posts["leader"], None, by=SYSTEM)
    assert stale() == set()
    set_boundary(cast.grid, square(0), by=SYSTEM)
    assert {cast.community_area.path, cast.street_area.path, cast.district_area.path} <= stale()
    assert cast.far_community.path not in stale()
    assert count_coverage(clock.now() + timedelta(hours=21), seconds=60) == PLACES


def test_counting_stops_after_its_time_and_goes_on(cast: Cast) -> None:
    done = 0
    while counted := count_coverage(clock.now(), seconds=0):
        assert counted == 1
        done += 1
    assert done == PLACES


def test_counting_anew_replaces_what_was_found(homes: Homes) -> None:
    count_coverage(clock.now(), seconds=60)
    before = CoverageFinding.objects.count()
    coverage_changed([homes.cast.district_area.path], drawn=True)
    assert count_coverage(clock.now(), seconds=60) == PLACES
    assert CoverageFinding.objects.count() == before


def test_a_closed_community_is_added_up_no_longer(homes: Homes) -> None:
    cast = homes.cast
    count_coverage(clock.now(), seconds=60)
    assert report(cast.administrator, cast.street_area).total.households == 3
    Area.objects.filter(path__startswith=cast.community_area.path).update(closed_on=clock.today())
    assert count_coverage(clock.now(), seconds=60) == 0
    assert report(cast.administrator, cast.street_area).total.households == 0
    assert not CoverageFinding.objects.filter(path__startswith=cast.community_area.path).exists()


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("worker", {"grid"}),
        ("leader", {"community_area", "grid", "other_grid"}),
        ("far_worker", {"far_grid"}),
        ("police", set()),
        ("auditor", set()),
        ("outsider", set()),
    ],
)
def test_places_are_seen_by_those_who_see_the_area(cast: Cast, who: str, seen: set[str]) -> None:
    count_coverage(clock.now(), seconds=60)
    user = cast.users[who]
    assert {area.code for area in coverage_areas(user)} == {cast.areas[name].code for name in seen}
    paths = {cast.areas[name].path for name in seen}
    assert set(CoverageCount.objects.visible_to(user).values_list("path", flat=True)) == paths
    assert set(CoverageFinding.objects.visible_to(user).values_list("path", flat=True)) <= paths


def test_findings_of_larger_places_and_of_small_ones_are_the_same(homes: Homes) -> None:
    cast = homes.cast
    assign_grid(homes.buildings[0], None, by=cast.leader)
    count_coverage(clock.now(), seconds=60)
    for area in (cast.district_area, cast.community_area):
        [found] = findings_in(cast.administrator, area, CoverageKind.NO_GRID)
        assert (found.building, found.households) == (homes.buildings[0], 2)
    assert list(findings_in(cast.administrator, cast.far_grid, CoverageKind.NO_GRID)) == []


def test_the_command_names_it(homes: Homes) -> None:
    cast = homes.cast
    assign_grid(homes.buildings[0], None, by=cast.leader)
    put_on_map(homes.buildings[1], 0)
    set_boundary(cast.beside_grid, rectangle(2.5, 3), by=SYSTEM)
    found = check_all(None, by=cast.administrator)
    assert found["clean"] is False
    assert [(row["kind"], row["area"]) for row in found["problems"]] == [("gap", cast.beside_community.code)]
    notices = {row["kind"]: row for row in found["notices"]}
    assert notices["building_without_grid"]["building"] == "兴泰家园1号楼"
    assert notices["building_without_grid"]["community"] == cast.community_area.code
    assert notices["building_in_two_grids"]["map"] == ["第一网格"]
    assert notices["vacancy"]["area"] in {cast.other_grid.code, cast.beside_grid.code}
    assert notices["grid_outside_band"]["low"] == 200
    assert (found["coverage"]["covered"], found["coverage"]["households"], found["coverage"]["share"]) == (0, 3, 0.0)
    lines = report_lines(found)
    assert "coverage 0.0 %: 0 of 3" in lines
    assert "gap" in lines


def test_the_command_checks_a_part(homes: Homes) -> None:
    cast = homes.cast
    found = check_all(cast.grid, by=cast.administrator)
    assert [row["code"] for row in found["coverage"]["areas"]] == [cast.grid.code]
    assert (found["coverage"]["covered"], found["coverage"]["households"]) == (2, 2)
    assert check_all(cast.far_street, by=cast.administrator)["coverage"]["share"] is None
    with pytest.raises(Refused):
        check_all(cast.grid, by=cast.leader)


def test_what_repeats_is_named_a_hundred_times(cast: Cast) -> None:
    for number in range(103):
        code = f"14040300700{number + 100}"
        add_area(code=code, name=f"社区{number}", level=Level.COMMUNITY, parent=cast.street_area, by=SYSTEM)
    notices = check_all(None, by=SYSTEM)["notices"]
    named = [row for row in notices if row["kind"] == "community_without_grids"]
    assert len(named) == 101
    assert named[-1] == {"kind": "community_without_grids", "more": 3}
