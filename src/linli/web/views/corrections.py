"""Values that were written wrongly, and putting them right."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from linli.accounts.access import allowed
from linli.core.masking import mask_id_number, mask_phone
from linli.core.paging import page_of
from linli.people.actions import correct, keep_as_written
from linli.people.forms import CorrectionForm
from linli.people.models import Correction, Household
from linli.people.queries import corrections_for
from linli.people.rules import HIDDEN_FIELDS, NotPossible
from linli.web.problem_words import problem_words

FIELDS: dict[str, str | Promise] = {
    "id_number": gettext_lazy("ID number"),
    "phone": gettext_lazy("Phone"),
    "birth_date": gettext_lazy("Date of birth"),
}


@dataclass(frozen=True)
class Line:
    """One value to put right: ``written`` as it may be shown; ``hidden`` when it can be revealed with a purpose."""

    correction: Correction
    field: str
    problem: str
    written: str
    hidden: bool
    home: Household | None


@never_cache
@allowed("people.edit")
def correction_list(request: HttpRequest) -> HttpResponse:
    """List what waits to be put right in the user's reach."""
    page = page_of(request, corrections_for(request.user))
    return render(request, "web/corrections/list.html", {"page": page, "lines": [_line(row) for row in page]})


@never_cache
@allowed("people.edit")
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one value as it was written, and take the right one."""
    row = get_object_or_404(corrections_for(request.user), pk=pk)
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = correct(row, form.cleaned_data["value"], by=request.user)
        except NotPossible as refusal:
            form.add_action_error(refusal.message)
        else:
            messages.success(request, _("The data of %(name)s are right now.") % {"name": person.name})
            return redirect("correction-list")
    status = 422 if form.is_bound else 200
    return render(request, "web/corrections/correction.html", {"form": form, "line": _line(row)}, status=status)


@require_POST
@allowed("people.edit")
def correction_keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a value was compared with the document and is right as written."""
    row = get_object_or_404(corrections_for(request.user), pk=pk)
    try:
        keep_as_written(row, by=request.user)
    except NotPossible as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Kept as written: %(name)s.") % {"name": row.person.name})
    return redirect("correction-list")


def _line(row: Correction) -> Line:
    present = row.person.present  # type: ignore[attr-defined]
    return Line(
        correction=row,
        field=str(FIELDS.get(row.field, row.field)),
        problem=problem_words(row.kind),
        written=_shown(row),
        hidden=row.field in HIDDEN_FIELDS and getattr(row.person, row.field) == row.written,
        home=present[0].household if present else None,
    )


def _shown(row: Correction) -> str:
    match row.field:
        case "id_number":
            return mask_id_number(row.written)
        case "phone":
            return mask_phone(row.written)
        case _:
            return str(row.written)
