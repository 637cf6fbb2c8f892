"""People who may stand in the ledger twice: the queue, a pair side by side, merging, and taking that back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from linli.accounts.access import allowed
from linli.areas.models import Area
from linli.areas.scope import scope_paths
from linli.core import widgets
from linli.core.paging import page_of
from linli.core.paths import within
from linli.jobs.actions import request_cancel
from linli.people.choices import DuplicateState
from linli.people.merge_form import MergeForm
from linli.people.merging import ask_again, ask_to_check, merge_people, put_off, tell_apart, undo_merge
from linli.people.models import Duplicate, DuplicateCheck, Merge
from linli.people.pairs import (
    areas_to_check,
    comparison_of,
    counted_duplicates,
    duplicate_for,
    duplicates_for,
    last_check,
    merges_for,
    pile_asked,
    with_makers,
)
from linli.people.rules import NotPossible
from linli.web.job_words import may_stop, outcome_of, standing_of
from linli.web.links import link

ABILITY = "people.merge"
LARGEST_KEY = 2**63


@never_cache
@allowed(ABILITY)
def duplicate_list(request: HttpRequest) -> HttpResponse:
    """List the pairs to look at, those put off, those found to be two people; and what was merged."""
    pile = pile_asked(request.GET)
    merged = pile == DuplicateState.MERGED
    user: Any = request.user
    page = page_of(request, merges_for(user) if merged else duplicates_for(user, pile))
    check = last_check(user)
    job = check.job if check is not None else None
    context = {
        "page": page,
        "piles": _piles(user, pile),
        "pile": pile,
        "merged": merged,
        "merges": with_makers(page) if merged else [],
        "areas": areas_to_check(user),
        "check": check,
        "working": job is not None and job.is_open,
        "standing": standing_of(job) if job is not None and job.is_open else None,
        "may_stop": job is not None and may_stop(job, user),
        "outcome": outcome_of(job) if job is not None else None,
    }
    return render(request, "web/duplicates/list.html", context)


@never_cache
@allowed(ABILITY)
def duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    """Show two entries beside each other, and what can be decided."""
    return _show(request, _pair(request, pk))


@require_POST
@allowed(ABILITY)
def duplicate_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Make one entry of two, with the values that were chosen."""
    pair = _pair(request, pk)
    comparison = comparison_of(pair)
    if request.POST.get("seen", "") != comparison.seal:
        messages.error(request, _("Somebody has just changed one of the two. Look at them again."))
        return redirect("duplicate", pk)
    form = MergeForm(request.POST, comparison=comparison)
    if form.is_valid():
        try:
            merge = merge_people(pair, form.choices(), by=request.user, seen=form.cleaned_data["seen"])
        except NotPossible as refusal:
            messages.error(request, refusal.message)
            return redirect("duplicate", pk)
        text = _("%(name)s stands in the ledger once now.") % {"name": merge.kept.name}
        messages.success(request, text, extra_tags=reverse("duplicate-undo", args=[merge.pk]))
        return redirect("duplicate-list")
    return _show(request, pair, form)


@require_POST
@allowed(ABILITY)
def duplicate_apart(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the two are two people; nobody is asked about them again."""
    return _decided(request, pk, tell_apart, _("Noted: these are two people. You will not be asked again."))


@require_POST
@allowed(ABILITY)
def duplicate_later(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave the pair for later."""
    return _decided(request, pk, put_off, _("Put off. It stands under “Put off”."))


@require_POST
@allowed(ABILITY)
def duplicate_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a pair back among those to look at."""
    return _decided(request, pk, ask_again, _("It stands among those to look at again."))


@require_POST
@allowed(ABILITY)
def duplicate_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Make two entries again, exactly as they were."""
    rows = Merge.objects.visible_to(request.user)
    merge = get_object_or_404(rows if pk < LARGEST_KEY else rows.none(), pk=pk)
    try:
        pair = undo_merge(merge, by=request.user)
    except NotPossible as refusal:
        messages.error(request, refusal.message)
        return redirect(link("duplicate-list", pile=DuplicateState.MERGED))
    messages.success(request, _("Both entries stand as they did before."))
    return redirect("duplicate", pair.pk)


@require_POST
@allowed(ABILITY)
def duplicate_check(request: HttpRequest, code: str) -> HttpResponse:
    """Let the people of an area be looked through in the background."""
    user: Any = request.user
    area = get_object_or_404(Area.objects.filter(within(scope_paths(user, ABILITY))), code=code)
    ask_to_check(area, by=user)
    return redirect("duplicate-list")


@never_cache
@allowed(ABILITY)
def duplicate_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with how far the search is; once it is over, lead to the list."""
    check = _check(request, pk)
    if check.job is None or not check.job.is_open:
        return HttpResponseClientRedirect(reverse("duplicate-list"))
    poll_url = reverse("duplicate-progress", args=[check.pk])
    return render(request, "web/jobs/progress.html", {"standing": standing_of(check.job), "poll_url": poll_url})


@require_POST
@allowed(ABILITY)
def duplicate_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop the search that goes on; whoever began it may."""
    check = _check(request, pk)
    if check.job is None or not check.job.is_open:
        messages.info(request, _("It was over already."))
    else:
        request_cancel(check.job, by=request.user)
    return redirect("duplicate-list")


def _piles(user: Any, pile: str) -> list[widgets.Choice]:
    counts = counted_duplicates(user)
    counts[DuplicateState.MERGED] = merges_for(user).count()
    words = (
        (DuplicateState.OPEN, _("To look at")),
        (DuplicateState.LATER, _("Put off")),
        (DuplicateState.DIFFERENT, _("Two people")),
        (DuplicateState.MERGED, _("Merged")),
    )
    return [
        widgets.Choice(label, link("duplicate-list", pile=name), current=name == pile, count=counts.get(name, 0))
        for name, label in words
    ]


def _pair(request: HttpRequest, pk: int) -> Duplicate:
    try:
        return duplicate_for(request.user, pk if pk < LARGEST_KEY else 0)
    except Duplicate.DoesNotExist:
        raise Http404 from None


def _check(request: HttpRequest, pk: int) -> DuplicateCheck:
    rows = DuplicateCheck.objects.visible_to(request.user).select_related("job")
    return get_object_or_404(rows if pk < LARGEST_KEY else rows.none(), pk=pk)


def _decided(request: HttpRequest, pk: int, action: Callable[..., Duplicate], text: str) -> HttpResponse:
    pair = _pair(request, pk)
    try:
        action(pair, by=request.user)
    except NotPossible as refusal:
        messages.error(request, refusal.message)
        return redirect("duplicate", pk)
    messages.success(request, text)
    return redirect("duplicate-list")


def _show(request: HttpRequest, pair: Duplicate, form: MergeForm | None = None) -> HttpResponse:
    comparison = form.comparison if form is not None else comparison_of(pair)
    shown = form or MergeForm(comparison=comparison)
    first, second = comparison.entries
    context = {
        "pair": pair,
        "comparison": comparison,
        "first": first,
        "second": second,
        "form": shown,
        "lines": shown.lines(),
        "home": shown["home"] if "home" in shown.fields else None,
        "waiting": pair.state in (DuplicateState.OPEN, DuplicateState.LATER),
        "open": pair.state == DuplicateState.OPEN,
    }
    return render(request, "web/duplicates/duplicate.html", context, status=422 if shown.is_bound else 200)
