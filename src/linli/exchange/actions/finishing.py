"""What was interrupted in the middle: finished if it was shown already, removed if not. The schedule looks for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from linli.accounts.rules import SYSTEM
from linli.areas.models import Area
from linli.core import progress
from linli.exchange.actions.applying import finish_changes
from linli.exchange.actions.common import (
    WORK_STATES,
    Turns,
    close_job,
    held,
    is_worked_on,
    locked_batch,
    open_job,
    refresh,
)
from linli.exchange.actions.removing import remove_rows
from linli.exchange.actions.undoing import take_back
from linli.exchange.choices import UNFINISHED_STATES, BatchState, BatchWork
from linli.exchange.ledgers import ledger_for
from linli.exchange.models import Batch
from linli.jobs.models import Job
from linli.journal import actions as journal

CLEAN_STEP = "clean"


def finish_batch(batch: Batch, *, by: Any, job: Job | None = None) -> Batch:
    """Bring a batch that was interrupted to its end: taken over, taken back, or as before it was to be taken over.

    Raises:
        Refused, NotPossible: nothing of it was interrupted, or somebody is at work on it.
    """
    ledger = ledger_for(batch.kind)
    with held(batch), progress.past_stopping():
        with transaction.atomic():
            seen = locked_batch(batch, by, ledger, WORK_STATES[BatchWork.FINISH])
        if seen.state == BatchState.FINISHING:
            locked = finish_changes(seen, by=by, job=job)
        elif seen.state == BatchState.UNDOING:
            locked = take_back(seen, by=by, job=job)
        else:
            locked = _remove(seen, by=by, job=job)
    refresh(batch, locked)
    return locked


def _remove(batch: Batch, *, by: Any, job: Job | None) -> Batch:
    progress.begin(CLEAN_STEP, sum(map(len, batch.made.values_list("rows", flat=True))))
    remove_rows(batch)
    with Turns().turn():
        locked = locked_batch(batch, by, ledger_for(batch.kind), (BatchState.STAGING,))
        locked.state = BatchState.CHECKED
        locked.save(update_fields=["state"])
        journal.record(by, "exchange.finish", locked, detail={"removed": True})
        close_job(job)
    return locked


def finish_interrupted(now: datetime) -> int:
    """Let everything that was interrupted be brought to its end in the background; return how much that is."""
    found = [batch for batch in _interrupted() if batch.job is None or not batch.job.is_open]
    for batch in found:
        with transaction.atomic():
            open_job(batch, BatchWork.FINISH, SYSTEM)
    return len(found)


def finish_here(area: Area, *, by: Any) -> None:
    """Bring to its end what was interrupted in an area before something else begins there."""
    for batch in _interrupted():
        if batch.area_id == area.pk:
            finish_batch(batch, by=by)


def _interrupted() -> list[Batch]:
    found = Batch.objects.filter(state__in=UNFINISHED_STATES).select_related("area", "job", "upload").order_by("pk")
    return [batch for batch in found if not is_worked_on(batch)]
