"""The first page after sign-in: what to do first today, in the way that fits the post."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from linli.accounts.access import SIGNED_IN, allowed
from linli.areas.models import Area
from linli.areas.queries import vacant_grids
from linli.areas.rules import COVER
from linli.areas.scope import covered_by, posts_served_by, scope_of, scope_paths
from linli.assessment.choices import Figure, Rate, Span
from linli.assessment.periods import period_of
from linli.assessment.queries import RATES, figures_for
from linli.cases.queries import Group, cases_for, workbench_for
from linli.cases.rules import shows_persons
from linli.core import clock, widgets
from linli.core.paging import page_of
from linli.core.paths import outermost
from linli.web.case_words import CaseLine, line_of
from linli.web.links import figure_link, link

MOST_VACANT = 5
PILE_TONES = {"late": "late", "today": "soon"}


@dataclass(frozen=True)
class Heap:
    """The first rows of a pile with the way to all of them."""

    label: str
    count: int
    url: str
    lines: list[CaseLine]

    @property
    def more(self) -> bool:
        """Tell whether the pile holds more than is shown."""
        return self.count > len(self.lines)


@dataclass(frozen=True)
class Number:
    """One of today's numbers; it opens its rows."""

    label: str
    value: int
    url: str


@allowed(SIGNED_IN)
def workbench(request: HttpRequest) -> HttpResponse:
    """Show the workbench, or the page that a post without cases of its own begins with."""
    user = request.user
    scope = scope_of(user, "cases.view")
    if scope.paths or scope.departments:
        return render(request, "web/workbench/workbench.html", _workbench(user))
    if scope.own:
        return _own_reports(request)
    if user.has_perm("areas.edit"):
        return redirect("post-list")
    if user.has_perm("journal.view"):
        return redirect("journal")
    return render(request, "web/workbench/no_post.html")


def _own_reports(request: HttpRequest) -> HttpResponse:
    """Show those who only report what became of their reports."""
    page = page_of(request, cases_for(request.user))
    lines = [line_of(request.user, case, set(), named=True) for case in page.object_list]
    return render(request, "web/workbench/own_reports.html", {"page": page, "lines": lines})


def _workbench(user: Any) -> dict[str, Any]:
    bench = workbench_for(user)
    posts = {post.pk for post in posts_served_by(user)}
    named = shows_persons(user)
    return {
        "now": clock.now(),
        "today": clock.today(),
        "emergencies": [line_of(user, case, posts, named=named) for case in bench.emergencies],
        "piles": [
            widgets.Pile(
                label=pile.label,
                value=pile.count,
                url=link("case-list", pile=pile.key),
                tone=PILE_TONES.get(pile.key, "") if pile.count else "",
            )
            for pile in bench.piles
        ],
        "heaps": [_heap(user, group, posts, named=named) for group in bench.groups],
        "vacant": _vacant(user),
        "arranges": user.has_perm(COVER),
        "covering": covered_by(user),
        "has_map": user.has_perm("areas.view"),
        "mine": link("case-list", pile="mine"),
        "on_foot": user.has_perm("cases.solve_on_spot"),
        **_numbers(user),
    }


def _heap(user: Any, group: Group, posts: set[int], *, named: bool) -> Heap:
    return Heap(
        label=group.pile.label,
        count=group.pile.count,
        url=link("case-list", pile=group.pile.key),
        lines=[line_of(user, case, posts, named=named) for case in group.cases],
    )


def _numbers(user: Any) -> dict[str, Any]:
    """Return what came and went today, and how many answers of this month came in time."""
    today, month = (period_of(span, clock.today()) for span in (Span.DAY, Span.MONTH))
    numerator, denominator = RATES[Rate.ON_TIME]
    wanted = {Figure.NEW: today, Figure.SOLVED: today, numerator: month, denominator: month}
    counts = figures_for(user, wanted)
    return {
        "numbers": [
            Number(_("Reported today"), counts.count(Figure.NEW), figure_link(Figure.NEW, today)),
            Number(_("Closed today"), counts.count(Figure.SOLVED), figure_link(Figure.SOLVED, today)),
        ],
        "on_time": counts.share(Rate.ON_TIME),
        "on_time_url": figure_link(Figure.PROMISED, month),
    }


def _vacant(user: Any) -> list[Area]:
    """Return the first grids without a worker, for those who share out the work there."""
    roots = Area.objects.filter(path__in=outermost(scope_paths(user, "cases.return")))
    return [grid for root in roots for grid in vacant_grids(root)][:MOST_VACANT]
