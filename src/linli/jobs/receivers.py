"""What this app does when something happens."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from linli.jobs import tasks
from linli.jobs.models import Job
from linli.jobs.signals import job_queued


@receiver(job_queued)
def enqueue(sender: type[Job], job: Job, arguments: dict[str, Any], long: bool = False, **kwargs: Any) -> None:
    """Put a job in the queue, inside the transaction that opens it: a crash loses neither or both."""
    task = tasks.run_job.using(queue_name=tasks.LONG) if long else tasks.run_job
    task.enqueue(job.pk, arguments)
