"""Today: what is mine to do, the latest first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from linli.accounts.access import allowed
from linli.areas.queries import posts_of
from linli.areas.scope import covered_by
from linli.cases.queries import CaseFilters, cases_for, workbench_for
from linli.core import clock
from linli.field.lines import lines_of
from linli.inbox.queries import unread_for

MOST_MINE = 20


@allowed("cases.view")
def today(request: HttpRequest) -> HttpResponse:
    """Show running emergencies, then what is late, due today, new, to be checked, and the rest that is mine."""
    user = request.user
    bench = workbench_for(user)
    running = {case.pk for case in bench.emergencies}
    waiting = [case for group in bench.groups for case in group.cases if case.pk not in running]
    seen = {case.pk for case in waiting} | running
    mine = [case for case in cases_for(user, CaseFilters(pile="mine"))[:MOST_MINE] if case.pk not in seen]
    context = {
        "day": clock.today(),
        "posts": posts_of(user),
        "covering": covered_by(user),
        "unread": unread_for(user).count(),
        "emergencies": lines_of(user, bench.emergencies),
        "lines": lines_of(user, waiting),
        "mine": lines_of(user, mine),
    }
    return render(request, "field/today.html", context)
