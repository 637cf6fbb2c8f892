"""The map, and the shapes that the maps of staff pages are drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from linli.accounts.access import allowed
from linli.areas.choices import Level
from linli.areas.models import Area, AreaQuerySet
from linli.areas.queries import areas_geojson
from linli.areas.scope import scope_paths
from linli.cases.choices import Mechanism
from linli.cases.models import Case
from linli.cases.queries import CaseFilters, cases_for
from linli.cases.rules import shows_persons
from linli.core import clock, widgets
from linli.core.paging import page_of
from linli.core.paths import within
from linli.housing.queries import buildings_geojson, buildings_in
from linli.web.case_words import line_of, title_of
from linli.web.links import link

MOST_PINS = 3000
# So many pins fit beside each other on the smallest map.
PINS_ACROSS = 9
# From the most urgent on.
TONES = ("late", "soon", "open")
MOST_BUILDINGS = 5000
MAP_ROWS = 20


@allowed("areas.view")
def area_map(request: HttpRequest) -> HttpResponse:
    """Show grids, buildings and open cases on the map, and beside it what the map shows as a list."""
    user = request.user
    chosen = _chosen_area(user, request.GET)
    under = chosen.code if chosen else ""
    page = page_of(request, cases_for(user, CaseFilters(state="open", under=under)), MAP_ROWS)
    named = shows_persons(user)
    context = {
        "chosen": chosen,
        "places": _places(user, chosen),
        "page": page,
        "lines": [line_of(user, case, set(), named=named) for case in page.object_list],
        "areas_url": link("map-areas", under=under),
        "cases_url": link("map-cases", under=under),
        "buildings_url": link("map-buildings", under=under) if under else "",
    }
    return render(request, "web/maps/map.html", context)


@allowed("areas.view")
def areas(request: HttpRequest) -> JsonResponse:
    """Answer the grids that the user sees, in ``?under=`` if it names an area."""
    return _geojson(areas_geojson_with_links(_grids(request.user, request.GET)))


@allowed("cases.view")
def cases(request: HttpRequest) -> JsonResponse:
    """Answer the open cases that the user sees as points; those that would lie on each other become one point."""
    open_cases = Case.objects.visible_to(request.user).open().exclude(longitude=None).exclude(latitude=None)
    code = request.GET.get("under")
    if code:
        open_cases = open_cases.filter(within(Area.objects.filter(code=code).values_list("path", flat=True)))
    rows = open_cases.select_related("area").defer("contact", "search_terms", "area__geometry").order_by("due_at", "id")
    shown = list(rows[:MOST_PINS])
    grids = _grids(request.user, request.GET).exclude(bounds=None)
    bounds: list[Any] = [*grids.values_list("bounds", flat=True)]
    return _geojson(_collection([_pin(cluster) for cluster in _clusters(shown, _reach(bounds, shown))]))


@allowed("areas.view")
def buildings(request: HttpRequest) -> JsonResponse:
    """Answer names and footprints of the buildings of the grid or area that ``?grid=`` or ``?under=`` names."""
    code = request.GET.get("grid") or request.GET.get("under") or ""
    area = get_object_or_404(Area.objects.visible_to(request.user), code=code)
    return _geojson(_with_labels(buildings_geojson(buildings_in(area)[:MOST_BUILDINGS])))


@allowed("cases.report")
def report_areas(request: HttpRequest) -> JsonResponse:
    """Answer the grids in which the user may report a case."""
    grids = Area.objects.filter(within(scope_paths(request.user, "cases.report")), closed_on=None, level=Level.GRID)
    return _geojson(areas_geojson(grids))


def areas_geojson_with_links(grids: QuerySet[Area]) -> dict[str, Any]:
    """Return grids as shapes that lead to their own pages."""
    collection = areas_geojson(grids)
    for feature in collection["features"]:
        properties = feature["properties"]
        properties |= {"url": link("grid", properties["code"]), "link": _("Open the grid")}
    return collection


def tone_of(case: Case) -> str:
    """Return the tone of a case's pin: late for what is late or an emergency in its first hour."""
    now = clock.now()
    running = case.mechanism == Mechanism.EMERGENCY and case.answered_at is None
    if running or (case.due_at is not None and case.due_at < now):
        return "late"
    due_today = case.due_at is not None and clock.local(case.due_at).date() == clock.today()
    return "soon" if due_today else "open"


def case_pin(case: Case, *, linked: bool = True) -> dict[str, Any]:
    """Return a case as a point; ``linked`` lets it lead to the page of the case."""
    state = widgets.deadline_of(case.due_at)
    label = f"{title_of(case)} {state.text}" if case.due_at else title_of(case)
    address = {"url": link("case", case.number)} if linked else {}
    return _point((case.longitude, case.latitude), {"label": label, "tone": tone_of(case), **address})


def _reach(bounds: list[list[float]], cases: list[Case]) -> float:
    """Return how near two pins may lie to each other, in degrees: a part of the longer side of the map."""
    boxes = bounds or [[case.longitude or 0, case.latitude or 0] * 2 for case in cases]
    if not boxes:
        return 0
    west, south, east, north = (choose(box[side] for box in boxes) for side, choose in enumerate((min, min, max, max)))
    return max(east - west, north - south) / PINS_ACROSS


def _clusters(cases: list[Case], reach: float) -> list[list[Case]]:
    """Put together what lies nearer than ``reach`` to the first case of a cluster."""
    clusters: list[list[Case]] = []
    for case in cases:
        for cluster in clusters:
            if _is_near(case, cluster[0], reach):
                cluster.append(case)
                break
        else:
            clusters.append([case])
    return clusters


def _is_near(case: Case, other: Case, reach: float) -> bool:
    if case.longitude is None or case.latitude is None or other.longitude is None or other.latitude is None:
        return False
    return abs(case.longitude - other.longitude) < reach and abs(case.latitude - other.latitude) < reach


def _pin(cluster: list[Case]) -> dict[str, Any]:
    """Return one case as a pin, or several as a pin with their number and the most urgent tone."""
    first = cluster[0]
    if len(cluster) == 1:
        return case_pin(first)
    tones = [tone_of(case) for case in cluster]
    properties = {
        "url": link("case-list", under=first.area.code, state="open"),
        "label": _("%(count)d open cases around here, in %(name)s") % {"count": len(cluster), "name": first.area.name},
        "tone": next(tone for tone in TONES if tone in tones),
        "count": len(cluster),
    }
    return _point((first.longitude, first.latitude), properties)


def _point(place: tuple[float | None, float | None], properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": list(place)},
        "properties": properties,
    }


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}


def _with_labels(collection: dict[str, Any]) -> dict[str, Any]:
    for feature in collection["features"]:
        feature["properties"]["label"] = feature["properties"]["name"]
    return collection


def _grids(user: Any, query: Mapping[str, Any]) -> AreaQuerySet:
    grids: AreaQuerySet = Area.objects.visible_to(user)
    grids = grids.current().filter(level=Level.GRID)
    code = query.get("under")
    if code:
        grids = grids.filter(within(Area.objects.filter(code=code).values_list("path", flat=True)))
    return grids


def _chosen_area(user: Any, query: Mapping[str, Any]) -> Area | None:
    code = query.get("under")
    return get_object_or_404(Area.objects.visible_to(user), code=code) if code else None


def _places(user: Any, chosen: Area | None) -> list[widgets.Choice]:
    """Return the ways through the places: everything, the chosen one, and what lies directly below."""
    visible = Area.objects.visible_to(user).current().defer("geometry", "bounds")
    if chosen is None:
        tops = scope_paths(user, "areas.view")
        below = visible.filter(Q(path__in=tops) | Q(parent__path__in=tops))
    else:
        below = visible.filter(parent=chosen)
    choices = [widgets.Choice(_("Everything"), link("map"), current=chosen is None)]
    if chosen is not None:
        choices.append(widgets.Choice(chosen.name, link("map", under=chosen.code), current=True))
    return choices + [widgets.Choice(area.name, link("map", under=area.code)) for area in below.order_by("code")]


def _geojson(collection: dict[str, Any]) -> JsonResponse:
    response = JsonResponse(collection, json_dumps_params={"ensure_ascii": False})
    response["Content-Type"] = "application/geo+json"
    response["Cache-Control"] = "private, no-store"
    return response
