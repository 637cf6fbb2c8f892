"""Shapes for the maps of public pages: grids by code and name, buildings by name; no numbers of any kind."""

from __future__ import annotations

import json

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.queries import areas_geojson, grids_under
from linli.housing.queries import buildings_in

GEOJSON = "application/geo+json"
FIVE_MINUTES = 300


@require_safe
@conditional_page
@cache_control(public=True, max_age=FIVE_MINUTES)
def areas(request: HttpRequest) -> HttpResponse:
    """Return the current grids, of one subtree with ``?under=CODE``."""
    under = request.GET.get("under", "")
    grids: QuerySet[Area] = Area.objects.current().filter(level=Level.GRID).order_by("code")
    if under:
        grids = grids_under(get_object_or_404(Area.objects.current(), code=under))
    return HttpResponse(_collection(areas_geojson(grids)["features"]), content_type=GEOJSON)


@require_safe
@conditional_page
@cache_control(public=True, max_age=FIVE_MINUTES)
def buildings(request: HttpRequest) -> HttpResponse:
    """Return the footprints of the buildings of one grid, ``?grid=CODE``."""
    grid = get_object_or_404(Area.objects.current(), code=request.GET.get("grid", ""), level=Level.GRID)
    features = [
        _feature(building.geometry, {"name": building.address, "label": building.name})
        for building in buildings_in(grid)
        if building.geometry
    ]
    return HttpResponse(_collection(features), content_type=GEOJSON)


def _feature(geometry: object, properties: dict[str, str]) -> dict[str, object]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _collection(features: list[dict[str, object]]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":"))
