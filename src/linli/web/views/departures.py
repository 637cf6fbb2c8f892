"""Who moved away from the area: what they agreed to, and the transfer file of one household for the office there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from linli.accounts.access import allowed
from linli.core import clock, widgets
from linli.core.masking import mask_id_number, mask_phone
from linli.core.paging import page_of
from linli.core.pdf import NotPrintable, render_pdf
from linli.people.actions import Handover, change_answer, print_transfer_file
from linli.people.choices import Relation
from linli.people.models import Departure, EventLine, Particulars
from linli.people.rules import NotPossible
from linli.people.transfer_forms import AnswerForm, HandoverForm
from linli.people.transfers import (
    ASKED,
    SETTLED,
    TO_CONFIRM,
    departures_for,
    destination_words,
    leavers_of,
    named_by,
)
from linli.web.links import link
from linli.web.views.household_prints import TYPST, pdf_answer, watermark_of


@never_cache
@allowed("people.edit")
def departure_list(request: HttpRequest) -> HttpResponse:
    """List who moved away, the last first."""
    words = ((TO_CONFIRM, _("For us to confirm")), (ASKED, _("Asked by us")), (SETTLED, _("Settled")))
    piles = [widgets.Choice(label, link("transfer-list", pile=name)) for name, label in words]
    piles.append(widgets.Choice(_("Moved away"), request.path, current=True))
    page = page_of(request, departures_for(request.user))
    rows = [(row, [line.person.name for line in leavers_of(row)], destination_words(row)) for row in page]
    return render(request, "web/transfers/departures.html", {"page": page, "rows": rows, "piles": piles})


@never_cache
@allowed("people.edit")
def departure(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one departure, with what can be done about it."""
    return _show(request, _departure(request, pk))


@require_POST
@allowed("people.edit")
def departure_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what they say later."""
    row = _departure(request, pk)
    form = AnswerForm(request.POST, departure=row)
    if form.is_valid():
        try:
            change_answer(row, form.said(), by=request.user)
        except NotPossible as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, _("Their answer is written down."))
            return redirect("departure", pk)
    return _show(request, row, answer=form)


@never_cache
@require_POST
@allowed("people.edit")
def departure_print(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the transfer file as a PDF: one household, to a named office, on a named basis; it is journalled."""
    row = _departure(request, pk)
    form = HandoverForm(request.POST, may_reveal=_may_reveal(request, row))
    if not form.is_valid():
        return _show(request, row, handover=form)
    told = form.handover()
    mark = [*watermark_of(request.user), told.recipient]
    try:
        content = render_pdf(TYPST / "transfer.typ", file_data(row, told), watermark=mark)
        print_transfer_file(row, told, by=request.user)
    except NotPossible as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _show(request, row, handover=form)
    except NotPrintable as refusal:
        messages.error(request, refusal.message)
        return redirect("departure", pk)
    return pdf_answer(content, f"transfer-{row.household.number}.pdf")


def file_data(row: Departure, told: Handover) -> dict[str, Any]:
    """Return what stands in the transfer file of a departure: those who left, and nobody else."""
    lines = leavers_of(row)
    beside = named_by(lines)
    grid = row.household.dwelling.building.grid
    place = f"{grid.parent.name} {grid.name}" if grid is not None and grid.parent is not None else ""
    asked = f"{row.consent_asked_by} · {row.consent_on}"
    return {
        "title": _("Transfer file"),
        "day": clock.today().isoformat(),
        "facts": [
            [_("For"), told.recipient],
            [_("Legal basis"), told.basis],
            [_("They agreed, asked by"), asked],
            [_("Moved away on"), row.event.day.isoformat()],
            [_("From"), row.household.dwelling.address],
            [_("Grid"), place or "—"],
        ],
        "people_title": _("Who moved"),
        "heads": [_("Name"), _("To the head"), _("Sex"), _("Born"), _("ID number"), _("Phone")],
        "people": [_person(line, in_full=told.in_full) for line in lines],
        "more_title": _("More about them"),
        "more": [said for line in lines for said in _more(line, beside.get(line.person_id), in_full=told.in_full)],
        "note": _("For this office and this move alone. Whoever gets it must not pass it on."),
    }


def _person(line: EventLine, *, in_full: bool) -> list[str]:
    person, relation = line.person, (line.before or {}).get("relation", Relation.OTHER)
    return [
        person.name,
        str(Relation(relation).label),
        str(person.get_sex_display()) or "—",
        person.birth_date.isoformat() if person.birth_date else "—",
        (person.id_number if in_full else mask_id_number(person.id_number)) or "—",
        (person.phone if in_full else mask_phone(person.phone)) or "—",
    ]


def _more(line: EventLine, beside: Particulars | None, *, in_full: bool) -> list[list[str]]:
    person, named = line.person, beside or Particulars()
    phone = named.emergency_phone if in_full else mask_phone(named.emergency_phone)
    contact = " ".join(part for part in (named.emergency_name, named.emergency_relation, phone) if part)
    told = (
        (_("Registered address"), person.registered_address),
        (_("Place of work"), person.employer),
        (_("Emergency contact"), contact),
        (_("Skills offered"), named.skills),
    )
    return [[person.name, label, value] for label, value in told if value]


def _may_reveal(request: HttpRequest, row: Departure) -> bool:
    return bool(request.user.has_perm("people.reveal", row.household))


def _departure(request: HttpRequest, pk: int) -> Departure:
    rows = departures_for(request.user)
    return get_object_or_404(rows, pk=pk) if pk < 2**63 else get_object_or_404(rows.none())


def _show(
    request: HttpRequest, row: Departure, *, answer: AnswerForm | None = None, handover: HandoverForm | None = None
) -> HttpResponse:
    context = {
        "departure": row,
        "names": [line.person.name for line in leavers_of(row)],
        "where": destination_words(row),
        "answer": answer or AnswerForm(departure=row),
        "handover": handover or (HandoverForm(may_reveal=_may_reveal(request, row)) if row.agreed else None),
    }
    bound = any(form is not None and form.is_bound for form in (answer, handover))
    return render(request, "web/transfers/departure.html", context, status=422 if bound else 200)
