"""Facilities on the phone: those of my grids, and a repair reported on the spot."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from linli.accounts.access import allowed
from linli.accounts.rules import require
from linli.core.paging import page_of
from linli.housing.actions import report_repair
from linli.housing.forms.facilities import RepairForm
from linli.housing.models import Facility
from linli.housing.queries.facilities import FacilityFilters, facilities_for, facility_for
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
    try:
        facility = facility_for(request.user, pk)
    except Facility.DoesNotExist:
        raise Http404 from None
    require_keeper(request.user, facility)
    require(request.user, "cases.report", facility.area)
    form = RepairForm(request.POST if request.method == "POST" else None)
    number = _reported(request, form, facility) if form.is_bound and form.is_valid() else ""
    if number:
        messages.success(
            request, _("It is case %(number)s now. When it is closed, it stands here.") % {"number": number}
        )
        return redirect("field-facility-list")
    context = {"facility": facility, "form": form}
    return render(request, "field/facility_repair.html", context, status=422 if form.errors else 200)


def _reported(request: HttpRequest, form: RepairForm, facility: Facility) -> str:
    """Report a repair; return the number of its case, or "" and say in the form what stands in the way."""
    try:
        return report_repair(facility, form.cleaned_data["text"], by=request.user).case_number
    except ValidationError as problem:
        form.add_action_error(problem)
    except NotPossible as problem:
        form.add_error(None, problem.message)
    return ""
