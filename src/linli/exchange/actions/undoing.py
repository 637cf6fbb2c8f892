"""Taking a batch back: what it brought vanishes at once; then what it changed is put back, what it made deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from linli.core import clock, progress
from linli.exchange.actions.changing import everything, model_of, put_back, rows_of, state_after
from linli.exchange.actions.common import (
    WORK_STATES,
    Turns,
    close_job,
    held,
    locked_batch,
    refresh,
    require_turn,
    seen_batch,
)
from linli.exchange.actions.removing import lets_go, pointing_at, remove_rows
from linli.exchange.choices import BatchState, BatchWork, ChangeKind
from linli.exchange.ledgers import Ledger, ledger_for
from linli.exchange.models import Batch, BatchChange
from linli.exchange.rules import NotPossible
from linli.exchange.snapshots import MAY_BE_SAID, digest, state_of, values_from
from linli.jobs.models import Job
from linli.journal import actions as journal

UNDO_STEP = "undo"
CHUNK = 500
NAMED = 5


def undo_batch(batch: Batch, *, by: Any, job: Job | None = None) -> Batch:
    """Put everything back as it stood before the batch was taken over.

    Args:
        job: the background work that this is; it is closed together with what it wrote.

    Raises:
        Refused, NotPossible: the batch is not in force, somebody changed what it brought; the message names it; or
            another workbook of the place is under way.
    """
    ledger = ledger_for(batch.kind)
    seen = seen_batch(batch, by, ledger, WORK_STATES[BatchWork.UNDO])
    with held(seen):
        # Every row is first compared with how the batch left it, and then put back.
        made = sum(map(len, seen.made.values_list("rows", flat=True)))
        progress.begin(UNDO_STEP, 2 * (made + seen.changes.count()))
        _require_unchanged(seen, ledger)
        with Turns().turn():
            locked = locked_batch(seen, by, ledger, WORK_STATES[BatchWork.UNDO])
            require_turn(locked)
            locked.state = BatchState.UNDOING
            locked.save(update_fields=["state"])
        with progress.past_stopping():
            locked = take_back(seen, by=by, job=job)
    refresh(batch, locked)
    return locked


def take_back(batch: Batch, *, by: Any, job: Job | None) -> Batch:
    """Go on taking back what nobody sees any more; may be repeated."""
    ledger, turns = ledger_for(batch.kind), Turns()
    kept: list[str] = []
    for step in list(batch.changes.order_by("-step").values_list("step", flat=True).distinct()):
        with turns.turn():
            locked = locked_batch(batch, by, ledger, (BatchState.UNDOING,))
            count = locked.changes.filter(step=step).count()
            kept += put_back(locked, step, ledger, by=by)
        progress.advance(count)
    kept += remove_rows(batch)
    with turns.turn():
        locked = locked_batch(batch, by, ledger, (BatchState.UNDOING,))
        locked.state = BatchState.UNDONE
        locked.undone_at = clock.now()
        locked.report = {**locked.report, "state": locked.state}
        locked.save(update_fields=["state", "undone_at", "report"])
        journal.record(by, ledger.undone, locked)
        journal.record(by, "exchange.undo", locked, detail={"kept": len(kept)} if kept else None)
        close_job(job)
    return locked


def _require_unchanged(batch: Batch, ledger: Ledger) -> None:
    """Raise ``NotPossible`` with the names of what was changed since the batch, or came to need what it made."""
    changed: list[str] = []
    for made in batch.made.order_by("pk").iterator(chunk_size=10):
        model, marks = model_of(made.model), dict(made.rows)
        changed += _differing(model, marks, ledger)
        changed += _needed(batch, model, list(marks), ledger)
        progress.advance(len(marks))
    for chunk in _chunks(batch.changes.order_by("pk").iterator(chunk_size=CHUNK)):
        rows = rows_of(chunk, locked=False)
        for change in chunk:
            row = rows[model_of(change.model)].get(change.object_id)
            # What was made before the made rows were noted together stands here alone.
            if row is None:
                changed.append(_removed(model_of(change.model)))
            elif _was_changed(change, row):
                changed.append(ledger.name(row))
        for model in rows:
            label = model._meta.label_lower
            own = [each.object_id for each in chunk if (each.model, each.kind) == (label, ChangeKind.CREATED)]
            changed += _needed(batch, model, [key for key in own if key in rows[model]], ledger)
        progress.advance(len(chunk))
    if changed:
        raise NotPossible(_still_needed(list(dict.fromkeys(changed)), len(changed)))


def _was_changed(change: BatchChange, row: models.Model) -> bool:
    """Tell whether somebody changed a row since; one that the batch made may have followed its building elsewhere."""
    is_told = change.kind == ChangeKind.UPDATED and any(name in change.after for name in MAY_BE_SAID)
    said = values_from(type(row), change.after) if is_told else {}
    return state_of(row, said) != state_after(change, said)


def _differing(model: type[models.Model], marks: dict[int, str], ledger: Ledger) -> Iterator[str]:
    rows = everything(model).in_bulk(list(marks))
    for key, mark in marks.items():
        row = rows.get(key)
        if row is None:
            yield _removed(model)
        elif digest(row) != mark:
            yield ledger.name(row)


def _needed(batch: Batch, model: type[models.Model], keys: list[int], ledger: Ledger) -> Iterator[str]:
    """Yield the names of rows that something needs which did not come with the batch."""
    if not keys:
        return
    for relation in pointing_at(model):
        child = relation.related_model
        if child is None or lets_go(relation) or isinstance(child, str):
            continue
        name = relation.field.name
        found = everything(child).filter(**{f"{name}__in": keys})
        if hasattr(child, "everything"):
            found = found.exclude(batch=batch)
        own = set(_noted(batch, child))
        for row in found.select_related(name):
            if row.pk not in own:
                yield ledger.name(getattr(row, name))


def _noted(batch: Batch, model: type[models.Model]) -> Iterable[int]:
    """Return the keys of the rows that the batch made together with a change, or changed: they go, or are put back."""
    return batch.changes.filter(model=model._meta.label_lower).values_list("object_id", flat=True)


def _removed(model: type[models.Model]) -> str:
    return _("%(what)s (removed)") % {"what": model._meta.verbose_name}


def _chunks(changes: Iterable[BatchChange]) -> Iterator[list[BatchChange]]:
    chunk: list[BatchChange] = []
    for change in changes:
        chunk.append(change)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _still_needed(names: list[str], count: int) -> str:
    shown = _(", ").join(names[:NAMED])
    return _(
        "Since this workbook was taken over, somebody has worked on: %(names)s (%(count)d in all). Put these right one "
        "by one instead."
    ) % {"names": shown, "count": count}
