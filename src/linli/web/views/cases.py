"""The list of cases."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from linli.accounts.access import allowed
from linli.areas.models import Area
from linli.areas.scope import posts_served_by
from linli.cases.models import Category
from linli.cases.queries import PILES
from linli.cases.rules import shows_persons
from linli.core import widgets
from linli.core.paging import MAX_COUNT, page_of
from linli.web.case_filters import CaseFilterForm, figure_of, narrowed_cases
from linli.web.case_words import line_of
from linli.web.links import link


@allowed("cases.view")
def case_list(request: HttpRequest) -> HttpResponse:
    """List the cases that the user sees, narrowed by pile, state, way, category, place, words, or a figure."""
    user = request.user
    cases, counted = narrowed_cases(user, request.GET)
    page = page_of(request, cases, counted=counted)
    posts = {post.pk for post in posts_served_by(user)}
    named = shows_persons(user)
    context = {
        "page": page,
        "lines": [line_of(user, case, posts, named=named) for case in page.object_list],
        "form": CaseFilterForm(user, request.GET),
        "piles": _piles(request),
        "pile": request.GET.get("pile", ""),
        "figure": figure_of(request.GET),
        "figure_where": _where(user, request.GET.get("under", "")),
        "figure_category": _category(request.GET.get("category", "")),
        "narrowed": any(value for name, value in request.GET.items() if name not in ("page", "page_size")),
        "at_least": page.paginator.count >= MAX_COUNT,
    }
    return render(request, "web/cases/list.html", context)


def _piles(request: HttpRequest) -> list[widgets.Choice]:
    chosen = request.GET.get("pile", "")
    labels = [("", _("All")), ("mine", _("With me")), *PILES.items()]
    return [widgets.Choice(str(label), link("case-list", pile=key), current=key == chosen) for key, label in labels]


def _where(user: Any, code: str) -> str:
    area = Area.objects.visible_to(user).filter(code=code).only("name").first() if code else None
    return area.name if area else ""


def _category(code: str) -> str:
    category = Category.objects.filter(code=code).first() if code else None
    return category.label if category else ""
