"""The rights backend answers exactly what the roles table says."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from linli.accounts.rules import SYSTEM
from linli.areas.actions import appoint
from linli.areas.choices import Reach, Role
from linli.areas.models import Area, Post
from linli.areas.roles import abilities, reach_of, table
from linli.areas.scope import scope_of
from linli.core import clock
from tests.cast import STAFF, Cast

pytestmark = pytest.mark.django_db


def test_every_role_has_a_row_or_none_at_all() -> None:
    assert set(table()) <= set(Role)
    assert all(reach in Reach for row in table().values() for reach in row.values())


@pytest.mark.parametrize("username", [name for name, *_rest in STAFF])
def test_inside_and_outside_the_area_of_a_post(cast: Cast, username: str) -> None:
    user, post = cast.users[username], cast.posts[username]
    inside = SimpleNamespace(path=post.area.path + "9.", department_id=None, reporter_id=None)
    outside = SimpleNamespace(path="99.", department_id=None, reporter_id=None)
    for ability in abilities():
        reach = reach_of(post.role, ability)
        assert user.has_perm(ability) is (reach is not None)
        assert user.has_perm(ability, inside) is (reach is Reach.AREA)
        assert user.has_perm(ability, outside) is False


def test_a_department_reaches_what_was_given_to_it(cast: Cast) -> None:
    given = SimpleNamespace(path="99.", department_id=cast.heating.pk, reporter_id=None)
    other = SimpleNamespace(path=cast.grid.path, department_id=cast.lighting.pk, reporter_id=None)
    assert cast.department.has_perm("cases.handle", given)
    assert not cast.department.has_perm("cases.handle", other)


def test_own_reports_and_no_others(cast: Cast) -> None:
    own = SimpleNamespace(path=cast.grid.path, department_id=None, reporter_id=cast.police.pk)
    other = SimpleNamespace(path=cast.grid.path, department_id=None, reporter_id=cast.worker.pk)
    assert cast.police.has_perm("cases.view", own)
    assert not cast.police.has_perm("cases.view", other)


def test_somebody_without_a_post_may_nothing(cast: Cast) -> None:
    assert not any(cast.outsider.has_perm(ability) for ability in abilities())
    assert not Area.objects.visible_to(cast.outsider).exists()
    assert not Post.objects.visible_to(cast.outsider).exists()


def test_a_person_who_may_not_sign_in_may_nothing(cast: Cast) -> None:
    worker = cast.worker
    worker.is_active = False
    assert not any(worker.has_perm(ability) for ability in abilities())


def test_a_post_counts_from_its_first_to_its_last_day(cast: Cast) -> None:
    post, today = cast.posts["worker"], clock.today()
    for since, until, counts in (
        (today, None, True),
        (today - timedelta(days=9), today, True),
        (today + timedelta(days=1), None, False),
        (today - timedelta(days=9), today - timedelta(days=1), False),
    ):
        post.since, post.until = since, until
        post.save()
        assert bool(scope_of(cast.fresh("worker"), "people.view")) is counts


def test_a_post_that_was_vacated_gives_nothing(cast: Cast) -> None:
    appoint(cast.posts["worker"], None, by=SYSTEM)
    assert not cast.fresh("worker").has_perm("cases.view")


def test_the_tree_is_read_as_far_as_the_post_reaches(cast: Cast) -> None:
    assert set(Area.objects.visible_to(cast.worker)) == {cast.grid}
    assert set(Area.objects.visible_to(cast.leader)) == {cast.community_area, cast.grid, cast.other_grid}
    assert cast.far_grid not in Area.objects.visible_to(cast.street)
    assert cast.far_grid in Area.objects.visible_to(cast.district)
