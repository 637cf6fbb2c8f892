"""The quarterly review on the phone: what is to be looked at in one's grid, and confirming a household at the door."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from linli.accounts.access import allowed
from linli.assessment.choices import ToReview
from linli.assessment.confirming import confirmed
from linli.assessment.reviews import Item, items_of, quarter_of, review_grids, reviews_of, rows_to_review
from linli.core import clock, widgets
from linli.core.paging import page_of

PAGE_SIZE = 30
MOST_GRIDS = 30


@dataclass(frozen=True)
class Row:
    """Something to look at, the way to it, and whether it can be confirmed where it stands."""

    item: Item
    url: str
    confirms: bool


@never_cache
@allowed("people.view")
def review(request: HttpRequest) -> HttpResponse:
    """Show what is to be looked at in one grid, the first unless ``?grid=`` names another."""
    grids = review_grids(request.user)
    grid = grids.filter(code=request.GET.get("grid", "")).first() or grids.first()
    if grid is None:
        return render(request, "field/no_grid.html")
    (state,) = reviews_of(request.user, [grid], quarter_of(clock.today()))
    merges = request.user.has_perm("people.merge")
    kinds = [kind for kind in ToReview if kind != ToReview.DUPLICATE or merges]
    asked = request.GET.get("kind")
    kind = ToReview(asked) if asked in kinds else next((each for each in kinds if state.open[each]), kinds[0])
    page = page_of(request, rows_to_review(request.user, grid, kind), PAGE_SIZE)
    may_edit = request.user.has_perm("people.edit", grid)
    way = f"{reverse('field-review')}?grid={grid.code}"
    context = {
        "grid": grid,
        "quarter": quarter_of(clock.today()),
        "state": state,
        "kind": kind,
        "kinds": [
            widgets.Choice(str(each.label), f"{way}&kind={each}", each == kind, state.open[each]) for each in kinds
        ],
        "choices": [
            widgets.Choice(row.name, f"?grid={row.code}", current=row.pk == grid.pk) for row in grids[:MOST_GRIDS]
        ],
        "page": page,
        "rows": [Row(item, _way(item), bool(item.household) and may_edit) for item in items_of(page)],
        "may_sign": not state.signed and request.user.has_perm("people.review", grid),
    }
    return render(request, "field/review.html", context)


@require_POST
@allowed("people.edit")
def household_confirm(request: HttpRequest, number: str) -> HttpResponse:
    """Note at the door that nothing has changed in a household."""
    grid = confirmed(request, number)
    if grid is None:
        return redirect("field-household", number)
    return redirect(f"{reverse('field-review')}?grid={grid.code}&kind={ToReview.STALE}")


def _way(item: Item) -> str:
    """Return where something is put right; values and pairs have no page of their own on the phone."""
    if item.household:
        return reverse("field-household", args=[item.household])
    if item.dwelling is not None:
        return reverse("field-dwelling", args=[item.dwelling])
    if item.correction is not None:
        return reverse("correction", args=[item.correction])
    return reverse("duplicate", args=[item.pair])
