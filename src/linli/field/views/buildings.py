"""Buildings on the phone: the face of one, a home at the door, its four ones and its safety check."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from linli.accounts.access import allowed
from linli.core import clock
from linli.core.paging import page_of
from linli.housing.actions import mark_home, write_check
from linli.housing.choices import ListKind, MarkState
from linli.housing.forms.rentals import CheckForm, MarkForm
from linli.housing.models import Building, Dwelling
from linli.housing.queries import building_face, building_for
from linli.housing.queries.rentals import BuildingFilters, buildings_listed, dwelling_file, dwelling_for, items_of
from linli.housing.rules import may_keep, require_keeper
from linli.housing.tiles import drawn_face
from linli.people.queries import households_at
from linli.units.queries import units_in

PAGE_SIZE = 30


@allowed("people.view")
def building_list(request: HttpRequest) -> HttpResponse:
    """List the buildings of one's grids."""
    words = BuildingFilters.from_query(request.GET).text
    page = page_of(request, buildings_listed(request.user, BuildingFilters(text=words)), PAGE_SIZE)
    return render(request, "field/building_list.html", {"page": page, "words": words})


@allowed("people.view")
def building(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the face of a building."""
    try:
        found = building_for(request.user, pk)
    except Building.DoesNotExist:
        raise Http404 from None
    context = {"building": found, **drawn_face(building_face(found, request.user))}
    return render(request, "field/building.html", context)


@never_cache
@allowed("people.view")
def dwelling(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a home as it is needed at the door."""
    user = request.user
    try:
        file = dwelling_file(user, pk)
    except Dwelling.DoesNotExist:
        raise Http404 from None
    context = {
        "file": file,
        "households": households_at(user, file.dwelling),
        "units": units_in(user, file.dwelling) if user.has_perm("units.view") else [],
        "may_keep": may_keep(user, file.dwelling),
        "may_reveal": user.has_perm("people.reveal", file.dwelling),
        "sees_cases": user.has_perm("cases.view"),
        "mark_states": MarkState.choices,
        "today": clock.today(),
    }
    return render(request, "field/dwelling.html", context)


@allowed("housing.edit")
def dwelling_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a safety check at the door; what is to be mended becomes cases."""
    home = _kept(request, pk)
    form = CheckForm(request.POST if request.method == "POST" else None, points=items_of(ListKind.SAFETY))
    if request.method == "POST" and form.is_valid():
        try:
            write_check(home, form.values(), by=request.user)
        except ValidationError as problem:
            form.add_action_error(problem)
        else:
            messages.success(request, _("The check is written down."))
            return redirect("field-dwelling", pk=pk)
    context = {"home": home, "form": form}
    return render(request, "field/dwelling_check.html", context, status=422 if form.errors else 200)


@allowed("housing.edit")
def dwelling_mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Note how far one of the four ones is."""
    home = _kept(request, pk)
    form = MarkForm(request.POST or None, items=items_of(ListKind.FOUR_ONES))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        mark_home(home, told["item"], told["state"], by=request.user)
        messages.success(request, _("Noted."))
    elif request.method == "POST":
        messages.error(request, _("Choose one of the answers."))
    return redirect("field-dwelling", pk=pk)


def _kept(request: HttpRequest, pk: int) -> Any:
    try:
        home = dwelling_for(request.user, pk)
    except Dwelling.DoesNotExist:
        raise Http404 from None
    require_keeper(request.user, home)
    return home
