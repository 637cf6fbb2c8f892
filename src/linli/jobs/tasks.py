"""Background work of this app: all that is shown to whoever asked for it."""

from __future__ import annotations

from typing import Any

from django_tasks import task

from linli.jobs import actions

# The queue of what may take minutes.
LONG = "long"


@task()
def run_job(key: int, arguments: dict[str, Any]) -> None:
    """Do the work of one job."""
    actions.run(key, arguments)
