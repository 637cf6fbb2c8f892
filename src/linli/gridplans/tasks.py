"""Background work on drafts: the actions are read when it begins, because the planner's libraries cost memory."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linli.accounts.rules import SYSTEM
from linli.jobs.models import Job


def make(job: Job, by: Any, *, plan: int) -> None:
    """Work a draft out."""
    from linli.gridplans import actions

    actions.make_plan(job, by or SYSTEM, plan=plan)


def apply(job: Job, by: Any, *, plan: int, version: int) -> None:
    """Bring a draft into force."""
    from linli.gridplans import actions

    actions.bring_into_force(job, by or SYSTEM, plan=plan, version=version)


def revert(job: Job, by: Any, *, plan: int) -> None:
    """Take a draft back that is in force."""
    from linli.gridplans import actions

    actions.take_back(job, by or SYSTEM, plan=plan)


def expire(now: datetime) -> int:
    """Throw away the drafts that nobody touched for long."""
    from linli.gridplans import actions

    return actions.expire_plans(now)
