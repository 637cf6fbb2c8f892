"""What all steps with a workbook share: its state, its lock, its turn beside others who write."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from linli.accounts.rules import require
from linli.areas.models import Area
from linli.exchange.choices import UNFINISHED_STATES, BatchState, BatchWork
from linli.exchange.ledgers import Ledger
from linli.exchange.models import Batch
from linli.exchange.rules import NotPossible
from linli.jobs import actions as jobs
from linli.jobs import board
from linli.jobs.models import Job

# The states in which a workbook can be taken a step further.
WORK_STATES = {
    BatchWork.READ: (BatchState.SENT,),
    BatchWork.CHECK: (BatchState.UPLOADED, BatchState.CHECKED),
    BatchWork.APPLY: (BatchState.CHECKED,),
    BatchWork.UNDO: (BatchState.APPLIED,),
    BatchWork.FINISH: UNFINISHED_STATES,
}
# On SQLite one writes at a time, and who waits looks again after at most a tenth of a second: between two
# transactions others have twice the time that the first took, up to a little more than that, so that nobody who waits
# misses the gap.
LONGEST_PAUSE = 0.11
# Larger workbooks wait for a process of their own, so that photos and small workbooks need not wait for them.
LONG_FROM_BYTES = 1024 * 1024
LONG_FROM_ROWS = 10_000


def seen_batch(batch: Batch, by: Any, ledger: Ledger, states: Sequence[BatchState]) -> Batch:
    """Return the batch as it stands, for what is worked out before the transaction that writes."""
    return _ready(Batch.objects.select_related("area", "upload").get(pk=batch.pk), by, ledger, states)


def locked_batch(batch: Batch, by: Any, ledger: Ledger, states: Sequence[BatchState]) -> Batch:
    """Return the batch as it stands and keep others from changing it."""
    rows = Batch.objects.select_for_update(of=("self",)).select_related("area", "upload", "job")
    return _ready(rows.get(pk=batch.pk), by, ledger, states)


def _ready(batch: Batch, by: Any, ledger: Ledger, states: Sequence[BatchState]) -> Batch:
    require(by, ledger.ability, batch.area)
    if batch.state not in states:
        state = batch.get_state_display()
        raise NotPossible(_("This workbook is already further on: %(state)s. Load the page again.") % {"state": state})
    return batch


def refresh(batch: Batch, locked: Batch) -> None:
    """Let the caller's object tell what was written."""
    for name in ("mapping", "state", "report", "applied_at", "undone_at"):
        setattr(batch, name, getattr(locked, name))


def open_job(
    batch: Batch, work: BatchWork, by: Any, corrections: Mapping[str, Mapping[int, str | None]] | None = None
) -> Job:
    """Let a step be done in the background, and return the job that tells how far it is."""
    job = jobs.start(work, by=by)
    batch.job = job
    batch.save(update_fields=["job"])
    is_large = batch.upload is not None and batch.upload.size >= LONG_FROM_BYTES
    is_long = is_large or batch.report.get("rows", 0) >= LONG_FROM_ROWS
    jobs.queue(job, {"corrections": corrections or {}}, long=is_long)
    return job


def close_job(job: Job | None) -> None:
    """Close the background work that a step was, if it was one."""
    if job is not None:
        jobs.finish(job)


@contextmanager
def held(batch: Batch) -> Iterator[None]:
    """Be the one who works on the rows of a batch; the system lets go when the process ends, however it ends.

    Raises:
        NotPossible: another process is at work on them.
    """
    with board.held(_lock_name(batch)) as is_ours:
        if not is_ours:
            raise NotPossible(_("Linli is at work on this workbook. Wait until it is done."))
        yield


def is_worked_on(batch: Batch) -> bool:
    """Tell whether a process is at work on the rows of a batch."""
    return board.is_held(_lock_name(batch))


def _lock_name(batch: Batch) -> str:
    return f"batch-{batch.pk}"


def require_turn(batch: Batch) -> None:
    """Let only one workbook of an area be written or taken back at a time; called in the transaction that begins it.

    Raises:
        NotPossible: another one is under way.
    """
    Area.objects.select_for_update().get(pk=batch.area_id)
    if Batch.objects.filter(area=batch.area_id, state__in=UNFINISHED_STATES).exclude(pk=batch.pk).exists():
        raise NotPossible(_("Another workbook of this place is being taken over or back. Wait until that is done."))


class Turns:
    """Transactions one after the other, with room between them for everybody else who wants to write."""

    def __init__(self) -> None:
        self._ended = 0.0
        self._pause = 0.0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Open a transaction when it is our turn."""
        if connection.vendor == "sqlite":
            time.sleep(max(0.0, self._ended + self._pause - time.monotonic()))
        began = time.monotonic()
        try:
            with transaction.atomic():
                yield
        finally:
            self._ended = time.monotonic()
            self._pause = min(LONGEST_PAUSE, 2 * (self._ended - began))
