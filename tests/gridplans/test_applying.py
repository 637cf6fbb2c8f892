"""A draft comes into force in one transaction, and is taken back while nothing newer stands on it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db.models import ForeignKey, OneToOneField, Q

from linli.accounts.rules import SYSTEM, Refused
from linli.areas.actions import NewAbsence, appoint, ask_absence, create_post, rename_area
from linli.areas.choices import AbsenceReason, Level, Role
from linli.areas.models import Area, Post, SizeReason
from linli.cases.actions import load_presets
from linli.cases.models import Case
from linli.cases.workflow import OPEN_STATES
from linli.core import clock
from linli.core.paths import PathField
from linli.gridplans import actions
from linli.gridplans.choices import PlanState
from linli.gridplans.history import PAST
from linli.gridplans.models import Applied, GridPlan
from linli.gridplans.rules import NotPossible, Stale
from linli.housing.actions import NewBuilding, NewDwelling, add_building, add_dwellings, add_planned, assign_grid
from linli.housing.models import Building, Dwelling, Facility, PlannedBuilding
from linli.housing.values import PlannedValues
from linli.inbox.models import Message
from linli.journal.models import Entry
from linli.people.bulk import NewHousehold, NewMember, add_households
from linli.people.models import Household, Person
from linli.units.models import Unit
from tests.cases.stage import reported
from tests.cast import Cast, middle
from tests.gridplans.samples import (
    AS_NOW,
    HALVES,
    ROWS,
    applied,
    drawn,
    house,
    key_of,
    make_ground,
    part_of,
    step,
    taken_back,
    worked_off,
)
from tests.jobs.queue import WAITING
from tests.rights_world import make_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


def joined(cast: Cast, *, into: str = "other_grid") -> GridPlan:
    """Return a draft in which the two grids are one that keeps the code of ``into``, with its reason."""
    make_ground(cast)
    plan = drawn(cast.community_area, AS_NOW, by=cast.leader)
    west, east = key_of(plan, house(0, 0)), key_of(plan, house(7, 0))
    # One building more decides whose code goes on.
    gone, stays = (west, east) if into == "other_grid" else (east, west)
    column = 3 if into == "other_grid" else 4
    given = [house(column, row) for row in range(ROWS)]
    Dwelling.objects.filter(building__in=given).update(occupancy="empty")
    plan = drawn(cast.community_area, AS_NOW, by=cast.leader)
    gone, stays = (
        (key_of(plan, house(0, 0)), key_of(plan, house(7, 0)))
        if into == "other_grid"
        else (key_of(plan, house(7, 0)), key_of(plan, house(0, 0)))
    )
    step(plan, "merge", by=cast.leader, grid=gone, to=stays)
    step(plan, "explain", by=cast.leader, grid=stays, text="两边是一个院子")
    return GridPlan.objects.get(pk=plan.pk)


def test_buildings_homes_and_people_come_to_the_grid_that_goes_on(cast: Cast) -> None:
    make_ground(cast)
    home = Dwelling.objects.filter(building=house(0, 0)).first()
    assert home is not None
    add_households(cast.community_area, [NewHousehold("H1", home, [_member("单田芳")], clock.today())], by=cast.leader)
    plan = applied(joined(cast), cast.street)
    gone, stays = (Area.objects.get(pk=grid.pk) for grid in (cast.grid, cast.other_grid))
    assert (gone.closed_on, stays.closed_on) == (clock.today(), None)
    assert stays.bounds == pytest.approx(cast.community_area.bounds)
    assert set(Building.objects.values_list("grid", "path")) == {(stays.pk, stays.path)}
    for model in (Dwelling, Household, Person):
        assert set(model.objects.values_list("path", flat=True)) == {stays.path}
    assert SizeReason.objects.get(grid=stays).text == "两边是一个院子"
    outcome = Applied.objects.get(plan=plan).outcome
    assert outcome["closed"] == ["广场西社区 第一网格"]
    assert outcome["moved_buildings"] == 12
    written = set(Entry.objects.filter(actor=cast.street.username).values_list("action", flat=True))
    assert {"gridplans.apply", "areas.redraw_grids", "areas.close_grids", "housing.put_into_grids"} <= written


def _member(name: str) -> NewMember:
    return NewMember(name, "male", date(1961, 5, 17), "", "", "", "古公寓", "head", "here", "here")


def test_new_grids_are_opened_with_codes_and_boundaries_and_listed_as_vacant(cast: Cast) -> None:
    make_ground(cast)
    plan = drawn(cast.community_area, AS_NOW)
    east = key_of(plan, house(7, 0))
    part = step(plan, "split", grid=east)
    for key in part.grids:
        if part.grids[key]["remarks"]:
            step(plan, "explain", grid=key, text="先分开")
    done = applied(GridPlan.objects.get(pk=plan.pk), cast.administrator)
    new = (
        Area.objects.current()
        .filter(level=Level.GRID, parent=cast.community_area)
        .exclude(pk__in=[cast.grid.pk, cast.other_grid.pk])
    )
    assert [area.opened_on for area in new] == [clock.today()]
    assert new[0].code.startswith(cast.community_area.code)
    assert Building.objects.filter(grid=new[0]).exists()
    outcome = Applied.objects.get(plan=done).outcome
    assert outcome["vacant"] == [f"广场西社区 {new[0].name}"]
    assert outcome["closed"] == []


def test_posts_of_a_grid_that_closes_end_and_are_listed(cast: Cast) -> None:
    plan = applied(joined(cast), cast.street)
    for name in ("worker", "partner"):
        post = Post.objects.get(pk=cast.posts[name].pk)
        assert post.until is not None
        assert post.until < clock.today()
    ended = Applied.objects.get(plan=plan).outcome["ended"]
    assert {"李文静", "申海波"} <= {holder for _title, holder, _grid in ended}
    assert cast.fresh("worker").has_perm("people.view", cast.other_grid) is False


def test_who_serves_there_is_told(cast: Cast) -> None:
    plan = applied(joined(cast), cast.street)
    told = set(Message.objects.filter(kind="gridplans.applied").values_list("to__username", flat=True))
    assert {"worker", "partner", "leader", "community"} <= told
    assert not told & {"street", "far_worker", "district"}
    taken_back(plan, cast.street)
    assert Message.objects.filter(kind="gridplans.reverted", to=cast.worker).count() == 1


def test_open_cases_follow_their_building_or_place_and_so_does_who_answers(cast: Cast) -> None:
    make_ground(cast)
    load_presets(by=SYSTEM)
    in_house = reported(cast, building=house(0, 0), area=cast.grid).case
    at_place = reported(cast, area=cast.grid, longitude=middle(0)[0], latitude=middle(0)[1]).case
    nowhere = reported(cast, area=cast.grid).case
    over = reported(cast, area=cast.grid).case
    Case.objects.filter(pk=over.pk).update(state="closed", closed_at=clock.now())
    assert in_house.owner == cast.posts["worker"]
    applied(joined(cast), cast.street)
    for case in (in_house, at_place, nowhere):
        case.refresh_from_db()
        assert (case.area, case.path) == (cast.other_grid, cast.other_grid.path)
        assert case.owner is not None
        assert case.owner.holder in (cast.leader, cast.community)
        assert case.handler == case.owner
    over.refresh_from_db()
    assert over.area == cast.grid, "what is over tells of the past"


def test_taking_back_puts_everything_where_it_was(cast: Cast) -> None:
    make_ground(cast)
    home = Dwelling.objects.filter(building=house(0, 0)).first()
    assert home is not None
    load_presets(by=SYSTEM)
    add_households(cast.community_area, [NewHousehold("H1", home, [_member("单田芳")], clock.today())], by=cast.leader)
    case = reported(cast, building=house(0, 0), area=cast.grid).case
    plan = joined(cast)
    before = world()
    plan = applied(plan, cast.street)
    assert world() != before
    taken_back(plan, cast.street)
    assert world() == before
    case.refresh_from_db()
    assert case.owner == case.handler == cast.posts["worker"]
    assert Applied.objects.get(plan=plan).reverted_at is not None
    again = actions.copy_plan(GridPlan.objects.get(pk=plan.pk), by=cast.street)
    applied(again, cast.street)
    assert Area.objects.get(pk=cast.grid.pk).closed_on == clock.today()


def test_new_grids_close_when_they_are_taken_back_and_open_again(cast: Cast) -> None:
    make_ground(cast)
    plan = drawn(cast.community_area, AS_NOW)
    part = step(plan, "split", grid=key_of(plan, house(7, 0)))
    for key in part.grids:
        if part.grids[key]["remarks"]:
            step(plan, "explain", grid=key, text="先分开")
    before = world()
    plan = applied(GridPlan.objects.get(pk=plan.pk), cast.street)
    new = set(Area.objects.current().values_list("pk", flat=True)) - {row[0] for row in before["areas"]}
    taken_back(plan, cast.street)
    assert world() == before
    again = actions.copy_plan(GridPlan.objects.get(pk=plan.pk), by=cast.street)
    applied(again, cast.street)
    assert new <= set(Area.objects.current().values_list("pk", flat=True)), "the same grid, opened again"


def world() -> dict[str, Any]:
    """Return where everything is."""
    tables: dict[str, Any] = {
        "areas": Area.objects.current().values_list("pk", "name", "bounds", "geometry"),
        "buildings": Building.everything.values_list("pk", "grid", "path"),
        "homes": Dwelling.everything.values_list("pk", "path"),
        "households": Household.everything.values_list("pk", "path"),
        "people": Person.everything.values_list("pk", "path"),
        "cases": Case.objects.values_list("pk", "area", "path", "owner", "handler"),
        "posts": Post.objects.filter(Q(until=None) | Q(until__gte=clock.today())).values_list("pk", "area", "holder"),
        "units": Unit.objects.values_list("pk", "grid", "path"),
        "facilities": Facility.objects.values_list("pk", "area", "path"),
        "planned": PlannedBuilding.objects.values_list("pk", "grid", "path"),
        "reasons": SizeReason.objects.values_list("grid", "text"),
    }
    return {name: sorted(rows, key=lambda row: row[0]) for name, rows in tables.items()}


def test_nothing_is_left_in_a_grid_that_closed() -> None:
    """Of every kind of thing one lies in the grid; all that does not tell of the past follows."""
    made = make_world().cast
    there = {name for name, rows in _in(made.grid).items() if rows}
    assert {"housing.dwelling.path", "people.correction.path", "cases.case.area", "units.unit.grid"} <= there
    Building.objects.update(longitude=None, latitude=None)
    plan = joined(made)
    applied(plan, made.street)
    assert {name: rows for name, rows in _in(made.grid).items() if rows} == {}
    taken_back(plan, made.street)
    assert {name for name, rows in _in(made.grid).items() if rows} == there


def _in(grid: Area) -> dict[str, int]:
    """Count for every model the rows that point to a grid or copy its path, but those that tell of the past."""
    live = {
        "areas.post": Q(until=None) | Q(until__gte=clock.today()),
        "cases.case": Q(state__in=OPEN_STATES),
        "areas.area": Q(closed_on=None),
    }
    found: dict[str, int] = {}
    for model in apps.get_models():
        label = model._meta.label_lower
        if label in PAST or not model.__module__.startswith("linli."):
            continue
        rows: Any = getattr(model, "everything", model._default_manager)
        for field in model._meta.concrete_fields:
            points = isinstance(field, ForeignKey | OneToOneField) and field.related_model is Area
            wanted = grid.pk if points else grid.path if isinstance(field, PathField) else None
            if wanted is not None and not (model is Area and not points):
                here = rows.filter(live.get(label, Q()), **{field.name: wanted})
                found[f"{label}.{field.name}"] = here.count()
    return found


@pytest.mark.parametrize("name", ["street", "district", "administrator"])
def test_who_applies(cast: Cast, name: str) -> None:
    plan = joined(cast)
    with WAITING:
        actions.ask_to_apply(plan, by=cast.users[name])


@pytest.mark.parametrize("name", ["leader", "community", "worker", "auditor", "far_leader", "department"])
def test_who_does_not_apply(cast: Cast, name: str) -> None:
    with pytest.raises(Refused):
        actions.ask_to_apply(joined(cast), by=cast.users[name])


def test_a_grid_out_of_its_band_without_a_reason_stops_it(cast: Cast) -> None:
    make_ground(cast)
    plan = drawn(cast.community_area, AS_NOW)
    west, east = key_of(plan, house(0, 0)), key_of(plan, house(7, 0))
    step(plan, "merge", grid=west, to=east)
    with pytest.raises(NotPossible) as refused:
        actions.ask_to_apply(GridPlan.objects.get(pk=plan.pk), by=cast.street)
    assert "240" in refused.value.messages[0]


def test_a_present_that_changed_since_stops_it(cast: Cast) -> None:
    plan = joined(cast)
    assign_grid(house(3, 0), cast.other_grid, by=cast.leader)
    with pytest.raises(NotPossible) as refused:
        actions.ask_to_apply(plan, by=cast.street)
    assert "广场西社区" in refused.value.messages[0]


def test_a_change_between_asking_and_applying_leaves_everything(cast: Cast) -> None:
    plan = joined(cast)
    with WAITING:
        actions.ask_to_apply(plan, by=cast.street)
    assign_grid(house(3, 0), None, by=cast.leader)
    before = world()
    plan = worked_off(plan)
    assert plan.state == PlanState.READY
    assert plan.job is not None
    assert "广场西社区" in plan.job.message
    assert world() == before


def test_small_grids_and_offices_in_a_grid_that_would_close_stop_it(cast: Cast) -> None:
    from linli.areas.actions import add_area, add_department

    plan = joined(cast)
    add_area(code="14040300700200101", name="小一格", level=Level.MICROGRID, parent=cast.grid, by=SYSTEM)
    add_department(code="station", name="工作站", area=cast.grid, by=SYSTEM)
    with pytest.raises(NotPossible) as refused:
        actions.ask_to_apply(plan, by=cast.street)
    assert [("小一格" in text, "工作站" in text) for text in refused.value.messages] == [(True, False), (False, True)]


def test_an_older_page_does_not_apply(cast: Cast) -> None:
    plan = joined(cast)
    with pytest.raises(Stale):
        actions.ask_to_apply(plan, version=plan.version - 1, by=cast.street)


def test_what_is_in_force_is_not_applied_again_and_a_draft_is_not_taken_back(cast: Cast) -> None:
    plan = joined(cast)
    with pytest.raises(NotPossible):
        actions.ask_to_revert(plan, by=cast.street)
    plan = applied(plan, cast.street)
    with pytest.raises(NotPossible):
        actions.ask_to_apply(plan, by=cast.street)
    with pytest.raises(Refused):
        actions.ask_to_revert(plan, by=cast.leader)


def split_and_applied(cast: Cast) -> tuple[GridPlan, Area]:
    """Return a draft in force that opened one grid, and the grid."""
    make_ground(cast)
    plan = drawn(cast.community_area, AS_NOW)
    part = step(plan, "split", grid=key_of(plan, house(7, 0)))
    for key in part.grids:
        if part.grids[key]["remarks"]:
            step(plan, "explain", grid=key, text="先分开")
    plan = applied(GridPlan.objects.get(pk=plan.pk), cast.street)
    new = Area.objects.current().filter(level=Level.GRID, parent=cast.community_area)
    return plan, new.exclude(pk__in=[cast.grid.pk, cast.other_grid.pk]).get()


@pytest.mark.parametrize("what", ["case", "post", "name", "building", "unit"])
def test_something_newer_keeps_it_from_being_taken_back(cast: Cast, what: str) -> None:
    plan, new = split_and_applied(cast)
    if what == "case":
        load_presets(by=SYSTEM)
        reported(cast, area=new)
    elif what == "post":
        create_post(role=Role.WORKER, area=new, holder=cast.worker, by=cast.administrator)
    elif what == "name":
        rename_area(new, "新名字", by=cast.administrator)
    elif what == "building":
        moved = Building.objects.filter(grid=new).first()
        assert moved is not None
        assign_grid(moved, cast.other_grid, by=cast.leader)
    else:
        from linli.units.actions import UnitFacts, Where, add_unit

        add_unit(UnitFacts("惠民超市"), Where(new, "底商"), by=cast.leader)
    with pytest.raises(NotPossible) as refused:
        actions.ask_to_revert(plan, by=cast.street)
    assert len(refused.value.messages) == 1


def test_a_later_draft_is_taken_back_first(cast: Cast) -> None:
    plan, _new = split_and_applied(cast)
    later = drawn(cast.community_area, AS_NOW)
    for key, row in part_of(later).grids.items():
        if row["remarks"]:
            step(later, "explain", grid=key, text="先这样")
    applied(GridPlan.objects.get(pk=later.pk), cast.street)
    with pytest.raises(NotPossible):
        actions.ask_to_revert(plan, by=cast.street)
    taken_back(GridPlan.objects.get(pk=later.pk), cast.street)
    taken_back(GridPlan.objects.get(pk=plan.pk), cast.street)


def test_posts_go_on_in_a_new_grid_that_has_most_of_the_old_one() -> None:
    from types import SimpleNamespace

    from linli.areas.redrawn import NewGrid
    from linli.gridplans.changing import PartChange

    grid = NewGrid("1", "新", {})
    part: Any = SimpleNamespace()
    common = {(7, "a"): 30, (7, "b"): 100, (8, "b"): 90, (8, "a"): 10, (9, "c"): 5}
    change = PartChange(part, {"a": grid, "b": grid}, {"c": 3}, {}, [7, 8, 9], {}, common)
    assert change.carried() == {7: "b", 8: None, 9: None}
    assert change.successors() == {7: "b", 8: "b", 9: "c"}


def test_carried_posts_are_held_by_the_same_people(cast: Cast) -> None:
    from linli.areas.bulk import carry_posts, put_back_posts

    away = NewAbsence(cast.worker, clock.today(), clock.today(), AbsenceReason.LEAVE, post=cast.posts["worker"])
    absence = ask_absence(away, by=cast.leader)
    found = carry_posts(cast.community_area, {cast.grid.pk: cast.other_grid}, by=cast.street)
    old, new = cast.posts["worker"], Post.objects.get(pk=found[cast.posts["worker"].pk])
    assert (new.holder, new.role, new.board_phone, new.area) == (old.holder, old.role, old.board_phone, cast.other_grid)
    assert cast.fresh("worker").has_perm("people.view", cast.other_grid)
    absence.refresh_from_db()
    assert absence.post == new
    carried = {new: old for old, new in found.items() if new is not None}
    put_back_posts(cast.community_area, dict.fromkeys(found), carried, by=cast.street)
    assert not Post.objects.filter(pk__in=carried).exists()
    absence.refresh_from_db()
    assert absence.post == old
    assert cast.fresh("worker").has_perm("people.view", cast.grid)
    appoint(Post.objects.get(pk=old.pk), None, by=cast.administrator)


def test_what_is_being_built_is_seen_before_it_is_there(cast: Cast) -> None:
    make_ground(cast)
    longitude, latitude = middle(1)
    add_planned(PlannedValues("锦绣府二期", 90, date(2027, 6, 1), longitude, latitude), by=SYSTEM)
    plan = drawn(cast.community_area, AS_NOW)
    with pytest.raises(NotPossible) as refused:
        actions.ask_to_apply(plan, by=cast.street)
    assert "210" in refused.value.messages[0]
    assert "2027-06" in refused.value.messages[0]
    step(plan, "explain", grid=key_of(plan, house(7, 0)), text="到时候再拆")
    applied(GridPlan.objects.get(pk=plan.pk), cast.street)


def test_a_whole_street_is_planned_and_applied(cast: Cast) -> None:
    make_ground(cast)
    assert drawn(cast.street_area, HALVES).parts.count() == 1, "a community without buildings has nothing to divide"
    middle_of = dict(zip(("longitude", "latitude"), middle(2), strict=True))
    new = NewBuilding(cast.beside_community, "独楼", grid=cast.beside_grid, **middle_of)
    building = add_building(new, by=SYSTEM)
    assert drawn(cast.street_area, HALVES).parts.count() == 1, "nor has one without homes"
    add_dwellings([NewDwelling(building, "", "101")], by=SYSTEM)
    plan = drawn(cast.street_area, HALVES)
    assert plan.parts.count() == 2
    for part in plan.parts.all():
        for key, row in part.grids.items():
            if row["remarks"]:
                step(plan, "explain", grid=key, text="先这样")
    applied(GridPlan.objects.get(pk=plan.pk), cast.street)
    assert Area.objects.get(pk=cast.beside_grid.pk).closed_on is None
