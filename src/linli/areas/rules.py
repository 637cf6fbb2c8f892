"""Who may answer for the absence of somebody."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from linli.accounts.rules import SYSTEM
from linli.areas.choices import Reach, Role
from linli.areas.models import Post
from linli.areas.roles import reach_of
from linli.areas.scope import posts_served_by
from linli.core.paths import covers

COVER = "posts.cover"


def may_decide(by: Any, person: Any, posts: Iterable[Post]) -> bool:
    """Tell whether ``by`` answers for an absence of a person from these posts: from above, and never for oneself.

    An administrator also answers for posts at the same level, above which there is nobody.
    """
    if by is SYSTEM:
        return True
    if by.pk == person.pk:
        return False
    concerned = list(posts)
    return bool(concerned) and all(_stands_above(by, post) for post in concerned)


def _stands_above(by: Any, post: Post) -> bool:
    return any(answers_for(own, post) for own in posts_served_by(by))


def answers_for(own: Post, post: Post) -> bool:
    """Tell whether the holder of one post answers for absences from the other."""
    if reach_of(own.role, COVER) != Reach.AREA or not covers(own.area.path, post.area.path):
        return False
    return own.role == Role.ADMINISTRATOR or own.area_id != post.area_id
