"""Registering a case at a desk; what was done on the spot is registered in the same step."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.accounts.access import allowed
from linli.accounts.rules import Refused
from linli.areas.queries import doers_of
from linli.cases.actions import Reported, report_case
from linli.cases.choices import State
from linli.web.case_forms import DeskCaseForm
from linli.web.case_words import title_of
from linli.web.links import link


@allowed("cases.report")
def case_new(request: HttpRequest) -> HttpResponse:
    """Ask what happened and where, and register it."""
    if request.method != "POST":
        initial = {"area": request.GET.get("area", ""), "address": request.GET.get("address", "")}
        return _show(request, DeskCaseForm(user=request.user, initial=initial))
    form = DeskCaseForm(request.POST, request.FILES, user=request.user, request=request)
    if not form.is_valid():
        return _show(request, form, status=422)
    try:
        reported = report_case(form.new_case(), by=request.user, photos=form.cleaned_data["photos"])
    except ValidationError as error:
        form.add_action_error(error)
        return _show(request, form, status=422)
    except Refused:
        form.add_error("address", _("This place lies outside your area. Ask whoever serves there to register it."))
        return _show(request, form, status=403)
    return _registered(request, reported)


def _show(request: HttpRequest, form: DeskCaseForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "areas_url": link("case-new-areas"), "point": _point(form)}
    return render(request, "web/cases/new.html", context, status=status)


def _point(form: DeskCaseForm) -> str:
    longitude, latitude = form["lon"].value(), form["lat"].value()
    return f"{longitude},{latitude}" if longitude and latitude else ""


def _registered(request: HttpRequest, reported: Reported) -> HttpResponse:
    """Go to the case; where a resident can follow it, show the private link first, this once."""
    case = reported.case
    if reported.token is None:
        messages.success(request, _registered_words(reported))
        return HttpResponseRedirect(link("case", case.number))
    follow_url = request.build_absolute_uri(reverse("follow", args=[reported.token]))
    context = {
        "case": case,
        "title": title_of(case),
        "follow_url": follow_url,
        "registered": _registered_words(reported),
    }
    response = render(request, "web/cases/link.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _registered_words(reported: Reported) -> str:
    case = reported.case
    if case.state in (State.CLOSED, State.CHECKED):
        return _("Registered as done on the spot.")
    doer = next(iter(doers_of([case.handler])), None) if case.handler else None
    if doer is None:
        return _("Registered. Nobody serves this place now; the next level was told.")
    return _("Registered. It is with %(name)s now.") % {"name": doer.name}
