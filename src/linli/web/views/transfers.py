"""Moves to other grids: what waits for one's answer, what one asked for, and the answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from linli.accounts.access import allowed
from linli.accounts.rules import require
from linli.core import widgets
from linli.core.paging import page_of
from linli.people.actions import accept_transfer, refuse_transfer, withdraw_transfer
from linli.people.choices import TransferState
from linli.people.models import Transfer
from linli.people.rules import NotPossible
from linli.people.transfer_forms import AcceptForm, RefuseForm
from linli.people.transfers import ASKED, SETTLED, TO_CONFIRM, counts_for, pile_asked, transfers_for
from linli.web.links import link


@never_cache
@allowed("people.edit")
def transfer_list(request: HttpRequest) -> HttpResponse:
    """List moves between grids: to confirm, asked by us, settled."""
    pile = pile_asked(request.GET)
    counts = counts_for(request.user)
    words = ((TO_CONFIRM, _("For us to confirm")), (ASKED, _("Asked by us")), (SETTLED, _("Settled")))
    piles = [
        widgets.Choice(label, link("transfer-list", pile=name), current=name == pile, count=counts.get(name))
        for name, label in words
    ]
    piles.append(widgets.Choice(_("Moved away"), reverse("departure-list")))
    context = {"page": page_of(request, transfers_for(request.user, pile)), "piles": piles, "pile": pile}
    return render(request, "web/transfers/list.html", context)


@never_cache
@allowed("people.edit")
def transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one move, and what can be answered."""
    return _show(request, _transfer(request, pk))


@require_POST
@allowed("people.edit")
def transfer_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the people over into a home."""
    row = _transfer(request, pk)
    require(request.user, "people.edit", row.building)
    form = AcceptForm(request.POST, transfer=row)
    if form.is_valid():
        try:
            accept_transfer(row, form.home(), by=request.user, day=form.cleaned_data["day"])
        except NotPossible as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("They are written down here now; the other side was told."))
            return redirect("transfer", pk)
    return _show(request, row, accept=form)


@require_POST
@allowed("people.edit")
def transfer_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Say why the people are not taken over."""
    row = _transfer(request, pk)
    require(request.user, "people.edit", row.building)
    form = RefuseForm(request.POST)
    if form.is_valid():
        try:
            refuse_transfer(row, form.cleaned_data["reason"], by=request.user)
        except NotPossible as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The other side was told why."))
            return redirect("transfer", pk)
    return _show(request, row, refuse=form)


@require_POST
@allowed("people.edit")
def transfer_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what nobody has answered yet."""
    row = _transfer(request, pk)
    try:
        withdraw_transfer(row, by=request.user)
    except NotPossible as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Withdrawn. They stay where they are."))
    return redirect("transfer", pk)


def _transfer(request: HttpRequest, pk: int) -> Transfer:
    related = ("building__grid__parent", "household__dwelling__building__grid__parent")
    rows = Transfer.objects.visible_to(request.user).select_related(*related)
    return get_object_or_404(rows, pk=pk) if pk < 2**63 else get_object_or_404(rows.none())


def _show(
    request: HttpRequest, row: Transfer, *, accept: AcceptForm | None = None, refuse: RefuseForm | None = None
) -> HttpResponse:
    user: Any = request.user
    waiting = row.state == TransferState.WAITING
    receives = user.has_perm("people.edit", row.building)
    context = {
        "transfer": row,
        "people": list(row.people.order_by("pk")),
        "waiting": waiting,
        "sends": user.has_perm("people.edit", row.household),
        "receives": receives,
        "accept": accept or (AcceptForm(transfer=row) if waiting and receives else None),
        "refuse": refuse or (RefuseForm() if waiting and receives else None),
    }
    bound = any(form is not None and form.is_bound for form in (accept, refuse))
    return render(request, "web/transfers/transfer.html", context, status=422 if bound else 200)
