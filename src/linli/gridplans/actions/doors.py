"""What every action about a draft begins with: the row, locked, and whether it may be changed as things stand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from linli.accounts.rules import require
from linli.core import clock
from linli.gridplans.choices import PlanState
from linli.gridplans.models import HEAVY, GridPlan
from linli.gridplans.rules import PLAN, NotPossible, Stale

# Days that a draft is kept that nobody touches.
KEPT_DAYS = 180


def lock_plan(plan: GridPlan) -> GridPlan:
    """Return the draft as it is now, locked until the end of the transaction."""
    rows = GridPlan.objects.select_for_update(of=("self",)).select_related("area", "job").defer(*HEAVY)
    return rows.get(pk=plan.pk)


def lock_to_change(plan: GridPlan, *, by: Any, version: int | None = None) -> GridPlan:
    """Return a draft that may be changed now.

    Raises:
        Refused: this is not for ``by`` to do.
        Stale: it changed since the version that the caller saw.
        NotPossible: it is no draft, or is being worked on.
    """
    require(by, PLAN, plan)
    locked = lock_plan(plan)
    if version is not None and version != locked.version:
        raise Stale(locked.version)
    require_ready(locked)
    return locked


def require_ready(plan: GridPlan) -> None:
    """Raise ``NotPossible`` unless the draft is worked out and nothing else is done with it."""
    if plan.job is not None and plan.job.is_open:
        raise NotPossible(_("Work on this draft is going on. Wait until it is done."))
    if plan.state != PlanState.READY:
        raise NotPossible(_("This is no draft that can be changed. Copy it to go on with it."))


def touch(plan: GridPlan, by: Any, *fields: str) -> None:
    """Save a locked draft that somebody changed: the next version, and who and when."""
    plan.version += 1
    plan.changed_at, plan.changed_by_name = clock.now(), by.name
    plan.expires_on = clock.today() + timedelta(days=KEPT_DAYS)
    plan.save(update_fields=[*fields, "version", "changed_at", "changed_by_name", "expires_on"])
