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
from linli.cases.queries import cases_in_building
from linli.core.paging import page_of
from linli.housing.choices import Occupancy
from linli.housing.models import Building, Dwelling
from linli.housing.queries import Face, building_face
from linli.people.choices import Presence, Registration
from linli.people.forms import HouseholdFilterForm
from linli.people.models import Household
from linli.people.queries import (
    HouseholdFile,
    HouseholdFilters,
    household_file,
    household_numbers,
    households_for,
)

NEARBY_CASES = 5
YOUNG = 14


@dataclass(frozen=True)
class Home:
    """One home on the face of a building; ``url`` is empty where nobody is registered."""

    room: str
    occupancy: str
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
        "narrowed": bool(filters.under or filters.text or filters.building),
    }
    return render(request, "web/households/list.html", context)


@never_cache
@allowed("people.view")
def household(request: HttpRequest, number: str) -> HttpResponse:
    """Show one household: facts, people, cases of the building, changes, and the face of the building."""
    try:
        file = household_file(request.user, number)
    except Household.DoesNotExist:
        raise Http404 from None
    user, building = request.user, file.building
    place, face = building.grid or building.community, building_face(building, user)
    context = {
        "file": file,
        "young": YOUNG,
        "may_reveal": user.has_perm("people.reveal", file.household),
        "may_correct": user.has_perm("people.edit", file.household),
        "place": place,
        "community": building.community,
        "post": accountable_post(place),
        "registered_here": _registered_here(file),
        "living_here": sum(member.residence.presence == Presence.HERE for member in file.members),
        "face": face,
        "floors": _floors(user, face, file.dwelling),
        "occupancies": Occupancy.choices,
        "cases": _cases(user, building),
    }
    return render(request, "web/households/file.html", context)


def _registered_here(file: HouseholdFile) -> int:
    return sum(member.residence.registration == Registration.HERE for member in file.members)


def _cases(user: Any, building: Building) -> list[Any]:
    if not user.has_perm("cases.view"):
        return []
    return cases_in_building(user, building, NEARBY_CASES)


def _floors(user: Any, face: Face, here: Dwelling) -> list[tuple[int | None, list[list[Home]]]]:
    """Return the floors from the top down; each holds, for every entrance, its homes as links."""
    homes = [home for floor in face.floors for homes in floor.homes for home in homes]
    numbers = household_numbers(user, [home.pk for home in homes])
    return [
        (floor.floor, [[_home(home, numbers.get(home.pk, ""), here) for home in homes] for homes in floor.homes])
        for floor in face.floors
    ]


def _home(dwelling: Dwelling, number: str, here: Dwelling) -> Home:
    return Home(
        room=dwelling.room,
        occupancy=dwelling.occupancy,
        words=str(Occupancy(dwelling.occupancy).label),
        url=reverse("household", args=[number]) if number else "",
        here=dwelling.pk == here.pk,
    )
