"""Households: the list, and the file of one household on one page 一户一档."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from linli.accounts.access import allowed
from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.queries import accountable_post
from linli.core import clock
from linli.core.dates import parse_date
from linli.core.paging import page_of
from linli.housing.models import Dwelling
from linli.housing.queries import Face, building_face
from linli.housing.tiles import legend_of, look_of, words_of
from linli.people.deeds import deeds_for
from linli.people.forms import HouseholdFilterForm
from linli.people.models import Household
from linli.people.pairs import waiting_pairs
from linli.people.queries import HouseholdFile, HouseholdFilters, household_file, household_numbers, households_for
from linli.web.household_sections import sections_of

YOUNG = 14


@dataclass(frozen=True)
class Home:
    """One home on the face of a building; where nobody is registered ``url`` leads to moving in, or is empty."""

    room: str
    look: str
    words: str
    url: str
    here: bool


@allowed("people.view")
def household_list(request: HttpRequest) -> HttpResponse:
    """List households by address, narrowed by grid, building and words."""
    filters = HouseholdFilters.from_query(request.GET)
    chosen = Area.objects.visible_to(request.user).filter(code=filters.under, level=Level.GRID).first()
    context = {
        "form": HouseholdFilterForm(request.GET, user=request.user, chosen=chosen),
        "page": page_of(request, households_for(request.user, filters)),
        "may_edit": request.user.has_perm("people.edit"),
        "twice": waiting_pairs(request.user),
        "narrowed": bool(filters.under or filters.text or filters.building or filters.standing),
    }
    return render(request, "web/households/list.html", context)


@never_cache
@allowed("people.view")
def household(request: HttpRequest, number: str) -> HttpResponse:
    """Show one household as of a day: facts, people, what others add, changes, and the face of the building."""
    file = file_or_404(request.user, number, request.GET.get("day", ""))
    user, building = request.user, file.building
    place, face = building.grid or building.community, building_face(building, user)
    may_edit = user.has_perm("people.edit", file.household)
    context = {
        "file": file,
        "young": YOUNG,
        "today": clock.today(),
        "may_reveal": not file.is_past and user.has_perm("people.reveal", file.household),
        "may_edit": may_edit and not file.is_past,
        "deeds": deeds_for(len(file.members)) if may_edit and not file.is_past and file.members else [],
        "place": place,
        "community": building.community,
        "post": accountable_post(place),
        "face": face,
        "floors": _floors(user, face, file.dwelling),
        "legend": legend_of(home for floor in face.floors for homes in floor.homes for home in homes),
        "sections": sections_of(user, file),
    }
    return render(request, "web/households/file.html", context)


def file_or_404(user: Any, number: str, day: str) -> HouseholdFile:
    """Return the file of a household on a day as it stands in an address; rubbish counts as today."""
    try:
        return household_file(user, number, parse_date(day).value if day else None)
    except Household.DoesNotExist:
        raise Http404 from None


def _floors(user: Any, face: Face, here: Dwelling) -> list[tuple[int | None, list[list[Home]]]]:
    """Return the floors from the top down; each holds, for every entrance, its homes as links."""
    homes = [home for floor in face.floors for homes in floor.homes for home in homes]
    numbers = household_numbers(user, [home.pk for home in homes])
    return [
        (floor.floor, [[_home(home, numbers.get(home.pk, ""), here, user) for home in homes] for homes in floor.homes])
        for floor in face.floors
    ]


def _home(dwelling: Dwelling, number: str, here: Dwelling, user: Any) -> Home:
    url = reverse("household", args=[number]) if number else ""
    if not number and user.has_perm("people.edit", dwelling):
        url = reverse("home-move-in", args=[dwelling.pk])
    return Home(
        room=dwelling.room or str(dwelling.get_kind_display()),
        look=look_of(dwelling),
        words=words_of(dwelling),
        url=url,
        here=dwelling.pk == here.pk,
    )
