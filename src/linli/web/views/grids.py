"""The list of grids, and the page of one grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from linli.accounts.access import allowed
from linli.areas.choices import Level, Role
from linli.areas.models import Area, AreaQuerySet, Post
from linli.areas.queries import accountable_posts, ancestors_of, current_posts
from linli.assessment.choices import Figure
from linli.assessment.queries import Tally, open_counts
from linli.cases.queries import CaseFilters, cases_for
from linli.cases.rules import shows_persons
from linli.core.paging import page_of
from linli.core.paths import within
from linli.housing.queries import buildings_in
from linli.people.queries import household_counts
from linli.web.case_words import line_of
from linli.web.links import link

MOST_CASES = 10
BUILDING_ROWS = 50
STAFF_ROLES = (Role.WORKER, Role.ASSISTANT)


@dataclass(frozen=True)
class GridRow:
    """One grid of the list. ``worker`` is empty where nobody serves the grid itself."""

    grid: Area
    community: str
    worker: str
    households: int | None
    open: int
    late: int


@allowed("areas.view")
def grid_list(request: HttpRequest) -> HttpResponse:
    """List the grids that the user sees in the order of their codes, narrowed by area and name."""
    user = request.user
    under, words = request.GET.get("under", ""), request.GET.get("q", "").strip()[:60]
    grids = _grids(user).select_related("parent").defer("geometry", "bounds", "parent__geometry", "parent__bounds")
    if under:
        grids = grids.filter(within(Area.objects.filter(code=under).values_list("path", flat=True)))
    if words:
        grids = grids.filter(name__contains=words)
    page = page_of(request, grids.order_by("code"))
    rows, sees_cases = _rows(user, list(page.object_list)), user.has_perm("cases.view")
    context = {"page": page, "rows": rows, "q": words, "under": under, "sees_cases": sees_cases}
    return render(request, "web/grids/list.html", context)


@allowed("areas.view")
def grid(request: HttpRequest, code: str) -> HttpResponse:
    """Show one grid: who serves it, its homes and buildings, what is open."""
    user = request.user
    found = get_object_or_404(_grids(user), code=code)
    open_cases = cases_for(user, CaseFilters(state="open", under=code))[:MOST_CASES]
    named = shows_persons(user)
    context = {
        "grid": found,
        "chain": [area.name for area in ancestors_of(found)],
        "posts": _posts(found),
        "named": named,
        "tally": _tally(user, found),
        "sees_cases": user.has_perm("cases.view"),
        "households": _households(user, [found]).get(found.path),
        "buildings": page_of(request, buildings_in(found).defer("search_terms", "geometry"), BUILDING_ROWS),
        "lines": [line_of(user, case, set(), named=named) for case in open_cases],
        "cases_url": link("case-list", under=code, state="open"),
        "late_url": link("case-list", under=code, pile="late"),
        "areas_url": link("map-areas", under=found.parent.code if found.parent else code),
        "points_url": link("map-cases", under=code),
        "buildings_url": link("map-buildings", grid=code),
        "households_url": link("household-list", under=code) if user.has_perm("people.view", found) else "",
    }
    return render(request, "web/grids/grid.html", context)


def _grids(user: Any) -> AreaQuerySet:
    grids: AreaQuerySet = Area.objects.visible_to(user)
    return grids.current().filter(level=Level.GRID)


def _rows(user: Any, grids: list[Area]) -> list[GridRow]:
    counts = open_counts(user, [grid.path for grid in grids])
    households = _households(user, grids)
    posts = accountable_posts(grids)
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


def _households(user: Any, grids: list[Area]) -> dict[str, int]:
    """Return path → households, for the grids whose numbers the user may see."""
    return household_counts([grid.path for grid in grids if user.has_perm("people.count", grid)])


def _tally(user: Any, found: Area) -> dict[str, int]:
    tally = open_counts(user, [found.path]).get(found.path, Tally())
    return {"open": tally.count(Figure.OPEN), "late": tally.count(Figure.LATE)}


def _posts(found: Area) -> list[Post]:
    """Return the posts of the grid and of its community, held and vacant."""
    places = [found.pk, found.parent_id]
    posts = current_posts().filter(area__in=places)
    return sorted(posts, key=lambda post: (post.area_id != found.pk, list(Role).index(Role(post.role)), post.pk))
