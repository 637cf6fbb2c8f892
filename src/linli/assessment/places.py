"""Grids and communities as rows beside each other: what lies in them, who serves them, what is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from linli.areas.choices import Level, Role
from linli.areas.models import Area, AreaQuerySet, Post
from linli.areas.queries import accountable_posts
from linli.assessment.choices import Figure
from linli.assessment.queries import Tally, open_counts
from linli.cases.rules import shows_persons
from linli.core.paths import within
from linli.housing.queries.profiles import CommunityLine, lines_of
from linli.people.queries import household_counts

LONGEST_WORDS = 60
STAFF_ROLES = (Role.WORKER, Role.ASSISTANT)
_DRAWN = ("geometry", "bounds", "parent__geometry", "parent__bounds")


@dataclass(frozen=True)
class GridRow:
    """One grid of the list. ``worker`` is empty where nobody serves the grid itself."""

    grid: Area
    community: str
    worker: str
    households: int | None
    open: int
    late: int


@dataclass(frozen=True)
class GridFilters:
    """What narrows the list of grids."""

    under: str = ""
    text: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> GridFilters:
        """Read the query of an address."""
        return cls(query.get("under", ""), query.get("q", "").strip()[:LONGEST_WORDS])


def grids_seen(user: Any) -> AreaQuerySet:
    """Return the grids that a user sees."""
    grids: AreaQuerySet = Area.objects.visible_to(user)
    return grids.current().filter(level=Level.GRID)


def grids_for(user: Any, chosen: GridFilters) -> AreaQuerySet:
    """Return the grids that a user sees in the order of their codes, narrowed by area and name."""
    grids = grids_seen(user).select_related("parent").defer(*_DRAWN)
    if chosen.under:
        grids = grids.filter(within(Area.objects.filter(code=chosen.under).values_list("path", flat=True)))
    if chosen.text:
        grids = grids.filter(name__contains=chosen.text)
    return grids.order_by("code")


def grid_rows(user: Any, grids: Sequence[Area]) -> list[GridRow]:
    """Return grids as rows, with numbers as far as the user may see them."""
    counts = open_counts(user, [grid.path for grid in grids])
    households = household_numbers(user, grids)
    posts = accountable_posts(list(grids))
    named = shows_persons(user)
    return [
        GridRow(
            grid=grid,
            community=grid.parent.name if grid.parent else "",
            worker=_worker(grid, posts.get(grid.pk), named=named),
            households=households.get(grid.path),
            open=counts.get(grid.path, Tally()).count(Figure.OPEN),
            late=counts.get(grid.path, Tally()).count(Figure.LATE),
        )
        for grid in grids
    ]


def _worker(grid: Area, post: Post | None, *, named: bool) -> str:
    """Return who serves the grid itself; a post of a higher level stands in, but is not its worker."""
    if post is None or post.area_id != grid.pk or post.role not in STAFF_ROLES or post.holder is None:
        return ""
    return post.holder.name if named else post.title


def household_numbers(user: Any, places: Sequence[Area]) -> dict[str, int]:
    """Return path → households, for the places whose numbers the user may see."""
    return household_counts([place.path for place in places if user.has_perm("people.count", place)])


def community_rows(user: Any, communities: Sequence[Area]) -> list[tuple[CommunityLine, int | None]]:
    """Return communities as rows, each with its households as far as the user may see them."""
    counted = household_numbers(user, communities)
    return [(line, counted.get(line.community.path)) for line in lines_of(communities)]
