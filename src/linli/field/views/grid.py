"""My grid: the map, who serves it, its buildings."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from linli.accounts.access import allowed
from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.queries import board_of
from linli.cases.queries import CaseFilters, cases_for
from linli.core import widgets
from linli.housing.queries import buildings_for
from linli.people.queries import household_counts

MOST_GRIDS = 30


@allowed("areas.view")
def my_grid(request: HttpRequest) -> HttpResponse:
    """Show one grid of the user's reach, the first unless ``?grid=`` names another."""
    grids = Area.objects.visible_to(request.user).current().filter(level=Level.GRID).order_by("code")
    grid = grids.filter(code=request.GET.get("grid", "")).first() or grids.first()
    if grid is None:
        return render(request, "field/no_grid.html")
    context = {
        "grid": grid,
        "choices": _choices(grids, grid),
        "board": board_of(grid),
        "households": household_counts([grid.path])[grid.path],
        "open_cases": cases_for(request.user, CaseFilters(state="open", under=grid.code)).count(),
        "may_review": request.user.has_perm("people.view", grid),
        "buildings": buildings_for(request.user).filter(grid=grid).order_by("sort_key", "pk"),
    }
    return render(request, "field/grid.html", context)


def _choices(grids: QuerySet[Area], chosen: Area) -> list[widgets.Choice]:
    return [
        widgets.Choice(row.name, f"?grid={row.code}", current=row.pk == chosen.pk)
        for row in grids.defer("geometry")[:MOST_GRIDS]
    ]
