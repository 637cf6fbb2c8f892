"""The lists that an administrator edits: four ones, points of a check, kinds of facilities, six clears, standards."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from linli.accounts.access import allowed
from linli.cases.queries import categories_in_use
from linli.housing.actions import add_item, change_item, load_lists
from linli.housing.choices import ListKind
from linli.housing.forms.profiles import ItemForm
from linli.housing.models import ListItem
from linli.housing.presets import presets
from linli.housing.queries.profiles import every_item
from linli.web.form_pages import FormPage, form_page, sent, submitted

ABILITY = "areas.edit"


@allowed(ABILITY)
def item_list(request: HttpRequest) -> HttpResponse:
    """Show every list with its rows."""
    rows = every_item()
    known = {(row.kind, row.code) for row in rows}
    context = {
        "lists": [(kind, kind.label, [row for row in rows if row.kind == kind]) for kind in ListKind],
        "categories": dict(_categories()),
        "missing": sum((str(preset.kind), preset.code) not in known for preset in presets()),
    }
    return render(request, "web/items/list.html", context)


@allowed(ABILITY)
@require_POST
def item_load(request: HttpRequest) -> HttpResponse:
    """Add the usual rows that are missing."""
    added = load_lists(by=request.user)
    told = ngettext("%(count)d row was added.", "%(count)d rows were added.", added) % {"count": added}
    messages.success(request, told)
    return redirect("item-list")


@allowed(ABILITY)
def item_new(request: HttpRequest, kind: str) -> HttpResponse:
    """Add a row to a list."""
    if kind not in ListKind.values:
        raise Http404
    form = ItemForm(submitted(request), kind=kind, categories=_categories())
    if sent(request, form, lambda: add_item(kind, form.values(), by=request.user)):
        messages.success(request, _("It is written down."))
        return redirect("item-list")
    return form_page(request, form, _page(_("Add a row"), _("Add it"), text=str(ListKind(kind).label)))


@allowed(ABILITY)
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a row of a list, or take it out of use."""
    found = get_object_or_404(ListItem, pk=pk)
    form = ItemForm(submitted(request), kind=found.kind, categories=_categories(), item=found)
    if sent(request, form, lambda: change_item(found, form.values(), by=request.user)):
        messages.success(request, _("Changed."))
        return redirect("item-list")
    text = _("What was written with it stays. A row out of use can't be chosen any more.")
    return form_page(request, form, _page(found.label, _("Change it"), text=text))


def _categories() -> list[tuple[str, str]]:
    return [(category.code, category.label) for category in categories_in_use()]


def _page(title: str, button: str, **values: Any) -> FormPage:
    back = reverse("item-list")
    return FormPage(title, button, back, [(_("Lists"), back)], **values)
