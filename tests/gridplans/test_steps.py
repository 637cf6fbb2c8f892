"""Steps by hand: buildings moved, grids joined, divided, locked, renamed, explained; undone and done again."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from linli.accounts.rules import Refused
from linli.gridplans import actions
from linli.gridplans.models import GridPlan, PlanStep
from linli.gridplans.queries import checks_for, parts_of, step_words
from linli.gridplans.rules import NotPossible, Stale
from tests.cast import Cast
from tests.gridplans.samples import AS_NOW, HALVES, HOMES, ROWS, drawn, house, key_of, make_ground, part_of, step

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]
EDGE, INNER = 3, 1


def begun(cast: Cast) -> tuple[GridPlan, str, str]:
    """Return a draft of two grids and their keys from west to east."""
    make_ground(cast)
    plan = drawn(cast.community_area, AS_NOW, by=cast.leader)
    return plan, key_of(plan, house(0, 0)), key_of(plan, house(7, 0))


def test_buildings_move_to_a_grid_beside_them(cast: Cast) -> None:
    plan, west, east = begun(cast)
    column = [house(EDGE, row).pk for row in range(ROWS)]
    part = step(plan, "move", by=cast.leader, buildings=column, to=east)
    assert part.grids[west]["households"] == 12 * HOMES - 3 * HOMES
    assert part.grids[east]["households"] == 12 * HOMES + 3 * HOMES
    assert (part.figures["moved_buildings"], part.figures["moved_households"]) == (3, 30)
    assert part.grids[east]["code"] == cast.other_grid.code
    plan.refresh_from_db()
    assert (plan.version, plan.done) == (3, 1)
    undo, redo = step_words(plan)
    assert undo is not None
    assert redo is None


def test_a_grid_must_hang_together_and_keep_something(cast: Cast) -> None:
    plan, west, east = begun(cast)
    far = [house(0, row).pk for row in range(ROWS)]
    with pytest.raises(ValidationError) as refused:
        step(plan, "move", buildings=far, to=east)
    assert "buildings" in refused.value.message_dict
    middle = [house(column, row).pk for column in (INNER, EDGE) for row in range(ROWS)]
    middle += [house(2, row).pk for row in range(ROWS) if row]
    with pytest.raises(ValidationError):
        step(plan, "move", buildings=middle, to=east)
    everything = [house(column, row).pk for column in range(4) for row in range(ROWS)]
    with pytest.raises(ValidationError):
        step(plan, "move", buildings=everything, to=east)
    with pytest.raises(ValidationError):
        step(plan, "move", buildings=[house(0, 0).pk], to=west)
    plan.refresh_from_db()
    assert (plan.version, plan.done) == (2, 0), "a refused step leaves nothing"


def test_what_is_no_building_or_grid_of_the_community_is_refused(cast: Cast) -> None:
    plan, west, east = begun(cast)
    for wrong in (
        {"kind": "move", "buildings": [10**9], "to": east},
        {"kind": "move", "buildings": [], "to": east},
        {"kind": "move", "buildings": [house(EDGE, 0).pk], "to": "999-1"},
        {"kind": "merge", "grid": west, "to": west},
        {"kind": "merge", "grid": west, "to": "140403007002-99"},
        {"kind": "split", "grid": ""},
        {"kind": "dance", "grid": west},
        {"kind": "rename", "grid": west, "text": "  "},
        {"kind": "rename", "grid": west, "text": cast.other_grid.name},
        {"kind": "rename", "grid": west, "text": "长" * 101},
        {"kind": "explain", "grid": west, "text": "没什么可说的"},
    ):
        kind = str(wrong.pop("kind"))
        with pytest.raises(ValidationError):
            step(plan, kind, **wrong)


def test_two_grids_are_joined_and_divided_again(cast: Cast) -> None:
    plan, west, east = begun(cast)
    part = step(plan, "merge", grid=west, to=east)
    assert [row["households"] for row in part.grids.values()] == [240]
    part = step(plan, "split", grid=east)
    assert len(part.grids) == 2
    for key, row in part.grids.items():
        assert row["pieces"] == 1
        assert 100 <= row["households"] <= 140, key
    assert {row["code"] for row in part.grids.values()} == {cast.grid.code, cast.other_grid.code}
    again = step(plan, "merge", grid=next(iter(part.grids)), to=list(part.grids)[1])
    assert len(again.grids) == 1
    assert step(plan, "split", grid=next(iter(again.grids))).shapes.keys() != part.shapes.keys()
    assert sorted(part.assignment.count(key) for key in part.grids) == sorted(
        part_of(plan).assignment.count(key) for key in part_of(plan).grids
    ), "the same grid is divided the same way"


def test_a_building_alone_is_not_divided(cast: Cast) -> None:
    plan, _west, east = begun(cast)
    part = step(plan, "split", grid=east)
    while True:
        key = min(part.grids, key=lambda key: part.grids[key]["buildings"])
        if part.grids[key]["buildings"] == 1:
            break
        part = step(plan, "split", grid=key)
    with pytest.raises(ValidationError):
        step(plan, "split", grid=key)


def test_a_locked_grid_stays_until_it_is_unlocked(cast: Cast) -> None:
    plan, west, east = begun(cast)
    step(plan, "lock", grid=east)
    edge = {"buildings": [house(EDGE, 0).pk], "to": east}
    for kind, asked in (("move", edge), ("merge", {"grid": west, "to": east}), ("split", {"grid": east})):
        with pytest.raises(ValidationError):
            step(plan, kind, **asked)
    step(plan, "unlock", grid=east)
    assert step(plan, "move", **edge).grids[east]["buildings"] == 13


def test_names_and_reasons_are_kept_and_a_reason_settles_the_check(cast: Cast) -> None:
    plan, west, east = begun(cast)
    step(plan, "rename", grid=west, text="西一网格")
    part = step(plan, "merge", grid=east, to=west)
    assert part.grids[west]["name"] == "西一网格"
    plan.refresh_from_db()
    assert checks_for(plan, parts_of(plan)).hindering()
    part = step(plan, "explain", grid=west, text="两边是一个院子")
    plan.refresh_from_db()
    assert checks_for(plan, parts_of(plan)).hindering() == []
    assert part.grids[west]["reason"] == "两边是一个院子"
    step(plan, "explain", grid=west, text="")
    plan.refresh_from_db()
    assert checks_for(plan, parts_of(plan)).hindering()


def test_every_step_is_undone_and_done_again_exactly(cast: Cast) -> None:
    plan, west, east = begun(cast)
    seen = [state(plan)]
    for kind, asked in (
        ("move", {"buildings": [house(EDGE, 0).pk], "to": east}),
        ("rename", {"grid": east, "text": "东网格"}),
        ("split", {"grid": west}),
        ("lock", {"grid": east}),
        ("unlock", {"grid": east}),
        ("merge", {"grid": west, "to": east}),
        ("explain", {"grid": east, "text": "户数多,楼却挨着"}),
    ):
        step(plan, kind, by=cast.leader, **asked)
        seen.append(state(plan))
    for earlier in reversed(seen[:-1]):
        plan.refresh_from_db()
        actions.undo_step(plan, version=plan.version, by=cast.leader)
        assert state(plan) == earlier
    plan.refresh_from_db()
    with pytest.raises(ValidationError):
        actions.undo_step(plan, version=plan.version, by=cast.leader)
    for later in seen[1:]:
        plan.refresh_from_db()
        actions.redo_step(plan, version=plan.version, by=cast.leader)
        assert state(plan) == later
    plan.refresh_from_db()
    with pytest.raises(ValidationError):
        actions.redo_step(plan, version=plan.version, by=cast.leader)


def state(plan: GridPlan) -> object:
    part = part_of(plan)
    rows = {key: {name: row[name] for name in ("code", "name", "locked", "reason")} for key, row in part.grids.items()}
    return rows, part.assignment


def test_a_new_step_forgets_what_was_undone(cast: Cast) -> None:
    plan, west, east = begun(cast)
    step(plan, "lock", grid=east)
    step(plan, "lock", grid=west)
    plan.refresh_from_db()
    actions.undo_step(plan, version=plan.version, by=cast.leader)
    step(plan, "rename", grid=west, text="西网格")
    assert list(PlanStep.objects.filter(plan=plan).values_list("number", "kind")) == [(1, "lock"), (2, "rename")]


def test_a_step_from_an_older_page_is_stale(cast: Cast) -> None:
    plan, _west, east = begun(cast)
    version = GridPlan.objects.get(pk=plan.pk).version
    step(plan, "lock", grid=east, version=version)
    with pytest.raises(Stale) as stale:
        step(plan, "unlock", grid=east, version=version)
    assert stale.value.version == version + 1


def test_who_may_not_plan_takes_no_step_and_no_step_changes_what_is_thrown_away(cast: Cast) -> None:
    plan, _west, east = begun(cast)
    for name in ("worker", "auditor", "far_leader", "department"):
        with pytest.raises(Refused):
            step(plan, "lock", by=cast.users[name], grid=east)
    step(plan, "lock", by=cast.street, grid=east)
    actions.discard_plan(plan, by=cast.leader)
    with pytest.raises(NotPossible):
        step(plan, "unlock", by=cast.leader, grid=east)


def test_codes_of_closed_grids_are_not_given_again(cast: Cast) -> None:
    make_ground(cast)
    plan = drawn(cast.community_area, HALVES)
    codes = [row["code"] for row in part_of(plan).grids.values()]
    assert len({*codes}) == len(codes)
    assert all(code.startswith(cast.community_area.code) and len(code) == 15 for code in codes)
