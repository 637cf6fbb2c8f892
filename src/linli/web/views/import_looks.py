"""What a workbook would change about what is known, and what headers were taught to mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from linli.accounts.queries import names_of
from linli.core.paging import page_of
from linli.exchange.actions import forget_header
from linli.exchange.choices import DifferenceKind
from linli.exchange.ledgers import Ledger, ledger_for
from linli.exchange.models import Batch, BatchDifference
from linli.exchange.queries import batch_for, difference_of, differences_of, learnt_headers
from linli.web.import_door import through_the_door

# Fields that no column of a workbook stands for by itself.
FIELDS: dict[str, str | Promise] = {
    "address": gettext_lazy("Home"),
    "occupancy": gettext_lazy("Use of the home"),
    "registration": gettext_lazy("Registered"),
    "presence": gettext_lazy("Presence"),
}


@dataclass(frozen=True)
class Line:
    """Who or what would change, where, and each field in words with what it was and what it would be."""

    kind: str
    label: str
    name: str
    place: str
    changes: list[tuple[str, str, str]]


@never_cache
@through_the_door
def import_differences(request: HttpRequest, number: str) -> HttpResponse:
    """List what a workbook would change, or changed, about people and homes that were known before."""
    try:
        batch = batch_for(request.user, number)
    except Batch.DoesNotExist:
        raise Http404 from None
    kind = request.GET.get("show", "")
    shown = kind if kind in DifferenceKind.values else ""
    ledger = ledger_for(batch.kind)
    page = page_of(request, differences_of(batch, shown))
    counts = batch.report.get("differences", {})
    context = {
        "batch": batch,
        "page": page,
        "lines": [_line(row, ledger) for row in page],
        "kinds": [(kind.value, kind.label, counts.get(kind, 0)) for kind in DifferenceKind if counts.get(kind)],
        "shown": shown,
        "total": sum(counts.values()),
    }
    return render(request, "web/imports/differences.html", context)


def _line(row: BatchDifference, ledger: Ledger) -> Line:
    told: dict[str, Any] = difference_of(row)
    changes = [
        (_field(name, ledger), ledger.words(name, before), ledger.words(name, after))
        for name, before, after in told["lines"]
    ]
    name = ledger.words("title", told["name"])
    return Line(row.kind, row.get_kind_display(), name, told["place"], changes)


def _field(name: str, ledger: Ledger) -> str:
    if name in FIELDS:
        return str(FIELDS[name])
    labels = {column.field: column.label for column in ledger.sheet.columns}
    return str(labels.get(name, name))


@through_the_door
def import_headers(request: HttpRequest) -> HttpResponse:
    """List what headers were taught to mean in the workbooks of the user's reach."""
    page = page_of(request, learnt_headers(request.user))
    names = names_of(row.learnt_by for row in page)
    rows = [(row, _field(row.field, ledger_for(row.kind)), names.get(row.learnt_by, row.learnt_by)) for row in page]
    return render(request, "web/imports/headers.html", {"page": page, "rows": rows})


@require_POST
@through_the_door
def import_header_forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget what a header was taught to mean."""
    found = learnt_headers(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    forget_header(found, by=request.user)
    messages.success(request, _("Forgotten: %(header)s") % {"header": found.written})
    return redirect("import-headers")
