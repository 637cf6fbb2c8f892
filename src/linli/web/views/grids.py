"""The list of grids, and the page of one grid."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from linli.accounts.access import allowed
from linli.areas.choices import Measure, Role
from linli.areas.models import Area, Post
from linli.areas.queries import ancestors_of, current_posts
from linli.assessment.choices import Figure
from linli.assessment.coverage import grid_size, leaves_band
from linli.assessment.places import GridFilters, grid_rows, grids_for, grids_seen, household_numbers
from linli.assessment.queries import Tally, open_counts
from linli.cases.queries import CaseFilters, cases_for
from linli.cases.rules import shows_persons
from linli.core.paging import page_of
from linli.housing.queries import buildings_in
from linli.people.forecast import forecast
from linli.web.case_words import line_of
from linli.web.coverage_words import band_words, forecast_words
from linli.web.links import link

MOST_CASES = 10
BUILDING_ROWS = 50
STAFF_ROLES = (Role.WORKER, Role.ASSISTANT)


@allowed("areas.view")
def grid_list(request: HttpRequest) -> HttpResponse:
    """List the grids that the user sees in the order of their codes, narrowed by area and name."""
    user, chosen = request.user, GridFilters.from_query(request.GET)
    page = page_of(request, grids_for(user, chosen))
    rows, sees_cases = grid_rows(user, list(page.object_list)), user.has_perm("cases.view")
    context = {"page": page, "rows": rows, "q": chosen.text, "under": chosen.under, "sees_cases": sees_cases}
    return render(request, "web/grids/list.html", context)


@allowed("areas.view")
def grid(request: HttpRequest, code: str) -> HttpResponse:
    """Show one grid: who serves it, its homes and buildings, what is open."""
    user = request.user
    found = get_object_or_404(grids_seen(user), code=code)
    open_cases = cases_for(user, CaseFilters(state="open", under=code))[:MOST_CASES]
    named = shows_persons(user)
    context = {
        "grid": found,
        "chain": [area.name for area in ancestors_of(found)],
        "posts": _posts(found),
        "named": named,
        "tally": _tally(user, found),
        "sees_cases": user.has_perm("cases.view"),
        "households": household_numbers(user, [found]).get(found.path),
        **_outlook(user, found),
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


def _outlook(user: Any, found: Area) -> dict[str, Any]:
    """Return how large the grid is to be, what planned buildings bring, and when it would leave its band."""
    outlook = forecast([found])[found.pk]
    size = grid_size(user, found, outlook.now)
    leaving = leaves_band(outlook, size.band)
    may_explain = size.side is not None and user.has_perm("areas.explain", found)
    return {
        "size": size if size.band.measure != Measure.NONE else None,
        "size_words": band_words(size.told),
        "reason_url": link("grid-reason", found.code) if may_explain else "",
        "outlook": outlook,
        "leaving": forecast_words(found.name, date.fromisoformat(f"{leaving[0]}-01"), leaving[1]) if leaving else "",
        "planned_url": link("planned-list", under=found.code),
    }


def _tally(user: Any, found: Area) -> dict[str, int]:
    tally = open_counts(user, [found.path]).get(found.path, Tally())
    return {"open": tally.count(Figure.OPEN), "late": tally.count(Figure.LATE)}


def _posts(found: Area) -> list[Post]:
    """Return the posts of the grid and of its community, held and vacant."""
    places = [found.pk, found.parent_id]
    posts = current_posts().filter(area__in=places)
    return sorted(posts, key=lambda post: (post.area_id != found.pk, list(Role).index(Role(post.role)), post.pk))
