"""The one rights backend: answers abilities and scope paths from the posts of a user."""

from __future__ import annotations

from typing import Any

from linli.areas.scope import scope_of
from linli.core.paths import covers


class PostBackend:
    """Answers ``user.has_perm(ability, obj)``.

    An object tells where it belongs: ``path`` (its area), ``department_id`` (whom it was given to),
    ``reporter_id`` (whose it is). Without an object the answer tells whether the ability reaches anything at all.
    """

    def authenticate(self, request: Any, **credentials: Any) -> None:
        """Nobody signs in through this backend."""

    def has_perm(self, user: Any, ability: str, obj: Any = None) -> bool:
        scope = scope_of(user, ability)
        if obj is None:
            return bool(scope)
        if any(covers(path, getattr(obj, "path", "")) for path in scope.paths):
            return True
        if getattr(obj, "department_id", None) in scope.departments:
            return True
        return scope.own and getattr(obj, "reporter_id", None) == user.pk

    def scope_paths(self, user: Any, ability: str) -> tuple[str, ...]:
        """Return the subtrees that the ability reaches."""
        return scope_of(user, ability).paths
