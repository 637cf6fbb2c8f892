"""Agreements on the phone: those that want something first, one paper, and a check at the door."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.accounts.access import allowed
from linli.accounts.rules import require
from linli.agreements.actions import check_agreement
from linli.agreements.choices import Standing
from linli.agreements.forms import CheckForm, told
from linli.agreements.models import Agreement
from linli.agreements.queries import (
    AgreementFilters,
    agreement_for,
    agreements_for,
    checks_of,
    standing_of,
)
from linli.agreements.rules import NotPossible
from linli.core import clock
from linli.core.paging import page_of

PAGE_SIZE = 30


@allowed("agreements.view")
def agreement_list(request: HttpRequest) -> HttpResponse:
    """List the agreements in force, those that end first at the top; words narrow them."""
    text = AgreementFilters.from_query(request.GET).text
    page = page_of(request, agreements_for(request.user, AgreementFilters(text=text)), PAGE_SIZE)
    today = clock.today()
    context = {"page": page, "rows": [(row, standing_of(row, today)) for row in page], "words": text}
    return render(request, "field/agreement_list.html", context)


@allowed("agreements.view")
def agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one paper as it is needed at the door."""
    found = _agreement(request, pk)
    may_check = found.signed_on is not None and found.ended_on is None
    context = {
        "agreement": found,
        "standing": standing_of(found),
        "is_soon": standing_of(found) in (Standing.ENDING, Standing.OVER),
        "checks": checks_of(found),
        "may_check": may_check and request.user.has_perm("agreements.edit", found),
    }
    return render(request, "field/agreement.html", context)


@allowed("agreements.edit")
def agreement_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a check at the door."""
    found = _agreement(request, pk)
    require(request.user, "agreements.edit", found)
    form = CheckForm(request.POST or None, agreement=found)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            check_agreement(found, values["on"], form.found(), by=request.user, note=values["note"])
        except ValidationError as problem:
            told(form, problem)
        except NotPossible as problem:
            form.add_error(None, problem.message)
        else:
            return redirect("field-agreement", pk)
    context = {"form": form, "title": _("Check how it is kept"), "back": reverse("field-agreement", args=[pk])}
    return render(request, "field/form.html", context, status=422 if form.is_bound else 200)


def _agreement(request: HttpRequest, pk: int) -> Agreement:
    try:
        return agreement_for(request.user, pk)
    except Agreement.DoesNotExist:
        raise Http404 from None
