"""Find my grid: by address, by a tap on the map, by the position of the device, by the QR code of a door plate."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.queries import accountable_post, area_by_code, locate
from linli.housing.queries import buildings_in, find_buildings, plate_for
from linli.public.cards import (
    Place,
    buildings_by_compound,
    card_of,
    named_by,
    others_on_board,
    place_of_building,
    spell_door,
)
from linli.public.limits import limited
from linli.public.links import qr_file

LONGEST_ADDRESS = 200
SUGGESTIONS = 8


class PointForm(forms.Form):
    """A point in degrees WGS-84."""

    lon = forms.FloatField(min_value=-180, max_value=180)
    lat = forms.FloatField(min_value=-90, max_value=90)


@require_safe
@limited("locate")
def find(request: HttpRequest) -> HttpResponse:
    """Show the search, its result, or the tree of areas to walk down."""
    asked = request.GET.get("q", "").strip()[:LONGEST_ADDRESS]
    if asked:
        return _by_address(request, asked)
    return _page(request, **_tree(request.GET.get("under", "")))


@require_safe
@limited("locate")
def suggest(request: HttpRequest) -> HttpResponse:
    """Return addresses that fit what is typed, for htmx."""
    asked = request.GET.get("q", "").strip()[:LONGEST_ADDRESS]
    found = find_buildings(asked, SUGGESTIONS) if asked else []
    return render(request, "public/suggestions.html", {"buildings": found})


@require_safe
@limited("locate")
def at(request: HttpRequest) -> HttpResponse:
    """Show the grid of a point of the map."""
    form = PointForm(request.GET)
    if not form.is_valid():
        return _page(request, said="no_point")
    longitude, latitude = form.cleaned_data["lon"], form.cleaned_data["lat"]
    grid = locate(longitude, latitude)
    if grid is None:
        return _page(request, said="outside")
    return _result(request, Place(grid, longitude=longitude, latitude=latitude), {"lon": longitude, "lat": latitude})


@require_safe
@limited("locate")
def plate(request: HttpRequest, plate: str) -> HttpResponse:
    """Show the grid of the building whose door plate was read."""
    found = plate_for(plate)
    if found is None:
        return _page(request, said="no_plate", status=404)
    place = place_of_building(found.building, spell_door(found))
    if place is None:
        return _page(request, said="no_grid", asked=found.building.address)
    return _result(request, place, {"plate": found.token})


@require_safe
def plate_qr(request: HttpRequest, plate: str) -> HttpResponse:
    """Return the QR code of a door plate for printing."""
    found = plate_for(plate)
    if found is None:
        raise Http404
    address = request.build_absolute_uri(reverse("plate", args=[found.token]))
    return HttpResponse(qr_file(address), content_type="image/svg+xml")


@require_safe
def board(request: HttpRequest, code: str) -> HttpResponse:
    """Show the public board of a grid: who serves it, their phones, which buildings belong to it."""
    grid = get_object_or_404(Area.objects.current(), code=code, level=Level.GRID)
    return render(
        request,
        "public/board.html",
        {
            "card": card_of(grid),
            "place": Place(grid),
            "others": others_on_board(grid, accountable_post(grid)),
            "compounds": buildings_by_compound(buildings_in(grid)),
            "report_url": _url("report", {"grid": grid.code}),
            "declare_url": _url("declare", {"grid": grid.code}),
        },
    )


def _by_address(request: HttpRequest, asked: str) -> HttpResponse:
    chosen = named_by(asked)
    if not chosen:
        return _page(request, said="no_address", asked=asked)
    if len(chosen) > 1:
        return _page(request, said="several", asked=asked, matches=chosen)
    place = place_of_building(chosen[0])
    if place is None:
        return _page(request, said="no_grid", asked=asked)
    return _result(request, place, {"address": place.words}, asked=asked)


def _result(request: HttpRequest, place: Place, way: dict[str, Any], asked: str = "") -> HttpResponse:
    card = card_of(place.grid)
    context = {
        "card": card,
        "place": place,
        "asked": asked or place.words,
        "report_url": _url("report", way),
        "declare_url": _url("declare", _home_of(place, way)),
    }
    return render(request, "public/result.html", context)


def _url(name: str, way: dict[str, Any]) -> str:
    return f"{reverse(name)}?{urlencode(way)}"


def _home_of(place: Place, way: dict[str, Any]) -> dict[str, Any]:
    """Return what tells a declaration which home it is: the plate, else the building, else the grid to choose from."""
    if "plate" in way:
        return way
    if place.building is None:
        return {"grid": place.grid.code}
    return {"address": place.building.address, "community": place.building.community.code}


def _page(request: HttpRequest, status: int = 200, said: str = "", **context: Any) -> HttpResponse:
    return render(request, "public/find.html", {"said": said, **context}, status=status)


def _tree(code: str) -> dict[str, Any]:
    """Return the areas below a code, or the streets, as steps of a walk that needs neither map nor scripts."""
    areas = Area.objects.current()
    if not code:
        return {"areas": areas.filter(level=Level.STREET)}
    try:
        parent = area_by_code(code)
    except Area.DoesNotExist:
        raise Http404 from None
    return {"parent": parent, "areas": areas.filter(parent=parent)}
