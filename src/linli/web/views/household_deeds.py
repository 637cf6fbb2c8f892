"""What happens to a household: the form of each change, in a dialog or on a page of its own."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from linli.accounts.access import allowed
from linli.accounts.rules import require
from linli.housing.models import Dwelling
from linli.people.actions import move_in
from linli.people.deed_forms import MoveInForm
from linli.people.deeds import DEEDS
from linli.people.models import Household
from linli.people.places import Tie
from linli.people.queries import household_file
from linli.people.rules import NotPossible


@never_cache
@allowed("people.edit")
def household_change(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """Ask what a change needs, and make it."""
    if kind not in DEEDS:
        raise Http404
    deed = DEEDS[kind]
    try:
        file = household_file(request.user, number)
    except Household.DoesNotExist:
        raise Http404 from None
    require(request.user, "people.edit", file.household)
    form = deed.form(request.POST or None, household=file.household, members=file.members)
    if request.method == "POST" and form.is_valid() and deed.done_with(form, request.user):
        messages.success(request, str(deed.done))
        return redirect("household", number)
    context = {"deed": deed, "form": form, "file": file}
    return render(request, "web/households/change.html", context, status=422 if form.is_bound else 200)


@never_cache
@allowed("people.edit")
def home_move_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody move into a home in which nobody of the ledger lives: a new household begins."""
    home = get_object_or_404(Dwelling.objects.visible_to(request.user).select_related("building"), pk=pk)
    require(request.user, "people.edit", home)
    form = MoveInForm(request.POST or None, household=Household(dwelling=home, path=home.path), members=[])
    del form.fields["relation"]
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            person = move_in(
                form.newcomer(), home, Tie(registration=told["registration"]), by=request.user, day=told["day"]
            )
        except NotPossible as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("The newcomer is written down."))
            return redirect("household", person.residences.get(until=None).household.number)
    context = {"deed": DEEDS["move-in"], "form": form, "home": home}
    return render(request, "web/households/change.html", context, status=422 if form.is_bound else 200)
