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
from linli.core import clock
from linli.core.sheets.checking import ColumnChoices
from linli.core.sheets.safety import inspect
from linli.core.sheets.writing import write_workbook_errors
from linli.core.tokens import new_plate_token
from linli.exchange.choices import BatchState, ChangeKind
from linli.exchange.ledgers import Ledger, ledger_for
from linli.exchange.models import Batch, BatchChange
from linli.exchange.queries import choices_of, error_workbook, limits, read_batch
from linli.exchange.reading import NOTHING, ReadWorkbook, read_workbook, report_of
from linli.exchange.rules import NotPossible
from linli.exchange.snapshots import column_names, digest, restored
from linli.files.actions import keep_upload
from linli.files.choices import FileKind
from linli.journal import actions as journal

CHUNK = 500
NAMED_CHANGES = 5


@transaction.atomic
def receive_workbook(content: bytes, *, name: str, area: Area, kind: str, by: Any) -> Batch:
    """Keep a workbook, encrypted and for 30 days, and recognise its columns.

    Raises:
        Refused: ``by`` may not take workbooks in for this area.
        ValidationError: the ledger belongs to areas of another level.
        WorkbookRefused: the file can't be taken; nothing of it is kept.
    """
    ledger = ledger_for(kind)
    _require_place(ledger, area, by)
    inspect(content, limits())
    read = read_workbook(content, name, ledger, {}, limits())
    upload = keep_upload(content, name=name, kind=FileKind.WORKBOOK, by=by, days=settings.LINLI_UPLOAD_DAYS)
    batch = Batch(
        number=new_plate_token(),
        kind=kind,
        area=area,
        path=area.path,
        upload=upload,
        file_name=name[:200],
        created_by=by.username,
        created_at=clock.now(),
    )
    batch.report = report_of(read, NOTHING, number=batch.number, state=batch.state)
    batch.save(force_insert=True)
    journal.record(by, "exchange.receive", batch, detail={"kind": kind, "size": len(content)})
    return batch


@transaction.atomic
def check_batch(
    batch: Batch, *, by: Any, mapping: Mapping[int, str | None] | None = None, sheet: str | None = None
) -> dict[str, Any]:
    """Check a workbook with the columns as a person corrected them, and return the import report.

    Args:
        mapping: column number from 0 → our field, or None to leave the column out; None keeps what was corrected
            before, an empty mapping forgets it.
        sheet: the sheet that the mapping is for; without one it holds for every sheet.

    Its ``applied`` tells what the rows would bring. Nothing is taken over yet.

    Raises:
        Refused, NotPossible: the batch was taken over already, or its file is gone.
    """
    ledger = ledger_for(batch.kind)
    locked = _locked(batch, by, ledger, (BatchState.UPLOADED, BatchState.CHECKED))
    if mapping is not None:
        _keep_mapping(locked, ledger, mapping, sheet)
    read = read_batch(locked)
    locked.state = BatchState.CHECKED
    figures = ledger.figures(read.checked.rows)
    locked.report = report_of(read, figures, number=locked.number, state=locked.state)
    locked.save(update_fields=["mapping", "state", "report"])
    journal.record(by, "exchange.check", locked, detail={"rows": locked.report["rows"], "held": read.held})
    _refresh(batch, locked)
    report: dict[str, Any] = locked.report
    return report


@transaction.atomic
def apply_batch(batch: Batch, *, by: Any, partial: bool = True) -> dict[str, Any]:
    """Take over the rows of a checked workbook, all of them or none, and return the import report.

    The file is read and checked once more, so that what is written is what was last agreed to. Without ``partial`` a
    single held row means that nothing is written: the report's ``state`` then stays ``checked``.

    Raises:
        Refused, NotPossible: the batch was not checked yet, was taken over already, or its file is gone.
    """
    ledger = ledger_for(batch.kind)
    locked = _locked(batch, by, ledger, (BatchState.CHECKED,))
    read = read_batch(locked)
    applied = NOTHING
    if read.rows and (partial or not read.held):
        applied = ledger.apply(read.rows, by, locked)
        locked.state = BatchState.APPLIED
        locked.applied_at = clock.now()
    locked.report = report_of(read, applied, number=locked.number, state=locked.state)
    locked.save(update_fields=["state", "applied_at", "report"])
    journal.record(by, "exchange.apply", locked, detail={"applied": applied, "held": read.held, "partial": partial})
    _refresh(batch, locked)
    report: dict[str, Any] = locked.report
    return report


@transaction.atomic
def undo_batch(batch: Batch, *, by: Any) -> Batch:
    """Put everything back as it stood before the batch was taken over.

    Raises:
        Refused, NotPossible: the batch is not in force, or somebody changed what it brought; the message names it.
    """
    ledger = ledger_for(batch.kind)
    locked = _locked(batch, by, ledger, (BatchState.APPLIED,))
    ledger.undo(locked, by)
    locked.changes.all().delete()
    locked.state = BatchState.UNDONE
    locked.undone_at = clock.now()
    locked.report = {**locked.report, "state": locked.state}
    locked.save(update_fields=["state", "undone_at", "report"])
    journal.record(by, "exchange.undo", locked)
    _refresh(batch, locked)
    return locked


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
            _write_errors(read, errors)
        if dry_run:
            figures = ledger.figures(read.checked.rows)
            return report_of(read, figures, number="", state=BatchState.CHECKED)
    batch = receive_workbook(content, name=path.name, area=area, kind=kind, by=by)
    check_batch(batch, by=by)
    return apply_batch(batch, by=by, partial=partial)


def _write_errors(read: ReadWorkbook, path: Path) -> None:
    raw = {sheet.name: sheet for sheet in read.raw}
    write_workbook_errors(path, [(raw[sheet.name], sheet) for sheet in read.checked.sheets])


def export_errors(batch: Batch, *, by: Any) -> bytes:
    """Return an .xlsx file of the rows of a checked workbook that need work, as they were sent.

    Raises:
        Refused: ``by`` may not take workbooks in for this area.
        NotPossible: the batch was not checked yet, or its file is gone.
    """
    require(by, ledger_for(batch.kind).ability, batch.area)
    if batch.state == BatchState.UPLOADED:
        raise NotPossible(_("Check the rows first."))
    content = error_workbook(batch)
    journal.record(by, "exchange.export_errors", batch, detail={"problems": len(batch.report.get("problems", []))})
    return content


def _require_place(ledger: Ledger, area: Area, by: Any) -> None:
    require(by, ledger.ability, area)
    if area.level != ledger.level:
        level = Area(level=ledger.level).get_level_display()
        raise ValidationError({"area": _("Choose a %(level)s: these rows belong to one.") % {"level": level}})


def _locked(batch: Batch, by: Any, ledger: Ledger, states: Sequence[BatchState]) -> Batch:
    locked = Batch.objects.select_for_update(of=("self",)).select_related("area", "upload").get(pk=batch.pk)
    require(by, ledger.ability, locked.area)
    if locked.state not in states:
        state = locked.get_state_display()
        raise NotPossible(_("This workbook is already further on: %(state)s. Load the page again.") % {"state": state})
    return locked


def _refresh(batch: Batch, locked: Batch) -> None:
    """Let the caller's object tell what was written."""
    for name in ("mapping", "state", "report", "applied_at", "undone_at"):
        setattr(batch, name, getattr(locked, name))


def _keep_mapping(batch: Batch, ledger: Ledger, mapping: Mapping[int, str | None], sheet: str | None) -> None:
    known = {column.field for column in ledger.sheet.columns}
    if any(field is not None and field not in known for field in mapping.values()):
        raise ValidationError({"mapping": _("Choose one of the columns in the list.")})
    choices: dict[str, ColumnChoices] = choices_of(batch)
    for name in [sheet] if sheet is not None else _sheet_names(batch):
        choices[name] = mapping
    batch.mapping = {
        name: {str(index): field for index, field in chosen.items()} for name, chosen in choices.items() if chosen
    }


def _sheet_names(batch: Batch) -> list[str]:
    return [sheet.name for sheet in read_batch(batch).checked.sheets]


# What a ledger keeps while it applies, and takes back when a batch is undone.


def keep_created(batch: Batch, rows: Iterable[models.Model]) -> None:
    """Note rows that a batch made."""
    _keep(batch, ((row, ChangeKind.CREATED, "") for row in rows))


def keep_changed(batch: Batch, rows: Iterable[tuple[models.Model, str]]) -> None:
    """Note rows that a batch changed, each with the snapshot of how it stood before."""
    _keep(batch, ((row, ChangeKind.UPDATED, before) for row, before in rows))


def _keep(batch: Batch, rows: Iterable[tuple[models.Model, ChangeKind, str]]) -> None:
    changes = (
        BatchChange(
            batch=batch,
            model=row._meta.label_lower,
            object_id=row.pk,
            kind=kind,
            before=before,
            after_digest=digest(row),
        )
        for row, kind, before in rows
    )
    for chunk in chunks(changes):
        BatchChange.objects.bulk_create(chunk)


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


def put_back_changed(batch: Batch, model: type[models.Model]) -> None:
    """Write the rows of a table as they stood before the batch changed them."""
    names = list(column_names(model))
    for chunk in chunks(_changes(batch, model).filter(kind=ChangeKind.UPDATED)):
        rows = [restored(model, change.before) for change in chunk]
        model._default_manager.bulk_update(rows, names, batch_size=CHUNK)


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
