"""Planned buildings 在建楼: the register with its map, one site, and what becomes of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.accounts.access import allowed
from linli.accounts.rules import require
from linli.core import clock
from linli.core.paging import page_of
from linli.housing.actions import add_planned, change_planned, finish_planned, give_up_planned
from linli.housing.choices import SiteState
from linli.housing.forms.planned import FinishForm, GiveUpForm, PlannedFilterForm, PlannedForm
from linli.housing.models import PlannedBuilding
from linli.housing.queries.planned import PlannedFilters, planned_for, planned_geojson, planned_one
from linli.people.forecast import forecast
from linli.web.form_pages import FormPage, form_page, sent, submitted
from linli.web.links import link

ABILITY = "areas.view"
WRITE = "areas.plan"
ROWS = 50
MOST_PINS = 1000
FILTERS = ("under", "state", "q")


@allowed(ABILITY)
def planned_list(request: HttpRequest) -> HttpResponse:
    """List planned buildings by the month in which people will live there, and as points of a map."""
    user, filters = request.user, PlannedFilters.from_query(request.GET)
    chosen = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    page = page_of(request, planned_for(user, filters), ROWS)
    context = {
        "form": PlannedFilterForm(request.GET, user=user, under=filters.under),
        "page": page,
        "rows": [(row, is_late(row)) for row in page],
        "narrowed": filters.narrowed,
        "points_url": link("planned-points", **chosen),
        "shapes_url": link("planned-shapes", **chosen),
        "areas_url": link("map-areas", under=filters.under),
        "may_add": user.has_perm(WRITE),
    }
    return render(request, "web/planned/list.html", context)


@allowed(ABILITY)
def planned_points(request: HttpRequest) -> JsonResponse:
    """Answer the planned buildings of the list as points."""
    rows = planned_for(request.user, PlannedFilters.from_query(request.GET)).defer("outline")[:MOST_PINS]
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [row.longitude, row.latitude]},
            "properties": {"url": link("planned", str(row.pk)), "label": _label(row), "tone": _tone(row)},
        }
        for row in rows
    ]
    return _geojson({"type": "FeatureCollection", "features": features})


@allowed(ABILITY)
def planned_shapes(request: HttpRequest) -> JsonResponse:
    """Answer the outlines of the planned buildings of the list."""
    rows = planned_for(request.user, PlannedFilters.from_query(request.GET)).exclude(outline=None)[:MOST_PINS]
    return _geojson(planned_geojson(rows))


@allowed(ABILITY)
def planned(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one planned building: where, how many households from when on, and what that means for its grid."""
    found, user = _found(request, pk), request.user
    coming = found.state == SiteState.COMING
    outlook = forecast([found.grid])[found.grid.pk] if found.grid is not None and coming else None
    context = {
        "planned": found,
        "late": is_late(found),
        "month": month_words(found),
        "outlook": outlook,
        "marker": f"{found.longitude},{found.latitude}",
        "areas_url": link("map-areas", under=found.community.code),
        "shapes_url": link("planned-shapes", under=found.community.code, state="all") if found.outline else "",
        "may_change": coming and user.has_perm(WRITE, found),
        "building_url": _building_url(user, found),
    }
    return render(request, "web/planned/planned.html", context)


@allowed(WRITE)
def planned_new(request: HttpRequest) -> HttpResponse:
    """Write down a planned building; taps on the map say where it will stand."""
    form = PlannedForm(submitted(request))
    made: list[PlannedBuilding] = []
    if sent(request, form, lambda: made.append(add_planned(form.values(), by=request.user))):
        messages.success(request, _("%(name)s is in the register now.") % {"name": made[0].name})
        return redirect("planned", pk=made[0].pk)
    back = reverse("planned-list")
    return form_page(request, form, _placing(_("Add a planned building"), _("Add it"), back, [_planned()]))


@allowed(WRITE)
def planned_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is told of a planned building."""
    found = _kept(request, pk)
    form = PlannedForm(submitted(request), planned=found)
    if sent(request, form, lambda: change_planned(found, form.values(), by=request.user)):
        messages.success(request, _("Changed."))
        return redirect("planned", pk=pk)
    own = reverse("planned", args=[pk])
    marker = "" if found.outline else f"{found.longitude},{found.latitude}"
    crumbs = [_planned(), (found.name, own)]
    page = _placing(_("Change the planned building"), _("Change it"), own, crumbs, found.community.code, marker)
    return form_page(request, form, page)


@allowed(WRITE)
def planned_finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a planned building become a real one."""
    found = _kept(request, pk)
    form = FinishForm(submitted(request), planned=found)
    if sent(request, form, lambda: finish_planned(found, form.values(), by=request.user)):
        messages.success(request, _("The building is in the ledger now, at the same place on the map."))
        return redirect("planned", pk=pk)
    text = _(
        "It becomes a building of the ledger. Its homes are written down there; who moves in is counted from then on."
    )
    return form_page(request, form, _about(found, _("It is finished"), _("Put it into the ledger"), text))


@allowed(WRITE)
def planned_give_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a planned building will not be built, and why."""
    found = _kept(request, pk)
    form = GiveUpForm(submitted(request))
    if sent(request, form, lambda: give_up_planned(found, form.cleaned_data["reason"], by=request.user)):
        messages.success(request, _("It is given up, and counts nowhere any more."))
        return redirect("planned", pk=pk)
    return form_page(request, form, _about(found, _("It is given up"), _("Give it up"), found.name))


def is_late(found: PlannedBuilding) -> bool:
    """Tell whether people should live there already and it is still being built."""
    return found.state == SiteState.COMING and found.expected_on < clock.today().replace(day=1)


def month_words(found: PlannedBuilding) -> str:
    """Say the month in which people begin to live there."""
    return str(date_format(found.expected_on, "YEAR_MONTH_FORMAT"))


def _label(found: PlannedBuilding) -> str:
    told = ngettext("%(count)d household", "%(count)d households", found.households) % {"count": found.households}
    return f"{found.name} · {told} · {month_words(found)}"


def _tone(found: PlannedBuilding) -> str:
    if found.state != SiteState.COMING:
        return "done"
    return "soon" if is_late(found) else "open"


def _building_url(user: Any, found: PlannedBuilding) -> str:
    seen = found.building is not None and user.has_perm("people.view", found.building)
    return link("building", str(found.building_id)) if seen else ""


def _geojson(collection: dict[str, Any]) -> JsonResponse:
    response = JsonResponse(collection, json_dumps_params={"ensure_ascii": False})
    response["Content-Type"] = "application/geo+json"
    response["Cache-Control"] = "private, no-store"
    return response


def _planned() -> tuple[str, str]:
    return _("Planned buildings"), reverse("planned-list")


def _placing(
    title: str, button: str, back: str, crumbs: list[tuple[str, str]], under: str = "", marker: str = ""
) -> FormPage:
    map_url = link("map-areas", under=under)
    shapes_url = link("planned-shapes", under=under)
    return FormPage(
        title, button, back, crumbs, map_url=map_url, marker=marker, outline="outline", shapes_url=shapes_url
    )


def _about(found: PlannedBuilding, title: str, button: str, text: str) -> FormPage:
    own = reverse("planned", args=[found.pk])
    return FormPage(title, button, own, [_planned(), (found.name, own)], text=text)


def _found(request: HttpRequest, pk: int) -> PlannedBuilding:
    try:
        return planned_one(request.user, pk)
    except PlannedBuilding.DoesNotExist:
        raise Http404 from None


def _kept(request: HttpRequest, pk: int) -> PlannedBuilding:
    """Return a planned building that is still being built, and that the user may change."""
    found = _found(request, pk)
    require(request.user, WRITE, found)
    if found.state != SiteState.COMING:
        raise Http404
    return found
