"""One person: what is known, and looking at a hidden number, whose purpose is asked first and which is journalled."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from linli.accounts.access import allowed
from linli.accounts.rules import require
from linli.people.actions import change_person, reveal
from linli.people.forms import RevealForm
from linli.people.models import Person
from linli.people.person_form import PersonForm
from linli.people.queries import home_of, particulars_of, person_for

TITLES: dict[str, str | Promise] = {
    "id_number": _("Show the ID number of %(name)s"),
    "phone": _("Show the phone of %(name)s"),
    "emergency_phone": _("Show the phone of the emergency contact of %(name)s"),
}
LABELS: dict[str, str | Promise] = {
    "id_number": _("ID number of %(name)s"),
    "phone": _("Phone of %(name)s"),
    "emergency_phone": _("Phone of the emergency contact of %(name)s"),
}


@never_cache
@allowed("people.edit")
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is known of a person, and put it right; what stood there before is kept."""
    try:
        person = person_for(request.user, pk)
    except Person.DoesNotExist:
        raise Http404 from None
    require(request.user, "people.edit", person)
    particulars = particulars_of(person)
    form = PersonForm(request.POST or None, person=person, particulars=particulars)
    home = home_of(person)
    back = reverse("household", args=[home.number]) if home is not None else reverse("household-list")
    if request.method == "POST" and form.is_valid():
        if change_person(person, form.values(), by=request.user):
            messages.success(request, gettext("The change is written down. What stood there before is kept."))
        else:
            messages.info(request, gettext("Nothing differs from what is written down."))
        return redirect(back)
    context = {"form": form, "person": person, "home": home, "back": back}
    return render(request, "web/people/edit.html", context, status=422 if form.is_bound else 200)


@never_cache
@allowed("people.reveal")
def person_reveal(request: HttpRequest, pk: int, field: str) -> HttpResponse:
    """Ask for the purpose (GET), then show the number (POST): a dialog for htmx, else a page of its own."""
    if field not in TITLES:
        raise Http404
    try:
        person = person_for(request.user, pk)
    except Person.DoesNotExist:
        raise Http404 from None
    require(request.user, "people.reveal", person)
    form = RevealForm(request.POST if request.method == "POST" else None)
    name = {"name": person.name}
    home = home_of(person)
    context = {
        "reveal_title": str(TITLES[field]) % name,
        "reveal_url": reverse("person-reveal", args=[pk, field]),
        "reveal_form": form,
        "home": home,
    }
    if request.method == "POST" and form.is_valid():
        value = reveal(person, field, by=request.user, reason=form.cleaned_data["reason"])
        shown = {"revealed_label": str(LABELS[field]) % name, "revealed_value": value, "is_phone": field != "id_number"}
        return _answer(request, "revealed", {**context, **shown}, 200)
    return _answer(request, "reveal", context, 422 if form.is_bound else 200)


def _answer(request: HttpRequest, name: str, context: dict[str, object], status: int) -> HttpResponse:
    htmx = bool(request.htmx)  # type: ignore[attr-defined]
    part = {"reveal": "core/parts/reveal_form.html", "revealed": "web/people/revealed.html"}[name]
    return render(request, part if htmx else f"web/people/{name}_page.html", context, status=status)
