"""Areas and “which grid is this”: public, without an account."""

from typing import Annotated, Any

from django.http import Http404, HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from ninja import Router
from pydantic import Field

from linli.api.access import public
from linli.api.paging import PageParameters, page_json
from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.queries import areas_geojson, board_of, community_of, locate
from linli.housing.queries import find_buildings
from linli.people.queries import household_counts

router = Router(tags=["areas"])

Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
MAX_SHAPES = 2000


def area_json(area: Area, households: int) -> dict[str, Any]:
    """Return an area as programs see it."""
    return {
        "code": area.code,
        "name": area.name,
        "level": area.level,
        "kind": area.kind,
        "parent": area.parent.code if area.parent else None,
        "households": households,
    }


def _areas_json(areas: list[Area]) -> list[dict[str, Any]]:
    counts = household_counts([area.path for area in areas])
    return [area_json(area, counts.get(area.path, 0)) for area in areas]


def _selected(under: str | None, level: Level | None) -> Any:
    areas = Area.objects.current().select_related("parent").order_by("code")
    if under is not None:
        areas = areas.under(get_object_or_404(Area, code=under))
    return areas.filter(level=level) if level is not None else areas


@router.get("/areas", auth=None)
@public("locate")
def list_areas(
    request: HttpRequest, page: PageParameters, under: str | None = None, level: Level | None = None
) -> dict[str, Any]:
    """List a subtree of the tree, in the order of codes."""
    return page_json(_selected(under, level), page, _areas_json)


@router.get("/areas.geojson", auth=None)
@public("locate")
def areas_shapes(request: HttpRequest, under: str | None = None, level: Level | None = None) -> JsonResponse:
    """Return the boundaries of a subtree, at most 2,000."""
    areas = _selected(under, level).exclude(geometry=None)[:MAX_SHAPES]
    return JsonResponse(areas_geojson(areas), content_type="application/geo+json")


@router.get("/areas/{code}", auth=None)
@public("locate")
def get_area(request: HttpRequest, code: str) -> dict[str, Any]:
    """Return one area."""
    area = get_object_or_404(Area.objects.select_related("parent"), code=code)
    return area_json(area, household_counts([area.path]).get(area.path, 0))


@router.get("/locate", auth=None)
@public("locate")
def locate_grid(
    request: HttpRequest, lon: Longitude | None = None, lat: Latitude | None = None, address: str | None = None
) -> dict[str, Any]:
    """Find the grid of a position or an address, with its worker as the public board shows them."""
    matches = [
        {"address": building.address, "code": building.grid.code}
        for building in (find_buildings(address) if address else [])
        if building.grid is not None
    ]
    grid = locate(lon, lat) if lon is not None and lat is not None else None
    if grid is None and matches:
        grid = Area.objects.select_related("parent").get(code=matches[0]["code"])
    if grid is None:
        raise Http404
    community = community_of(grid)
    board = board_of(grid)
    counts = household_counts([grid.path] + ([community.path] if community else []))
    return {
        "grid": area_json(grid, counts.get(grid.path, 0)),
        "community": area_json(community, counts.get(community.path, 0)) if community else None,
        "board": {
            "name": board.name,
            "phone": board.phone,
            "duties": board.duties,
            "supervision_phone": board.supervision_phone,
        }
        if board
        else None,
        "matches": matches,
    }
