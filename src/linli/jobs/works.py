"""What can be done in the background: each app registers its own at start-up, so that jobs imports none of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from linli.core.registry import Registry
from linli.jobs.models import Job

# Called with the job, whoever asked for it, and the arguments by name. See ``actions.run`` for what it must do.
Work = Callable[..., None]

works: Registry[Work] = Registry("background work")
_unattended: dict[str, Any] = {}


def register(kind: str, work: Work, *, unattended: Any = None) -> None:
    """Add a kind of work. Raises ``AlreadyRegisteredError`` for a kind that there is.

    Args:
        unattended: who does the work where the schedule asks for it, and nobody with an account.
    """
    works.register(kind, work)
    if unattended is not None:
        _unattended[kind] = unattended


def unattended_by(job: Job) -> Any:
    """Return who does a work that the schedule asked for; None where somebody with an account did."""
    doer = _unattended.get(job.kind)
    return doer if doer is not None and doer.username == job.requested_by else None


def do(job: Job, by: Any, arguments: dict[str, Any]) -> None:
    """Do the work of a job. Raises ``NotRegisteredError``."""
    works.get(job.kind)(job, by, **arguments)
