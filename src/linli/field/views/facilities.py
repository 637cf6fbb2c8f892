"""Facilities on the phone: those of my grids, a repair reported and photos taken on the spot."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.accounts.access import allowed
from linli.accounts.rules import require
from linli.core.paging import page_of
from linli.housing.actions import add_facility_photos, remove_facility_photo, report_repair
from linli.housing.forms.facilities import FacilityPhotosForm, RepairForm
from linli.housing.models import Facility
from linli.housing.queries.facilities import (
    FacilityFilters,
    facilities_for,
    facility_for,
    photo_of,
    photos_of,
    shown_photos,
)
from linli.housing.rules import NotPossible, require_keeper

PAGE_SIZE = 30


@allowed("areas.view")
def facility_list(request: HttpRequest) -> HttpResponse:
    """List the facilities of one's grids, narrowed by words or to one grid."""
    filters = FacilityFilters.from_query(request.GET)
    context = {
        "page": page_of(request, facilities_for(request.user, filters), PAGE_SIZE),
        "filters": filters,
        "may_report": request.user.has_perm("housing.edit"),
    }
    return render(request, "field/facility_list.html", context)


@allowed("housing.edit")
def facility_repair(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what is broken; it becomes a case in the grid of the facility."""
    facility = _kept(request, pk)
    require(request.user, "cases.report", facility.area)
    form = RepairForm(request.POST if request.method == "POST" else None)
    number = _reported(request, form, facility) if form.is_bound and form.is_valid() else ""
    if number:
        messages.success(
            request, _("It is case %(number)s now. When it is closed, it stands here.") % {"number": number}
        )
        return redirect("field-facility-list")
    photos = shown_photos(photos_of(facility))
    context = {
        "facility": facility,
        "form": form,
        "photos": [reverse("facility-photo", args=[pk, photo.pk]) for photo in photos.shown],
        "photos_told": photos.told,
    }
    return render(request, "field/facility_repair.html", context, status=422 if form.errors else 200)


@allowed("housing.edit")
def facility_photos(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the photos of a facility, and take more on the spot."""
    facility = _kept(request, pk)
    sent = request.method == "POST"
    form = FacilityPhotosForm(request.POST if sent else None, request.FILES or None, request=request)
    if sent and form.is_valid():
        try:
            count = len(add_facility_photos(facility, form.cleaned_data["photos"], by=request.user))
        except ValidationError as problem:
            form.add_action_error(problem)
        else:
            text = ngettext("%(count)d photo is added.", "%(count)d photos are added.", count)
            messages.success(request, text % {"count": count})
            return redirect("field-facility-repair", pk)
    context = {"facility": facility, "form": form, "photos": photos_of(facility)}
    return render(request, "field/facility_photos.html", context, status=422 if form.errors else 200)


@allowed("housing.edit")
def facility_photo_remove(request: HttpRequest, pk: int, photo: int) -> HttpResponse:
    """Ask once more, then remove a photo of a facility."""
    facility = _kept(request, pk)
    chosen = photo_of(facility, photo)
    if chosen is None:
        raise Http404
    if request.method == "POST":
        remove_facility_photo(chosen, by=request.user)
        messages.success(request, _("Removed."))
        return redirect("field-facility-photos", pk)
    return render(request, "field/facility_photo_remove.html", {"facility": facility, "photo": chosen})


def _kept(request: HttpRequest, pk: int) -> Facility:
    try:
        facility = facility_for(request.user, pk)
    except Facility.DoesNotExist:
        raise Http404 from None
    require_keeper(request.user, facility)
    return facility


def _reported(request: HttpRequest, form: RepairForm, facility: Facility) -> str:
    """Report a repair; return the number of its case, or "" and say in the form what stands in the way."""
    try:
        return report_repair(facility, form.cleaned_data["text"], by=request.user).case_number
    except ValidationError as problem:
        form.add_action_error(problem)
    except NotPossible as problem:
        form.add_error(None, problem.message)
    return ""
