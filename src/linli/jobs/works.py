"""What can be done in the background: each app registers its own at start-up, so that jobs imports none of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from linli.core.registry import Registry
from linli.jobs.models import Job

# Called with the job, whoever asked for it (None where the schedule did), and the arguments by name. See
# ``actions.run`` for what it must do.
Work = Callable[..., None]

works: Registry[Work] = Registry("background work")


def register(kind: str, work: Work) -> None:
    """Add a kind of work. Raises ``AlreadyRegisteredError`` for a kind that there is."""
    works.register(kind, work)


def do(job: Job, by: Any, arguments: dict[str, Any]) -> None:
    """Do the work of a job. Raises ``NotRegisteredError``."""
    works.get(job.kind)(job, by, **arguments)
