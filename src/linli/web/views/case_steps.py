"""Taking a step on a case: the form in a dialog or on a page of its own, and what is said when somebody was quicker."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from linli.accounts.access import allowed
from linli.cases.actions import Conflict, take_step
from linli.cases.actions.engine import find_row
from linli.cases.choices import Action
from linli.cases.forms import StepForm
from linli.cases.models import Case
from linli.cases.queries import can, nearby_cases
from linli.web.case_words import STEPS, title_of
from linli.web.links import link
from linli.web.views.case_page import case_or_404

# Steps that have no form here: they are taken by a report, a merge, the resident or the clock.
WITHOUT_FORM = frozenset({Action.REPORT, Action.TAKE_IN, Action.CONFIRM, Action.REOPEN, Action.LAPSE})


@allowed("cases.view")
def case_step(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Ask what a step needs, and take it."""
    case = case_or_404(request.user, number)
    if action not in Action.values or action in WITHOUT_FORM:
        raise Http404
    try:
        find_row(case, action, by=request.user, seen=case)
    except Conflict as conflict:
        # A form that was sent is kept, with what was typed.
        if request.method != "POST":
            return _show(request, case, action, None, conflict=conflict)
    if request.method == "POST":
        return _take(request, case, action)
    initial = {"version": case.version, "into": request.GET.get("into", "")}
    return _show(request, case, action, StepForm(action, case=case, user=request.user, initial=initial))


def _take(request: HttpRequest, case: Case, action: str) -> HttpResponse:
    form = StepForm(action, case=case, user=request.user, data=request.POST, files=request.FILES, request=request)
    if not form.is_valid():
        return _show(request, case, action, form, status=422)
    try:
        take_step(
            case,
            action,
            by=request.user,
            version=form.seen_version,
            values=form.values(),
            photos=form.cleaned_data["photos"],
        )
    except Conflict as conflict:
        return _after_conflict(request, case, action, conflict)
    except ValidationError as error:
        form.add_action_error(error)
        return _show(request, case, action, form, status=422)
    done = _("%(title)s: you %(did)s.") % {"title": title_of(case), "did": STEPS[action].done}
    messages.success(request, done)
    address = link("case", case.number)
    return HttpResponseClientRedirect(address) if request.htmx else HttpResponseRedirect(address)  # type: ignore[attr-defined]


def _after_conflict(request: HttpRequest, case: Case, action: str, conflict: Conflict) -> HttpResponse:
    """Show what was typed again. Where the step is still possible it can be sent anew, knowing what happened since."""
    now = case_or_404(request.user, case.number)
    typed = request.POST.copy()
    typed["version"] = str(now.version)
    form = StepForm(action, case=now, user=request.user, data=typed, files=request.FILES)
    return _show(request, now, action, form, conflict=conflict)


def _show(
    request: HttpRequest,
    case: Case,
    action: str,
    form: StepForm | None,
    *,
    status: int = 200,
    conflict: Conflict | None = None,
) -> HttpResponse:
    look = STEPS[action]
    context: dict[str, Any] = {
        "case": case,
        "title": title_of(case),
        "action": action,
        "label": look.label,
        "icon": look.icon,
        "form": form,
        "conflict": conflict,
        "possible": action in can(request.user, case),
        "step_url": link("case-step", case.number, action),
        "candidates": nearby_cases(case, request.user) if action == Action.MERGE else [],
    }
    template = "web/cases/step_dialog.html" if request.htmx else "web/cases/step.html"  # type: ignore[attr-defined]
    response = render(request, template, context, status=409 if conflict else status)
    response["Vary"] = "HX-Request"
    return response
