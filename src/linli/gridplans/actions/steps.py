"""Steps by hand: each changes one community of a draft, is kept at once, and can be undone and done again."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from linli.core import clock
from linli.gridplans import moving
from linli.gridplans.actions.doors import lock_to_change, touch
from linli.gridplans.choices import StepKind
from linli.gridplans.drafting import Draft, decided, difference, put
from linli.gridplans.models import GridPlan, PlanPart, PlanStep
from linli.gridplans.parts import CHANGED, open_part, put_draft
from linli.gridplans.values import StepAsked
from linli.journal import actions as journal


@transaction.atomic
def take_step(plan: GridPlan, asked: StepAsked, *, version: int, by: Any) -> PlanPart:
    """Take a step and return the community that it changed, with its plan.

    Raises:
        Stale: the draft changed since ``version``.
        NotPossible: it can't be changed now.
        ValidationError: the step is not possible, by field.
    """
    locked = lock_to_change(plan, by=by, version=version)
    if asked.kind not in StepKind.values:
        raise ValidationError({"action": _("There is no such step.")})
    part = _part(locked, asked)
    draft = open_part(part)
    before = decided(draft)
    about = _do(draft, asked)
    if asked.kind in (StepKind.MOVE, StepKind.MERGE, StepKind.SPLIT, StepKind.RENAME):
        draft.renew()
    back, forth = difference(before, decided(draft))
    locked.steps.filter(number__gt=locked.done).delete()
    locked.done += 1
    step = PlanStep(plan=locked, part=part, number=locked.done, kind=asked.kind, about=about, back=back, forth=forth)
    step.by, step.at = by.username, clock.now()
    step.save(force_insert=True)
    _save(locked, part, draft, by)
    journal.record(by, "gridplans.step", locked, detail={"step": asked.kind, "number": locked.done})
    return part


@transaction.atomic
def undo_step(plan: GridPlan, *, version: int, by: Any) -> PlanPart:
    """Undo the last step that holds, and return its community. Raises ``ValidationError`` when there is none."""
    locked = lock_to_change(plan, by=by, version=version)
    step = locked.steps.filter(number=locked.done).select_related("part__community").first()
    if step is None:
        raise ValidationError({"action": _("There is no step to undo.")})
    locked.done -= 1
    return _replay(locked, step, step.back, "gridplans.undo", by)


@transaction.atomic
def redo_step(plan: GridPlan, *, version: int, by: Any) -> PlanPart:
    """Take the step again that was undone last, and return its community. Raises ``ValidationError`` without one."""
    locked = lock_to_change(plan, by=by, version=version)
    step = locked.steps.filter(number=locked.done + 1).select_related("part__community").first()
    if step is None:
        raise ValidationError({"action": _("There is no step to do again.")})
    locked.done += 1
    return _replay(locked, step, step.forth, "gridplans.redo", by)


def _replay(plan: GridPlan, step: PlanStep, change: dict[str, Any], action: str, by: Any) -> PlanPart:
    step.part.plan = plan
    draft = open_part(step.part)
    put(draft, change)
    _save(plan, step.part, draft, by)
    journal.record(by, action, plan, detail={"step": step.kind, "number": step.number})
    return step.part


def _save(plan: GridPlan, part: PlanPart, draft: Draft, by: Any) -> None:
    put_draft(part, draft)
    part.save(update_fields=CHANGED)
    touch(plan, by, "done")


def _part(plan: GridPlan, asked: StepAsked) -> PlanPart:
    """Return the community that a step is about: that of the grid that it names."""
    key = asked.to if asked.kind == StepKind.MOVE else asked.grid
    code = key.rpartition("-")[0]
    part = plan.parts.select_related("community").defer("land").filter(community__code=code).first()
    if part is None:
        field = "to" if asked.kind == StepKind.MOVE else "grid"
        raise ValidationError({field: pgettext("grid plan", "Choose a grid of the same community.")})
    part.plan = plan
    return part


def _do(draft: Draft, asked: StepAsked) -> dict[str, Any]:
    """Change the draft, and return what the words of the step speak of."""
    if asked.kind == StepKind.MOVE:
        return moving.move(draft, asked.buildings, asked.to)
    if asked.kind == StepKind.MERGE:
        return moving.merge(draft, asked.grid, asked.to)
    if asked.kind == StepKind.RENAME:
        return moving.rename(draft, asked.grid, asked.text)
    if asked.kind == StepKind.EXPLAIN:
        return moving.explain(draft, asked.grid, asked.text)
    alone = {StepKind.SPLIT: moving.split, StepKind.LOCK: moving.lock, StepKind.UNLOCK: moving.unlock}
    return alone[StepKind(asked.kind)](draft, asked.grid)
