"""Compounds and buildings: the list, the face of a building 楼盘表, its rows made at once, and its door plates."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.accounts.access import allowed
from linli.areas.choices import Level
from linli.areas.models import Area
from linli.core.paging import page_of
from linli.core.qr import qr_code
from linli.housing.actions import (
    add_compound,
    add_house,
    add_rows,
    change_building,
    make_home_plates,
    make_plates,
    remove_building,
    remove_compound,
    rename_compound,
)
from linli.housing.choices import Occupancy
from linli.housing.forms.places import (
    BuildingCommunityForm,
    BuildingFilterForm,
    BuildingForm,
    CompoundForm,
    NewCompoundForm,
    RowsForm,
    communities_of,
)
from linli.housing.models import Building, Compound
from linli.housing.queries import building_face, building_for
from linli.housing.queries.faces import missing_rooms, planned_rooms, use_counts
from linli.housing.queries.rentals import (
    BuildingFilters,
    DwellingFilters,
    buildings_listed,
    compounds_for,
    dwellings_listed,
    plates_of,
)
from linli.housing.rules import may_keep, require_editor, require_keeper
from linli.housing.tiles import drawn_face
from linli.units.queries import units_at
from linli.web.form_pages import FormPage, form_page, removal, sent, submitted

BUILDINGS_ON_A_PAGE = 50
MOST_EMPTY_COMPOUNDS = 50
MOST_PLATES = 600
MOST_UNITS = 30


@allowed("people.view")
def building_list(request: HttpRequest) -> HttpResponse:
    """List buildings compound by compound, narrowed by grid, compound and address."""
    user, filters = request.user, BuildingFilters.from_query(request.GET)
    page = page_of(request, buildings_listed(user, filters), BUILDINGS_ON_A_PAGE)
    counts = use_counts(building.pk for building in page)
    context = {
        "form": BuildingFilterForm(request.GET, user=user),
        "page": page,
        "rows": [(building, _counted(counts.get(building.pk, Counter()))) for building in page],
        "narrowed": filters.narrowed,
        "may_add": may_add(user),
        "empty": [] if filters.narrowed else compounds_for(user).filter(buildings=None)[:MOST_EMPTY_COMPOUNDS],
    }
    return render(request, "web/buildings/list.html", context)


def _counted(counts: Counter[str]) -> dict[str, int]:
    """Return how many homes of a building are used how, and how many there are."""
    return {str(use): counts[use] for use in Occupancy} | {"total": counts.total()}


def may_add(user: Any) -> bool:
    """Tell whether a user keeps the buildings of a whole community."""
    return bool(user.has_perm("housing.edit")) and communities_of(user).exists()


@allowed("people.view")
def building(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the face of a building: floors above each other, entrances beside each other, and what is told of it."""
    found, user = _building(request, pk), request.user
    units = list(units_at(user, found)[: MOST_UNITS + 1]) if user.has_perm("units.view") else []
    context = {
        "building": found,
        **drawn_face(building_face(found, user)),
        "units": units[:MOST_UNITS],
        "more_units": len(units) > MOST_UNITS,
        "may_keep": may_keep(user, found),
        "may_edit": may_keep(user, found.community),
    }
    return render(request, "web/buildings/building.html", context)


@allowed("housing.edit")
def building_new(request: HttpRequest) -> HttpResponse:
    """Write down a building: first its community where there are several, then the rest."""
    user, communities = request.user, communities_of(request.user)
    chosen = _asked_community(request)
    if chosen is None and communities.count() == 1:
        chosen = communities.get()
    page = FormPage(_("Add a building"), _("Add it"), reverse("building-list"), [_buildings()])
    if chosen is None:
        return _ask_community(request, communities, page)
    form = BuildingForm(submitted(request), community=chosen)
    if sent(request, form, lambda: add_house(chosen, form.values(), by=user)):
        messages.success(request, _("The building is there now."))
        return redirect("building-list")
    return form_page(request, form, page)


def _asked_community(request: HttpRequest) -> Area | None:
    """Return the community that an address names, None without one; it must be one whose buildings the user keeps."""
    asked = request.GET.get("community", "")
    if not asked:
        return None
    found: Area | None = Area.objects.visible_to(request.user).filter(code=asked[:20], level=Level.COMMUNITY).first()
    if found is None:
        raise Http404
    require_keeper(request.user, found)
    return found


def _ask_community(request: HttpRequest, communities: Any, page: FormPage) -> HttpResponse:
    """Ask in which community; whoever keeps none, such as a grid worker, is refused."""
    if not communities.exists():
        require_editor(request.user, Area())
    form = BuildingCommunityForm(submitted(request), communities=communities)
    if form.is_bound and form.is_valid():
        return redirect(f"{reverse('building-new')}?community={form.cleaned_data['community'].code}")
    return form_page(request, form, FormPage(page.title, _("Go on"), page.back, page.crumbs))


@allowed("housing.edit")
def building_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is told of a building."""
    found = _kept_building(request, pk)
    form = BuildingForm(submitted(request), community=found.community, building=found)
    if sent(request, form, lambda: change_building(found, form.values(), by=request.user)):
        messages.success(request, _("Changed."))
        return redirect("building", pk=pk)
    return form_page(request, form, _page(found, _("Change the building"), _("Change it")))


@allowed("housing.edit")
def building_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a building in which nobody lives."""
    found = _kept_building(request, pk)
    text = _("The building is removed with all homes in it.")
    page = _page(found, _("Remove this building?"), _("Remove it"), text=text, danger=True)
    return removal(request, page, lambda: remove_building(found, by=request.user), reverse("building-list"))


@allowed("housing.edit")
def building_rows(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the rooms of a whole building at once: the plan, then what it would make, then the rooms."""
    found, user = _building(request, pk), request.user
    require_keeper(user, found)
    first = {"entrances": found.entrances or 1, "first_floor": 1, "last_floor": found.floors or 1, "rooms": 2}
    form = RowsForm(submitted(request), initial=first)
    preview: dict[str, Any] = {}

    def look() -> None:
        """Work out the rooms; they are written only when that was asked for."""
        plan = form.values()
        if "create" in request.POST:
            preview["made"] = add_rows(found, plan, by=user)
        else:
            preview["rooms"], preview["planned"] = missing_rooms(found, plan), len(planned_rooms(plan))

    done = sent(request, form, look)
    if done and "made" in preview:
        told = ngettext("%(count)d home was added.", "%(count)d homes were added.", preview["made"])
        messages.success(request, told % {"count": preview["made"]})
        return redirect("building", pk=pk)
    context = {"building": found, "form": form, "preview": preview if done else None}
    return render(request, "web/buildings/rows.html", context, status=422 if form.errors else 200)


@allowed("people.view")
def building_plates(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the plates of a building for printing (GET); make the missing ones (POST)."""
    found = _building(request, pk)
    return _plates(request, [found], found.address, reverse("building", args=[pk]), found.community)


@allowed("people.view")
def building_compound_plates(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the plates of a compound for printing (GET); make the missing ones (POST)."""
    found = _compound(request, pk)
    buildings = list(buildings_listed(request.user, BuildingFilters(compound=pk)))
    return _plates(request, buildings, found.name, f"{reverse('building-list')}?compound={pk}", found.community)


def _plates(request: HttpRequest, buildings: list[Building], title: str, back: str, community: Area) -> HttpResponse:
    user = request.user
    may_make = may_keep(user, community)
    if request.method == "POST":
        require_keeper(user, community)
        made = len(make_plates(buildings, by=user))
        if request.POST.get("homes"):
            homes = [
                home
                for building in buildings
                for home in dwellings_listed(user, DwellingFilters(building=building.pk))
                if request.POST["homes"] == "all" or home.occupancy == Occupancy.RENTED
            ]
            made += len(make_home_plates(homes, by=user))
        told = ngettext("%(count)d plate was made.", "%(count)d plates were made.", made) % {"count": made}
        messages.success(request, told)
        return redirect(request.path)
    plates = plates_of(buildings)
    context = {
        "title": title,
        "url": request.path,
        "back": back,
        "buildings": buildings,
        "total": len(plates),
        "plates": [_plate(request, plate) for plate in plates[:MOST_PLATES]],
        "may_make": may_make,
    }
    return render(request, "web/buildings/plates.html", context)


def _plate(request: HttpRequest, plate: Any) -> dict[str, Any]:
    through = f"{plate.entrance}单元" if plate.entrance.isascii() and plate.entrance.isalnum() else plate.entrance
    words = plate.dwelling.address if plate.dwelling else f"{plate.building.address}{through}"
    address = request.build_absolute_uri(reverse("plate", args=[plate.token]))
    return {"words": words, "token": plate.token, "qr": qr_code(address, words)}


@allowed("housing.edit")
def building_compound_new(request: HttpRequest) -> HttpResponse:
    """Write down a compound."""
    user, communities, asked = request.user, communities_of(request.user), _asked_community(request)
    if not communities.exists():
        require_editor(user, Area())
    form = NewCompoundForm(submitted(request), communities=communities, initial={"community": asked})

    def add() -> None:
        told = form.cleaned_data
        add_compound(told["community"], told["name"], by=user)

    if sent(request, form, add):
        messages.success(request, _("The compound is there now. Add its buildings next."))
        return redirect("building-list")
    page = FormPage(_("Add a compound"), _("Add it"), reverse("building-list"), [_buildings()])
    return form_page(request, form, page)


@allowed("housing.edit")
def building_compound(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a compound another name."""
    found = _kept_compound(request, pk)
    form = CompoundForm(submitted(request), initial={"name": found.name})
    if sent(request, form, lambda: rename_compound(found, form.cleaned_data["name"], by=request.user)):
        messages.success(request, _("Changed."))
        return redirect("building-list")
    page = FormPage(_("Change the compound"), _("Change it"), reverse("building-list"), [_buildings()])
    return form_page(request, form, page)


@allowed("housing.edit")
def building_compound_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a compound without buildings."""
    found = _kept_compound(request, pk)
    back = reverse("building-list")
    page = FormPage(_("Remove this compound?"), _("Remove it"), back, [_buildings()], text=found.name, danger=True)
    return removal(request, page, lambda: remove_compound(found, by=request.user), back)


def _buildings() -> tuple[str, str]:
    return _("Buildings"), reverse("building-list")


def _page(found: Building, title: str, button: str, **values: Any) -> FormPage:
    own = reverse("building", args=[found.pk])
    return FormPage(title, button, own, [_buildings(), (found.address, own)], **values)


def _building(request: HttpRequest, pk: int) -> Building:
    try:
        return building_for(request.user, pk)
    except Building.DoesNotExist:
        raise Http404 from None


def _kept_building(request: HttpRequest, pk: int) -> Building:
    found = _building(request, pk)
    require_keeper(request.user, found.community)
    return found


def _compound(request: HttpRequest, pk: int) -> Compound:
    found = compounds_for(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _kept_compound(request: HttpRequest, pk: int) -> Compound:
    found = _compound(request, pk)
    require_keeper(request.user, found.community)
    return found
