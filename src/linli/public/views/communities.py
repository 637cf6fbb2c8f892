"""The public page of a community: who serves it, what it is like, what stands there; names by consent alone."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.queries import Board, boards_of, grids_under, supervision_phone_of
from linli.core.geo import area_m2, from_geojson
from linli.housing.queries import compound_names
from linli.housing.queries.facilities import public_facilities
from linli.housing.queries.profiles import figures_of, ground_counts, honours_of, profile_of
from linli.public.cards import others_on_board
from linli.public.limits import limited

M2_IN_KM2 = 1_000_000


@require_safe
@limited("locate")
def community(request: HttpRequest, code: str) -> HttpResponse:
    """Show what a community tells about itself, its figures, facilities, honours and grids."""
    found = get_object_or_404(Area.objects.current(), code=code, level=Level.COMMUNITY)
    context = {
        "community": found,
        "profile": profile_of(found),
        "km2": area_m2(from_geojson(found.geometry)) / M2_IN_KM2 if found.geometry else None,
        "ground": ground_counts(found),
        "figures": figures_of(None, found),
        "facilities": public_facilities(found),
        "honours": honours_of(found),
        "people": others_on_board(found, None),
        "lines": _lines(found),
        "phone": supervision_phone_of(found),
    }
    return render(request, "public/community.html", context)


@dataclass(frozen=True)
class GridLine:
    """A grid on the board of its community."""

    grid: Area
    board: Board | None
    compounds: list[str]


def _lines(community: Area) -> list[GridLine]:
    grids = list(grids_under(community).defer("geometry", "bounds"))
    boards, compounds = boards_of(grids), compound_names(grids)
    return [GridLine(grid, boards.get(grid.pk), compounds.get(grid.pk, [])) for grid in grids]
