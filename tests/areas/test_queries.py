"""Where a point lies and who serves a place."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from linli.accounts.rules import SYSTEM, Refused
from linli.areas.actions import add_area, appoint, create_post, rename_area, set_boundary
from linli.areas.choices import Level, Role
from linli.areas.queries import (
    accountable_post,
    accountable_posts,
    ancestors_of,
    board_of,
    community_of,
    locate,
    staff_of,
    vacant_grids,
)
from linli.journal.models import Entry
from tests.cast import Cast, middle, square

pytestmark = pytest.mark.django_db


def test_a_point_lies_in_its_grid_or_in_none(cast: Cast) -> None:
    assert locate(*middle(0)) == cast.grid
    assert locate(*middle(3)) == cast.far_grid
    assert locate(121.47, 31.23) is None


def test_a_boundary_that_moves_takes_its_points_along(cast: Cast) -> None:
    assert locate(*middle(5)) is None
    set_boundary(cast.far_grid, square(5), by=SYSTEM)
    assert locate(*middle(5)) == cast.far_grid
    assert locate(*middle(3)) is None


def test_a_vacant_post_falls_to_the_next_level(cast: Cast) -> None:
    def holder() -> str:
        post = accountable_post(cast.grid)
        assert post is not None
        assert post.holder is not None
        return post.holder.username

    order = ["worker", "partner", "leader", "community", "street"]
    for username in order:
        assert holder() == username
        appoint(cast.posts[username], None, by=SYSTEM)
    assert accountable_post(cast.grid) is None


def test_many_areas_are_answered_for_in_one_query(cast: Cast, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = accountable_posts([cast.grid, cast.other_grid, cast.far_grid])
    assert {area: post.holder.username for area, post in found.items() if post.holder} == {
        cast.grid.pk: "worker",
        cast.other_grid.pk: "leader",
        cast.far_grid.pk: "far_worker",
    }


def test_the_board_shows_worker_stand_in_and_supervision(cast: Cast) -> None:
    board = board_of(cast.grid)
    assert board is not None
    assert (board.name, board.phone) == ("李文静", "0355-000-0300")
    assert (board.stand_in_name, board.stand_in_phone) == ("申海波", "0355-000-0301")
    assert board.supervision_phone == "0355-000-0300"


def test_staff_is_found_at_the_area_or_the_nearest_above(cast: Cast) -> None:
    assert [post.holder for post in staff_of(cast.grid, [Role.STREET])] == [cast.street]
    assert [post.holder for post in staff_of(cast.grid, [Role.LEADER, Role.COMMUNITY])] == [cast.leader, cast.community]
    assert staff_of(cast.far_grid, [Role.STREET]) == []


def test_the_chain_upwards(cast: Cast) -> None:
    assert community_of(cast.grid) == cast.community_area
    assert [area.code for area in ancestors_of(cast.grid)] == ["14", "1404", "140403", "140403007", "140403007002"]


def test_grids_without_anybody_are_named(cast: Cast) -> None:
    assert vacant_grids(cast.community_area) == [cast.other_grid]
    assert cast.beside_grid in vacant_grids(cast.street_area)
    assert vacant_grids(cast.far_community) == []


def test_only_an_administrator_changes_the_tree(cast: Cast) -> None:
    rename_area(cast.grid, "东网格", by=cast.administrator)
    assert Entry.objects.filter(action="areas.rename", actor="administrator").exists()
    for user in (cast.worker, cast.leader, cast.street, cast.district, cast.auditor, cast.outsider):
        with pytest.raises(Refused):
            rename_area(cast.grid, "西网格", by=user)
        with pytest.raises(Refused):
            create_post(role=Role.WORKER, area=cast.grid, by=user)


def test_a_node_lies_below_a_higher_level_and_has_a_code_of_its_own(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="140403007"):
        add_area(code="140403007", name="x", level=Level.STREET, parent=cast.district_area, by=SYSTEM)
    with pytest.raises(ValidationError):
        add_area(code="9", name="x", level=Level.STREET, parent=cast.grid, by=SYSTEM)
    with pytest.raises(ValidationError):
        set_boundary(cast.grid, {"type": "Point", "coordinates": [113.1, 36.1]}, by=SYSTEM)


def test_a_department_post_needs_a_department(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        create_post(role=Role.DEPARTMENT, area=cast.street_area, by=SYSTEM)
