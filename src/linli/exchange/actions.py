"""Every write about workbooks: receive, check, apply, undo, and the rows by which a batch can be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from linli.accounts.rules import require
from linli.areas.models import Area
from linli.core import clock, progress
from linli.core.bulkload import insert_rows
from linli.core.sheets.checking import ColumnChoices
from linli.core.sheets.reading import refuse_unread
from linli.core.sheets.safety import WorkbookRefused, inspect
from linli.core.tokens import new_plate_token
from linli.exchange.choices import BatchState, BatchWork, ChangeKind
from linli.exchange.ledgers import Figures, Ledger, ledger_for
from linli.exchange.models import Batch, BatchChange, BatchPreview
from linli.exchange.previews import contents_of
from linli.exchange.queries import choices_of, error_workbook, limits, read_batch
from linli.exchange.reading import NOTHING, ReadWorkbook, read_workbook, report_of, write_errors
from linli.exchange.rules import NotPossible
from linli.exchange.snapshots import column_names, digest, restored
from linli.files.actions import keep_upload, remove_upload
from linli.files.choices import FileKind
from linli.files.models import Upload
from linli.jobs import actions as jobs
from linli.jobs.models import Job
from linli.journal import actions as journal

CHUNK = 500
NAMED_CHANGES = 5
CHANGE_FIELDS = ("batch_id", "model", "object_id", "kind", "before", "after_digest")
PREPARE_STEP, UNDO_STEP = "prepare", "undo"
# The states in which a workbook can be taken a step further.
WORK_STATES = {
    BatchWork.READ: (BatchState.SENT,),
    BatchWork.CHECK: (BatchState.UPLOADED, BatchState.CHECKED),
    BatchWork.APPLY: (BatchState.CHECKED,),
    BatchWork.UNDO: (BatchState.APPLIED,),
}


def send_workbook(content: bytes, *, name: str, area: Area, kind: str, by: Any) -> Batch:
    """Keep a workbook, encrypted and for 30 days, and let its columns be recognised in the background.

    Raises:
        Refused: ``by`` may not take workbooks in for this area.
        ValidationError: the ledger belongs to areas of another level.
        WorkbookRefused: one sees without reading it that the file can't be taken; nothing of it is kept.
    """
    _require_place(ledger_for(kind), area, by)
    refuse_unread(content, name, limits())
    with transaction.atomic():
        batch = _kept(content, name=name, area=area, kind=kind, by=by)
        _open_job(batch, BatchWork.READ, by, {})
    return batch


def receive_workbook(content: bytes, *, name: str, area: Area, kind: str, by: Any) -> Batch:
    """Keep a workbook, encrypted and for 30 days, and recognise its columns.

    Raises:
        Refused, ValidationError: as `send_workbook`.
        WorkbookRefused: the file can't be taken; nothing of it is kept.
    """
    ledger = ledger_for(kind)
    _require_place(ledger, area, by)
    read = read_workbook(content, name, ledger, {}, limits())
    with transaction.atomic():
        batch = _kept(content, name=name, area=area, kind=kind, by=by)
        _note_reading(batch, BatchState.UPLOADED, read, NOTHING, contents_of(read, ledger))
    return batch


def read_sent(batch: Batch, *, by: Any, job: Job | None = None) -> Batch:
    """Recognise the columns of a workbook that was sent. One that can't be read is refused for good and removed.

    Args:
        job: the background work that this is; it is closed together with what it wrote.

    Raises:
        Refused, NotPossible: the batch was read already, or its file is gone.
    """
    ledger = ledger_for(batch.kind)
    states = WORK_STATES[BatchWork.READ]
    seen = _seen(batch, by, ledger, states)
    try:
        read = read_batch(seen)
    except WorkbookRefused as refusal:
        return _refuse(seen, str(refusal.message), by=by, job=job)
    contents = contents_of(read, ledger)
    with transaction.atomic():
        locked = _locked(batch, by, ledger, states)
        _note_reading(locked, BatchState.UPLOADED, read, NOTHING, contents)
        journal.record(by, "exchange.read", locked, detail={"rows": locked.report["rows"]})
        _close_job(job)
    _refresh(batch, locked)
    return batch


def check_batch(
    batch: Batch,
    *,
    by: Any,
    corrections: Mapping[str, ColumnChoices] | None = None,
    job: Job | None = None,
) -> dict[str, Any]:
    """Check a workbook with the columns as a person corrected them, and return the import report.

    Its ``applied`` tells what the rows would bring. Nothing is taken over yet.

    Args:
        corrections: sheet name → column number from 0 → our field, or None to leave the column out. Of a sheet that
            is not named what was corrected before is kept; no column for a sheet forgets it.
        job: the background work that this is; it is closed together with what it wrote.

    Raises:
        Refused, NotPossible: the batch was taken over already, or its file is gone.
    """
    ledger = ledger_for(batch.kind)
    states = WORK_STATES[BatchWork.CHECK]
    seen = _seen(batch, by, ledger, states)
    seen.mapping = _mapping_with(seen, ledger, corrections or {})
    read = read_batch(seen)
    figures = ledger.figures(read.checked.rows)
    contents = contents_of(read, ledger)
    with transaction.atomic():
        locked = _locked(batch, by, ledger, states)
        locked.mapping = seen.mapping
        _note_reading(locked, BatchState.CHECKED, read, figures, contents)
        journal.record(by, "exchange.check", locked, detail={"rows": locked.report["rows"], "held": read.held})
        _close_job(job)
    _refresh(batch, locked)
    report: dict[str, Any] = locked.report
    return report


def apply_batch(batch: Batch, *, by: Any, partial: bool = True, job: Job | None = None) -> dict[str, Any]:
    """Take over the rows of a checked workbook, all of them or none, and return the import report.

    The file is read and checked once more, so that what is written is what was last agreed to. That is done before
    the transaction, which keeps others from writing on SQLite. Without ``partial`` a single held row means that
    nothing is written: the report's ``state`` then stays ``checked``.

    Args:
        job: the background work that this is; it is closed together with what it wrote.

    Raises:
        Refused, NotPossible: the batch was not checked yet, was taken over already, or its file is gone.
    """
    ledger = ledger_for(batch.kind)
    states = WORK_STATES[BatchWork.APPLY]
    seen = _seen(batch, by, ledger, states)
    read = read_batch(seen)
    progress.begin(PREPARE_STEP, 0)
    prepared = ledger.prepare(read.rows)
    applied = NOTHING
    with transaction.atomic():
        locked = _locked(batch, by, ledger, states)
        if locked.mapping != seen.mapping:
            raise NotPossible(_("Somebody has just changed the columns of this workbook. Load the page again."))
        if read.rows and (partial or not read.held):
            applied = ledger.apply(prepared, by, locked)
            locked.state = BatchState.APPLIED
            locked.applied_at = clock.now()
        locked.report = report_of(read, applied, number=locked.number, state=locked.state)
        locked.save(update_fields=["state", "applied_at", "report"])
        journal.record(by, "exchange.apply", locked, detail={"applied": applied, "held": read.held, "partial": partial})
        _close_job(job)
    _refresh(batch, locked)
    report: dict[str, Any] = locked.report
    return report


@transaction.atomic
def undo_batch(batch: Batch, *, by: Any, job: Job | None = None) -> Batch:
    """Put everything back as it stood before the batch was taken over.

    Args:
        job: the background work that this is; it is closed together with what it wrote.

    Raises:
        Refused, NotPossible: the batch is not in force, or somebody changed what it brought; the message names it.
    """
    ledger = ledger_for(batch.kind)
    locked = _locked(batch, by, ledger, WORK_STATES[BatchWork.UNDO])
    # Every row is first compared with how the batch left it, and then put back.
    progress.begin(UNDO_STEP, 2 * locked.changes.count())
    ledger.undo(locked, by)
    locked.changes.all().delete()
    locked.state = BatchState.UNDONE
    locked.undone_at = clock.now()
    locked.report = {**locked.report, "state": locked.state}
    locked.save(update_fields=["state", "undone_at", "report"])
    journal.record(by, "exchange.undo", locked)
    _close_job(job)
    _refresh(batch, locked)
    return locked


@transaction.atomic
def ask_for(batch: Batch, work: BatchWork, *, by: Any, corrections: Mapping[str, ColumnChoices] | None = None) -> Job:
    """Let a step be done in the background by whoever asks, and return the job that tells how far it is.

    Args:
        corrections: what the columns are, as `check_batch` takes it.

    Raises:
        Refused, NotPossible: the batch is in another state, or something is being done with it.
        ValidationError: a column was given a field that there is not.
    """
    ledger = ledger_for(batch.kind)
    locked = _locked(batch, by, ledger, WORK_STATES[work])
    if locked.job is not None and locked.job.is_open:
        raise NotPossible(_("Linli is at work on this workbook. Wait until it is done."))
    _mapping_with(locked, ledger, corrections or {})
    return _open_job(locked, work, by, corrections or {})


def work_on(job: Job, by: Any, corrections: Mapping[str, Mapping[str, str | None]]) -> None:
    """Do the step that a job stands for. JSON turned the column numbers of the corrections into text."""
    batch = Batch.objects.get(job=job)
    try:
        match job.kind:
            case BatchWork.READ:
                read_sent(batch, by=by, job=job)
            case BatchWork.CHECK:
                by_number = {
                    name: {int(index): field for index, field in row.items()} for name, row in corrections.items()
                }
                check_batch(batch, by=by, corrections=by_number, job=job)
            case BatchWork.APPLY:
                apply_batch(batch, by=by, job=job)
            case BatchWork.UNDO:
                undo_batch(batch, by=by, job=job)
    except NotPossible as refusal:
        raise jobs.Failed(refusal.message) from refusal


def forget_previews(upload: Upload) -> None:
    """Forget what the pages showed of a workbook whose file was removed."""
    BatchPreview.objects.filter(batch__upload=upload).delete()


def import_file(
    path: Path,
    *,
    kind: str,
    area: Area,
    by: Any,
    partial: bool = False,
    dry_run: bool = False,
    errors: Path | None = None,
) -> dict[str, Any]:
    """Take a workbook in from a file, as ``linli import`` does, and return the import report.

    Args:
        partial: held rows stay out; without it a single one means that nothing is written.
        dry_run: only check; nothing is kept, and ``applied`` tells what the rows would bring.
        errors: where to write the workbook of the rows that need work.

    The report's ``state`` is ``applied`` when rows were written, else ``checked``.

    Raises:
        Refused, ValidationError, WorkbookRefused: as `receive_workbook`.
    """
    ledger = ledger_for(kind)
    _require_place(ledger, area, by)
    # A file that is too large is refused before it is read.
    inspect(path, limits())
    content = path.read_bytes()
    if errors is not None or dry_run:
        read = read_workbook(content, path.name, ledger, {}, limits())
        if errors is not None:
            write_errors(read, errors)
        if dry_run:
            figures = ledger.figures(read.checked.rows)
            return report_of(read, figures, number="", state=BatchState.CHECKED)
    batch = receive_workbook(content, name=path.name, area=area, kind=kind, by=by)
    check_batch(batch, by=by)
    return apply_batch(batch, by=by, partial=partial)


def export_errors(batch: Batch, *, by: Any) -> bytes:
    """Return an .xlsx file of the rows of a checked workbook that need work, as they were sent.

    Raises:
        Refused: ``by`` may not take workbooks in for this area.
        NotPossible: the batch was not checked yet, or its file is gone.
    """
    require(by, ledger_for(batch.kind).ability, batch.area)
    if batch.state in (BatchState.SENT, BatchState.UPLOADED):
        raise NotPossible(_("Check the rows first."))
    content = error_workbook(batch)
    journal.record(by, "exchange.export_errors", batch, detail={"problems": len(batch.report.get("problems", []))})
    return content


def _require_place(ledger: Ledger, area: Area, by: Any) -> None:
    require(by, ledger.ability, area)
    if area.level != ledger.level:
        level = Area(level=ledger.level).get_level_display()
        raise ValidationError({"area": _("Choose a %(level)s: these rows belong to one.") % {"level": level}})


def _seen(batch: Batch, by: Any, ledger: Ledger, states: Sequence[BatchState]) -> Batch:
    """Return the batch as it stands, for what is worked out before the transaction that writes."""
    return _ready(Batch.objects.select_related("area", "upload").get(pk=batch.pk), by, ledger, states)


def _locked(batch: Batch, by: Any, ledger: Ledger, states: Sequence[BatchState]) -> Batch:
    rows = Batch.objects.select_for_update(of=("self",)).select_related("area", "upload", "job")
    return _ready(rows.get(pk=batch.pk), by, ledger, states)


def _ready(batch: Batch, by: Any, ledger: Ledger, states: Sequence[BatchState]) -> Batch:
    require(by, ledger.ability, batch.area)
    if batch.state not in states:
        state = batch.get_state_display()
        raise NotPossible(_("This workbook is already further on: %(state)s. Load the page again.") % {"state": state})
    return batch


def _refresh(batch: Batch, locked: Batch) -> None:
    """Let the caller's object tell what was written."""
    for name in ("mapping", "state", "report", "applied_at", "undone_at"):
        setattr(batch, name, getattr(locked, name))


def _kept(content: bytes, *, name: str, area: Area, kind: str, by: Any) -> Batch:
    upload = keep_upload(content, name=name, kind=FileKind.WORKBOOK, by=by, days=settings.LINLI_UPLOAD_DAYS)
    batch = Batch(
        number=new_plate_token(),
        kind=kind,
        area=area,
        path=area.path,
        upload=upload,
        file_name=name[:200],
        state=BatchState.SENT,
        created_by=by.username,
        created_at=clock.now(),
    )
    batch.save(force_insert=True)
    journal.record(by, "exchange.receive", batch, detail={"kind": kind, "size": len(content)})
    return batch


def _note_reading(
    batch: Batch, state: BatchState, read: ReadWorkbook, figures: Figures, contents: Mapping[str, str]
) -> None:
    """Keep what was found in a workbook, for the pages: its report, and a preview in every language."""
    batch.state = state
    batch.report = report_of(read, figures, number=batch.number, state=state)
    batch.save(update_fields=["mapping", "state", "report"])
    for language, content in contents.items():
        BatchPreview.objects.update_or_create(batch=batch, language=language, defaults={"content": content})


@transaction.atomic
def _refuse(batch: Batch, words: str, *, by: Any, job: Job | None) -> Batch:
    locked = _locked(batch, by, ledger_for(batch.kind), WORK_STATES[BatchWork.READ])
    locked.state = BatchState.REFUSED
    locked.save(update_fields=["state"])
    journal.record(by, "exchange.refuse", locked)
    if locked.upload is not None:
        remove_upload(locked.upload, by=by)
    if job is not None:
        jobs.fail(job, words)
    return locked


def _open_job(batch: Batch, work: BatchWork, by: Any, corrections: Mapping[str, ColumnChoices]) -> Job:
    job = jobs.start(work, by=by)
    batch.job = job
    batch.save(update_fields=["job"])
    jobs.queue(job, {"corrections": corrections})
    return job


def _close_job(job: Job | None) -> None:
    if job is not None:
        jobs.finish(job)


def _mapping_with(
    batch: Batch, ledger: Ledger, corrections: Mapping[str, ColumnChoices]
) -> dict[str, dict[str, str | None]]:
    """Return what was corrected before, with the corrections of some sheets in its place."""
    known = {column.field for column in ledger.sheet.columns}
    given = [field for chosen in corrections.values() for field in chosen.values()]
    if any(field is not None and field not in known for field in given):
        raise ValidationError({"mapping": _("Choose one of the columns in the list.")})
    choices = {**choices_of(batch), **corrections}
    return {name: {str(index): field for index, field in chosen.items()} for name, chosen in choices.items() if chosen}


# What a ledger keeps while it applies, and takes back when a batch is undone.


def keep_created(batch: Batch, rows: Iterable[models.Model]) -> None:
    """Note rows that a batch made."""
    _keep(batch, ((row, ChangeKind.CREATED, "") for row in rows))


def keep_changed(batch: Batch, rows: Iterable[tuple[models.Model, str]]) -> None:
    """Note rows that a batch changed, each with the snapshot of how it stood before."""
    _keep(batch, ((row, ChangeKind.UPDATED, before) for row, before in rows))


def _keep(batch: Batch, rows: Iterable[tuple[models.Model, ChangeKind, str]]) -> None:
    changes = ((batch.pk, row._meta.label_lower, row.pk, str(kind), before, digest(row)) for row, kind, before in rows)
    for chunk in chunks(changes):
        insert_rows(BatchChange, CHANGE_FIELDS, chunk)
        progress.advance(len(chunk))


def changes_digest(batch: Batch) -> str:
    """Return one SHA-256 over the digests of all rows that a batch touched, in their order."""
    total = sha256()
    for after in batch.changes.order_by("pk").values_list("after_digest", flat=True).iterator():
        total.update(after.encode("ascii"))
    return total.hexdigest()


def require_unchanged(batch: Batch, model: type[models.Model], name: Callable[[Any], str] = str) -> None:
    """Raise ``NotPossible`` with the names of the rows of a table that were changed since the batch."""
    changed: list[str] = []
    for chunk in chunks(_changes(batch, model)):
        rows = model._default_manager.in_bulk([change.object_id for change in chunk])
        for change in chunk:
            row = rows.get(change.object_id)
            if row is None:
                changed.append(_("%(what)s (removed)") % {"what": model._meta.verbose_name})
            elif digest(row) != change.after_digest:
                changed.append(name(row))
        progress.advance(len(chunk))
    if changed:
        raise NotPossible(_still_needed(changed))


def require_nothing_added(batch: Batch, parent: type[models.Model], child: type[models.Model], link: str) -> None:
    """Raise ``NotPossible`` when rows that hang on a row made by the batch were added since.

    They would vanish with it. ``link`` is the foreign key from ``child`` to ``parent``.
    """
    own = set(touched(batch, child))
    for chunk in chunks(_changes(batch, parent).filter(kind=ChangeKind.CREATED)):
        keys = [change.object_id for change in chunk]
        added = child._default_manager.filter(**{f"{link}__in": keys}).select_related(link)
        names = [str(getattr(row, link)) for row in added if row.pk not in own]
        if names:
            raise NotPossible(_still_needed(names))


def take_back_created(batch: Batch, model: type[models.Model], name: Callable[[Any], str] = str) -> None:
    """Delete the rows of a table that a batch made. Raises ``NotPossible`` when something else came to need one."""
    for chunk in chunks(_changes(batch, model).filter(kind=ChangeKind.CREATED).order_by("-pk")):
        rows = model._default_manager.filter(pk__in=[change.object_id for change in chunk])
        try:
            rows.delete()
        except ProtectedError as error:
            needed = {_protected_by(blocker, model) for blocker in error.protected_objects}
            raise NotPossible(_still_needed([name(row) for row in rows.filter(pk__in=needed)])) from error
        progress.advance(len(chunk))


def put_back_changed(batch: Batch, model: type[models.Model]) -> None:
    """Write the rows of a table as they stood before the batch changed them."""
    names = list(column_names(model))
    for chunk in chunks(_changes(batch, model).filter(kind=ChangeKind.UPDATED)):
        rows = [restored(model, change.before) for change in chunk]
        model._default_manager.bulk_update(rows, names, batch_size=CHUNK)
        progress.advance(len(chunk))


def touched(batch: Batch, model: type[models.Model]) -> list[int]:
    """Return the keys of the rows of a table that a batch made or changed."""
    return list(_changes(batch, model).values_list("object_id", flat=True))


def chunks(items: Iterable[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    """Cut items into lists of at most ``size``."""
    chunk: list[Any] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _changes(batch: Batch, model: type[models.Model]) -> models.QuerySet[BatchChange]:
    return batch.changes.filter(model=model._meta.label_lower).order_by("pk")


def _protected_by(blocker: models.Model, model: type[models.Model]) -> int | None:
    """Return the key of the row of ``model`` that a row points to."""
    for field in blocker._meta.concrete_fields:
        if field.related_model is model:
            key: int | None = getattr(blocker, field.attname)
            return key
    return None


def _still_needed(names: Sequence[str]) -> str:
    shown = _(", ").join(dict.fromkeys(names[:NAMED_CHANGES]))
    return _(
        "Since this workbook was taken over, somebody has worked on: %(names)s (%(count)d in all). Put these right one "
        "by one instead."
    ) % {"names": shown, "count": len(names)}
