"""Area paths: one text column that holds a node's ancestors, so that a subtree is a range.

A path is a chain of short keys that never change, each ended by a full stop: ``"1.4.2."``. Codes are not used, so a
re-coded district moves no row. A subtree is ``path >= p AND path < p + "~"``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from linli.core.fields import BytewiseField

SEPARATOR = "."
AFTER = "~"
MAX_LENGTH = 80


class PathField(BytewiseField):
    """A path column."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", MAX_LENGTH)
        super().__init__(*args, **kwargs)


def child_path(parent: str, key: str) -> str:
    """Return the path of a child: ``child_path("1.", "4") == "1.4."``."""
    return f"{parent}{key}{SEPARATOR}"


def ancestors(path: str, *, include_self: bool = True) -> list[str]:
    """Return the paths from the root down to ``path``: ``"1.4." → ["1.", "1.4."]``."""
    keys = path.rstrip(SEPARATOR).split(SEPARATOR) if path else []
    chain = [SEPARATOR.join(keys[: depth + 1]) + SEPARATOR for depth in range(len(keys))]
    return chain if include_self else chain[:-1]


def covers(ancestor: str, path: str) -> bool:
    """Tell whether ``path`` lies in the subtree of ``ancestor``; an empty path lies nowhere."""
    return bool(ancestor) and bool(path) and path.startswith(ancestor)


def within(paths: Iterable[str], field: str = "path") -> Q:
    """Return the condition “in one of these subtrees”; no path matches nothing."""
    condition = Q(pk__in=[])
    for path in outermost(paths):
        condition |= Q(**{f"{field}__gte": path, f"{field}__lt": path + AFTER})
    return condition


def shared(some: Iterable[str], others: Iterable[str]) -> list[str]:
    """Return the subtrees that lie in both: ``shared(["1.2."], ["1.", "1.2.7."]) == ["1.2."]``."""
    one, other = outermost(some), outermost(others)
    inside = [path for path in one if any(covers(above, path) for above in other)]
    return outermost(inside + [path for path in other if any(covers(above, path) for above in one)])


def outermost(paths: Iterable[str]) -> list[str]:
    """Return the paths that no other path of the list covers, sorted."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return kept
