"""Reading background work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from linli.core import clock
from linli.jobs.models import Heartbeat, Job

# The name under which the process of background tasks leaves its sign of life.
TASKS = "tasks"
STALE = timedelta(seconds=90)


def jobs_of(user: Any) -> QuerySet[Job]:
    """Return the work that the user started, newest first."""
    return Job.objects.filter(requested_by=user.username)


def is_alive(name: str) -> bool:
    """Tell whether a part of the service gave a sign of life within the last 90 seconds."""
    return Heartbeat.objects.filter(name=name, at__gt=clock.now() - STALE).exists()
