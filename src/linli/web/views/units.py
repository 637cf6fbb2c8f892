"""Units: the list, the file of one unit, and the forms that write it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from linli.accounts.access import allowed
from linli.accounts.rules import require
from linli.agreements.queries import agreements_with
from linli.areas.queries import accountable_post
from linli.cases.queries import cases_in_building
from linli.core.paging import page_of
from linli.units.actions import close_unit, note_notice, reopen_unit, reveal_contact
from linli.units.choices import WITH_MEMBERS
from linli.units.forms import (
    ChangeUnitForm,
    CloseForm,
    ContactForm,
    NewUnitForm,
    NoticeForm,
    PlaceForm,
    UnitFilterForm,
)
from linli.units.models import HIDDEN_FIELDS, Unit, UnitNotice
from linli.units.queries import (
    UnitFilters,
    changes_of,
    contact_shown,
    officers_shown,
    second_shown,
    unit_for,
    units_for,
)
from linli.units.rules import NotPossible, code_fault
from linli.units.writing import added, changed, done, moved

NEARBY_CASES = 5
NOTICES = 20
TITLES: dict[str, str | Promise] = {
    "contact_name": gettext_lazy("Show the contact person of %(name)s"),
    "contact_phone": gettext_lazy("Show the phone of %(name)s"),
    "second_name": gettext_lazy("Show the second contact person of %(name)s"),
    "second_phone": gettext_lazy("Show the phone of the second contact of %(name)s"),
    "officers": gettext_lazy("Show the office-holders of %(name)s"),
}
LABELS: dict[str, str | Promise] = {
    "contact_name": gettext_lazy("Contact person of %(name)s"),
    "contact_phone": gettext_lazy("Phone of %(name)s"),
    "second_name": gettext_lazy("Second contact person of %(name)s"),
    "second_phone": gettext_lazy("Phone of the second contact of %(name)s"),
    "officers": gettext_lazy("Office-holders of %(name)s"),
}


@allowed("units.view")
def unit_list(request: HttpRequest) -> HttpResponse:
    """List units by name, narrowed by grid, kind, open or closed, and words."""
    filters = UnitFilters.from_query(request.GET)
    context = {
        "form": UnitFilterForm(request.GET, user=request.user),
        "page": page_of(request, units_for(request.user, filters)),
        "narrowed": filters != UnitFilters(),
        "may_edit": request.user.has_perm("units.edit"),
    }
    return render(request, "web/units/list.html", context)


@never_cache
@allowed("units.view")
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one unit: facts, contact, cases at its building, and what changed."""
    return _file(request, _unit(request, pk))


@never_cache
@allowed("units.edit")
def unit_new(request: HttpRequest) -> HttpResponse:
    """Write down a unit."""
    form = NewUnitForm(request.POST or None, user=request.user)
    made = added(form, by=request.user)
    if made is not None:
        messages.success(request, _("%(unit)s is written down.") % {"unit": made.name})
        return redirect("unit", made.pk)
    return _form(request, form, _("Write down a unit"), reverse("unit-list"))


@never_cache
@allowed("units.edit")
def unit_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is known of a unit."""
    found = _editable(request, pk)
    form = ChangeUnitForm(request.POST or None, unit=found)
    if changed(form, found, by=request.user):
        return redirect("unit", pk)
    return _form(request, form, _("Change %(unit)s") % {"unit": found.name}, reverse("unit", args=[pk]))


@allowed("units.edit")
def unit_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a unit to another address."""
    found = _editable(request, pk)
    known = {"grid": found.grid.code if found.grid else "", "place": found.place}
    form = PlaceForm(request.POST or None, user=request.user, initial=known)
    if moved(form, found, by=request.user):
        return redirect("unit", pk)
    return _form(request, form, _("Move %(unit)s") % {"unit": found.name}, reverse("unit", args=[pk]))


@allowed("units.edit")
def unit_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a unit has closed down."""
    found = _editable(request, pk)
    form = CloseForm(request.POST or None)
    if done(form, lambda: close_unit(found, form.cleaned_data["closed_on"], by=request.user), about="closed_on"):
        return redirect("unit", pk)
    return _form(request, form, _("%(unit)s has closed down") % {"unit": found.name}, reverse("unit", args=[pk]))


@require_POST
@allowed("units.edit")
def unit_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a closed unit is open again."""
    found = _editable(request, pk)
    try:
        reopen_unit(found, by=request.user)
    except NotPossible as problem:
        messages.error(request, problem.message)
    return redirect("unit", pk)


@allowed("units.edit")
def unit_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what a unit was told."""
    found = _editable(request, pk)
    form = NoticeForm(request.POST or None)

    def note() -> UnitNotice:
        return note_notice(found, form.cleaned_data["text"], form.cleaned_data["on"], by=request.user)

    if done(form, note, about="on"):
        return redirect("unit", pk)
    return _form(request, form, _("What %(unit)s was told") % {"unit": found.name}, reverse("unit", args=[pk]))


@never_cache
@allowed("people.reveal")
def unit_contact(request: HttpRequest, pk: int, field: str) -> HttpResponse:
    """Ask for the purpose (GET), then show a name or a phone of a contact, or the office-holders (POST)."""
    if field not in HIDDEN_FIELDS:
        raise Http404
    found = _unit(request, pk)
    require(request.user, "people.reveal", found)
    form = ContactForm(request.POST if request.method == "POST" else None)
    context: dict[str, object] = {
        "reveal_title": str(TITLES[field]) % {"name": found.name},
        "reveal_url": reverse("unit-contact", args=[pk, field]),
        "reveal_form": form,
    }
    name, status = "reveal", 422 if form.is_bound else 200
    if form.is_valid():
        name, status = "revealed", 200
        context["revealed_value"] = reveal_contact(found, field, by=request.user, reason=form.cleaned_data["reason"])
        is_phone = field.endswith("_phone")
        context |= {"revealed_label": str(LABELS[field]) % {"name": found.name}, "is_phone": is_phone}
    part = {"reveal": "core/parts/reveal_form.html", "revealed": "web/people/revealed.html"}[name]
    htmx = bool(request.htmx)  # type: ignore[attr-defined]
    return render(request, part if htmx else f"web/people/{name}_page.html", context, status=status)


def _unit(request: HttpRequest, pk: int) -> Unit:
    try:
        return unit_for(request.user, pk)
    except Unit.DoesNotExist:
        raise Http404 from None


def _editable(request: HttpRequest, pk: int) -> Unit:
    found = _unit(request, pk)
    require(request.user, "units.edit", found)
    return found


def _file(request: HttpRequest, found: Unit) -> HttpResponse:
    user: Any = request.user
    cases = found.building is not None and user.has_perm("cases.view")
    context = {
        "unit": found,
        "contact": contact_shown(found),
        "second": second_shown(found),
        "officers": officers_shown(found),
        "code_fault": code_fault(found.credit_code) if found.credit_code else "",
        "has_members": found.kind in WITH_MEMBERS,
        "agreements": agreements_with(user, unit=found) if user.has_perm("agreements.view") else [],
        "may_agree": user.has_perm("agreements.edit", found),
        "notices": found.notices.all()[:NOTICES],
        "post": accountable_post(found.grid) if found.grid else None,
        "cases": cases_in_building(user, found.building, NEARBY_CASES) if cases and found.building else [],
        "changes": changes_of(found),
        "sees_homes": found.building is not None and user.has_perm("people.view", found.building),
        "may_edit": user.has_perm("units.edit", found),
        "may_reveal": user.has_perm("people.reveal", found),
    }
    return render(request, "web/units/file.html", context)


def _form(request: HttpRequest, form: forms.Form, title: str, back: str) -> HttpResponse:
    context = {"form": form, "title": title, "back": back}
    return render(request, "web/units/form.html", context, status=422 if form.is_bound else 200)
