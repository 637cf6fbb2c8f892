"""Drafts of grids: the list with its form, the page on the map, steps by hand, applying and taking back."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from linli.accounts.access import allowed
from linli.core.paging import page_of
from linli.gridplans import actions
from linli.gridplans.actions.applying import outlook
from linli.gridplans.choices import PlanState
from linli.gridplans.forms import NewPlanForm
from linli.gridplans.models import GridPlan, PlanPart
from linli.gridplans.queries import applied_of, busy, may_do, plan_for, plans_for, state_of
from linli.gridplans.rules import PLAN, REDRAW, VIEW, NotPossible, Stale, may_plan, may_redraw
from linli.gridplans.values import StepAsked, written
from linli.web.form_pages import submitted, upload_form
from linli.web.gridplan_answers import draft_answer, errors_answer, ground_answer, no_such_step, step_answer
from linli.web.job_words import outcome_of

ROWS = 20
MOST_BUILDINGS = 5000
UNDO, REDO = "undo", "redo"
# Seconds that a browser keeps the ground of a draft, which never changes.
KEPT_SECONDS = 86_400


@allowed(VIEW)
def grid_plans(request: HttpRequest) -> HttpResponse:
    """List the drafts of one's reach, and take the wish for a new one."""
    may_add = request.user.has_perm(PLAN)
    form = upload_form(request, NewPlanForm) if may_add else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied(_("Your post does not allow this."))
        plan = _asked_for(request, form)
        if plan is not None:
            return redirect("grid-plan", pk=plan.pk)
    page = page_of(request, plans_for(request.user), ROWS)
    rows = [(plan, state_of(plan)) for plan in page]
    context = {"form": form, "page": page, "rows": rows, "may_add": may_add}
    return render(request, "web/gridplans/list.html", context, status=422 if form is not None and form.errors else 200)


@never_cache
@allowed(VIEW)
def grid_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one draft on the map, with its grids, figures and what is to be seen before it is applied."""
    plan = _plan(request, pk)
    context = {
        "plan": plan,
        "state": state_of(plan),
        "can": may_do(plan, request.user),
        "outcome": outcome_of(plan.job) if plan.job is not None else None,
        "applied": applied_of(plan),
    }
    return render(request, "web/gridplans/plan.html", context)


@allowed(VIEW)
def grid_plan_ground(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer what the map shows and no step changes."""
    plan = _plan(request, pk)
    answer = HttpResponse(ground_answer(plan), content_type="application/json")
    lasting = state_of(plan) not in (PlanState.WAITING, PlanState.RUNNING)
    answer["Cache-Control"] = f"private, max-age={KEPT_SECONDS}" if lasting else "no-store"
    return answer


@never_cache
@allowed(VIEW)
def grid_plan_draft(request: HttpRequest, pk: int) -> JsonResponse:
    """Answer the whole draft."""
    return JsonResponse(draft_answer(_plan(request, pk), request.user), json_dumps_params={"ensure_ascii": False})


@require_POST
@allowed(PLAN)
def grid_plan_steps(request: HttpRequest, pk: int) -> JsonResponse:
    """Take a step, undo one, or do one again; answer what it changed."""
    plan = _plan(request, pk)
    if not may_plan(request.user, plan):
        raise PermissionDenied(_("Your post does not allow this."))
    try:
        given = json.loads(request.body)
        version, action = int(given["version"]), str(given["action"])
        asked = _step(given)
    except (ArithmeticError, KeyError, RecursionError, TypeError, ValueError):
        return JsonResponse(no_such_step(), status=422)
    try:
        changed = _taken(plan, action, asked, version=version, by=request.user)
    except Stale as stale:
        return JsonResponse({"version": stale.version}, status=409)
    except ValidationError as problem:
        return JsonResponse(errors_answer(problem), status=422)
    except NotPossible as refusal:
        errors = [{"field": "__all__", "message": message} for message in refusal.messages]
        return JsonResponse({"errors": errors}, status=422)
    answer = step_answer(changed.plan, request.user, changed)
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})


@require_POST
@allowed(PLAN)
def grid_plan_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a note to a draft."""
    plan = _plan(request, pk)
    try:
        actions.note_plan(plan, written(request.POST.get("note")), by=request.user)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect("grid-plan", pk=pk)


@require_POST
@allowed(PLAN)
def grid_plan_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Copy a draft and go to the copy."""
    return _another(request, pk, actions.copy_plan, _("This is the copy. The other draft stays as it is."))


@require_POST
@allowed(PLAN)
def grid_plan_rest(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan what is not locked anew, in another draft, and go there."""
    words = _("This is a draft of its own. The other one stays as it is.")
    return _another(request, pk, actions.plan_rest, words)


@require_POST
@allowed(PLAN)
def grid_plan_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop the work on a draft."""
    actions.cancel_plan(_plan(request, pk), by=request.user)
    return redirect("grid-plan", pk=pk)


@require_POST
@allowed(PLAN)
def grid_plan_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    plan = _plan(request, pk)
    try:
        actions.discard_plan(plan, by=request.user)
    except NotPossible as refusal:
        return _told(request, refusal, pk)
    messages.success(request, _("The draft was thrown away. The grids in force stay as they are."))
    return redirect("grid-plans")


@never_cache
@allowed(REDRAW)
def grid_plan_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what applying a draft would do and what stands in its way (GET); then do it (POST)."""
    plan = _plan(request, pk)
    if not may_redraw(request.user, plan):
        raise PermissionDenied(_("Your post does not allow this."))
    if plan.state != PlanState.READY or busy(plan):
        return redirect("grid-plan", pk=pk)
    refused: list[str] = []
    if request.method == "POST":
        try:
            actions.ask_to_apply(plan, version=_version(request), by=request.user)
            return redirect("grid-plan", pk=pk)
        except Stale:
            refused = [_("The draft was changed meanwhile. Look at it again, then apply it.")]
        except NotPossible as refusal:
            refused = refusal.messages
    said, obstacles = outlook(plan)
    context = {"plan": plan, "outlook": said, "obstacles": refused or obstacles}
    return render(request, "web/gridplans/apply.html", context, status=422 if refused else 200)


@require_POST
@allowed(REDRAW)
def grid_plan_revert(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a draft back that is in force."""
    plan = _plan(request, pk)
    try:
        actions.ask_to_revert(plan, by=request.user)
    except NotPossible as refusal:
        return _told(request, refusal, pk)
    return redirect("grid-plan", pk=pk)


def _asked_for(request: HttpRequest, form: NewPlanForm) -> GridPlan | None:
    if not form.is_valid():
        return None
    given = form.cleaned_data
    try:
        return actions.new_plan(given["area"], form.asked(), by=request.user, note=given["note"], roads=given["file"])
    except ValidationError as problem:
        form.add_action_error(problem)
    return None


def _another(request: HttpRequest, pk: int, make: Callable[..., GridPlan], words: str) -> HttpResponse:
    """Make another draft from one and go there, or say on the page of the one why that is not possible."""
    plan = _plan(request, pk)
    try:
        other = make(plan, by=request.user)
    except NotPossible as refusal:
        return _told(request, refusal, pk)
    messages.success(request, words)
    return redirect("grid-plan", pk=other.pk)


def _plan(request: HttpRequest, pk: int) -> GridPlan:
    try:
        return plan_for(request.user, pk)
    except GridPlan.DoesNotExist:
        raise Http404 from None


def _step(given: Any) -> StepAsked:
    """Return the step that was sent. Raises ``TypeError`` or ``ValueError`` for what is none."""
    buildings = [int(key) for key in given.get("buildings") or ()]
    if len(buildings) > MOST_BUILDINGS:
        raise ValueError("too many buildings")
    words = {name: written(given.get(name)) for name in ("grid", "to", "text")}
    return StepAsked(str(given["action"]), buildings, **words)


def _taken(plan: GridPlan, action: str, asked: StepAsked, *, version: int, by: Any) -> PlanPart:
    if action == UNDO:
        return actions.undo_step(plan, version=version, by=by)
    if action == REDO:
        return actions.redo_step(plan, version=version, by=by)
    return actions.take_step(plan, asked, version=version, by=by)


def _version(request: HttpRequest) -> int | None:
    written = (submitted(request) or {}).get("version", "")
    return int(written) if str(written).isdigit() else None


def _told(request: HttpRequest, refusal: NotPossible, pk: int) -> HttpResponse:
    for message in refusal.messages:
        messages.error(request, message)
    return redirect("grid-plan", pk=pk)
