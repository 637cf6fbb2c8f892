"""Facilities 公益设施: the list with its map, the file of one, and what is done with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.accounts.access import allowed
from linli.accounts.rules import require
from linli.cases.models import Case
from linli.core.paging import page_of
from linli.core.widgets import Entry
from linli.housing.actions import (
    add_facility,
    book_facility,
    cancel_booking,
    change_facility,
    confirm_booking,
    remove_facility,
    report_repair,
)
from linli.housing.actions.bookings import WHO_KEPT_DAYS
from linli.housing.choices import Condition, MendState
from linli.housing.forms.facilities import BookingForm, FacilityFilterForm, FacilityForm, RepairForm
from linli.housing.models import Booking, Facility, Mend
from linli.housing.queries.facilities import (
    TONES,
    FacilityFilters,
    bookings_of,
    facilities_for,
    facility_for,
    photos_of,
    repairs_of,
    shown_photos,
    times_used,
)
from linli.housing.rules import NotPossible, may_keep, require_keeper
from linli.web.form_pages import FormPage, form_page, removal, sent, submitted
from linli.web.links import link

FACILITY_ROWS = 50
MOST_PINS = 3000
# So many pins fit beside each other on the smallest map.
PINS_ACROSS = 12
STEPS = {"confirm": confirm_booking, "cancel": cancel_booking}
FILTERS = ("under", "kind", "condition", "due", "q")


@dataclass(frozen=True)
class Repair:
    """One repair with the case that it became; ``case`` is None for whoever does not see it."""

    mend: Mend
    case: Case | None


@allowed("areas.view")
def facility_list(request: HttpRequest) -> HttpResponse:
    """List facilities in the order of their grids, narrowed by what is asked, and as points of a map."""
    user, filters = request.user, FacilityFilters.from_query(request.GET)
    chosen = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    context = {
        "form": FacilityFilterForm(request.GET, user=user),
        "page": page_of(request, facilities_for(user, filters), FACILITY_ROWS),
        "narrowed": filters.narrowed,
        "points_url": link("facility-points", **chosen),
        "areas_url": link("map-areas", **({"under": filters.under} if filters.under else {})),
        "may_add": user.has_perm("housing.edit"),
    }
    return render(request, "web/facilities/list.html", context)


@allowed("areas.view")
def facility_points(request: HttpRequest) -> JsonResponse:
    """Answer the facilities of the list as points; those that would lie on each other become one point."""
    found = facilities_for(request.user, FacilityFilters.from_query(request.GET))
    pins = [_pin(cluster) for cluster in _clusters(list(found[:MOST_PINS]))]
    response = JsonResponse({"type": "FeatureCollection", "features": pins}, json_dumps_params={"ensure_ascii": False})
    response["Content-Type"] = "application/geo+json"
    response["Cache-Control"] = "private, no-store"
    return response


@allowed("areas.view")
def facility(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the file of a facility: how it stands, where, whose it is, and what was repaired."""
    found, user = facility_or_404(request, pk), request.user
    repairs, photos = _repairs(user, found), shown_photos(photos_of(found))
    context = {
        "facility": found,
        "tone": {"late": "late", "soon": "soon"}.get(TONES[Condition(found.condition)], "done"),
        "marker": f"{found.longitude},{found.latitude}",
        "areas_url": link("map-areas", under=found.area.code),
        "running": [repair for repair in repairs if repair.mend.state == MendState.OPEN],
        "history": _history(found, repairs),
        "photos": [link("facility-photo", str(pk), str(photo.pk)) for photo in photos.shown],
        "photos_told": photos.told,
        "may_keep": may_keep(user, found),
        "bookings": bookings_of(found) if may_keep(user, found) else [],
        "used": times_used(found) if found.may_be_booked and may_keep(user, found) else 0,
        "may_report": may_keep(user, found) and user.has_perm("cases.report", found.area),
    }
    return render(request, "web/facilities/facility.html", context)


@allowed("housing.edit")
def facility_new(request: HttpRequest) -> HttpResponse:
    """Write down a facility; a tap on the map says where it stands."""
    form = FacilityForm(submitted(request))
    made: list[Facility] = []
    if sent(request, form, lambda: made.append(add_facility(form.values(), by=request.user))):
        messages.success(request, _("%(name)s is in the register now.") % {"name": made[0].name})
        return redirect("facility", pk=made[0].pk)
    back = reverse("facility-list")
    page = FormPage(_("Add a facility"), _("Add it"), back, [_facilities()], map_url=reverse("map-areas"))
    return form_page(request, form, page)


@allowed("housing.edit")
def facility_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is told of a facility, and where it stands."""
    found = kept_facility(request, pk)
    form = FacilityForm(submitted(request), facility=found)
    if sent(request, form, lambda: change_facility(found, form.values(), by=request.user)):
        messages.success(request, _("Changed."))
        return redirect("facility", pk=pk)
    marker = f"{found.longitude},{found.latitude}"
    map_url = link("map-areas", under=found.area.code)
    page = page_about(found, _("Change the facility"), _("Change it"), map_url=map_url, marker=marker)
    return form_page(request, form, page)


@allowed("housing.edit")
def facility_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a facility that was never repaired."""
    found = kept_facility(request, pk)
    page = page_about(found, _("Remove this facility?"), _("Remove it"), text=found.name, danger=True)
    return removal(request, page, lambda: remove_facility(found, by=request.user), reverse("facility-list"))


@allowed("housing.edit")
def facility_repair(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what is broken; it becomes a case in the grid of the facility."""
    found = kept_facility(request, pk)
    require(request.user, "cases.report", found.area)
    form = RepairForm(submitted(request))
    made: list[Mend] = []

    def report() -> None:
        made.append(report_repair(found, form.cleaned_data["text"], by=request.user))

    if sent(request, form, report):
        number = made[0].case_number
        messages.success(
            request, _("It is case %(number)s now. When it is closed, it stands here.") % {"number": number}
        )
        return redirect("facility", pk=pk)
    text = _("It becomes a case in the grid. When the case is closed, the facility counts as good again.")
    return form_page(request, form, page_about(found, _("Report a repair"), _("Report it"), text=text))


@allowed("housing.edit")
def facility_book(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down who wants a facility, from when until when."""
    found = kept_facility(request, pk)
    form = BookingForm(submitted(request))
    if sent(request, form, lambda: book_facility(found, form.values(), by=request.user)):
        messages.success(request, _("The booking is written down. Confirm it when it is sure."))
        return redirect("facility", pk=pk)
    told = _("Who it was is erased %(days)d days after the booking is over.") % {"days": WHO_KEPT_DAYS}
    return form_page(request, form, page_about(found, _("Write down a booking"), _("Write it down"), text=told))


@allowed("housing.edit")
@require_POST
def facility_booking(request: HttpRequest, pk: int, booking: int, step: str) -> HttpResponse:
    """Confirm a booking, or call it off."""
    if step not in STEPS:
        raise Http404
    found = kept_facility(request, pk)
    chosen = get_object_or_404(Booking, facility=found, pk=booking)
    try:
        STEPS[step](chosen, by=request.user)
    except NotPossible as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("It is written down."))
    return redirect("facility", pk=pk)


def _repairs(user: Any, found: Facility) -> list[Repair]:
    mends = repairs_of(found)
    numbers = [mend.case_number for mend in mends if mend.case_number]
    seen = Case.objects.visible_to(user).filter(number__in=numbers) if numbers else []
    cases = {case.number: case for case in seen}
    return [Repair(mend, cases.get(mend.case_number)) for mend in mends]


def _history(found: Facility, repairs: list[Repair]) -> list[Entry]:
    """Return what happened to a facility, the newest first."""
    told: list[tuple[date, Entry]] = []
    for repair in repairs:
        mend = repair.mend
        links = [(mend.case_number, link("case", mend.case_number))] if repair.case else []
        told.append((mend.opened_on, Entry(_dated(_("Reported as broken"), mend.opened_on), None, mend.text, "tool")))
        if mend.settled_on is not None:
            title = _dated(_("Repaired"), mend.settled_on)
            told.append((mend.settled_on, Entry(title, None, mend.answer, "circle-check", "done", links)))
    if found.installed_on is not None:
        told.append((found.installed_on, Entry(_dated(_("Set up"), found.installed_on), None, "", "flag")))
    return [entry for _day, entry in sorted(told, key=lambda row: row[0], reverse=True)]


def _dated(words: str, day: date) -> str:
    return f"{words} · {day:%Y-%m-%d}"


def _clusters(facilities: list[Facility]) -> list[list[Facility]]:
    """Put together what lies in the same cell of a net over all of them."""
    if not facilities:
        return []
    longitudes, latitudes = ([getattr(row, name) for row in facilities] for name in ("longitude", "latitude"))
    longest = max(max(longitudes) - min(longitudes), max(latitudes) - min(latitudes))
    reach = max(longest / PINS_ACROSS, 1e-6)
    cells: dict[tuple[int, int], list[Facility]] = {}
    for row in facilities:
        cells.setdefault((int(row.longitude / reach), int(row.latitude / reach)), []).append(row)
    return list(cells.values())


def _pin(cluster: list[Facility]) -> dict[str, Any]:
    """Return one facility as a pin, or several as a pin with their number and the worst condition."""
    first = cluster[0]
    if len(cluster) == 1:
        properties = {
            "url": link("facility", str(first.pk)),
            "label": f"{first.name} · {first.get_condition_display()}",
            "tone": TONES[Condition(first.condition)],
        }
    else:
        tones = {TONES[Condition(row.condition)] for row in cluster}
        words = _("%(count)d facilities around here, in %(name)s") % {"count": len(cluster), "name": first.area.name}
        properties = {
            "url": link("facility-list", under=first.area.code),
            "label": words,
            "tone": next(tone for tone in ("late", "soon", "open") if tone in tones),
            "count": len(cluster),  # type: ignore[dict-item]
        }
    place = {"type": "Point", "coordinates": [first.longitude, first.latitude]}
    return {"type": "Feature", "geometry": place, "properties": properties}


def _facilities() -> tuple[str, str]:
    return _("Facilities"), reverse("facility-list")


def page_about(found: Facility, title: str, button: str, **values: Any) -> FormPage:
    """Return a page with one form about a facility."""
    own = reverse("facility", args=[found.pk])
    return FormPage(title, button, own, [_facilities(), (found.name, own)], **values)


def facility_or_404(request: HttpRequest, pk: int) -> Facility:
    """Return a facility of the user's reach; to everybody else it is not there."""
    try:
        return facility_for(request.user, pk)
    except Facility.DoesNotExist:
        raise Http404 from None


def kept_facility(request: HttpRequest, pk: int) -> Facility:
    """Return a facility that the user keeps the records of."""
    found = facility_or_404(request, pk)
    require_keeper(request.user, found)
    return found
