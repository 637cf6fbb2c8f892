"""Drafts as a whole: asked for, noted, copied, stopped, thrown away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linli.accounts.rules import SYSTEM, require
from linli.areas.bands import band_of
from linli.areas.choices import AreaKind, Level, Measure
from linli.areas.models import Area
from linli.core import clock
from linli.gridplans.actions.doors import KEPT_DAYS, lock_plan, touch
from linli.gridplans.choices import ENDED, MAKE, PlanState
from linli.gridplans.models import LONGEST_NOTE, GridPlan, PlanPart
from linli.gridplans.parts import locked_by_hand
from linli.gridplans.rules import PLAN, NotPossible
from linli.gridplans.values import Asked, Line
from linli.jobs import actions as jobs
from linli.journal import actions as journal

LEVELS = (Level.DISTRICT, Level.STREET, Level.COMMUNITY)


@transaction.atomic
def new_plan(area: Area, asked: Asked, *, by: Any, note: str = "", roads: Sequence[Line] = ()) -> GridPlan:
    """Ask for a draft of the grids of a community, street or district; it is worked out in the background.

    Raises:
        ValidationError: the place is too large or too small, or the sizes contradict each other.
    """
    require(by, PLAN, area)
    if area.level not in LEVELS or area.closed_on is not None:
        raise ValidationError({"area": _("Choose a community, a street or a district.")})
    if not 1 <= asked.lowest <= asked.target <= asked.highest:
        raise ValidationError({"target": _("From small to large: fewest, best size, most households.")})
    band = band_of(AreaKind.RESIDENTIAL)
    if band.measure == Measure.HOUSEHOLDS:
        asked = replace(asked, warned_low=band.warned_low, warned_high=band.warned_high)
    plan = GridPlan(
        area=area,
        path=area.path,
        note=_clean(note),
        settings=asked.kept(),
        roads=[[list(point) for point in line] for line in roads],
    )
    _begin(plan, by)
    journal.record(by, "gridplans.new", plan, detail={"area": area.code} | asked.kept())
    return plan


@transaction.atomic
def plan_rest(plan: GridPlan, *, by: Any) -> GridPlan:
    """Ask for another draft that keeps the locked grids of this one and plans the rest anew, in the background.

    Raises:
        NotPossible: it is not worked out, or none of its grids is locked.
    """
    require(by, PLAN, plan)
    source = GridPlan.objects.select_related("area").get(pk=plan.pk)
    if source.state != PlanState.READY:
        raise NotPossible(_("Only a draft that is not in force can be planned anew. Copy it first."))
    if not any(locked_by_hand(part) for part in source.parts.defer("ground", "land")):
        raise NotPossible(_("Lock the grids that are to stay, then plan the rest anew."))
    note = _("Keeps locked grids of: %(note)s") % {"note": source.note} if source.note else ""
    rest = GridPlan(
        area=source.area,
        path=source.path,
        note=note[:LONGEST_NOTE],
        settings=source.settings,
        roads=source.roads,
        source=source,
    )
    _begin(rest, by)
    journal.record(by, "gridplans.rest", rest, detail={"from": plan.pk})
    return rest


def _sign(plan: GridPlan, by: Any) -> None:
    """Write into a new draft who made it, and until when it is kept."""
    now = clock.now()
    plan.made_by, plan.made_by_name, plan.made_at = by.username, by.name, now
    plan.changed_by_name, plan.changed_at = by.name, now
    plan.expires_on = clock.today() + timedelta(days=KEPT_DAYS)


def _begin(plan: GridPlan, by: Any) -> None:
    """Keep a new draft and have it worked out."""
    _sign(plan, by)
    plan.save(force_insert=True)
    plan.job = jobs.start(MAKE, by=by)
    plan.save(update_fields=["job"])
    jobs.queue(plan.job, {"plan": plan.pk}, long=True)


@transaction.atomic
def note_plan(plan: GridPlan, note: str, *, by: Any) -> GridPlan:
    """Write a note to a draft. Raises ``ValidationError`` for one that is too long."""
    require(by, PLAN, plan)
    locked = lock_plan(plan)
    locked.note = _clean(note)
    locked.save(update_fields=["note"])
    journal.record(by, "gridplans.note", locked)
    return locked


@transaction.atomic
def copy_plan(plan: GridPlan, *, by: Any) -> GridPlan:
    """Copy a draft with its grids, to try something else; its steps are not copied.

    Raises:
        NotPossible: it is not worked out yet.
    """
    require(by, PLAN, plan)
    copied = GridPlan.objects.select_related("area", "job").get(pk=plan.pk)
    parts = list(copied.parts.all())
    if not parts:
        raise NotPossible(_("There is nothing to copy: this draft was not worked out."))
    note = _("Copy of %(note)s") % {"note": copied.note} if copied.note else ""
    copied.pk, copied.job, copied.state, copied.done, copied.version = None, None, PlanState.READY, 0, 1
    copied._state.adding = True
    copied.note = note[:LONGEST_NOTE]
    _sign(copied, by)
    copied.save(force_insert=True)
    for part in parts:
        part.pk, part.plan, part._state.adding = None, copied, True
    PlanPart.objects.bulk_create(parts, batch_size=20)
    journal.record(by, "gridplans.copy", copied, detail={"from": plan.pk})
    return copied


@transaction.atomic
def discard_plan(plan: GridPlan, *, by: Any) -> GridPlan:
    """Throw a draft away; its row stays as a trace, its grids go.

    Raises:
        NotPossible: it is or was in force, or is being worked on.
    """
    require(by, PLAN, plan)
    locked = lock_plan(plan)
    if locked.state in ENDED:
        raise NotPossible(_("Only a draft can be thrown away."))
    if locked.job is not None and locked.job.is_open:
        raise NotPossible(_("Work on this draft is going on. Stop it first."))
    _discard(locked, by)
    return locked


def cancel_plan(plan: GridPlan, *, by: Any) -> None:
    """Stop the work on a draft at its next step. Raises ``PermissionDenied`` where somebody else asked for it."""
    require(by, PLAN, plan)
    if plan.job is not None and plan.job.is_open:
        jobs.request_cancel(plan.job, by=by)


def expire_plans(now: datetime) -> int:
    """Throw away the drafts that nobody touched for long; return how many."""
    expired = GridPlan.objects.exclude(state__in=ENDED).filter(expires_on__lt=clock.local(now).date())
    keys = list(expired.order_by("pk").values_list("pk", flat=True))
    for key in keys:
        with transaction.atomic():
            locked = lock_plan(GridPlan(pk=key))
            if locked.state not in ENDED and not (locked.job is not None and locked.job.is_open):
                _discard(locked, SYSTEM)
    return len(keys)


def _discard(plan: GridPlan, by: Any) -> None:
    plan.steps.all().delete()
    plan.parts.all().delete()
    plan.state, plan.roads, plan.problems, plan.done = PlanState.DISCARDED, [], [], 0
    touch(plan, by, "state", "roads", "problems", "done")
    journal.record(by, "gridplans.discard", plan)


def _clean(note: str) -> str:
    text = note.strip()
    if len(text) > LONGEST_NOTE:
        raise ValidationError({"note": _("Write at most %(count)d characters.") % {"count": LONGEST_NOTE}})
    return text
