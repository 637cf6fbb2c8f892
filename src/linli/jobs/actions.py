"""Every write about background work."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from linli.core import clock, progress
from linli.jobs import board, works
from linli.jobs.choices import OPEN_STATES, VERIFY_JOURNAL, JobState
from linli.jobs.models import Heartbeat, Job
from linli.jobs.signals import job_queued
from linli.journal import actions as journal
from linli.journal.queries import verify

logger = logging.getLogger(__name__)

# Where the journal says that background work comes from.
SOURCE = "tasks"


class Cancelled(Exception):
    """Somebody asked for the work to stop."""


class Failed(Exception):
    """The work can't be done; the message says why, and what to do next."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@transaction.atomic
def start(kind: str, *, by: Any) -> Job:
    """Open a piece of background work that its requester can watch and stop. It waits until `run` takes it up."""
    language = translation.get_language() or ""
    job = Job.objects.create(kind=kind, requested_by=by.username, language=language, created_at=clock.now())
    journal.record(by, "jobs.start", job, detail={"kind": kind})
    return job


def queue(job: Job, arguments: Mapping[str, Any] | None = None, *, long: bool = False) -> None:
    """Let a piece of work that was opened be done as soon as it is its turn.

    Args:
        arguments: what its work is called with; of the kind that JSON takes.
        long: it may take minutes, so that it is done beside the rest by a process of its own.
    """
    job_queued.send(Job, job=job, arguments=dict(arguments or {}), long=long)


def run(key: int, arguments: Mapping[str, Any]) -> None:
    """Do a piece of work that waits, once; nothing happens when it was done, stopped or taken up before.

    The work is done as whoever asked for it, with the rights and in the language that they have. It closes the job
    with `finish` inside the transaction in which it writes, so that a crash leaves both or neither. It raises `Failed`
    when it can't be done; whatever it raises, the job is closed.
    """
    with board.held(key) as is_ours:
        job = _take_up(key) if is_ours else None
        if job is None:
            return
        with (
            translation.override(job.language or None),
            journal.acting_from(SOURCE),
            progress.heard_by(partial(_note_progress, key)),
        ):
            _do(job, dict(arguments))


def finish(job: Job, *, result: Mapping[str, Any] | None = None) -> None:
    """Close the work as done. ``result`` is what it found, without any personal value."""
    _close(job, JobState.DONE, result=result or {})


def fail(job: Job, message: str) -> None:
    """Close the work as failed; the message says in words what to do."""
    _close(job, JobState.FAILED, message=message)


def stop(job: Job) -> None:
    """Close the work as stopped on request."""
    _close(job, JobState.CANCELLED)


def request_cancel(job: Job, *, by: Any) -> None:
    """Stop a piece of work that waits; ask one that runs to stop at its next step.

    One that is at its last step gets to its end.

    Raises:
        PermissionDenied: somebody else asked for the work.
    """
    if job.requested_by != by.username:
        raise PermissionDenied(_("Only whoever started this work can stop it."))
    # Before the database: on SQLite the work may keep it from being written until it stops.
    board.ask_to_stop(job.pk)
    with transaction.atomic():
        locked = Job.objects.select_for_update().get(pk=job.pk)
        journal.record(by, "jobs.request_cancel", locked)
        if locked.state == JobState.RUNNING:
            # It may have been taken up in between.
            board.ask_to_stop(job.pk)
        else:
            board.forget(job.pk)
        if locked.state == JobState.WAITING:
            stop(locked)


def close_abandoned(now: datetime) -> int:
    """Close what was running when the service was stopped or broke down; return how many.

    The transaction of such work was never ended, so nothing of it was written.
    """
    abandoned = [job for job in Job.objects.filter(state=JobState.RUNNING) if not board.is_held(job.pk)]
    for job in abandoned:
        with translation.override(job.language or None):
            fail(
                job,
                _(
                    "Linli was stopped in the middle of this. Nothing half done stays. Look again in a minute, and "
                    "start it again if it is not done."
                ),
            )
        board.forget(job.pk)
    return len(abandoned)


def ask_to_verify(*, by: Any) -> Job:
    """Let the journal be proved in the background, and return the job that tells how far it is.

    While the same person's last proof goes on, that one is returned.

    Raises:
        PermissionDenied: ``by`` may not read the journal.
    """
    _require_auditor(by)
    with transaction.atomic():
        going_on = Job.objects.filter(kind=VERIFY_JOURNAL, requested_by=by.username, state__in=OPEN_STATES).first()
        if going_on is not None:
            return going_on
        job = start(VERIFY_JOURNAL, by=by)
        queue(job)
    return job


def verify_journal(job: Job, by: Any) -> None:
    """Prove the journal for a job; what was found is its result."""
    _require_auditor(by)
    finish(job, result=asdict(verify()))


def beat(name: str) -> None:
    """Leave a sign of life that ``/healthz`` reads."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": clock.now()})


def _require_auditor(by: Any) -> None:
    if not by.has_perm("journal.view"):
        raise PermissionDenied(_("Your post does not allow this."))


@transaction.atomic
def _take_up(key: int) -> Job | None:
    job = Job.objects.select_for_update().get(pk=key)
    if job.state != JobState.WAITING:
        return None
    job.state = JobState.RUNNING
    job.save(update_fields=["state"])
    return job


def _do(job: Job, arguments: dict[str, Any]) -> None:
    try:
        works.do(job, _requester(job), arguments)
    except Cancelled:
        stop(job)
    except Failed as failure:
        fail(job, failure.message)
    except PermissionDenied as refusal:
        fail(job, str(refusal))
    except Exception:
        logger.exception("background work %s failed", job)
        fail(
            job,
            _("Something went wrong, and nothing was written. Try again; if it happens again, tell the administrator."),
        )


def _requester(job: Job) -> Any:
    """Return whoever asked; None where the schedule did."""
    if job.requested_by == journal.SYSTEM:
        return None
    found = get_user_model().objects.filter(username=job.requested_by, is_active=True).first()
    if found is None:
        raise Failed(_("Whoever asked for this has no account any more."))
    return found


def _note_progress(key: int, step: str, done: int, total: int) -> None:
    board.write(key, board.Progress(step, done, total))
    if board.is_asked_to_stop(key):
        raise Cancelled(key)


@transaction.atomic
def _close(job: Job, state: JobState, *, message: str = "", result: Mapping[str, Any] | None = None) -> None:
    locked = Job.objects.select_for_update().get(pk=job.pk)
    if locked.state not in OPEN_STATES:
        return
    locked.state, locked.message, locked.result, locked.finished_at = state, message, dict(result or {}), clock.now()
    locked.save(update_fields=["state", "message", "result", "finished_at"])
    journal.record(locked.requested_by, f"jobs.{state}", locked, detail={"kind": locked.kind})
