"""Agreements: the list by piles, one paper, its steps, its print, and the texts that papers begin with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from linli.accounts.access import SIGNED_IN, allowed
from linli.accounts.rules import require
from linli.agreements.actions import (
    add_template,
    change_template,
    check_agreement,
    draft_agreement,
    end_agreement,
    print_agreement,
    renew_agreement,
    retire_template,
    settle_result,
    sign_agreement,
)
from linli.agreements.choices import Standing
from linli.agreements.forms import (
    AgreementFilterForm,
    AgreementForm,
    CheckForm,
    EndForm,
    NewTemplateForm,
    SettleForm,
    SignForm,
    TemplateForm,
    TermForm,
    told,
)
from linli.agreements.models import Agreement, Result, Template
from linli.agreements.queries import (
    TO_MEND,
    AgreementFilters,
    agreement_for,
    agreements_for,
    checks_of,
    next_paper,
    pile_counts,
    standing_of,
    templates_for,
)
from linli.agreements.rules import NotPossible
from linli.agreements.samples import samples
from linli.agreements.terms import next_term
from linli.areas.models import Area
from linli.areas.scope import scope_paths
from linli.core import clock, widgets
from linli.core.paging import page_of
from linli.core.paths import within
from linli.core.pdf import NotPrintable, render_pdf
from linli.units.models import Unit
from linli.units.queries import unit_for
from linli.web.links import link
from linli.web.views.household_prints import TYPST, pdf_answer, watermark_of

PILES: dict[str, str | Promise] = {
    "running": gettext_lazy("in force"),
    Standing.ENDING.value: gettext_lazy("ends soon"),
    Standing.OVER.value: gettext_lazy("term is over"),
    TO_MEND: gettext_lazy("to be put right"),
    Standing.DRAFT.value: gettext_lazy("not signed yet"),
    Standing.ENDED.value: gettext_lazy("ended"),
}
TONES = {Standing.ENDING: "soon", Standing.OVER: "late", Standing.RUNNING: "done"}


@allowed("agreements.view")
def agreement_list(request: HttpRequest) -> HttpResponse:
    """List agreements by piles, those that end first at the top."""
    filters = AgreementFilters.from_query(request.GET)
    counts = pile_counts(request.user)
    page = page_of(request, agreements_for(request.user, filters))
    today = clock.today()
    context = {
        "form": AgreementFilterForm(request.GET, user=request.user),
        "piles": [
            widgets.Choice(f"{label} {counts[pile]}", link("agreement-list", pile=pile), current=pile == filters.pile)
            for pile, label in PILES.items()
        ],
        "pile": filters.pile,
        "page": page,
        "rows": [(row, standing_of(row, today), TONES.get(standing_of(row, today), "")) for row in page],
        "narrowed": bool(filters.under or filters.party or filters.text),
        "may_edit": request.user.has_perm("agreements.edit"),
    }
    return render(request, "web/agreements/list.html", context)


@allowed("agreements.view")
def agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one paper: party, term, clauses, checks, what is to be put right."""
    found = agreement_or_404(request.user, pk)
    standing = standing_of(found)
    context = {
        "agreement": found,
        "standing": standing,
        "tone": TONES.get(standing, ""),
        "checks": checks_of(found),
        "next": next_paper(found),
        "may_edit": request.user.has_perm("agreements.edit", found),
        "is_draft": standing == Standing.DRAFT,
        "is_signed": found.signed_on is not None and found.ended_on is None,
    }
    return render(request, "web/agreements/agreement.html", context)


@allowed("agreements.edit")
def agreement_new(request: HttpRequest) -> HttpResponse:
    """Prepare a paper; ``?unit=`` begins with what the ledger knows of a unit."""
    form = AgreementForm(request.POST or None, user=request.user, initial=_begin(request))
    if request.method == "POST" and form.is_valid():
        text, party = form.agreed()
        term = form.cleaned_data["starts_on"], form.cleaned_data["ends_on"]
        try:
            made = draft_agreement(text, party, *term, by=request.user)
        except ValidationError as problem:
            told(form, problem)
        else:
            messages.success(request, _("The paper is prepared. Print it, and note the day when both signed."))
            return redirect("agreement", made.pk)
    return _form(request, form, _("New agreement"), reverse("agreement-list"))


@allowed("agreements.edit")
def agreement_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Note the day on which both sides signed."""
    found = _editable(request, pk)
    form = SignForm(request.POST or None)
    return _step(request, found, form, _("Signed"), lambda values: sign_agreement(found, values["on"], by=request.user))


@allowed("agreements.edit")
def agreement_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a check."""
    found = _editable(request, pk)
    form = CheckForm(request.POST or None, agreement=found)

    def check(values: dict[str, Any]) -> object:
        return check_agreement(found, values["on"], form.found(), by=request.user, note=values["note"])

    return _step(request, found, form, _("Check how it is kept"), check)


@allowed("agreements.edit")
def agreement_settle(request: HttpRequest, pk: int, result: int) -> HttpResponse:
    """Note that something was put right."""
    found = _editable(request, pk)
    row = get_object_or_404(Result, pk=result, of_check__agreement=found)
    form = SettleForm(request.POST or None)
    title = _("Put right: %(text)s") % {"text": row.text}
    return _step(request, found, form, title, lambda values: settle_result(row, values["on"], by=request.user))


@allowed("agreements.edit")
def agreement_renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Prepare the next paper with the same party and clauses."""
    found = _editable(request, pk)
    starts_on, ends_on = next_term(found.starts_on, found.ends_on)
    form = TermForm(request.POST or None, initial={"starts_on": starts_on, "ends_on": ends_on})

    def renew(values: dict[str, Any]) -> object:
        return renew_agreement(found, values["starts_on"], values["ends_on"], by=request.user)

    return _step(request, found, form, _("Renew"), renew, follow=True)


@allowed("agreements.edit")
def agreement_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a paper and say why."""
    found = _editable(request, pk)
    form = EndForm(request.POST or None, signed=found.signed_on is not None)

    def end(values: dict[str, Any]) -> object:
        declined = values.get("declined", False)
        return end_agreement(found, values["on"], values["reason"], by=request.user, declined=declined)

    return _step(request, found, form, _("End it"), end)


@never_cache
@allowed("agreements.edit")
def agreement_print(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a paper as a PDF on A4 with lines for both signatures; the printing is journalled."""
    found = _editable(request, pk)
    community = found.grid.parent.name if found.grid.parent else found.grid.name
    data = {
        "title": found.title,
        "intro": _("Between %(community)s and %(party)s.") % {"community": community, "party": found.party_name},
        "place": found.place,
        "term": _("From %(from)s until %(until)s.")
        % {"from": found.starts_on.isoformat(), "until": found.ends_on.isoformat()},
        "clauses": [clause.text for clause in found.clauses.all()],
        "foot": _("Signing is free. No service depends on it, and it sets no fine."),
        "signatures": [community, found.party_name],
        "day": _("Day:"),
    }
    try:
        content = render_pdf(TYPST / "agreement.typ", data, watermark=watermark_of(request.user))
    except NotPrintable as refusal:
        messages.error(request, refusal.message)
        return redirect("agreement", pk)
    print_agreement(found, by=request.user)
    return pdf_answer(content, f"agreement-{found.pk}.pdf")


@allowed(SIGNED_IN)
def template_list(request: HttpRequest) -> HttpResponse:
    """List the texts in use, and the samples that every installation begins with."""
    if not request.user.has_perm("agreements.templates"):
        require(request.user, "agreements.view")
    context = {
        "page": page_of(request, templates_for(request.user)),
        "samples": samples(),
        "may_edit": request.user.has_perm("agreements.templates"),
        "may_see_list": request.user.has_perm("agreements.view"),
    }
    return render(request, "web/agreements/templates.html", context)


@allowed("agreements.templates")
def template_new(request: HttpRequest) -> HttpResponse:
    """Write a text; ``?sample=`` begins with a sample."""
    areas = list(
        Area.objects.current()
        .filter(within(scope_paths(request.user, "agreements.templates")))
        .order_by("path")
        .defer("geometry", "bounds")[:50]
    )
    sample = samples().get(request.GET.get("sample", ""))
    form = NewTemplateForm(request.POST or None, areas=areas, initial=TemplateForm.of(sample) if sample else None)
    if request.method == "POST" and form.is_valid():
        try:
            add_template(form.place(), form.written(), by=request.user)
        except ValidationError as problem:
            told(form, problem)
        else:
            return redirect("agreement-template-list")
    return _form(request, form, _("New text for agreements"), reverse("agreement-template-list"))


@allowed("agreements.templates")
def template_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a text; what is signed keeps its clauses."""
    found = _template(request, pk)
    form = TemplateForm(request.POST or None, initial=TemplateForm.of(found))
    if request.method == "POST" and form.is_valid():
        try:
            change_template(found, form.written(), by=request.user)
        except ValidationError as problem:
            told(form, problem)
        else:
            return redirect("agreement-template-list")
    return _form(request, form, found.title, reverse("agreement-template-list"))


@allowed("agreements.templates")
def template_retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask (GET), then take a text out of use (POST)."""
    found = _template(request, pk)
    if request.method == "POST":
        retire_template(found, by=request.user)
        return redirect("agreement-template-list")
    title = _("Take “%(title)s” out of use?") % {"title": found.title}
    return _form(request, forms.Form(), title, reverse("agreement-template-list"))


def agreement_or_404(user: Any, pk: int) -> Agreement:
    """Return one agreement within reach."""
    try:
        return agreement_for(user, pk)
    except Agreement.DoesNotExist:
        raise Http404 from None


def _editable(request: HttpRequest, pk: int) -> Agreement:
    found = agreement_or_404(request.user, pk)
    require(request.user, "agreements.edit", found)
    return found


def _template(request: HttpRequest, pk: int) -> Template:
    found = get_object_or_404(templates_for(request.user), pk=pk)
    require(request.user, "agreements.templates", found)
    return found


def _begin(request: HttpRequest) -> dict[str, Any]:
    wanted = request.GET.get("unit", "")
    if not wanted.isdecimal() or not request.user.has_perm("units.view"):
        return {}
    try:
        unit = unit_for(request.user, int(wanted))
    except Unit.DoesNotExist:
        return {}
    return {"party_name": unit.name, "grid": unit.grid.code if unit.grid else "", "place": unit.place}


def _step(
    request: HttpRequest,
    found: Agreement,
    form: forms.Form,
    title: str,
    action: Callable[[dict[str, Any]], object],
    *,
    follow: bool = False,
) -> HttpResponse:
    """Ask what a step needs, and make it; what it refuses stands in the form."""
    if request.method == "POST" and form.is_valid():
        try:
            made = action(form.cleaned_data)
        except ValidationError as problem:
            told(form, problem)
        except NotPossible as problem:
            form.add_error(None, problem.message)
        else:
            return redirect("agreement", made.pk if follow and isinstance(made, Agreement) else found.pk)
    return _form(request, form, f"{title} · {found.party_name}", reverse("agreement", args=[found.pk]))


def _form(request: HttpRequest, form: forms.Form, title: str, back: str) -> HttpResponse:
    context = {"form": form, "title": title, "back": back}
    return render(request, "web/agreements/form.html", context, status=422 if form.is_bound else 200)
