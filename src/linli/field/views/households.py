"""Households on the phone: by building, by words, and one file at the door."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from linli.accounts.access import allowed
from linli.accounts.rules import require
from linli.core.paging import page_of
from linli.exchange.staging import visible
from linli.housing.queries import buildings_for
from linli.people.deeds import DEEDS, deeds_for
from linli.people.models import Household
from linli.people.queries import HouseholdFilters, household_file, households_for

PAGE_SIZE = 30


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
        "building": building,
    }
    return render(request, "field/household_list.html", context)


@never_cache
@allowed("people.view")
def household(request: HttpRequest, number: str) -> HttpResponse:
    """Show one household as it is needed at the door; numbers are hidden until a purpose is said."""
    try:
        file = household_file(request.user, number)
    except Household.DoesNotExist:
        raise Http404 from None
    may_reveal = request.user.has_perm("people.reveal", file.household)
    may_edit = request.user.has_perm("people.edit", file.household)
    deeds = deeds_for(len(file.members)) if may_edit and file.members else []
    return render(request, "field/household.html", {"file": file, "may_reveal": may_reveal, "deeds": deeds})


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
