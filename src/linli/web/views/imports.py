"""Taking workbooks in: upload → columns → preview → take over → undo."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from linli.accounts.queries import names_of
from linli.core.paging import PAGE_SIZE, page_of
from linli.core.sheets.checking import ColumnChoices
from linli.exchange.actions import ask_for, export_errors, send_workbook
from linli.exchange.choices import UNFINISHED_STATES, BatchState, BatchWork
from linli.exchange.ledgers import Ledger, ledger_for
from linli.exchange.models import Batch
from linli.exchange.queries import Preview, batch_for, batches_for, preview
from linli.exchange.rules import NotPossible
from linli.jobs.actions import request_cancel
from linli.jobs.models import Job
from linli.people.drafts import RELATIONS, RESIDENCES
from linli.web.form_pages import taken_in, upload_form
from linli.web.forms.imports import ColumnsForm, UploadForm
from linli.web.import_door import through_the_door
from linli.web.job_words import Outcome, may_stop, outcome_of, standing_of
from linli.web.problem_words import problem_words

# How a column was recognised; “never” columns are dropped before anything else sees them.
HOW: dict[str, str | Promise] = {
    "exact": gettext_lazy("the same name"),
    "synonym": gettext_lazy("another name for it"),
    "contains": gettext_lazy("a similar name: please check"),
    "unknown": gettext_lazy("not recognised: left out"),
    "never": gettext_lazy("dropped: Linli never keeps this"),
    "chosen": gettext_lazy("chosen by you"),
    "learnt": gettext_lazy("learnt: somebody here chose it before"),
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@through_the_door
def import_list(request: HttpRequest) -> HttpResponse:
    """List the workbooks of the user's reach with their states, the newest first."""
    page = page_of(request, batches_for(request.user))
    names = names_of(row.created_by for row in page)
    rows = [(row, names.get(row.created_by, row.created_by)) for row in page]
    return render(request, "web/imports/list.html", {"page": page, "rows": rows})


@through_the_door
def import_new(request: HttpRequest) -> HttpResponse:
    """Take a workbook, which is then read in the background, or say next to the field why it can't be taken."""
    form = upload_form(request, UploadForm)

    def send(content: bytes, name: str) -> Batch:
        given = form.cleaned_data
        return send_workbook(content, name=name, area=given["area"], kind=given["kind"], by=request.user)

    batch = taken_in(form, send, refused="area")
    if batch is not None:
        return redirect("import", number=batch.number)
    return render(request, "web/imports/new.html", {"form": form}, status=422 if form.is_bound else 200)


@never_cache
@through_the_door
def import_page(request: HttpRequest, number: str) -> HttpResponse:
    """Show a workbook as far as it has come: its columns, what it would bring, or what it brought."""
    batch = _batch(request, number)
    if batch.job is not None and batch.job.is_open:
        return _working_page(request, batch, batch.job)
    if batch.state in UNFINISHED_STATES:
        return render(request, "web/imports/interrupted.html", {"batch": batch})
    if batch.state in (BatchState.SENT, BatchState.REFUSED):
        return render(request, "web/imports/unread.html", {"batch": batch, "outcome": _outcome(batch)})
    seen = preview(batch)
    if batch.state == BatchState.UPLOADED or (batch.state == BatchState.CHECKED and "columns" in request.GET):
        return _columns_page(request, batch, seen, _column_forms(seen))
    return _report_page(request, batch, seen)


@never_cache
@through_the_door
def import_problems(request: HttpRequest, number: str) -> HttpResponse:
    """Hand out the rows that need work as a workbook, to be corrected and sent again."""
    batch = _batch(request, number)
    try:
        content = export_errors(batch, by=request.user)
    except NotPossible as refusal:
        messages.error(request, refusal.message)
        return redirect("import", number=number)
    name = _("%(name)s, to correct.xlsx") % {"name": PurePath(batch.file_name).stem}
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": disposition})


@never_cache
@through_the_door
def import_progress(request: HttpRequest, number: str) -> HttpResponse:
    """Answer with how far the work on a workbook is; once it is over, lead to the page that tells how it went."""
    batch = _batch(request, number)
    if batch.job is None or not batch.job.is_open:
        return HttpResponseClientRedirect(reverse("import", args=[number]))
    poll_url = reverse("import-progress", args=[number])
    return render(request, "web/jobs/progress.html", {"standing": standing_of(batch.job), "poll_url": poll_url})


@require_POST
@through_the_door
def import_read(request: HttpRequest, number: str) -> HttpResponse:
    """Read a workbook whose reading was stopped."""
    return _asked_for(request, number, BatchWork.READ)


@require_POST
@through_the_door
def import_check(request: HttpRequest, number: str) -> HttpResponse:
    """Check the rows with the columns as a person corrected them."""
    batch = _batch(request, number)
    seen = preview(batch)
    forms = _column_forms(seen, request.POST)
    if not all(form.is_valid() for form in forms):
        return _columns_page(request, batch, seen, forms, status=422)
    corrections = {form.sheet.name: form.mapping() for form in forms if form.is_corrected}
    return _asked_for(request, number, BatchWork.CHECK, corrections)


@require_POST
@through_the_door
def import_apply(request: HttpRequest, number: str) -> HttpResponse:
    """Take over every row that is not held, all of them or none."""
    batch = _batch(request, number)
    if batch.state == BatchState.CHECKED and batch.report["rows"] == batch.report["held"]:
        messages.warning(request, _("No row can be taken over. Correct the workbook and send it again."))
        return redirect("import", number=number)
    return _asked_for(request, number, BatchWork.APPLY)


@require_POST
@through_the_door
def import_stop(request: HttpRequest, number: str) -> HttpResponse:
    """Stop what is being done with a workbook; nothing of it is written."""
    batch = _batch(request, number)
    if batch.job is None or not batch.job.is_open:
        messages.info(request, _("It was over already."))
    else:
        request_cancel(batch.job, by=request.user)
    return redirect("import", number=number)


@through_the_door
def import_undo(request: HttpRequest, number: str) -> HttpResponse:
    """Ask first, then put everything back as it stood before; a refusal names what stands in the way."""
    batch = _batch(request, number)
    refusal = ""
    if request.method == "POST":
        try:
            ask_for(batch, BatchWork.UNDO, by=request.user)
        except NotPossible as problem:
            refusal = problem.message
        else:
            return redirect("import", number=number)
    context = {"batch": batch, "figures": _figures(batch), "refusal": refusal}
    return render(request, "web/imports/undo.html", context, status=409 if refusal else 200)


def _batch(request: HttpRequest, number: str) -> Batch:
    try:
        return batch_for(request.user, number)
    except Batch.DoesNotExist:
        raise Http404 from None


def _asked_for(
    request: HttpRequest, number: str, work: BatchWork, corrections: Mapping[str, ColumnChoices] | None = None
) -> HttpResponse:
    """Let a step be done in the background, and lead to the page that tells how far it is."""
    try:
        ask_for(_batch(request, number), work, by=request.user, corrections=corrections)
    except NotPossible as refusal:
        messages.error(request, refusal.message)
    return redirect("import", number=number)


def _working_page(request: HttpRequest, batch: Batch, job: Job) -> HttpResponse:
    context = {
        "batch": batch,
        "work": BatchWork(job.kind).label,
        "standing": standing_of(job),
        "poll_url": reverse("import-progress", args=[batch.number]),
        "stop_url": reverse("import-stop", args=[batch.number]) if _may_stop(batch, job, request.user) else "",
    }
    return render(request, "web/imports/working.html", context)


def _may_stop(batch: Batch, job: Job, user: Any) -> bool:
    """What others see already, or see no more, is brought to its end."""
    return may_stop(job, user) and batch.state not in (BatchState.FINISHING, BatchState.UNDOING)


def _columns_page(
    request: HttpRequest, batch: Batch, seen: Preview, forms: list[ColumnsForm], status: int = 200
) -> HttpResponse:
    context = {"batch": batch, "forms": forms, "how": HOW, "seen": seen, "outcome": _outcome(batch)}
    return render(request, "web/imports/columns.html", context, status=status)


def _outcome(batch: Batch) -> Outcome | None:
    """Return how the last work on a workbook ended, where the page does not show it anyway."""
    job = batch.job
    if job is None:
        return None
    if job.kind == BatchWork.APPLY and batch.state == BatchState.APPLIED:
        return Outcome("done", _("Everything was taken over"), _taken_over(batch))
    return outcome_of(job)


def _column_forms(seen: Preview, given: Any = None) -> list[ColumnsForm]:
    return [
        ColumnsForm(given, sheet=sheet, fields=seen.fields, prefix=f"sheet{place}")
        for place, sheet in enumerate(seen.sheets)
    ]


def _report_page(request: HttpRequest, batch: Batch, seen: Preview) -> HttpResponse:
    problems = seen.report.get("problems", [])
    held = [problem for problem in problems if problem["held"]]
    only_held = request.GET.get("show") == "held"
    labels = dict(seen.fields)
    context = {
        "batch": batch,
        "outcome": _outcome(batch),
        "report": seen.report,
        "figures": _figures(batch),
        "differences": sum(seen.report.get("differences", {}).values()),
        "kinds": [(problem_words(kind), count) for kind, count in _kinds(seen.report).most_common()],
        "untold": sum(_kinds(seen.report).values()) - len(problems),
        "problems": Paginator(held if only_held else problems, PAGE_SIZE).get_page(request.GET.get("page")),
        "only_held": only_held,
        "dropped": [column["header"] for column in seen.report.get("columns", []) if column["how"] == "never"],
        "unknown": [column["header"] for column in seen.report.get("columns", []) if column["how"] == "unknown"],
        "samples": [_sample(sheet, labels, ledger_for(batch.kind)) for sheet in seen.sheets],
    }
    return render(request, "web/imports/report.html", context)


def _sample(sheet: Any, labels: dict[str, Any], ledger: Ledger) -> dict[str, Any]:
    """Return the first rows of a sheet as a table: heads, and cells in their order."""
    fields = [name for name in labels if any(row.values.get(name) for row in sheet.rows)]
    rows = [(row, [_said(name, row.values.get(name, ""), ledger) for name in fields]) for row in sheet.rows]
    return {"name": sheet.name, "heads": [labels[name] for name in fields], "rows": rows}


def _said(field: str, value: str, ledger: Ledger) -> str:
    """Return a cell in words: a choice was turned into its code when the row was read."""
    if field == "residence_status" and value in RESIDENCES:
        registration, presence = RESIDENCES[value]
        return f"{registration.label} · {presence.label}"
    if field == "relation":
        value = RELATIONS.get(value, value)
    return ledger.words(field, value)


def _kinds(report: dict[str, Any]) -> Counter[str]:
    """Return kind of problem → how many; a report from before they were counted names them all."""
    return Counter(report.get("kinds") or [row["kind"] for row in report.get("problems", [])])


def _figures(batch: Batch) -> list[tuple[str, int]]:
    applied = batch.report.get("applied", {})
    return [(str(label), applied.get(name, 0)) for name, label in ledger_for(batch.kind).figures.items()]


def _taken_over(batch: Batch) -> str:
    applied, held = batch.report["applied"], batch.report["held"]
    if batch.kind == "people":
        text = _("Taken over: %(people)d people in %(homes)d homes. %(held)d rows stayed out.")
        return text % {"people": applied["people"], "homes": applied["dwellings"], "held": held}
    told = _(", ").join(f"{label} {number}" for label, number in _figures(batch) if number)
    return _("Taken over: %(figures)s. %(held)d rows stayed out.") % {"figures": told, "held": held}
