"""Units on the phone: those of one's grids, one file at the door, writing down and changing."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from linli.accounts.access import allowed
from linli.accounts.rules import require
from linli.core.paging import page_of
from linli.units.choices import WITH_MEMBERS
from linli.units.forms import ChangeUnitForm, NewUnitForm
from linli.units.models import Unit
from linli.units.queries import UnitFilters, contact_shown, officers_shown, second_shown, unit_for, units_for
from linli.units.rules import code_fault
from linli.units.writing import added, changed

PAGE_SIZE = 30
NOTICES = 5


@allowed("units.view")
def unit_list(request: HttpRequest) -> HttpResponse:
    """List the open units of one's area; words narrow them."""
    filters = UnitFilters(text=UnitFilters.from_query(request.GET).text)
    context = {
        "page": page_of(request, units_for(request.user, filters), PAGE_SIZE),
        "words": filters.text,
        "may_edit": request.user.has_perm("units.edit"),
    }
    return render(request, "field/unit_list.html", context)


@never_cache
@allowed("units.view")
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one unit as it is needed at the door; the contact is hidden until a purpose is said."""
    found = _unit(request, pk)
    context = {
        "unit": found,
        "contact": contact_shown(found),
        "second": second_shown(found),
        "officers": officers_shown(found),
        "code_fault": code_fault(found.credit_code) if found.credit_code else "",
        "has_members": found.kind in WITH_MEMBERS,
        "notices": found.notices.all()[:NOTICES],
        "may_edit": request.user.has_perm("units.edit", found),
        "may_reveal": request.user.has_perm("people.reveal", found),
    }
    return render(request, "field/unit.html", context)


@never_cache
@allowed("units.edit")
def unit_new(request: HttpRequest) -> HttpResponse:
    """Write down a unit at its door."""
    form = NewUnitForm(request.POST or None, user=request.user)
    made = added(form, by=request.user)
    if made is not None:
        messages.success(request, _("%(unit)s is written down.") % {"unit": made.name})
        return redirect("field-unit", made.pk)
    return _form(request, form, _("Write down a unit"), reverse("field-unit-list"))


@never_cache
@allowed("units.edit")
def unit_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is known of a unit."""
    found = _unit(request, pk)
    require(request.user, "units.edit", found)
    form = ChangeUnitForm(request.POST or None, unit=found)
    if changed(form, found, by=request.user):
        return redirect("field-unit", pk)
    return _form(request, form, _("Change %(unit)s") % {"unit": found.name}, reverse("field-unit", args=[pk]))


def _unit(request: HttpRequest, pk: int) -> Unit:
    try:
        return unit_for(request.user, pk)
    except Unit.DoesNotExist:
        raise Http404 from None


def _form(request: HttpRequest, form: forms.Form, title: str, back: str) -> HttpResponse:
    context = {"form": form, "title": title, "back": back}
    return render(request, "field/form.html", context, status=422 if form.is_bound else 200)
