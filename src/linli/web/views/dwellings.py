"""Dwellings: the list, the file of one, its owners, tenancies, four ones, checks and dormitory."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from linli.accounts.access import allowed
from linli.accounts.rules import require
from linli.core import clock
from linli.core.paging import page_of
from linli.core.qr import qr_code
from linli.housing.actions import (
    add_home,
    add_owner,
    change_home,
    change_owner,
    declare_dormitory,
    end_ownership,
    end_tenancy,
    make_home_plates,
    mark_home,
    remove_home,
    reveal_phone,
    start_tenancy,
    write_check,
)
from linli.housing.choices import ListKind, MarkState
from linli.housing.forms.base import PhonePurposeForm
from linli.housing.forms.places import DwellingFilterForm, HomeForm
from linli.housing.forms.rentals import (
    CheckForm,
    DormitoryForm,
    EndTenancyForm,
    MarkForm,
    OwnerForm,
    TenancyForm,
    UntilForm,
)
from linli.housing.models import Building, Dwelling, Ownership, Tenancy
from linli.housing.queries import building_for
from linli.housing.queries.rentals import (
    DwellingFilters,
    dwelling_file,
    dwelling_for,
    dwellings_listed,
    items_of,
    phone_record,
)
from linli.housing.rules import may_keep, require_keeper
from linli.people.queries import households_at
from linli.units.queries import units_in
from linli.web.form_pages import FormPage, form_page, removal, sent, submitted


@allowed("people.view")
def dwelling_list(request: HttpRequest) -> HttpResponse:
    """List dwellings by address, narrowed by grid, kind, use and words."""
    filters = DwellingFilters.from_query(request.GET)
    context = {
        "form": DwellingFilterForm(request.GET, user=request.user),
        "page": page_of(request, dwellings_listed(request.user, filters)),
        "narrowed": filters.narrowed,
    }
    return render(request, "web/dwellings/list.html", context)


@never_cache
@allowed("people.view")
def dwelling(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the file of one dwelling."""
    user = request.user
    try:
        file = dwelling_file(user, pk)
    except Dwelling.DoesNotExist:
        raise Http404 from None
    address = request.build_absolute_uri(reverse("plate", args=[file.plate.token])) if file.plate else ""
    context = {
        "file": file,
        "households": households_at(user, file.dwelling),
        "units": units_in(user, file.dwelling) if user.has_perm("units.view") else [],
        "may_keep": may_keep(user, file.dwelling),
        "may_reveal": user.has_perm("people.reveal", file.dwelling),
        "sees_cases": user.has_perm("cases.view"),
        "qr": qr_code(address, file.dwelling.address) if address else "",
        "mark_states": MarkState.choices,
        "today": clock.today(),
    }
    return render(request, "web/dwellings/file.html", context)


@allowed("housing.edit")
def building_home_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down one dwelling of a building."""
    try:
        building = building_for(request.user, pk)
    except Building.DoesNotExist:
        raise Http404 from None
    require_keeper(request.user, building)
    form = HomeForm(submitted(request))
    if sent(request, form, lambda: add_home(building, form.values(), by=request.user)):
        messages.success(request, _("The home is there now."))
        return redirect("building", pk=pk)
    own = reverse("building", args=[pk])
    crumbs = [(_("Buildings"), reverse("building-list")), (building.address, own)]
    return form_page(request, form, FormPage(_("Add a home"), _("Add it"), own, crumbs))


@allowed("housing.edit")
def dwelling_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is told of a dwelling."""
    home = _kept(request, pk)
    form = HomeForm(submitted(request), dwelling=home)
    action = lambda: change_home(home, form.values(), by=request.user)  # noqa: E731
    return _done(request, home, form, action, _("Change the home"), _("Change it"))


@allowed("housing.edit")
def dwelling_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a dwelling in which nobody lives and of which no record tells."""
    home = _kept(request, pk)
    page = _page(home, _("Remove this home?"), _("Remove it"), text=home.address, danger=True)
    target = reverse("building", args=[home.building_id])
    return removal(request, page, lambda: remove_home(home, by=request.user), target)


@allowed("housing.edit")
def dwelling_owner_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down an owner."""
    home = _kept(request, pk)
    form = OwnerForm(submitted(request))
    action = lambda: add_owner(home, form.values(), by=request.user)  # noqa: E731
    return _done(request, home, form, action, _("Add an owner"), _("Add"))


@allowed("housing.edit")
def dwelling_owner(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Put right what is written of an owner."""
    home = _kept(request, pk)
    owner = _owner(request, home, key)
    form = OwnerForm(submitted(request), owner=owner)
    action = lambda: change_owner(owner, form.values(), by=request.user)  # noqa: E731
    return _done(request, home, form, action, _("Change the owner"), _("Change it"))


@allowed("housing.edit")
def dwelling_owner_end(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Say until when somebody owned the dwelling."""
    home = _kept(request, pk)
    owner = _owner(request, home, key)
    form = UntilForm(submitted(request))
    action = lambda: end_ownership(owner, form.cleaned_data["until"], by=request.user)  # noqa: E731
    return _done(request, home, form, action, _("No longer the owner"), _("End it on this day"))


@allowed("housing.edit")
def dwelling_tenancy_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a tenancy."""
    home = _kept(request, pk)
    living = households_at(request.user, home)
    tenants = [
        (found.number, "、".join(row.person.name for row in found.members))  # type: ignore[attr-defined]
        for found in living
    ]
    form = TenancyForm(submitted(request), households=tenants)
    action = lambda: start_tenancy(home, form.values(), by=request.user)  # noqa: E731
    return _done(request, home, form, action, _("Write down a tenancy"), _("Write it down"))


@allowed("housing.edit")
def dwelling_tenancy_end(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """End a tenancy, and say what the home is now."""
    home = _kept(request, pk)
    tenancy = Tenancy.objects.visible_to(request.user).filter(dwelling=home, pk=key).select_related("dwelling").first()
    if tenancy is None:
        raise Http404
    form = EndTenancyForm(submitted(request))

    def end() -> None:
        told = form.cleaned_data
        end_tenancy(tenancy, told["until"], told["occupancy"], by=request.user)

    return _done(request, home, form, end, _("End the tenancy"), _("End it on this day"))


@allowed("housing.edit")
def dwelling_mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Note how far one of the four ones is."""
    home = _kept(request, pk)
    form = MarkForm(submitted(request), items=items_of(ListKind.FOUR_ONES))

    def mark() -> None:
        told = form.cleaned_data
        mark_home(home, told["item"], told["state"], by=request.user)

    if sent(request, form, mark):
        messages.success(request, _("Noted."))
    elif form.is_bound:
        messages.error(request, _("Choose one of the answers."))
    return redirect("dwelling", pk=pk)


@allowed("housing.edit")
def dwelling_dormitory(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what the manager of a dormitory declares."""
    home = _kept(request, pk)
    form = DormitoryForm(submitted(request), dormitory=getattr(home, "dormitory", None))
    action = lambda: declare_dormitory(home, form.values(), by=request.user)  # noqa: E731
    return _done(request, home, form, action, _("What the manager declares"), _("Write it down"))


@allowed("housing.edit")
def dwelling_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a safety check; what is to be mended becomes cases."""
    home = _kept(request, pk)
    form = CheckForm(submitted(request), points=items_of(ListKind.SAFETY))
    if sent(request, form, lambda: write_check(home, form.values(), by=request.user)):
        messages.success(request, _("The check is written down."))
        return redirect("dwelling", pk=pk)
    return form_page(request, form, _page(home, _("Safety check"), _("Write it down")), "web/dwellings/check.html")


@allowed("housing.edit")
def dwelling_plate(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the plate of a dwelling."""
    home = _kept(request, pk)
    if request.method == "POST":
        make_home_plates([home], by=request.user)
        messages.success(request, _("The plate is made."))
    return redirect("dwelling", pk=pk)


@never_cache
@allowed("people.reveal")
def dwelling_phone(request: HttpRequest, pk: int, kind: str, key: int) -> HttpResponse:
    """Ask for the purpose (GET), then show the phone of an owner, tenant or manager (POST)."""
    home = _home(request, pk)
    record = phone_record(request.user, home, kind, key)
    if record is None:
        raise Http404
    require(request.user, "people.reveal", home)
    form = PhonePurposeForm(submitted(request))
    name = {"name": getattr(record, "name", "") or getattr(record, "contact", "") or getattr(record, "manager", "")}
    context: dict[str, Any] = {
        "reveal_title": _("Show the phone of %(name)s") % name,
        "reveal_url": request.path,
        "reveal_form": form,
        "home": home,
    }
    if form.is_bound and form.is_valid():
        value = reveal_phone(record, by=request.user, reason=form.cleaned_data["reason"])
        context |= {"revealed_label": _("Phone of %(name)s") % name, "revealed_value": value, "is_phone": True}
        part = "web/people/revealed.html" if _htmx(request) else "web/dwellings/revealed_page.html"
        return render(request, part, context)
    part = "core/parts/reveal_form.html" if _htmx(request) else "web/dwellings/reveal_page.html"
    return render(request, part, context, status=422 if form.is_bound else 200)


def _htmx(request: HttpRequest) -> bool:
    return bool(request.htmx)  # type: ignore[attr-defined]


def _done(request: HttpRequest, home: Dwelling, form: Any, action: Any, title: str, button: str) -> HttpResponse:
    """Do what a form asks for and go back to the file, or show the form."""
    if sent(request, form, action):
        messages.success(request, _("Written down."))
        return redirect("dwelling", pk=home.pk)
    return form_page(request, form, _page(home, title, button))


def _page(home: Dwelling, title: str, button: str, **values: Any) -> FormPage:
    own = reverse("dwelling", args=[home.pk])
    return FormPage(title, button, own, [(_("Homes"), reverse("dwelling-list")), (home.address, own)], **values)


def _home(request: HttpRequest, pk: int) -> Dwelling:
    try:
        return dwelling_for(request.user, pk)
    except Dwelling.DoesNotExist:
        raise Http404 from None


def _kept(request: HttpRequest, pk: int) -> Dwelling:
    home = _home(request, pk)
    require_keeper(request.user, home)
    return home


def _owner(request: HttpRequest, home: Dwelling, key: int) -> Ownership:
    owner = Ownership.objects.visible_to(request.user).filter(dwelling=home, pk=key).select_related("dwelling").first()
    if owner is None:
        raise Http404
    found: Ownership = owner
    return found
