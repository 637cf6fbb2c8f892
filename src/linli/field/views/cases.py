"""Cases on the phone: the list, one case with its next step, and noting a new one."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.accounts.access import allowed
from linli.accounts.rules import Refused
from linli.cases.actions import Conflict, report_case, take_step
from linli.cases.actions.engine import find_row
from linli.cases.choices import Action
from linli.cases.forms import StepForm
from linli.cases.models import Case, Step
from linli.cases.photos import StepPhotos, by_step
from linli.cases.queries import CaseFilters, case_for, cases_for, deadline_of, history_of, photos_of
from linli.cases.rules import shows_persons
from linli.core import widgets
from linli.core.paging import page_of
from linli.field.forms import PhoneCaseForm
from linli.field.lines import NEXT, OTHERS, lines_of, steps_of

PAGE_SIZE = 20
PILES: tuple[tuple[str, str | Promise], ...] = (
    ("mine", gettext_lazy("Mine")),
    ("late", gettext_lazy("Late")),
    ("new", gettext_lazy("New")),
    ("", gettext_lazy("All")),
)


@allowed("cases.view")
def case_list(request: HttpRequest) -> HttpResponse:
    """List cases by pile and words."""
    query = request.GET.copy()
    query.setdefault("pile", "" if query.get("q") else "mine")
    page = page_of(request, cases_for(request.user, CaseFilters.from_query(query)), PAGE_SIZE)
    chosen = query["pile"]
    context = {
        "page": page,
        "lines": lines_of(request.user, page),
        "words": query.get("q", ""),
        "piles": [widgets.Choice(str(label), f"?pile={key}", current=key == chosen) for key, label in PILES],
    }
    return render(request, "field/case_list.html", context)


@allowed("cases.view")
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Show one case: what, where, by when, what happened so far, and the next step within reach of the thumb."""
    found = _case(request, number)
    steps = steps_of(request.user, found)
    named = shows_persons(request.user)
    photos = by_step(photos_of(found))
    first, *later = history_of(found)
    told = [_entry(step, photos[step.number], found.number, named=named) for step in reversed(later)]
    reported = photos[first.number]
    context = {
        "case": found,
        "deadline": deadline_of(found),
        "next": steps[0] if steps and steps[0] in NEXT else None,
        "others": [step for step in steps[1:] if step in NEXT] + [step for step in steps if step in OTHERS],
        # What was photographed for the report stands beside its text.
        "report_photos": _addresses(reported, found.number),
        "report_note": reported.told,
        "history": [*told, _entry(first, StepPhotos(), found.number, named=named)],
    }
    return render(request, "field/case.html", context)


def _entry(step: Step, photos: StepPhotos, number: str, *, named: bool) -> widgets.Entry:
    return widgets.Entry(
        step.get_action_display(),
        step.at,
        f"{step.doer if named else ''} {step.note}".strip(),
        photos=_addresses(photos, number),
        note=photos.told,
    )


def _addresses(photos: StepPhotos, number: str) -> list[str]:
    return [reverse("case-photo", args=[number, photo.pk]) for photo in photos.shown]


@allowed("cases.view")
def case_step(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Ask what a step needs, and take it; when somebody was quicker, say who, and keep what was typed."""
    found = _case(request, number)
    if action not in {*NEXT, *OTHERS}:
        raise Http404
    # Whose step it is not is refused before the form; a conflict is told when the form is sent.
    with suppress(Conflict):
        find_row(found, action, by=request.user, seen=found)
    form = _step_form(request, found, action)
    conflict = ""
    if form.is_bound and form.is_valid():
        try:
            take_step(
                found,
                action,
                by=request.user,
                version=form.seen_version,
                values=form.values(),
                photos=form.cleaned_data["photos"],
            )
        except Conflict as refusal:
            conflict = refusal.message
        except ValidationError as refusal:
            form.add_action_error(refusal)
        else:
            messages.success(request, _("Done: %(step)s.") % {"step": Action(action).label})
            return redirect("field-case", number=number)
    status = 409 if conflict else 422 if form.is_bound else 200
    context = {"case": found, "form": form, "step": Action(action), "conflict": conflict}
    return render(request, "field/case_step.html", context, status=status)


@allowed("cases.report")
def case_new(request: HttpRequest) -> HttpResponse:
    """Note a case in one screen: reported, or done on the spot already."""
    if request.method != "POST":
        return _new_page(request, PhoneCaseForm(user=request.user))
    form = PhoneCaseForm(request.POST, request.FILES, user=request.user, request=request)
    if not form.is_valid():
        return _new_page(request, form, 422)
    try:
        reported = report_case(form.new_case(), by=request.user, photos=form.cleaned_data["photos"])
    except ValidationError as refusal:
        form.add_action_error(refusal)
        return _new_page(request, form, 422)
    except Refused:
        form.add_error("address", _("This place lies outside your area. Ask whoever serves there to note it."))
        return _new_page(request, form, 403)
    messages.success(request, _("Noted: %(number)s.") % {"number": reported.case.number})
    return redirect("field-case", number=reported.case.number)


def _new_page(request: HttpRequest, form: PhoneCaseForm, status: int = 200) -> HttpResponse:
    return render(request, "field/case_new.html", {"form": form}, status=status)


def _step_form(request: HttpRequest, case: Case, action: str) -> StepForm:
    if request.method != "POST":
        return StepForm(action, case=case, user=request.user)
    return StepForm(action, case=case, user=request.user, data=request.POST, files=request.FILES, request=request)


def _case(request: HttpRequest, number: str) -> Any:
    try:
        return case_for(request.user, number)
    except Case.DoesNotExist:
        raise Http404 from None
