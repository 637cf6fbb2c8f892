"""Households on the phone: by building, by words, and one file at the door."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from linli.accounts.access import allowed
from linli.accounts.rules import require
from linli.agreements.queries import agreements_with, standing_of
from linli.cases import queries as case_book
from linli.core import clock
from linli.core.dates import parse_date
from linli.core.paging import page_of
from linli.declarations import queries as declaration_book
from linli.declarations.workflow import PREPARES
from linli.exchange.staging import visible
from linli.housing.queries import buildings_for
from linli.housing.queries.days import HomeOn, home_on
from linli.housing.words import tenancy_words
from linli.people.deeds import DEEDS, deeds_for
from linli.people.models import Household
from linli.people.queries import HouseholdFile, HouseholdFilters, household_file, households_for

PAGE_SIZE = 30
CASES, DECLARATIONS, DAYS = 5, 5, 6


@allowed("people.view")
def household_list(request: HttpRequest) -> HttpResponse:
    """List the buildings of one's area; a building or words lead to its households."""
    filters = HouseholdFilters.from_query(request.GET)
    narrowed = bool(filters.text.strip() or filters.building)
    present = Q(dwellings__households__ended_on=None) & visible("dwellings__households")
    lived_in = Count("dwellings__households", filter=present, distinct=True)
    buildings = buildings_for(request.user).annotate(homes=lived_in).order_by("sort_key", "pk")
    rows = households_for(request.user, filters) if narrowed else buildings
    building = buildings_for(request.user).filter(pk=filters.building).first() if filters.building else None
    context = {
        "page": page_of(request, rows, PAGE_SIZE),
        "narrowed": narrowed,
        "words": filters.text,
        "may_see_agreements": request.user.has_perm("agreements.view"),
        "may_see_units": request.user.has_perm("units.view"),
        "may_edit": request.user.has_perm("people.edit"),
        "building": building,
    }
    return render(request, "field/household_list.html", context)


@never_cache
@allowed("people.view")
def household(request: HttpRequest, number: str) -> HttpResponse:
    """Show one household as of a day, as it is needed at the door; numbers are hidden until a purpose is said."""
    user, asked = request.user, request.GET.get("day", "")
    try:
        file = household_file(user, number, parse_date(asked).value if asked else None)
    except Household.DoesNotExist:
        raise Http404 from None
    may_edit = not file.is_past and user.has_perm("people.edit", file.household)
    home = home_on(file.dwelling, file.day)
    context = {
        "file": file,
        "home": home,
        "tenancy": tenancy_words(home.tenancy) if home.tenancy else "",
        "may_reveal": not file.is_past and user.has_perm("people.reveal", file.household),
        "may_edit": may_edit,
        "deeds": deeds_for(len(file.members)) if may_edit and file.members else [],
        "days": file.versions[:DAYS],
        "today": clock.today(),
        **_beside(user, file, home),
    }
    return render(request, "field/household.html", context)


def _beside(user: Any, file: HouseholdFile, home: HomeOn) -> dict[str, list[tuple[Any, str]]]:
    """Return what other ledgers know of the home by the day of the file, each with its state in words."""
    day = file.day
    found: dict[str, list[tuple[Any, str]]] = {}
    if user.has_perm("agreements.view"):
        papers = agreements_with(user, dwelling=file.dwelling, household=file.household, day=day)
        found["papers"] = [(paper, str(standing_of(paper, day).label)) for paper in papers]
    if user.has_perm("cases.view"):
        cases = case_book.cases_of_home(user, file.dwelling, home.case_numbers, CASES, day=day)
        states = case_book.states_on(cases, day) if file.is_past else {}
        found["cases"] = [(case, states.get(case.number, case.state_label)) for case in cases]
    if user.has_perm(PREPARES):
        declared = declaration_book.declarations_of(user, file.dwelling, DECLARATIONS, day=day)
        states = declaration_book.states_on(declared, day)
        found["declared"] = [(row, states.get(row.number, row.state_label)) for row in declared]
    return found


@never_cache
@allowed("people.edit")
def household_change(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """Ask at the door what a change needs, and make it."""
    if kind not in DEEDS:
        raise Http404
    deed = DEEDS[kind]
    try:
        file = household_file(request.user, number)
    except Household.DoesNotExist:
        raise Http404 from None
    require(request.user, "people.edit", file.household)
    form = deed.form(request.POST or None, household=file.household, members=file.members)
    if request.method == "POST" and form.is_valid() and deed.done_with(form, request.user):
        messages.success(request, str(deed.done))
        return redirect("field-household", number)
    context = {"deed": deed, "form": form, "file": file}
    return render(request, "field/household_change.html", context, status=422 if form.is_bound else 200)
