"""Every write about what is taken out: ask, decide, make the file, hand it over, take back, forget."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import IO, Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.accounts.queries import names_of
from linli.accounts.rules import Refused, require
from linli.areas.models import Area
from linli.core import clock
from linli.core.tokens import new_plate_token
from linli.exports.choices import MAKE_EXPORT, ExportState
from linli.exports.kinds import Asked, ExportKind, Row, kind_for
from linli.exports.models import Export
from linli.exports.queries import (
    approvers_of,
    asked_of,
    filters_of,
    has_file,
    journalled_filters,
    rows_at_once,
    taken_today,
    title_of,
)
from linli.exports.rules import NotPossible, agreed_clear, goes_at_once, most_rows, require_own, require_second_person
from linli.exports.writing import counted, masked_rows, write_file
from linli.files.actions import Written, keep_written, remove_upload, write_content
from linli.files.choices import FileKind
from linli.files.models import Upload
from linli.files.queries import pieces_of
from linli.inbox.actions import send
from linli.jobs import actions as jobs
from linli.jobs.models import Job
from linli.journal import actions as journal

KEPT_DAYS = 7
KEPT_YEARS = 3
LONGEST_NAME = 40

TEXTS = {
    "exports.asked": gettext_lazy("%(by)s asks to take out: %(title)s, %(rows)d rows. Please decide"),
    "exports.approved": gettext_lazy("%(by)s approved what you want to take out: %(title)s. The file is being made"),
    "exports.refused": gettext_lazy("%(by)s did not approve what you want to take out: %(title)s. “%(note)s”"),
    "exports.ready": gettext_lazy("The file is ready: %(title)s. It is kept for seven days"),
}


def request_export(
    kind_name: str,
    *,
    area: Area,
    filters: Mapping[str, str],
    columns: Sequence[str],
    form: str,
    clear: bool,
    purpose: str,
    by: Any,
) -> Export:
    """Ask for a list. A small masked one is made at once; for any other those who may approve are asked.

    Raises:
        Refused: ``by`` may not take this list out of this area.
        ValidationError: no purpose, no column, a format that there is not for this list.
        NotPossible: no row fits, or there is nobody who could approve.
    """
    kind = kind_for(kind_name)
    require(by, "exports.request", area)
    require(by, kind.ability, area)
    _require_choices(kind, columns, form, purpose)
    chosen = tuple(column.name for column in kind.columns if column.name in columns)
    clear = clear and any(kind.column(name).mask for name in chosen)
    asked = Asked(by, area, dict(filters), chosen)
    with transaction.atomic():
        # One after the other: two requests at one moment must not both be small.
        get_user_model().objects.select_for_update().get(pk=by.pk)
        taken, limit = taken_today(by), rows_at_once()
        small = None if clear or kind.write else _few_rows(kind, asked, limit - taken)
        rows = kind.count(asked) if small is None else len(small)
        if not rows:
            raise NotPossible(_("No row fits. Narrow the list less, or choose another area."))
        at_once = goes_at_once(rows, taken_today=taken, clear=clear, limit=limit)
        export = Export(
            number=new_plate_token(),
            kind=kind_name,
            area=area,
            path=area.path,
            filters=json.dumps(asked.filters, ensure_ascii=False) if asked.filters else "",
            columns=list(chosen),
            format=form,
            clear=clear,
            purpose=purpose.strip(),
            rows=rows,
            state=ExportState.APPROVED if at_once else ExportState.WAITING,
            needs_approval=not at_once,
            language=translation.get_language() or "",
            requested_by=by.username,
            requested_at=clock.now(),
        )
        approvers = [] if at_once else _approvers(area, kind, but=by)
        export.save(force_insert=True)
        journal.record(by, "exports.request", export, reason=export.purpose, detail=_detail(export))
        if at_once:
            _keep_file(export, *_written(export, asked, small), by=by)
        else:
            send(approvers, "exports.asked", _values(export, by), url=f"/exports/{export.number}/")
    return export


def _approvers(area: Area, kind: ExportKind, *, but: Any) -> list[Any]:
    """Return everybody who may approve, or tell what to do where there is nobody."""
    found = approvers_of(area, kind, but=but)
    if not found:
        raise NotPossible(
            _("A second person has to approve this, and nobody else may here. Take fewer rows, or ask a higher level.")
        )
    return found


@transaction.atomic
def decide_export(export: Export, *, approve: bool, note: str = "", by: Any) -> Export:
    """Approve what somebody else wants to take out, and let the file be made; or refuse it in words.

    Raises:
        Refused: ``by`` may not approve in this area, does not see this list, or asked for it themselves.
        ValidationError: refused without a word.
        NotPossible: somebody decided before, or it was taken back.
    """
    locked = _locked(export)
    require(by, "exports.approve", locked)
    require(by, kind_for(locked.kind).ability, locked)
    require_second_person(locked, by)
    if locked.state != ExportState.WAITING:
        raise NotPossible(_("This is decided already: %(state)s.") % {"state": locked.get_state_display()})
    note = note.strip()[:200]
    if not approve and not note:
        raise ValidationError({"note": _("Say why not, so that it can be asked for in another way.")})
    locked.state = ExportState.APPROVED if approve else ExportState.REFUSED
    locked.decided_by, locked.decided_at, locked.note = by.username, clock.now(), note
    locked.save(update_fields=["state", "decided_by", "decided_at", "note"])
    action = "exports.approve" if approve else "exports.refuse"
    journal.record(by, action, locked, reason=note, detail=_detail(locked))
    requester = _requester(locked)
    values = _values(locked, by) | {"note": note}
    send([requester], "exports.approved" if approve else "exports.refused", values, url=f"/exports/{locked.number}/")
    if approve:
        _open_job(locked, requester)
    _refresh(export, locked)
    return locked


@transaction.atomic
def make_again(export: Export, *, by: Any) -> Job:
    """Let the file of an approved export be made once more, after it was stopped or failed.

    Raises:
        Refused: somebody else asked for it.
        NotPossible: it is not approved, the file is there, or being made.
    """
    locked = _locked(export)
    require_own(locked, by)
    if locked.state != ExportState.APPROVED or (locked.job is not None and locked.job.is_open):
        raise NotPossible(_("There is no file to be made now. Load the page again."))
    job = _open_job(locked, by)
    _refresh(export, locked)
    return job


def make_export(job: Job, by: Any) -> None:
    """Make the file of an approved export in the background, with the rights that whoever asked has by then."""
    export = Export.objects.select_related("area").get(job=job)
    kind = kind_for(export.kind)
    require(by, "exports.request", export)
    require(by, kind.ability, export)
    try:
        written, rows = _written(export, asked_of(export, by))
    except NotPossible as refusal:
        raise jobs.Failed(refusal.message) from refusal
    if rows > most_rows(export):
        # The word of the second person was about fewer rows.
        raise jobs.Failed(
            _("%(now)d rows fit by now, and %(approved)d were approved. Ask for it anew.")
            % {"now": rows, "approved": export.rows}
        )
    with transaction.atomic():
        locked = _locked(export)
        if locked.state != ExportState.APPROVED:
            raise jobs.Failed(_("This is decided already: %(state)s.") % {"state": locked.get_state_display()})
        _keep_file(locked, written, rows, by=by)
        send([by], "exports.ready", _values(locked, by), url=f"/exports/{locked.number}/")
        jobs.finish(job, result={"rows": rows})


def make_now(export: Export, *, by: Any) -> Export:
    """Make the file of an approved export straight away, as a command does where no background work runs.

    Raises:
        Refused, NotPossible: as `make_again`; or it was stopped because of what has changed.
    """
    if export.state == ExportState.APPROVED:
        job = export.job if export.job is not None and export.job.is_open else make_again(export, by=by)
        export = Export.objects.select_related("area", "upload", "job").get(pk=export.pk)
        if not has_file(export):
            jobs.run(job.pk, {})
            export = Export.objects.select_related("area", "upload", "job").get(pk=export.pk)
        if export.job is not None and export.job.message:
            raise NotPossible(export.job.message)
    return export


@transaction.atomic
def take_file(export: Export, *, by: Any) -> Iterator[bytes]:
    """Hand the file, in pieces, to whoever asked for it; every time is written down.

    Raises:
        Refused: somebody else asked for it.
        NotPossible: there is no file yet, or none any more.
    """
    require_own(export, by)
    if export.upload is None or not has_file(export):
        raise NotPossible(_("There is no file to download. Files are kept for seven days; ask for it once more."))
    try:
        content = pieces_of(export.upload)
    except FileNotFoundError as gone:
        raise NotPossible(_("The file was removed. Ask for it once more.")) from gone
    journal.record(by, "exports.download", export, reason=export.purpose, detail=_detail(export))
    return content


@transaction.atomic
def withdraw_export(export: Export, *, by: Any) -> Export:
    """Take back what one asked for; a file that is there already is removed.

    Raises:
        Refused: somebody else asked for it.
        NotPossible: it is over already, or the file is being made.
    """
    locked = _locked(export)
    require_own(locked, by)
    if locked.state not in (ExportState.WAITING, ExportState.APPROVED, ExportState.READY):
        raise NotPossible(_("This is over already: %(state)s.") % {"state": locked.get_state_display()})
    if locked.job is not None and locked.job.is_open:
        raise NotPossible(_("Stop the work on the file first."))
    locked.state = ExportState.WITHDRAWN
    locked.save(update_fields=["state"])
    journal.record(by, "exports.withdraw", locked)
    if locked.upload is not None:
        remove_upload(locked.upload, by=by)
    _refresh(export, locked)
    return locked


def note_gone(upload: Upload) -> None:
    """Note that the file of an export was removed, as `files` announced and wrote down."""
    Export.objects.filter(upload=upload, state=ExportState.READY).update(state=ExportState.GONE)


def forget_old(now: datetime) -> int:
    """Remove what was written down about exports of more than three years ago; return how many."""
    here = clock.local(now)
    # Of 29 February, the 28th.
    until = here.replace(year=here.year - KEPT_YEARS, day=min(here.day, 28))
    old = Export.objects.filter(requested_at__lt=until)
    with transaction.atomic():
        count = old.count()
        if count:
            old.delete()
            kind = Export._meta.label_lower
            journal.record(journal.SYSTEM, "exports.forget", object_type=kind, detail={"count": count})
    return count


def file_name(export: Export, name: str) -> str:
    """Return what the file is called: the list, the place, who took it and when."""
    moment = f"{clock.local(export.requested_at):%Y%m%d-%H%M}"
    parts = [title_of(export)[:LONGEST_NAME], export.area.name, name, moment]
    return f"{'-'.join(part.replace('/', ' ') for part in parts)}.{export.format}"


def watermark_of(export: Export, name: str) -> str:
    """Return what stands in the file wherever it goes: who took it, when, and what for."""
    return _("Taken out by %(name)s (%(username)s) at %(when)s for: %(purpose)s · no. %(number)s") % {
        "name": name,
        "username": export.requested_by,
        "when": f"{clock.local(clock.now()):%Y-%m-%d %H:%M}",
        "purpose": export.purpose,
        "number": export.number,
    }


def _require_choices(kind: ExportKind, columns: Sequence[str], form: str, purpose: str) -> None:
    if not purpose.strip():
        raise ValidationError({"purpose": _("Write what it is needed for.")})
    known = {column.name for column in kind.columns}
    if not columns or not set(columns) <= known:
        raise ValidationError({"columns": _("Choose at least one of these columns.")})
    if form not in kind.formats:
        raise ValidationError({"form": _("Choose one of these formats.")})


def _few_rows(kind: ExportKind, asked: Asked, most: int) -> list[Row] | None:
    """Return the rows where they are few enough to go out at once, else None."""
    if most <= 0:
        return None
    found = list(islice(kind.rows(asked), most + 1))
    return found if len(found) <= most else None


def _written(export: Export, asked: Asked, rows: Sequence[Row] | None = None) -> tuple[Written, int]:
    """Write the file; what a second person did not agree to is never in clear."""
    kind, mark = kind_for(export.kind), watermark_of(export, asked.by.name)
    columns = [kind.column(name) for name in asked.columns]

    def write(out: IO[bytes]) -> int:
        if kind.write is not None:
            return kind.write(export, asked, mark, out)
        found = masked_rows(kind.rows(asked) if rows is None else rows, columns, clear=agreed_clear(export))
        bounded = counted(islice(found, most_rows(export) + 1), export.rows)
        return write_file(export.format, columns, bounded, out, title=title_of(export), watermark=mark)

    return write_content(write)


def _keep_file(export: Export, written: Written, rows: int, *, by: Any) -> None:
    name = file_name(export, by.name)
    export.upload = keep_written(written, name=name, kind=FileKind.WORKBOOK, by=by, days=KEPT_DAYS)
    export.state, export.rows = ExportState.READY, rows
    export.save(update_fields=["upload", "state", "rows"])
    journal.record(by, "exports.make", export, reason=export.purpose, detail=_detail(export))


def _open_job(export: Export, requester: Any) -> Job:
    with translation.override(export.language or None):
        job = jobs.start(MAKE_EXPORT, by=requester)
    export.job = job
    export.save(update_fields=["job"])
    jobs.queue(job)
    return job


def _requester(export: Export) -> Any:
    found = get_user_model().objects.filter(username=export.requested_by, is_active=True).first()
    if found is None:
        raise Refused(_("Whoever asked for this has no account any more."))
    return found


def _locked(export: Export) -> Export:
    rows = Export.objects.select_for_update(of=("self",)).select_related("area", "upload", "job")
    return rows.get(pk=export.pk)


def _refresh(export: Export, locked: Export) -> None:
    """Let the caller's object tell what was written."""
    for name in ("state", "decided_by", "decided_at", "note", "job", "upload"):
        setattr(export, name, getattr(locked, name))


def _values(export: Export, by: Any) -> dict[str, Any]:
    name = names_of([by.username]).get(by.username, by.username)
    with translation.override(export.language or None):
        return {"by": name, "title": f"{title_of(export)} · {export.area.name}", "rows": export.rows}


def _detail(export: Export) -> dict[str, Any]:
    return {
        "kind": export.kind,
        "rows": export.rows,
        "filters": journalled_filters(filters_of(export)),
        "columns": list(export.columns),
        "clear": export.clear,
        "format": export.format,
        "by": export.requested_by,
    }
