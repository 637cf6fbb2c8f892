"""Scope: which subtrees, departments or own things an ability of a user reaches.

The posts of a user are read once and kept on the user object, which lives as long as one request.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from linli.areas.choices import Reach
from linli.areas.roles import reach_of
from linli.core import clock

if TYPE_CHECKING:
    from linli.areas.cover import StandIn
    from linli.areas.models import Post


@dataclass(frozen=True)
class Scope:
    """How far one ability of one user reaches."""

    paths: tuple[str, ...] = ()
    departments: tuple[int, ...] = ()
    own: bool = False

    def __bool__(self) -> bool:
        return bool(self.paths or self.departments or self.own)


def posts_held_by(user: Any) -> list[Post]:
    """Return the posts that the user holds today, with their areas; nobody holds one without an account."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return []
    if not hasattr(user, "_posts_held"):
        from linli.areas.cover import somebody_is_away

        today = clock.today()
        held = user.posts.on(today).annotate(somebody_is_away=somebody_is_away(today))
        user._posts_held = list(held.select_related("area", "department").defer("area__geometry").order_by("id"))
    return list(user._posts_held)


def forget_posts(user: Any) -> None:
    """Drop what was read, after a change of posts."""
    for kept in ("_posts_held", "_stand_ins", "_scopes"):
        user.__dict__.pop(kept, None)


def stand_ins_known_to(user: Any) -> dict[int, StandIn]:
    """Return post id → who stands in today, read once and only while somebody is away."""
    if not any(post.somebody_is_away for post in posts_held_by(user)):  # type: ignore[attr-defined]
        return {}
    if not hasattr(user, "_stand_ins"):
        from linli.areas.cover import stand_ins_on

        user._stand_ins = stand_ins_on(clock.today())
    found: dict[int, StandIn] = user._stand_ins
    return found


def covered_by(user: Any) -> list[StandIn]:
    """Return the posts of others that the user sees to today."""
    return [found for found in stand_ins_known_to(user).values() if found.user is not None and found.user.pk == user.pk]


def posts_served_by(user: Any) -> list[Post]:
    """Return the posts that the user holds, and those that the user stands in for."""
    return [*posts_held_by(user), *(found.post for found in covered_by(user))]


def scope_of(user: Any, ability: str) -> Scope:
    """Return how far an ability of a user reaches; an empty scope reaches nothing."""
    posts = posts_served_by(user)
    if not posts:
        return Scope()
    # A list asks the same for each of its rows.
    scopes = user.__dict__.setdefault("_scopes", {})
    if ability not in scopes:
        scopes[ability] = _scope_by(posts, ability)
    found: Scope = scopes[ability]
    return found


def _scope_by(posts: list[Post], ability: str) -> Scope:
    paths, departments, own = [], [], False
    for post in posts:
        match reach_of(post.role, ability):
            case Reach.AREA:
                paths.append(post.area.path)
            case Reach.DEPARTMENT if post.department_id is not None:
                departments.append(post.department_id)
            case Reach.OWN:
                own = True
            case _:
                pass
    return Scope(tuple(paths), tuple(departments), own)


def scope_paths(user: Any, ability: str) -> tuple[str, ...]:
    """Return the subtrees that an ability of a user reaches."""
    return scope_of(user, ability).paths
