"""Every write about background work."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from linli.core import clock
from linli.jobs.choices import JobState
from linli.jobs.models import Heartbeat, Job
from linli.journal import actions as journal


class Cancelled(Exception):
    """Somebody asked for the work to stop."""


@transaction.atomic
def start(kind: str, *, by: Any, total: int = 0) -> Job:
    """Open a piece of background work that its requester can watch and stop."""
    job = Job.objects.create(
        kind=kind, state=JobState.RUNNING, requested_by=by.username, total=total, created_at=clock.now()
    )
    journal.record(by, "jobs.start", job, detail={"kind": kind})
    return job


def report_progress(job: Job, done: int, total: int | None = None) -> None:
    """Write how far the work has come. Raises ``Cancelled`` when somebody asked for it to stop."""
    values: dict[str, int] = {"done": done} | ({"total": total} if total is not None else {})
    Job.objects.filter(pk=job.pk).update(**values)
    if Job.objects.filter(pk=job.pk, cancel_requested=True).exists():
        raise Cancelled(job.kind)


def finish(job: Job, message: str = "") -> None:
    """Close the work as done."""
    _close(job, JobState.DONE, message)


def fail(job: Job, message: str) -> None:
    """Close the work as failed; the message says in words what to do."""
    _close(job, JobState.FAILED, message)


def stop(job: Job) -> None:
    """Close the work as stopped on request."""
    _close(job, JobState.CANCELLED, "")


@transaction.atomic
def request_cancel(job: Job, *, by: Any) -> None:
    """Ask a piece of work to stop at its next step; only whoever started it can."""
    locked = Job.objects.select_for_update().get(pk=job.pk)
    if locked.requested_by != by.username:
        raise PermissionError(locked.kind)
    locked.cancel_requested = True
    locked.save(update_fields=["cancel_requested"])
    journal.record(by, "jobs.request_cancel", locked)


def beat(name: str) -> None:
    """Leave a sign of life that ``/healthz`` reads."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": clock.now()})


@transaction.atomic
def _close(job: Job, state: str, message: str) -> None:
    locked = Job.objects.select_for_update().get(pk=job.pk)
    locked.state, locked.message, locked.finished_at = state, message, clock.now()
    locked.save(update_fields=["state", "message", "finished_at"])
    journal.record(locked.requested_by, f"jobs.{state}", locked, detail={"kind": locked.kind})
