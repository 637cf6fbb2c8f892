"""Taking the rows of a checked workbook over.

New rows are written in many short transactions under the batch, and nobody sees them. One small transaction then shows
them all. Changes of known rows, which were noted before, are made after that, in steps. Whatever happens, the batch is
taken to its end or nothing of it stays: see ``finishing``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, models
from django.utils.translation import gettext as _

from linli.core import clock, progress
from linli.core.bulkload import Prepared, insert_rows, prepare_rows, reserve_ids, write_prepared
from linli.exchange.actions.changing import roll_forward
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
from linli.exchange.actions.removing import remove_rows
from linli.exchange.choices import BatchState, BatchWork, ChangeKind
from linli.exchange.ledgers import Ledger, ledger_for
from linli.exchange.models import Batch, BatchChange, BatchMade
from linli.exchange.plans import Change, Difference, Figures, Insert, Known, Plan
from linli.exchange.queries import read_batch
from linli.exchange.reading import NOTHING, ReadWorkbook, report_of
from linli.exchange.rules import NotPossible
from linli.exchange.snapshots import as_json, digests
from linli.jobs.models import Job
from linli.journal import actions as journal

PREPARE_STEP, WRITE_STEP, CHANGE_STEP = "prepare", "write", "change"
CHANGE_FIELDS = ("batch_id", "model", "object_id", "kind", "before", "after", "step", "after_digest")
MADE_FIELDS = ("batch_id", "model", "rows")


def apply_batch(batch: Batch, *, by: Any, partial: bool = True, job: Job | None = None) -> dict[str, Any]:
    """Take over the rows of a checked workbook, all of them or none, and return the import report.

    The file is read and checked once more, so that what is written is what was last agreed to. Without ``partial`` a
    single held row means that nothing is written: the report's ``state`` then stays ``checked``.

    Args:
        job: the background work that this is; it is closed together with what it wrote.

    Raises:
        Refused, NotPossible: the batch was not checked yet, was taken over already, or its file is gone; another
            workbook of the place is under way; or what would change is no more what was shown.
    """
    ledger = ledger_for(batch.kind)
    seen = seen_batch(batch, by, ledger, WORK_STATES[BatchWork.APPLY])
    collector = ledger.collector()
    read = read_batch(seen, take=collector.add)
    progress.begin(PREPARE_STEP, 0)
    if read.count == read.held or (read.held and not partial):
        return _leave(batch, read, by=by, partial=partial, job=job)
    with held(seen):
        plan = ledger.compare(collector, seen)
        _begin(seen, plan, by, ledger)
        try:
            staged = _stage(seen, plan)
            locked = _show(seen, plan, read, staged, by=by, partial=partial, job=job)
        except Exception as error:
            with progress.past_stopping():
                _clear(seen)
            if isinstance(error, IntegrityError):
                raise NotPossible(
                    _("Somebody wrote down the same home or household meanwhile. Check the rows again.")
                ) from error
            raise
        if locked.state == BatchState.FINISHING:
            with progress.past_stopping():
                locked = finish_changes(seen, by=by, job=job)
    refresh(batch, locked)
    report: dict[str, Any] = locked.report
    return report


def finish_changes(batch: Batch, *, by: Any, job: Job | None) -> Batch:
    """Make the changes of known rows that are still to be made, in steps; made ones are left as they are."""
    ledger, turns = ledger_for(batch.kind), Turns()
    steps = list(batch.changes.order_by("step").values_list("step", flat=True).distinct())
    progress.begin(CHANGE_STEP, len(steps))
    for step in steps:
        with turns.turn():
            locked = locked_batch(batch, by, ledger, (BatchState.FINISHING,))
            _tell_skipped(locked, roll_forward(locked, step, ledger, by=by))
        progress.advance()
    with turns.turn():
        locked = locked_batch(batch, by, ledger, (BatchState.FINISHING,))
        locked.state = BatchState.APPLIED
        locked.report = {**locked.report, "state": locked.state}
        locked.save(update_fields=["state", "report"])
        journal.record(by, "exchange.finish", locked, detail={"steps": len(steps)})
        close_job(job)
    return locked


def difference_digest(differences: Iterable[Difference]) -> str:
    """Return a digest by which two comparisons can be told apart."""
    total = sha256()
    for each in differences:
        total.update(json.dumps([each.kind, each.name, each.place, each.lines], default=str).encode())
    return total.hexdigest()


class _Staged:
    """What was staged: digests over the new rows and over what is to be shown, and how many changes there are."""

    def __init__(self) -> None:
        self.rows = sha256()
        self.steps = 0
        self.changes = 0
        self.differences: Counter[str] = Counter()
        self.shown = sha256()

    def see(self, known: Iterable[Known]) -> None:
        """Count what is to be shown."""
        for each in known:
            self.changes += len(each.changes)
            if each.difference is not None:
                self.differences[each.difference.kind] += 1
                self.shown.update(difference_digest([each.difference]).encode())


def _clear(batch: Batch) -> None:
    """Remove what was staged, unless it was shown already."""
    if Batch.objects.filter(pk=batch.pk, state=BatchState.STAGING).exists():
        remove_rows(batch)
        Batch.objects.filter(pk=batch.pk, state=BatchState.STAGING).update(state=BatchState.CHECKED)


def _leave(batch: Batch, read: ReadWorkbook, *, by: Any, partial: bool, job: Job | None) -> dict[str, Any]:
    """Write nothing, and tell why."""
    ledger, turns = ledger_for(batch.kind), Turns()
    with turns.turn():
        locked = locked_batch(batch, by, ledger, WORK_STATES[BatchWork.APPLY])
        kept = {name: locked.report[name] for name in ("differences", "shown") if name in locked.report}
        locked.report = report_of(read, NOTHING, number=locked.number, state=locked.state) | kept
        locked.save(update_fields=["report"])
        detail = {"applied": NOTHING, "held": read.held, "partial": partial}
        journal.record(by, "exchange.apply", locked, detail=detail)
        close_job(job)
    refresh(batch, locked)
    report: dict[str, Any] = locked.report
    return report


def _begin(seen: Batch, plan: Plan, by: Any, ledger: Ledger) -> None:
    plan.prepare()
    with Turns().turn():
        locked = locked_batch(seen, by, ledger, WORK_STATES[BatchWork.APPLY])
        if locked.mapping != seen.mapping:
            raise NotPossible(_("Somebody has just changed the columns of this workbook. Load the page again."))
        require_turn(locked)
        ledger.permit(plan, by)
        plan.reserve()
        locked.state = BatchState.STAGING
        locked.save(update_fields=["state"])


def _stage(seen: Batch, plan: Plan) -> _Staged:
    """Write the new rows unseen, and note the changes of known ones."""
    turns, staged = Turns(), _Staged()
    progress.begin(WRITE_STEP, plan.size)
    for part in plan.inserts():
        made = [_made(seen, insert, staged) for insert in part if insert.rows]
        with turns.turn():
            for rows, note in made:
                write_prepared(rows)
                insert_rows(BatchMade, MADE_FIELDS, [note])
        progress.advance(sum(len(insert.rows) for insert in part))
    for step, known in enumerate(plan.changes()):
        staged.see(known)
        changes = [change for each in known for change in each.changes]
        if changes:
            staged.steps += 1
            with turns.turn():
                _note_changes(seen, step, changes)
        progress.advance(len(known))
    shown = seen.report.get("shown", "")
    if shown and shown != staged.shown.hexdigest():
        raise NotPossible(_("Somebody changed the same people or homes since you looked. Check the rows again."))
    return staged


def _made(seen: Batch, insert: Insert, staged: _Staged) -> tuple[Prepared, tuple[int, str, list[list[Any]]]]:
    names = (*insert.names, "batch_id")
    rows = [(*row, seen.pk) for row in insert.rows]
    marks = digests(insert.model, names, rows)
    for mark in marks:
        staged.rows.update(mark.encode("ascii"))
    note = [[row[0], mark] for row, mark in zip(rows, marks, strict=True)]
    return prepare_rows(insert.model, names, rows), (seen.pk, insert.model._meta.label_lower, note)


def _note_changes(seen: Batch, step: int, changes: list[Change]) -> None:
    by_model: dict[type[models.Model], list[Change]] = {}
    for change in changes:
        if change.kind == ChangeKind.CREATED:
            by_model.setdefault(change.model, []).append(change)
    for model, made in by_model.items():
        new = [change for change in made if not change.pk]
        for change, key in zip(new, reserve_ids(model, len(new)), strict=True):
            change.pk = key
        for change in made:
            change.after = {"id": change.pk, **change.after}
            change.after_digest = digests(model, list(change.after), [list(change.after.values())])[0]
    rows = (
        (
            seen.pk,
            change.model._meta.label_lower,
            change.pk,
            str(change.kind),
            change.before,
            as_json(change.after),
            step,
            change.after_digest,
        )
        for change in changes
    )
    insert_rows(BatchChange, CHANGE_FIELDS, rows)


def _show(
    seen: Batch, plan: Plan, read: ReadWorkbook, staged: _Staged, *, by: Any, partial: bool, job: Job | None
) -> Batch:
    """Show all new rows at once; a few changes of known ones are made in the same moment."""
    ledger = ledger_for(seen.kind)
    figures: Figures = plan.figures()
    with Turns().turn():
        locked = locked_batch(seen, by, ledger, (BatchState.STAGING,))
        plan.mend()
        locked.state = BatchState.APPLIED if staged.steps <= 1 else BatchState.FINISHING
        locked.applied_at = clock.now()
        locked.report = report_of(read, figures, number=locked.number, state=locked.state)
        locked.report["differences"] = dict(staged.differences)
        locked.save(update_fields=["state", "applied_at", "report"])
        detail = {**figures, "digest": staged.rows.hexdigest()}
        journal.record(by, ledger.applied, locked, detail=detail)
        detail = {"applied": figures, "held": read.held, "partial": partial, "changes": staged.changes}
        journal.record(by, "exchange.apply", locked, detail=detail)
        if locked.state == BatchState.APPLIED:
            for step in locked.changes.values_list("step", flat=True).distinct():
                _tell_skipped(locked, roll_forward(locked, step, ledger, by=by))
            close_job(job)
    return locked


def _tell_skipped(batch: Batch, names: list[str]) -> None:
    """Add to the report who was changed by somebody else in the meantime, and was left alone."""
    if not names:
        return
    words = _("Somebody changed this meanwhile, so it was left as it is: %(name)s. Compare it with the workbook.")
    told = [
        {
            "sheet": "",
            "row": 0,
            "column": "",
            "cell": "",
            "kind": "changed_since",
            "value": "",
            "message": words % {"name": name},
            "held": False,
        }
        for name in names
    ]
    kinds = Counter(batch.report.get("kinds", {})) + Counter({"changed_since": len(names)})
    batch.report = {**batch.report, "problems": [*batch.report["problems"], *told], "kinds": dict(kinds)}
    batch.save(update_fields=["report"])
