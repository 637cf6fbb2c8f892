"""Taking lists out: ask with a purpose → a second person decides → the file, for a week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from linli.accounts.access import allowed
from linli.accounts.queries import names_of
from linli.core import widgets
from linli.core.paging import page_of
from linli.core.registry import NotRegisteredError
from linli.exports import actions
from linli.exports.choices import ExportFormat, ExportState
from linli.exports.kinds import Asked, ExportKind, kind_for
from linli.exports.models import Export
from linli.exports.queries import (
    export_for,
    exports_for,
    exports_of,
    filters_told,
    has_file,
    kept_filters,
    rows_at_once,
    taken_today,
    title_of,
    waiting_for,
)
from linli.exports.rules import NotPossible, may_decide
from linli.jobs.actions import request_cancel
from linli.web.forms.exports import DecisionForm, ExportForm
from linli.web.job_words import may_stop, outcome_of, standing_of

ABILITY = "exports.request"
MINE, WAITING, ALL = "", "waiting", "all"
TYPES = {
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.CSV: "text/csv; charset=utf-8",
}


@dataclass(frozen=True)
class Line:
    """One export in a list."""

    export: Export
    title: str
    name: str
    has_file: bool


@never_cache
@allowed(ABILITY)
def export_list(request: HttpRequest) -> HttpResponse:
    """List what one asked for; what waits for one's decision; and everything taken out of one's reach."""
    user: Any = request.user
    shown = request.GET.get("show", MINE)
    waiting = waiting_for(user)
    lists = {WAITING: waiting, ALL: exports_for(user)}
    page = page_of(request, lists.get(shown, exports_of(user)))
    tabs = [(MINE, _("Mine")), (WAITING, _("To be approved")), (ALL, _("All of my area"))]
    here = reverse("export-list")
    context = {
        "page": page,
        "lines": _lines(list(page)),
        "shown": shown,
        "may_fill": user.has_perm("exports.forms"),
        "tabs": [
            widgets.Choice(
                str(label),
                f"{here}?show={key}" if key else here,
                count=waiting.count() if key == WAITING else None,
                current=key == shown,
            )
            for key, label in tabs
        ],
    }
    return render(request, "web/exports/list.html", context)


@never_cache
@allowed(ABILITY)
def export_new(request: HttpRequest) -> HttpResponse:
    """Ask what a list is needed for, and let it be made or approved."""
    name = request.GET.get("kind", "households")
    kind = _kind(name)
    if not request.user.has_perm(kind.ability):
        raise PermissionDenied(_("Your post does not allow this."))
    filters = kept_filters(kind, request.GET)
    form = ExportForm(request.POST or None, user=request.user, kind=kind, filters=filters)
    if request.method == "POST" and form.is_valid():
        export = _asked_for(form, name, filters, request.user)
        if export is not None:
            return redirect("export", number=export.number)
    return render(
        request,
        "web/exports/new.html",
        _new_context(request, form, name, filters),
        status=422 if form.is_bound else 200,
    )


def _new_context(request: HttpRequest, form: ExportForm, name: str, filters: Mapping[str, str]) -> dict[str, Any]:
    kind = _kind(name)
    rows = sum(kind.count(Asked(request.user, area, filters)) for area in form.areas)
    back = reverse(kind.list_name)
    kept = urlencode(filters)
    left = max(0, rows_at_once() - taken_today(request.user))
    return {
        "form": form,
        "kind": kind,
        "rows": rows,
        "told": kind.told(filters),
        "areas": form.areas,
        "back": f"{back}?{kept}" if kept else back,
        "left": left,
        "limit": rows_at_once(),
        "at_once": rows <= left,
        "others": [
            widgets.Choice(
                str(kind_for(other).label), f"?{urlencode({'kind': other, **filters})}", current=other == name
            )
            for other in ("households", "people")
            if name in ("households", "people")
        ],
    }


def _asked_for(form: ExportForm, name: str, filters: Mapping[str, str], by: Any) -> Export | None:
    given = form.cleaned_data
    try:
        return actions.request_export(
            name,
            area=given["area"],
            filters={key: value for key, value in filters.items() if key != "under"} | {"under": given["area"].code},
            columns=given["columns"],
            form=given["form"],
            clear=given.get("clear", False),
            purpose=given["purpose"],
            by=by,
        )
    except NotPossible as refusal:
        form.add_error(None, refusal.message)
    except ValidationError as wrong:
        form.add_action_errors(wrong.message_dict)
    return None


@never_cache
@allowed(ABILITY)
def export(request: HttpRequest, number: str) -> HttpResponse:
    """Show what was asked for and how far it is; to a second person, with the form to decide."""
    found = _export(request, number)
    return _page(request, found, DecisionForm())


@require_POST
@allowed(ABILITY)
def export_decide(request: HttpRequest, number: str) -> HttpResponse:
    """Approve what somebody else asked for, or refuse it in words."""
    found = _export(request, number)
    if not may_decide(request.user, found):
        raise PermissionDenied(_("Somebody else decides on what you asked for yourself."))
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    approve = form.cleaned_data["decision"] == "approve"
    try:
        actions.decide_export(found, approve=approve, note=form.cleaned_data["note"], by=request.user)
    except NotPossible as refusal:
        messages.error(request, refusal.message)
        return redirect("export", number=number)
    messages.success(request, _("Approved. Whoever asked gets the file.") if approve else _("Not approved."))
    return redirect(f"{reverse('export-list')}?show={WAITING}")


@never_cache
@allowed(ABILITY)
def export_progress(request: HttpRequest, number: str) -> HttpResponse:
    """Answer with how far the file is; once it is there, lead to its page."""
    found = _export(request, number)
    if found.job is None or not found.job.is_open:
        return HttpResponseClientRedirect(reverse("export", args=[number]))
    poll_url = reverse("export-progress", args=[number])
    return render(request, "web/jobs/progress.html", {"standing": standing_of(found.job), "poll_url": poll_url})


@require_POST
@allowed(ABILITY)
def export_stop(request: HttpRequest, number: str) -> HttpResponse:
    """Stop making the file."""
    found = _own(request, number)
    if found.job is None or not found.job.is_open:
        messages.info(request, _("It was over already."))
    else:
        request_cancel(found.job, by=request.user)
    return redirect("export", number=number)


@require_POST
@allowed(ABILITY)
def export_again(request: HttpRequest, number: str) -> HttpResponse:
    """Make the file once more, after it was stopped or failed."""
    found = _own(request, number)
    try:
        actions.make_again(found, by=request.user)
    except NotPossible as refusal:
        messages.error(request, refusal.message)
    return redirect("export", number=number)


@require_POST
@allowed(ABILITY)
def export_withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take back what one asked for; a file that is there is removed."""
    found = _own(request, number)
    try:
        actions.withdraw_export(found, by=request.user)
    except NotPossible as refusal:
        messages.error(request, refusal.message)
    return redirect("export", number=number)


@never_cache
@allowed(ABILITY)
def export_file(request: HttpRequest, number: str) -> HttpResponseBase:
    """Hand the file to whoever asked for it."""
    found = _own(request, number)
    try:
        content = actions.take_file(found, by=request.user)
    except NotPossible as refusal:
        messages.error(request, refusal.message)
        return redirect("export", number=number)
    user: Any = request.user
    disposition = content_disposition_header(as_attachment=True, filename=actions.file_name(found, user.name))
    content_type = TYPES[ExportFormat(found.format)]
    headers = {"Content-Disposition": disposition or ""}
    return StreamingHttpResponse(content, content_type=content_type, headers=headers)


def _page(request: HttpRequest, found: Export, form: DecisionForm, status: int = 200) -> HttpResponse:
    user: Any = request.user
    kind = kind_for(found.kind)
    own = found.requested_by == user.username
    names = names_of([found.requested_by, found.decided_by])
    job = found.job
    working = job is not None and job.is_open
    context = {
        "export": found,
        "title": title_of(found),
        "told": filters_told(found),
        "columns": [str(kind.column(name).label) for name in found.columns if name in {c.name for c in kind.columns}],
        "name": names.get(found.requested_by, found.requested_by),
        "decider": names.get(found.decided_by, found.decided_by),
        "own": own,
        "may_decide": found.state == ExportState.WAITING and may_decide(user, found),
        "form": form,
        "has_file": has_file(found),
        "standing": standing_of(job) if job is not None and working else None,
        "poll_url": reverse("export-progress", args=[found.number]),
        "may_stop": job is not None and may_stop(job, user),
        "outcome": outcome_of(job) if job is not None and found.state == ExportState.APPROVED else None,
        "may_make_again": own and found.state == ExportState.APPROVED and not working,
        "may_withdraw": own
        and not working
        and found.state in (ExportState.WAITING, ExportState.APPROVED, ExportState.READY),
    }
    return render(request, "web/exports/export.html", context, status=status)


def _lines(exports: list[Export]) -> list[Line]:
    names = names_of(export.requested_by for export in exports)
    return [
        Line(export, title_of(export), names.get(export.requested_by, export.requested_by), has_file(export))
        for export in exports
    ]


def _kind(name: str) -> ExportKind:
    try:
        kind = kind_for(name)
    except NotRegisteredError:
        raise Http404 from None
    if kind.write is not None:
        raise Http404
    return kind


def _export(request: HttpRequest, number: str) -> Export:
    try:
        return export_for(request.user, number)
    except Export.DoesNotExist:
        raise Http404 from None


def _own(request: HttpRequest, number: str) -> Export:
    found = _export(request, number)
    user: Any = request.user
    if found.requested_by != user.username:
        raise PermissionDenied(_("Only whoever asked for this file can have it."))
    return found
