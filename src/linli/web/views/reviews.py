"""The quarterly review: which grids are through, what is to be looked at in one, and the signature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from linli.accounts.access import allowed
from linli.accounts.rules import require
from linli.areas.models import Area
from linli.assessment.actions import sign_review
from linli.assessment.choices import ToReview
from linli.assessment.confirming import confirmed
from linli.assessment.forms import SignForm
from linli.assessment.models import Review
from linli.assessment.periods import Period, day_of
from linli.assessment.reviews import (
    GridReview,
    Item,
    counts_of,
    items_of,
    past_reviews,
    quarter_of,
    review_grids,
    reviews_of,
    rows_to_review,
)
from linli.core import clock, widgets
from linli.core.paging import page_of
from linli.people.rules import NotPossible
from linli.web.links import link

MOST_PAST = 12


@dataclass(frozen=True)
class Row:
    """Something to look at, the way to it, and whether it can be confirmed where it stands."""

    item: Item
    url: str
    confirms: bool


@dataclass(frozen=True)
class PastReview:
    """A review that was signed off, with what was left then in words."""

    review: Review
    left: list[tuple[str, int]]


@never_cache
@allowed("people.view")
def review_list(request: HttpRequest) -> HttpResponse:
    """Show which grids are reviewed in a quarter."""
    quarter = quarter_of(day_of(request.GET.get("at")))
    page = page_of(request, review_grids(request.user))
    context = {
        "page": page,
        "quarter": quarter,
        "running": _runs(quarter),
        "rows": reviews_of(request.user, list(page), quarter),
        "before_url": link("review-list", at=quarter.before.first),
        "after_url": link("review-list", at=quarter.after.first) if quarter.end <= clock.now() else "",
    }
    return render(request, "web/reviews/list.html", context)


@never_cache
@allowed("people.view")
def review(request: HttpRequest, code: str) -> HttpResponse:
    """Show what is to be looked at in a grid this quarter, kind by kind."""
    return _show(request, _grid(request, code), SignForm())


@require_POST
@allowed("people.review")
def review_sign(request: HttpRequest, code: str) -> HttpResponse:
    """Sign the review of this quarter off."""
    grid = _grid(request, code)
    require(request.user, "people.review", grid)
    form = SignForm(request.POST)
    if form.is_valid():
        try:
            sign_review(grid, form.cleaned_data["remark"], by=request.user)
        except NotPossible as refusal:
            form.add_error(refusal.field or None, ValidationError(refusal.message))
        else:
            messages.success(request, _("Signed off. What is still open was kept with it."))
            return redirect("review", code)
    return _show(request, grid, form)


@require_POST
@allowed("people.edit")
def household_confirm(request: HttpRequest, number: str) -> HttpResponse:
    """Note that nothing has changed in a household, and go back to where that was said."""
    grid = confirmed(request, number)
    return redirect(link("review", grid.code, kind=ToReview.STALE) if grid is not None else link("household", number))


def _show(request: HttpRequest, grid: Area, form: SignForm) -> HttpResponse:
    quarter = quarter_of(clock.today())
    (state,) = reviews_of(request.user, [grid], quarter)
    kind = _kind(request, state)
    page = page_of(request, rows_to_review(request.user, grid, kind))
    may_edit = request.user.has_perm("people.edit", grid)
    context = {
        "grid": grid,
        "quarter": quarter,
        "state": state,
        "kind": kind,
        "kinds": [
            widgets.Choice(str(each.label), link("review", grid.code, kind=each), each == kind, state.open[each])
            for each in _kinds(request)
        ],
        "left": _left(state.open),
        "page": page,
        "rows": [_row(request, item, may_edit=may_edit) for item in items_of(page)],
        "form": form,
        "may_sign": not state.signed and request.user.has_perm("people.review", grid),
        "past": [PastReview(past, _left(counts_of(past))) for past in past_reviews(request.user, grid)[:MOST_PAST]],
    }
    return render(request, "web/reviews/review.html", context, status=422 if form.is_bound else 200)


def _kinds(request: HttpRequest) -> list[ToReview]:
    """Return what the user can work off: pairs of entries are for those who may merge."""
    merges = request.user.has_perm("people.merge")
    return [kind for kind in ToReview if kind != ToReview.DUPLICATE or merges]


def _kind(request: HttpRequest, state: GridReview) -> ToReview:
    """Return the kind that the address names, else the first of which something is open."""
    kinds, asked = _kinds(request), request.GET.get("kind")
    if asked in kinds:
        return ToReview(asked)
    return next((kind for kind in kinds if state.open[kind] and not state.signed), kinds[0])


def _row(request: HttpRequest, item: Item, *, may_edit: bool) -> Row:
    url = ""
    if item.household:
        url = link("household", item.household)
    elif item.dwelling is not None:
        url = link("dwelling", str(item.dwelling))
    elif item.correction is not None:
        url = link("correction", str(item.correction))
    elif item.pair is not None:
        url = link("duplicate", str(item.pair))
    return Row(item, url, confirms=bool(item.household) and may_edit)


def _left(counts: dict[ToReview, int]) -> list[tuple[str, int]]:
    return [(str(kind.label), count) for kind, count in counts.items() if count]


def _runs(quarter: Period) -> bool:
    return quarter.first <= clock.today() <= quarter.last


def _grid(request: HttpRequest, code: str) -> Any:
    """Return a grid whose ledger the user sees; any other is not found."""
    grid = review_grids(request.user).filter(code=code).first()
    if grid is None:
        raise Http404
    return grid
