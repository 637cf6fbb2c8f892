"""Rentals: the homes that are let, narrowed to where something is missing."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from linli.accounts.access import allowed
from linli.core import clock
from linli.core.paging import page_of
from linli.housing.forms.rentals import RentalFilterForm
from linli.housing.queries.rentals import RentalFilters, four_ones_of, last_checks, open_mend_counts, rentals_for
from linli.people.queries import tenants_of


@allowed("people.view")
def rental_list(request: HttpRequest) -> HttpResponse:
    """List homes that are let with their tenancy, four ones, last check and what is to be mended."""
    filters = RentalFilters.from_query(request.GET)
    page = page_of(request, rentals_for(request.user, filters))
    homes = list(page)
    ones, checked, mends = four_ones_of(homes), last_checks(homes), open_mend_counts(homes)
    tenants = tenants_of(request.user, [let.household for home in homes for let in home.present_tenancies])
    rows = [
        {
            "home": home,
            "tenancy": next(iter(home.present_tenancies), None),
            "tenant": _tenant(home, tenants),
            "tenancy_declined": ones[home.pk].tenancy_is_declined,
            "ones": ones[home.pk],
            "checked": checked.get(home.pk),
            "mends": mends.get(home.pk, 0),
        }
        for home in homes
    ]
    context = {
        "form": RentalFilterForm(request.GET, user=request.user),
        "page": page,
        "rows": rows,
        "narrowed": filters.narrowed,
        "today": clock.today(),
    }
    return render(request, "web/rentals/list.html", context)


def _tenant(home: Any, tenants: dict[str, str]) -> str:
    """Return the name of whoever rents a home: of the household, else of whom to ask."""
    let = next(iter(home.present_tenancies), None)
    if let is None:
        return ""
    declined = _("prefers not to say") if let.contact_declined else ""
    return tenants.get(let.household) or let.contact or let.household or declined
