"""Background work on drafts."""

from __future__ import annotations

from typing import Any

from linli.accounts.rules import SYSTEM
from linli.gridplans import actions
from linli.jobs.models import Job


def make(job: Job, by: Any, *, plan: int) -> None:
    """Work a draft out."""
    actions.make_plan(job, by or SYSTEM, plan=plan)


def apply(job: Job, by: Any, *, plan: int, version: int) -> None:
    """Bring a draft into force."""
    actions.bring_into_force(job, by or SYSTEM, plan=plan, version=version)


def revert(job: Job, by: Any, *, plan: int) -> None:
    """Take a draft back that is in force."""
    actions.take_back(job, by or SYSTEM, plan=plan)
