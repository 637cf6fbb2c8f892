"""Receiving workbooks, recognising their columns, checking their rows, and asking for the next step."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linli.accounts.rules import SYSTEM, require
from linli.areas.choices import Level
from linli.areas.models import Area
from linli.core import clock
from linli.core.sheets.checking import ColumnChoices
from linli.core.sheets.reading import refuse_unread
from linli.core.sheets.safety import WorkbookRefused, inspect
from linli.core.tokens import new_plate_token
from linli.exchange.actions.applying import apply_batch
from linli.exchange.actions.common import WORK_STATES, close_job, locked_batch, open_job, refresh, seen_batch
from linli.exchange.actions.comparing import Compared, compare_batch
from linli.exchange.actions.finishing import finish_batch, finish_here
from linli.exchange.actions.learning import learn_headers
from linli.exchange.actions.undoing import undo_batch
from linli.exchange.choices import BatchState, BatchWork
from linli.exchange.ledgers import Ledger, ledger_for
from linli.exchange.models import Batch, BatchDifference, BatchPreview
from linli.exchange.plans import Figures
from linli.exchange.previews import contents_of
from linli.exchange.queries import choices_of, error_workbook, learnt_in, limits, read_batch
from linli.exchange.reading import NOTHING, ReadWorkbook, pass_over, read_workbook, report_of, write_errors
from linli.exchange.rules import NotPossible
from linli.files.actions import keep_upload, remove_upload
from linli.files.choices import FileKind
from linli.files.models import Upload
from linli.jobs import actions as jobs
from linli.jobs.models import Job
from linli.journal import actions as journal


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
        open_job(batch, BatchWork.READ, by)
    return batch


def receive_workbook(content: bytes, *, name: str, area: Area, kind: str, by: Any) -> Batch:
    """Keep a workbook, encrypted and for 30 days, and recognise its columns.

    Raises:
        Refused, ValidationError: as `send_workbook`.
        WorkbookRefused: the file can't be taken; nothing of it is kept.
    """
    ledger = ledger_for(kind)
    _require_place(ledger, area, by)
    read = read_workbook(content, name, ledger, area, limits(), learnt=learnt_in(area, kind), take=pass_over)
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
    seen = seen_batch(batch, by, ledger, states)
    try:
        read = read_batch(seen, take=pass_over)
    except WorkbookRefused as refusal:
        return _refuse(seen, str(refusal.message), by=by, job=job)
    contents = contents_of(read, ledger)
    with transaction.atomic():
        locked = locked_batch(batch, by, ledger, states)
        _note_reading(locked, BatchState.UPLOADED, read, NOTHING, contents)
        journal.record(by, "exchange.read", locked, detail={"rows": locked.report["rows"]})
        close_job(job)
    refresh(batch, locked)
    return batch


def check_batch(
    batch: Batch,
    *,
    by: Any,
    corrections: Mapping[str, ColumnChoices] | None = None,
    job: Job | None = None,
) -> dict[str, Any]:
    """Check a workbook with the columns as a person corrected them, and return the import report.

    Its ``applied`` tells what the rows would bring, and what would change about people and homes that are known is
    kept to be looked at. Nothing is taken over yet. What a column was corrected to is remembered for the place.

    Args:
        corrections: sheet name → column number from 0 → our field, or None to leave the column out. Of a sheet that
            is not named what was corrected before is kept; no column for a sheet forgets it.
        job: the background work that this is; it is closed together with what it wrote.

    Raises:
        Refused, NotPossible: the batch was taken over already, or its file is gone.
    """
    ledger = ledger_for(batch.kind)
    states = WORK_STATES[BatchWork.CHECK]
    seen = seen_batch(batch, by, ledger, states)
    seen.mapping = _mapping_with(seen, ledger, corrections or {})
    collector = ledger.collector()
    read = read_batch(seen, take=collector.add)
    compared = compare_batch(seen, collector)
    contents = contents_of(read, ledger)
    with transaction.atomic():
        locked = locked_batch(batch, by, ledger, states)
        locked.mapping = seen.mapping
        _note_reading(locked, BatchState.CHECKED, read, compared.figures, contents, compared)
        learn_headers(locked, read, corrections or {}, by=by)
        detail = {"rows": locked.report["rows"], "held": read.held, "differences": sum(compared.counts.values())}
        journal.record(by, "exchange.check", locked, detail=detail)
        close_job(job)
    refresh(batch, locked)
    report: dict[str, Any] = locked.report
    return report


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
    locked = locked_batch(batch, by, ledger, WORK_STATES[work])
    if locked.job is not None and locked.job.is_open:
        raise NotPossible(_("Linli is at work on this workbook. Wait until it is done."))
    _mapping_with(locked, ledger, corrections or {})
    return open_job(locked, work, by, corrections)


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
            case BatchWork.FINISH:
                finish_batch(batch, by=by or SYSTEM, job=job)
    except NotPossible as refusal:
        raise jobs.Failed(refusal.message) from refusal


def forget_previews(upload: Upload) -> None:
    """Forget what the pages showed of a workbook whose file was removed."""
    BatchPreview.objects.filter(batch__upload=upload).delete()
    BatchDifference.objects.filter(batch__upload=upload).delete()


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
        collector = ledger.collector()
        learnt = learnt_in(area, kind)
        read = read_workbook(content, path.name, ledger, area, limits(), learnt=learnt, take=collector.add)
        if errors is not None:
            write_errors(read, errors)
        if dry_run:
            return report_of(read, collector.figures(), number="", state=BatchState.CHECKED)
    finish_here(area, by=by)
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
    if area.level not in ledger.levels:
        levels = _(" or ").join(str(Level(level).label) for level in ledger.levels)
        raise ValidationError({"area": _("Choose a %(level)s: these rows belong to one.") % {"level": levels}})


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
    batch: Batch,
    state: BatchState,
    read: ReadWorkbook,
    figures: Figures,
    contents: Mapping[str, str],
    compared: Compared | None = None,
) -> None:
    """Keep what was found in a workbook, for the pages: its report, and a preview in every language."""
    batch.state = state
    batch.report = report_of(read, figures, number=batch.number, state=state)
    if compared is not None:
        batch.report |= {"differences": dict(compared.counts), "shown": compared.digest}
    batch.save(update_fields=["mapping", "state", "report"])
    for language, content in contents.items():
        BatchPreview.objects.update_or_create(batch=batch, language=language, defaults={"content": content})


@transaction.atomic
def _refuse(batch: Batch, words: str, *, by: Any, job: Job | None) -> Batch:
    locked = locked_batch(batch, by, ledger_for(batch.kind), WORK_STATES[BatchWork.READ])
    locked.state = BatchState.REFUSED
    locked.save(update_fields=["state"])
    journal.record(by, "exchange.refuse", locked)
    if locked.upload is not None:
        remove_upload(locked.upload, by=by)
    if job is not None:
        jobs.fail(job, words)
    return locked


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
