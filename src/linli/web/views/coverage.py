"""Coverage check 无缝隙: one number for every place, what was found in it, and the reasons for sizes of grids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from linli.accounts.access import allowed
from linli.accounts.rules import require
from linli.areas.actions import explain_size, forget_size_reason
from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.queries import areas_geojson
from linli.areas.scope import scope_paths
from linli.assessment.actions import coverage_changed
from linli.assessment.choices import CoverageKind
from linli.assessment.coverage import (
    HOMES,
    MUST_NOT,
    TELLING,
    Coverage,
    Report,
    coverage_areas,
    findings_in,
    grid_size,
    report,
)
from linli.assessment.places import grids_seen
from linli.core.paging import page_of
from linli.core.widgets import Choice
from linli.web.coverage_words import advice, band_words, full_name, line_of
from linli.web.form_pages import FormPage, form_page, sent, submitted
from linli.web.forms.sizes import ReasonForm
from linli.web.links import link

ABILITY = "areas.view"
ROWS = 50
SEAMS = (CoverageKind.GAP, CoverageKind.OVERLAP, CoverageKind.OUTSIDE)
# What tells of households in its own words.
SIZES = (CoverageKind.SIZE, CoverageKind.EXPLAINED, CoverageKind.FORECAST)
# How seams are drawn over the places.
TONES = {CoverageKind.GAP: "far-below", CoverageKind.OVERLAP: "far-above", CoverageKind.OUTSIDE: "below"}


@dataclass(frozen=True)
class KindLine:
    """One kind of finding: how many, how many households they concern, the way to them."""

    label: str
    count: int
    households: int
    homes: int
    url: str
    tone: str


@dataclass(frozen=True)
class PlaceLine:
    """One place below: its number, what waits there, the way into it."""

    name: str
    url: str
    coverage: Coverage


@never_cache
@allowed(ABILITY)
def grid_coverage(request: HttpRequest) -> HttpResponse:
    """Show the one number of a place, what was found in it by kind, and the places below it."""
    area = _area_asked(request)
    found = report(request.user, area)
    seams = any(found.total.found(kind) for kind in SEAMS)
    context = {
        "area": area,
        "found": found,
        "total": found.total,
        "kinds": _kind_lines(found),
        "lines": _place_lines(found),
        "way_up": coverage_areas(request.user).filter(children=area).first(),
        "shapes_url": link("grid-coverage-shapes", under=area.code) if seams else "",
    }
    return render(request, "web/coverage/overview.html", context)


@never_cache
@allowed(ABILITY)
def grid_coverage_rows(request: HttpRequest) -> HttpResponse:
    """List what was found of one kind in a place, each with the way to what mends it."""
    area, kind = _area_asked(request), _kind_asked(request)
    page = page_of(request, findings_in(request.user, area, kind), ROWS)
    context = {
        "area": area,
        "kind": kind,
        "advice": advice(kind),
        "page": page,
        "lines": [line_of(request.user, finding) for finding in page],
        "places": _places_with(request.user, area, kind),
        "shows_households": kind not in SIZES,
        "shapes_url": link("grid-coverage-shapes", under=area.code, kind=kind) if kind in SEAMS else "",
        "back": link("grid-coverage", under=area.code),
    }
    return render(request, "web/coverage/rows.html", context)


@allowed(ABILITY)
def grid_coverage_shapes(request: HttpRequest) -> JsonResponse:
    """Answer the places below a place, and over them its gaps and overlaps."""
    area = _area_asked(request)
    below = Area.objects.visible_to(request.user).current().filter(parent=area)
    shown = areas_geojson(below if area.level != Level.GRID else [area])
    kinds = [_kind_asked(request)] if request.GET.get("kind") else SEAMS
    for kind in kinds:
        for finding in findings_in(request.user, area, kind)[:ROWS]:
            name = f"{full_name(finding.area)} · {kind.label}"
            properties = {"code": f"{kind}-{finding.area.code}", "name": name, "label": "", "tone": TONES.get(kind, "")}
            shown["features"].append({"type": "Feature", "geometry": finding.shape, "properties": properties})
    response = JsonResponse(shown, json_dumps_params={"ensure_ascii": False})
    response["Content-Type"] = "application/geo+json"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@allowed(ABILITY)
def grid_coverage_count(request: HttpRequest) -> HttpResponse:
    """Let a larger place be counted anew in the background; smaller ones are counted whenever they are opened."""
    area = _area_asked(request)
    coverage_changed([area.path], drawn=True)
    messages.success(request, _("It is counted anew in the background. Load the page again in a minute."))
    return redirect(link("grid-coverage", under=area.code))


@allowed("areas.explain")
def grid_reason(request: HttpRequest, code: str) -> HttpResponse:
    """Say why a grid may be smaller or larger than its band, or take that back."""
    user = request.user
    grid = get_object_or_404(grids_seen(user).select_related("parent"), code=code)
    require(user, "areas.explain", grid)
    found = grid_size(user, grid)
    form = ReasonForm(submitted(request), reason=found.reason)
    back = link("grid", code)
    if request.method == "POST" and "forget" in request.POST:
        forget_size_reason(grid, by=user)
        messages.success(request, _("The reason is taken back."))
        return redirect(back)
    if sent(request, form, lambda: explain_size(grid, form.cleaned_data["text"], size=found.size, by=user)):
        messages.success(request, _("The reason is written down."))
        return redirect(back)
    crumbs = [(_("Grids"), reverse("grid-list")), (full_name(grid), back)]
    page = FormPage(_("Why this size"), _("Write it down"), back, crumbs, text=band_words(found.told))
    return form_page(request, form, page, "web/coverage/reason.html", reason=found.reason)


def _kind_lines(found: Report) -> list[KindLine]:
    """Return the kinds of which there is something, and those that must not be in any case."""
    return [
        KindLine(
            label=str(kind.label),
            count=found.total.found(kind),
            households=found.total.concerned(kind),
            homes=found.total.concerned(kind, HOMES),
            url=link("grid-coverage-rows", under=found.area.code, kind=kind),
            tone="late" if kind in MUST_NOT else ("" if kind in TELLING else "soon"),
        )
        for kind in CoverageKind
        if kind in MUST_NOT or kind == CoverageKind.NO_WORKER or found.total.found(kind)
    ]


def _places_with(user: Any, area: Area, kind: CoverageKind) -> list[Choice]:
    """Return the ways through the places: up, here, and those below in which something of a kind was found."""
    found = report(user, area)
    above = coverage_areas(user).filter(children=area).first()
    ways: list[tuple[Area, int | None]] = [(above, None)] if above is not None else []
    ways += [(area, found.total.found(kind))]
    ways += [(row.area, row.coverage.found(kind)) for row in found.below if row.coverage.found(kind)]
    return [
        Choice(place.name, link("grid-coverage-rows", under=place.code, kind=kind), current=place == area, count=count)
        for place, count in ways
    ]


def _place_lines(found: Report) -> list[PlaceLine]:
    lines = [PlaceLine(row.area.name, link("grid-coverage", under=row.area.code), row.coverage) for row in found.below]
    if found.elsewhere.households or found.elsewhere.wanting:
        words = _("in no grid, or of the place itself") if found.at_once else _("between these places")
        lines.append(PlaceLine(words, "", found.elsewhere))
    return lines


def _kind_asked(request: HttpRequest) -> CoverageKind:
    kind = request.GET.get("kind", "")
    if kind not in CoverageKind.values:
        raise Http404
    return CoverageKind(kind)


def _area_asked(request: HttpRequest) -> Area:
    """Read the address. An area out of reach is not found; without one the highest of the user's areas is meant."""
    areas = coverage_areas(request.user).select_related("parent")
    code = request.GET.get("under")
    wanted: dict[str, Any] = {"code": code} if code else {"path__in": scope_paths(request.user, ABILITY)}
    area = areas.filter(**wanted).order_by("path").first()
    if area is None:
        raise Http404
    return area
