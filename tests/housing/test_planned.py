"""Planned buildings: written down, changed, finished, given up; what they bring to grids by a month."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from linli.accounts.rules import SYSTEM, Refused
from linli.areas.actions import add_area, set_boundary
from linli.areas.choices import Level
from linli.core import clock
from linli.housing.actions import (
    NewDwelling,
    add_compound,
    add_dwellings,
    add_planned,
    change_planned,
    finish_planned,
    give_up_planned,
    place_planned_anew,
)
from linli.housing.choices import SiteState
from linli.housing.forms.planned import MonthField, OutlineField
from linli.housing.models import Building, PlannedBuilding
from linli.housing.queries import forecast as brought
from linli.housing.queries.planned import PlannedFilters, planned_for
from linli.housing.rules import NotPossible
from linli.housing.values import BuildingValues, PlannedValues
from linli.people.bulk import NewHousehold, NewMember, add_households
from linli.people.choices import Presence, Registration, Relation, Sex
from linli.people.forecast import forecast
from tests.cast import Cast, middle, square

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]
THIS_MONTH, JUNE, AUTUMN = date(2026, 11, 1), date(2027, 6, 1), date(2027, 10, 1)


def site(column: int = 0, *, by: Any = SYSTEM, **told: Any) -> PlannedBuilding:
    longitude, latitude = middle(column)
    first = {"name": "锦绣苑", "households": 120, "expected_on": date(2027, 6, 20)}
    return add_planned(PlannedValues(**(first | {"longitude": longitude, "latitude": latitude} | told)), by=by)


def outline(column: int, half: float = 0.0005) -> dict[str, Any]:
    x, y = middle(column)
    ring = [
        [x - half, y - half],
        [x + half, y - half],
        [x + half, y + half],
        [x - half, y + half],
        [x - half, y - half],
    ]
    return {"type": "Polygon", "coordinates": [ring]}


def test_the_place_says_the_grid_and_the_month_begins_with_its_first_day(cast: Cast) -> None:
    planned = site()
    assert (planned.grid, planned.community, planned.path) == (cast.grid, cast.community_area, cast.grid.path)
    assert planned.expected_on == JUNE
    drawn = site(1, longitude=None, latitude=None, outline=outline(1))
    assert drawn.grid == cast.other_grid
    assert (drawn.longitude, drawn.latitude) == pytest.approx(middle(1))


def test_a_place_outside_every_grid_belongs_to_the_community(cast: Cast) -> None:
    lonely = add_area(
        code="140403007009",
        name="南关社区",
        level=Level.COMMUNITY,
        parent=cast.street_area,
        geometry=square(6),
        by=SYSTEM,
    )
    planned = site(6)
    assert (planned.grid, planned.community, planned.path) == (None, lonely, lonely.path)
    with pytest.raises(ValidationError) as refused:
        site(9)
    assert "longitude" in refused.value.message_dict


@pytest.mark.parametrize("who", ["leader", "community", "street", "administrator"])
def test_those_who_plan_write_in_their_area(cast: Cast, who: str) -> None:
    by = cast.users[who]
    planned = site(by=by)
    longitude, latitude = middle(1)
    values = PlannedValues("锦绣苑二期", 80, JUNE, longitude, latitude)
    assert change_planned(planned, values, by=by).grid == cast.other_grid
    assert give_up_planned(planned, "地块改成绿地", by=by).state == SiteState.GIVEN_UP


@pytest.mark.parametrize("who", ["worker", "district", "far_leader", "police", "outsider"])
def test_others_write_nothing(cast: Cast, who: str) -> None:
    by = cast.users[who]
    with pytest.raises(ValidationError):
        site(by=by)
    planned = site()
    for write in (
        lambda: change_planned(planned, PlannedValues("x", 1, JUNE, *middle(0)), by=by),
        lambda: give_up_planned(planned, "不建了", by=by),
        lambda: finish_planned(planned, BuildingValues("1号楼"), by=by),
    ):
        with pytest.raises(Refused):
            write()


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"expected_on": date(2026, 10, 31)}, "expected_on"),
        ({"expected_on": date(2207, 6, 1)}, "expected_on"),
        ({"name": " "}, "name"),
        ({"longitude": None, "latitude": None}, "longitude"),
        ({"outline": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}}, "outline"),
        ({"outline": outline(0, 0.02)}, "outline"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(cast: Cast, told: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        site(**told)
    assert field in refused.value.message_dict
    assert not PlannedBuilding.objects.exists()


def test_an_old_month_may_stay_when_something_else_changes(cast: Cast) -> None:
    with clock.frozen(clock.now() - timedelta(days=200)):
        planned = site(expected_on=date(2026, 8, 1))
    values = PlannedValues("锦绣苑", 90, date(2026, 8, 1), *middle(0))
    assert change_planned(planned, values, by=cast.leader).households == 90


def test_a_finished_site_is_a_building_at_the_same_place(cast: Cast) -> None:
    planned = site(outline=outline(0))
    compound = add_compound(cast.community_area, "锦绣苑", by=SYSTEM)
    values = BuildingValues("1号楼", compound, cast.grid, floors=18, entrances=2)
    building = finish_planned(planned, values, by=cast.leader)
    planned.refresh_from_db()
    assert (planned.state, planned.building, planned.ended_on) == (SiteState.FINISHED, building, clock.today())
    kept = Building.objects.get()
    assert (kept.address, kept.grid, kept.floors, kept.geometry) == ("锦绣苑1号楼", cast.grid, 18, planned.outline)
    assert kept.longitude == planned.longitude
    for write in (
        lambda: finish_planned(planned, values, by=cast.leader),
        lambda: give_up_planned(planned, "不建了", by=cast.leader),
        lambda: change_planned(planned, PlannedValues("x", 1, JUNE, *middle(0)), by=cast.leader),
    ):
        with pytest.raises(NotPossible):
            write()


def test_giving_up_asks_why(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        give_up_planned(site(), " ", by=cast.leader)


def test_sites_follow_grids_that_are_drawn_anew(cast: Cast) -> None:
    planned, far = site(), site(3)
    set_boundary(cast.grid, square(7), by=SYSTEM)
    set_boundary(cast.other_grid, square(0), by=SYSTEM)
    assert place_planned_anew([cast.community_area], by=SYSTEM) == 1
    assert place_planned_anew([cast.community_area], by=SYSTEM) == 0
    planned.refresh_from_db()
    far.refresh_from_db()
    assert (planned.grid, planned.path) == (cast.other_grid, cast.other_grid.path)
    assert far.grid == cast.far_grid


def test_the_register_is_narrowed_and_scoped(cast: Cast) -> None:
    here, there = site(), site(1, name="老粮库", expected_on=AUTUMN)
    site(3, name="远处")
    give_up_planned(there, "不建了", by=SYSTEM)

    def names(user: str = "leader", **query: str) -> list[str]:
        return [row.name for row in planned_for(cast.users[user], PlannedFilters.from_query(query))]

    assert names() == names(state="nonsense") == [here.name]
    assert names(state="all") == ["锦绣苑", "老粮库"]
    assert names(state="given_up", q="老粮") == ["老粮库"]
    assert names(under=cast.other_grid.code) == names(under="nowhere") == []
    assert names("far_worker") == ["远处"]
    assert names("administrator") == ["锦绣苑", "远处"]
    assert names("police") == []


def test_households_of_a_grid_month_by_month(cast: Cast) -> None:
    site()
    site(name="二期", households=300, expected_on=AUTUMN)
    site(1, name="别处", households=50)
    give_up_planned(site(name="停了", households=900), "停工", by=SYSTEM)
    grids = [cast.grid, cast.other_grid, cast.far_grid]
    assert brought(grids, JUNE) == {cast.grid.pk: {JUNE: 120}, cast.other_grid.pk: {JUNE: 50}}
    assert brought(grids, AUTUMN)[cast.grid.pk] == {JUNE: 120, AUTUMN: 420}
    ahead = forecast(grids)
    assert [(step.month, step.households, step.names) for step in ahead[cast.grid.pk].steps] == [
        (JUNE, 120, ("锦绣苑",)),
        (AUTUMN, 420, ("二期",)),
    ]
    assert [ahead[cast.grid.pk].on(month) for month in (THIS_MONTH, JUNE, date(2027, 9, 1), AUTUMN)] == [
        0,
        120,
        120,
        420,
    ]
    assert (ahead[cast.far_grid.pk].now, ahead[cast.far_grid.pk].last) == (0, 0)
    assert forecast(grids, JUNE)[cast.grid.pk].last == 120


def test_what_is_late_is_expected_this_month(cast: Cast) -> None:
    with clock.frozen(clock.now() - timedelta(days=200)):
        site(expected_on=date(2026, 8, 1))
    assert brought([cast.grid], THIS_MONTH) == {cast.grid.pk: {THIS_MONTH: 120}}


def test_who_moved_into_a_finished_building_is_no_longer_expected(cast: Cast) -> None:
    building = finish_planned(site(households=3), BuildingValues("1号楼", grid=cast.grid), by=cast.leader)
    assert forecast([cast.grid])[cast.grid.pk].on(JUNE) == 3
    [home] = add_dwellings([NewDwelling(building, "1", "101")], by=SYSTEM)
    member = NewMember(
        "王明", Sex.MALE, date(1990, 5, 17), "", "", "", "", Relation.HEAD, Registration.HERE, Presence.HERE
    )
    add_households(cast.community_area, [NewHousehold("NEW1", home, [member], clock.today())], by=SYSTEM)
    ahead = forecast([cast.grid])[cast.grid.pk]
    assert (ahead.now, ahead.on(JUNE)) == (1, 3)
    with clock.frozen(clock.now() + timedelta(days=400)):
        assert forecast([cast.grid])[cast.grid.pk].last == 1


@pytest.mark.parametrize("written", ["2027-06", "2027年6月", "2027.6", " 2027/06 "])
def test_months_are_read_as_people_write_them(written: str) -> None:
    assert MonthField().clean(written) == JUNE


@pytest.mark.parametrize("written", ["2027", "2027-13", "six", "2027-06-01x"])
def test_what_is_no_month_is_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        MonthField().clean(written)


def test_corners_are_read_line_by_line() -> None:
    field = OutlineField()
    read = field.clean("113.1 36.1\n113.2，36.1\n\n113.2 36.2\n113.1 36.1")
    assert read == {"type": "Polygon", "coordinates": [[[113.1, 36.1], [113.2, 36.1], [113.2, 36.2], [113.1, 36.1]]]}
    assert field.prepare_value(read) == "113.1 36.1\n113.2 36.1\n113.2 36.2"
    assert field.clean(" ") is None
    for wrong in ("113.1 36.1\n113.2 36.1", "a b\n1 2\n3 4", "1\n2\n3", "200 1\n1 2\n3 4"):
        with pytest.raises(ValidationError):
            field.clean(wrong)
