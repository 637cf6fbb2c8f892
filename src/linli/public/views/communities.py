"""The public page of a community: what it is like and what stands there for everybody; nobody's name."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.queries import grids_under, supervision_phone_of
from linli.core.geo import area_m2, from_geojson
from linli.housing.queries.facilities import public_facilities
from linli.housing.queries.profiles import figures_of, ground_counts, honours_of, profile_of
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
        "grids": grids_under(found).defer("geometry", "bounds"),
        "phone": supervision_phone_of(found),
    }
    return render(request, "public/community.html", context)
