"""How large the grids of each kind are to be, as the administrator says."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.accounts.access import allowed
from linli.areas.actions import set_band
from linli.areas.bands import bands
from linli.areas.choices import GRID_KINDS, AreaKind
from linli.web.form_pages import FormPage, form_page, sent, submitted
from linli.web.forms.sizes import BandForm

ABILITY = "areas.edit"


@allowed(ABILITY)
def area_sizes(request: HttpRequest) -> HttpResponse:
    """Show the size of every kind of grid."""
    asked = bands()
    return render(request, "web/areas/sizes.html", {"bands": [asked[kind] for kind in GRID_KINDS]})


@allowed(ABILITY)
def area_size(request: HttpRequest, kind: str) -> HttpResponse:
    """Change the size of one kind of grid; the coverage check and new plans follow."""
    if kind not in GRID_KINDS:
        raise Http404
    form = BandForm(submitted(request), band=bands()[AreaKind(kind)])
    if sent(request, form, lambda: set_band(kind, form.cleaned_data["measure"], form.numbers(), by=request.user)):
        messages.success(request, _("Changed. Every grid is checked anew in the background."))
        return redirect("area-sizes")
    back = reverse("area-sizes")
    crumbs = [(_("Areas"), reverse("area-list")), (_("Sizes of grids"), back)]
    text = _("Where no size is asked, the numbers stay empty.")
    page = FormPage(str(AreaKind(kind).label), _("Change it"), back, crumbs, text=text, may_be_empty=False)
    return form_page(request, form, page)
