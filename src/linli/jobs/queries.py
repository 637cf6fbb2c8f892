"""Reading background work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from linli.core import clock
from linli.jobs import board
from linli.jobs.models import Heartbeat, Job

# The name under which the process of background tasks leaves its sign of life.
TASKS = "tasks"
STALE = timedelta(seconds=90)


def jobs_of(user: Any) -> QuerySet[Job]:
    """Return the work that the user started, newest first."""
    return Job.objects.filter(requested_by=user.username)


def progress_of(job: Job) -> board.Progress:
    """Return how far a piece of work is at this moment."""
    return board.read(job.pk)


def is_stopping(job: Job) -> bool:
    """Tell whether somebody asked a piece of work to stop that has not stopped yet."""
    return job.is_open and board.is_asked_to_stop(job.pk)


def is_alive(name: str) -> bool:
    """Tell whether a part of the service gave a sign of life within the last 90 seconds."""
    return Heartbeat.objects.filter(name=name, at__gt=clock.now() - STALE).exists()
