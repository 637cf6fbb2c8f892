"""Declarations 居民申报: the list, one declaration with what it would change, and the steps that staff take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
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
from linli.core import clock, widgets
from linli.core.paging import page_of
from linli.declarations import actions
from linli.declarations.actions import Conflict, NotPossible
from linli.declarations.choices import Action, Choice, State
from linli.declarations.forms import DecisionForm, WordsForm
from linli.declarations.models import Declaration
from linli.declarations.queries import (
    ALL,
    OPEN,
    Match,
    answers_of,
    counts_for,
    declaration_for,
    declarations_for,
    dwelling_of,
    history_of,
    households_in,
    masked_name,
    matches_for,
    said_with,
    state_asked,
    usual_occupancy,
)
from linli.declarations.rules import HIDDEN_FIELDS, can
from linli.declarations.workflow import DECIDES, OPEN_STATES
from linli.housing.models import Dwelling
from linli.people import rules as people_rules
from linli.people.choices import Relation
from linli.people.forms import RevealForm
from linli.people.models import Household
from linli.people.queries import household_numbers
from linli.web.declaration_words import choice_lines
from linli.web.links import link

WITH_WORDS: dict[str, tuple[Promise, Promise, Promise]] = {
    Action.ASK: (
        gettext_lazy("Ask back"),
        gettext_lazy("Your question"),
        gettext_lazy(
            "Whoever has the private link reads it: write no name, phone or home into it. Ask only what you need."
        ),
    ),
    Action.REFUSE: (
        gettext_lazy("Refuse"),
        gettext_lazy("The reason"),
        gettext_lazy("Whoever has the private link reads it: write no name, phone or home into it."),
    ),
}
DONE: dict[str, Promise] = {
    Action.TAKE_UP: gettext_lazy("%(number)s: whoever declared it sees that you look into it."),
    Action.PREPARE: gettext_lazy("%(number)s is prepared. The community decides."),
    Action.ASK: gettext_lazy("%(number)s: your question stands at the private link."),
    Action.CONFIRM: gettext_lazy("%(number)s is confirmed, and written into the ledger."),
    Action.REFUSE: gettext_lazy("%(number)s is refused, with your reason."),
}
REVEAL_TITLES: dict[str, Promise] = {
    "phone": gettext_lazy("Show the phone of whoever declared"),
    "id_number": gettext_lazy("Show the ID number of whoever declared"),
}
REVEALED: dict[str, Promise] = {"phone": gettext_lazy("Phone"), "id_number": gettext_lazy("ID number")}


@dataclass(frozen=True)
class Line:
    """One declaration of the list."""

    declaration: Declaration
    place: str
    who: str


@never_cache
@allowed("people.edit")
def declaration_list(request: HttpRequest) -> HttpResponse:
    """List the declarations of the user's reach by how they stand; at first those that wait."""
    user = request.user
    state = state_asked(request.GET)
    page = page_of(request, declarations_for(user, state))
    context = {
        "page": page,
        "lines": [_line(declaration) for declaration in page.object_list],
        "states": _states(user, state),
        "waiting": state == OPEN,
    }
    return render(request, "web/declarations/list.html", context)


@never_cache
@allowed("people.edit")
def declaration(request: HttpRequest, number: str) -> HttpResponse:
    """Show one declaration, what the ledger holds about it, and what can be done."""
    return _page(request, _found(request.user, number))


@never_cache
@allowed("people.edit")
def declaration_step(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Ask back or refuse: the form (GET), the step (POST)."""
    found = _found(request.user, number)
    if action not in WITH_WORDS:
        raise Http404
    if action == Action.REFUSE:
        require(request.user, DECIDES, found)
    label, words, hint = WITH_WORDS[action]
    form = WordsForm(
        request.POST if request.method == "POST" else None,
        initial={"version": found.version},
        label=words,
        help_text=hint,
    )
    context: dict[str, Any] = {"declaration": found, "action": action, "label": label, "form": form}
    status = 200
    if form.is_bound and form.is_valid():
        step = actions.ask if action == Action.ASK else actions.refuse
        try:
            step(found, form.cleaned_data["words"], by=request.user, version=form.cleaned_data["version"])
        except Conflict as conflict:
            context["conflict"], status = conflict.message, 409
        except ValidationError as error:
            form.add_action_error(error)
            status = 422
        else:
            return _done(request, found, action)
    elif form.is_bound:
        status = 422
    return render(request, "web/declarations/step.html", context, status=status)


@require_POST
@allowed("people.edit")
def declaration_take(request: HttpRequest, number: str) -> HttpResponse:
    """Look into a declaration."""
    found = _found(request.user, number)
    try:
        actions.take_up(found, by=request.user)
    except Conflict as conflict:
        return _page(request, _found(request.user, number), conflict=conflict.message, status=409)
    return _done(request, found, Action.TAKE_UP)


@require_POST
@allowed("people.edit")
def declaration_prepare(request: HttpRequest, number: str) -> HttpResponse:
    """Note what is to be done, for whoever decides."""
    return _decide(request, _found(request.user, number), Action.PREPARE)


@require_POST
@allowed(DECIDES)
def declaration_confirm(request: HttpRequest, number: str) -> HttpResponse:
    """Confirm a declaration into the ledger."""
    found = _found(request.user, number)
    require(request.user, DECIDES, found)
    return _decide(request, found, Action.CONFIRM)


@never_cache
@allowed("people.reveal")
def declaration_reveal(request: HttpRequest, number: str, field: str) -> HttpResponse:
    """Ask for the purpose (GET), then show the number (POST): a dialog for htmx, else a page of its own."""
    if field not in HIDDEN_FIELDS:
        raise Http404
    found = _found(request.user, number)
    require(request.user, "people.reveal", found)
    form = RevealForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {
        "declaration": found,
        "reveal_title": REVEAL_TITLES[field],
        "reveal_url": reverse("declaration-reveal", args=[number, field]),
        "reveal_form": form,
    }
    part = "core/parts/reveal_form.html"
    if form.is_bound and form.is_valid():
        context["revealed_label"] = REVEALED[field]
        context["revealed_value"] = actions.reveal(found, field, by=request.user, reason=form.cleaned_data["reason"])
        context["is_phone"] = field == "phone"
        part = "web/people/revealed.html"
    status = 422 if form.is_bound and not form.is_valid() else 200
    template = part if request.htmx else "web/declarations/reveal.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=status)


def _found(user: Any, number: str) -> Declaration:
    try:
        return declaration_for(user, number)
    except Declaration.DoesNotExist:
        raise Http404 from None


def _line(declaration: Declaration) -> Line:
    return Line(declaration, declaration.place, masked_name(declaration))


def _states(user: Any, chosen: str) -> list[widgets.Choice]:
    counts = counts_for(user)
    waiting = sum(counts.get(state, 0) for state in OPEN_STATES)
    labels = [(OPEN, _("Waiting"), waiting), *((state, str(state.label), counts.get(state, 0)) for state in State)]
    labels.append((ALL, _("All"), sum(counts.values())))
    return [
        widgets.Choice(label, f"{reverse('declaration-list')}?state={state}", current=state == chosen, count=count)
        for state, label, count in labels
    ]


def _decide(request: HttpRequest, found: Declaration, action: str) -> HttpResponse:
    """Take the form of the page: keep it for whoever decides, or write it into the ledger."""
    user = request.user
    form = _form(found, _ledger(found, user), request.POST)
    if not form.is_valid():
        return _page(request, found, form=form, status=422)
    step = actions.confirm if action == Action.CONFIRM else actions.prepare
    try:
        step(found, form.values(), by=user, version=form.cleaned_data["version"])
    except Conflict as conflict:
        return _page(request, _found(user, found.number), conflict=conflict.message, status=409)
    except (NotPossible, people_rules.NotPossible) as refusal:
        form.add_error(None, refusal.message)
        return _page(request, found, form=form, status=422)
    except ValidationError as error:
        form.add_action_error(error)
        return _page(request, found, form=form, status=422)
    return _done(request, found, action)


def _done(request: HttpRequest, found: Declaration, action: str) -> HttpResponse:
    messages.success(request, str(DONE[action]) % {"number": found.number})
    return redirect("declaration", number=found.number)


@dataclass(frozen=True)
class Ledger:
    """What the ledger holds about a declaration, within the reader's reach."""

    home: Dwelling | None
    matches: list[Match]
    households: list[Household]


def _ledger(found: Declaration, user: Any) -> Ledger:
    home = dwelling_of(found)
    return Ledger(home, matches_for(found, user, home), households_in(home) if found.of_oneself else [])


def _form(found: Declaration, ledger: Ledger, data: Any = None) -> DecisionForm:
    matches, households = ledger.matches, ledger.households
    prepared = f"{found.choice}:{found.person_id}" if found.choice == Choice.PERSON else found.choice
    likely = f"{Choice.PERSON}:{matches[0].person.pk}" if matches and len(matches[0].reasons) > 1 else ""
    initial = {
        "version": found.version,
        "choice": prepared or likely,
        "household": households[0].number if households else "",
        "relation": Relation.OTHER if households else Relation.HEAD,
        "occupancy": found.occupancy or usual_occupancy(found, ledger.home),
    }
    return DecisionForm(found, matches, households, data, initial=initial)


def _page(
    request: HttpRequest,
    found: Declaration,
    *,
    form: DecisionForm | None = None,
    conflict: str = "",
    status: int = 200,
) -> HttpResponse:
    user, possible = request.user, can(request.user, found)
    ledger = _ledger(found, user)
    home = ledger.home
    decides = Action.CONFIRM in possible or Action.PREPARE in possible
    shown = (form or _form(found, ledger)) if decides else None
    number = household_numbers(user, [home.pk]).get(home.pk, "") if home is not None else ""
    context = {
        "declaration": found,
        "title": _said(found.get_declarer_display(), found.kind_label),
        "answers": answers_of(found) if found.erased_at is None else [],
        "home": home,
        "household_url": link("household", number) if number else "",
        "form": shown,
        "lines": choice_lines(found, ledger.matches, shown) if shown else [],
        "prepared": _prepared(found),
        "ahead": found.day > clock.today(),
        "may_confirm": Action.CONFIRM in possible,
        "may_prepare": Action.PREPARE in possible,
        "may_take": Action.TAKE_UP in possible,
        "steps": [(action, WITH_WORDS[action][0]) for action in WITH_WORDS if action in possible],
        "may_reveal": user.has_perm("people.reveal", found),
        "history": [
            widgets.Entry(_said(step.doer, Action(step.action).label), step.at, said_with(step))
            for step in reversed(history_of(found))
        ],
        "conflict": conflict,
    }
    return render(request, "web/declarations/declaration.html", context, status=status)


def _said(who: str, what: object) -> str:
    return _("%(who)s: %(what)s") % {"who": who, "what": what}


def _prepared(found: Declaration) -> str:
    """Return whom somebody noted for whoever decides, in words."""
    if not found.choice or found.state not in OPEN_STATES:
        return ""
    if found.choice == Choice.PERSON:
        return found.person.name if found.person is not None else ""
    return str(Choice(found.choice).label)
