"""Absences: one's own, those that wait for an answer, those that last; and who stands in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.accounts.access import SIGNED_IN, allowed
from linli.areas.actions import ask_absence, decide_absence, end_absence
from linli.areas.choices import AbsenceState
from linli.areas.duty import thin_spells
from linli.areas.forms import AbsenceForm, AnswerForm
from linli.areas.models import Absence
from linli.areas.queries import absences_in_reach, absences_of, absences_to_decide, stands_in
from linli.areas.rules import COVER
from linli.areas.scope import covered_by, stand_ins_known_to
from linli.core import clock
from linli.core.paging import page_of
from linli.staff.queries import members_for

MOST_OWN = 20


@dataclass(frozen=True)
class AbsenceRow:
    """An absence as a row; ``cover`` says who stands in, ``open`` that it can still be ended."""

    absence: Absence
    cover: str
    now: bool
    open: bool


@allowed(SIGNED_IN)
def absence_list(request: HttpRequest) -> HttpResponse:
    """Show what waits for one's answer, one's own absences, whom one stands in for, and who else is away."""
    user = request.user
    page = page_of(request, absences_in_reach(user))
    context = {
        "waiting": rows_of(user, absences_to_decide(user)),
        "own": rows_of(user, absences_of(user)[:MOST_OWN]),
        "covering": covered_by(user),
        "page": page,
        "others": rows_of(user, page.object_list),
        "arranges": user.has_perm(COVER),
    }
    return render(request, "web/absences/list.html", context)


def rows_of(user: Any, absences: Iterable[Absence]) -> list[AbsenceRow]:
    """Return absences as rows; asks the database nothing for each."""
    away = stand_ins_known_to(user).values()
    return [_row(absence, stands_in(absence, away)) for absence in absences]


def _row(absence: Absence, cover: str) -> AbsenceRow:
    today = clock.today()
    lasts = absence.state == AbsenceState.APPROVED and absence.since <= today <= absence.until
    over = absence.until < today or absence.state in (AbsenceState.REFUSED, AbsenceState.WITHDRAWN)
    return AbsenceRow(absence, cover, now=lasts, open=not over)


@allowed(SIGNED_IN)
def absence_new(request: HttpRequest) -> HttpResponse:
    """Ask to be away; who answers for others notes their absences here too."""
    user: Any = request.user
    people = members_for(user) if user.has_perm(COVER) else members_for(user).none()
    asked = request.GET.get("person", "")
    person = get_object_or_404(people, pk=asked) if asked.isdecimal() and asked != str(user.pk) else user
    days = {name: request.GET[name] for name in ("since", "until", "post") if name in request.GET}
    form = AbsenceForm(request.POST or None, person=person, **({"initial": days} if days else {}))
    if days and request.htmx:  # type: ignore[attr-defined]
        return render(request, "web/absences/thin.html", {"spells": form.thin_spells()})
    status = 200
    if request.method == "POST":
        if form.is_valid() and (made := _asked(form, user)):
            messages.success(request, _asked_words(made, own=person.pk == user.pk))
            _warn_of_thin(request, made)
            return redirect("absence-list")
        status = 422
    context = {
        "form": form,
        "person": person,
        "people": people.exclude(pk=user.pk),
        "own": person.pk == user.pk,
        "spells": form.thin_spells(),
    }
    return render(request, "web/absences/new.html", context, status=status)


def _warn_of_thin(request: HttpRequest, absence: Absence) -> None:
    """Say once more which days are thin, for whoever wrote them down without a script."""
    spells = thin_spells(absence)
    if spells:
        told = _("; ").join(spell.words for spell in spells)
        messages.warning(request, _("A grid with two workers is left with one or none. %(days)s") % {"days": told})


def _asked(form: AbsenceForm, by: Any) -> Absence | None:
    try:
        return ask_absence(form.new_absence(), by=by)
    except ValidationError as refused:
        form.add_action_error(refused)
    except PermissionDenied as refused:
        form.add_error(None, str(refused))
    return None


def _asked_words(absence: Absence, *, own: bool) -> str:
    if own and absence.state == AbsenceState.ASKED:
        return _("Asked. You will be told here what was answered.")
    return _("%(name)s is noted as away.") % {"name": absence.person.name}


@allowed(COVER)
def absence(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer an absence that somebody asked for."""
    found = _absence(request, pk)
    form = AnswerForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid() and _answered(form, found, request.user):
            messages.success(request, _("%(name)s will be told.") % {"name": found.person.name})
            return redirect("absence-list")
        status = 422
    spells = thin_spells(found) if found.state == AbsenceState.ASKED else []
    context = {"row": rows_of(request.user, [found])[0], "form": form, "spells": spells}
    return render(request, "web/absences/answer.html", context, status=status)


def _answered(form: AnswerForm, absence: Absence, by: Any) -> bool:
    approve = form.cleaned_data["verdict"] == "approve"
    try:
        decide_absence(absence, approve=approve, answer=form.cleaned_data["answer"], by=by)
    except ValidationError as refused:
        form.add_action_error(refused)
        return False
    return True


@require_POST
@allowed(COVER)
def absence_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that somebody is back before the last day."""
    return _ended(request, _absence(request, pk))


@require_POST
@allowed(SIGNED_IN)
def absence_back(request: HttpRequest) -> HttpResponse:
    """Be back oneself, or take back what one asked for."""
    asked = request.POST.get("absence", "")
    found = absences_of(request.user).filter(pk=asked).first() if asked.isdecimal() and len(asked) < 19 else None
    if found is None:
        return redirect("absence-list")
    return _ended(request, found)


def _ended(request: HttpRequest, absence: Absence) -> HttpResponse:
    try:
        ended = end_absence(absence, by=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("absence-list")
    if ended.state == AbsenceState.WITHDRAWN:
        messages.success(request, _("Taken back."))
    else:
        messages.success(request, _("%(name)s is back; the work is back too.") % {"name": ended.person.name})
    return redirect("absence-list")


def _absence(request: HttpRequest, pk: int) -> Absence:
    if pk >= 2**63:
        raise Http404
    rows = Absence.objects.visible_to(request.user).exclude(person=request.user.pk)
    return get_object_or_404(rows.select_related("person", "post__area", "cover", "decided_by"), pk=pk)
