"""Reading drafts of grids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.scope import scope_paths
from linli.core.paths import within
from linli.gridplans.checking import Checks, checks_of
from linli.gridplans.choices import ENDED, PlanState, StepKind
from linli.gridplans.collecting import digests_of
from linli.gridplans.drafting import figures_together
from linli.gridplans.models import HEAVY, Applied, GridPlan, PlanPart, PlanStep
from linli.gridplans.parts import LAYERS
from linli.gridplans.rules import PLAN, may_plan, may_redraw
from linli.jobs.choices import JobState
from linli.jobs.queries import progress_of

LEVELS = (Level.DISTRICT, Level.STREET, Level.COMMUNITY)
# Seconds in which steps by hand do not look again whether all grids and buildings are as they were.
LOOK_AGAIN = 20
# Of a community, what a step needs of those that it does not change.
LIGHT = ("ground", "land", "buildings", "households", "before", "present", "assignment", "shapes")


def plans_for(user: Any) -> QuerySet[GridPlan]:
    """Return the drafts of the user's reach that were not thrown away, the last changed first."""
    rows = GridPlan.objects.visible_to(user).exclude(state=PlanState.DISCARDED)
    return rows.select_related("area", "job").defer(*HEAVY, "problems", "area__geometry", "area__bounds")


def plan_for(user: Any, pk: int) -> GridPlan:
    """Return one draft of the user's reach. Raises ``GridPlan.DoesNotExist``."""
    rows = GridPlan.objects.visible_to(user).select_related("area", "job")
    return rows.defer(*HEAVY, "area__geometry", "area__bounds").get(pk=pk)


def places_for(user: Any) -> QuerySet[Area]:
    """Return the communities, streets and districts for which a user may draw drafts."""
    areas = Area.objects.current().filter(within(scope_paths(user, PLAN)), level__in=LEVELS)
    return areas.defer("geometry", "bounds").order_by("path")


def state_of(plan: GridPlan) -> PlanState:
    """Return where a draft stands, its background work included. Needs the job loaded."""
    job = plan.job
    if job is not None and job.is_open:
        return PlanState.WAITING if job.state == JobState.WAITING else PlanState.RUNNING
    if job is not None and plan.state == PlanState.WAITING:
        return PlanState.CANCELLED if job.state == JobState.CANCELLED else PlanState.FAILED
    return PlanState(plan.state)


def busy(plan: GridPlan) -> bool:
    """Tell whether background work on a draft waits or runs."""
    return plan.job is not None and plan.job.is_open


def share_done(plan: GridPlan) -> float:
    """Return how much of the present step of the work is done, from 0 to 1."""
    if plan.job is None:
        return 0.0
    progress = progress_of(plan.job)
    return min(1.0, progress.done / progress.total) if progress.total else 0.0


def parts_of(plan: GridPlan, *, whole: bool = False) -> list[PlanPart]:
    """Return the communities of a draft by their codes: all of them, or only what checks and figures need."""
    rows = plan.parts.select_related("community").defer("community__geometry", "community__bounds")
    found = list(rows.defer("ground", "land") if whole else rows.defer(*LIGHT))
    for part in found:
        part.plan = plan
    return found


def layers_of(plan: GridPlan) -> dict[str, str]:
    """Return what the map shows and no step changes: layer → its features as JSON, written when the draft was made."""
    lands = list(plan.parts.order_by("community__code").values_list("land", flat=True))
    lines = zip(*(land.split("\n") for land in lands), strict=True) if lands else ((),) * len(LAYERS)
    return {name: ",".join(filter(None, line)) for name, line in zip(LAYERS, lines, strict=True)}


def changed_communities(plan: GridPlan) -> list[str]:
    """Return the names of the communities in which grids or buildings changed since the draft was made."""
    kept = list(plan.parts.order_by("community__code").values_list("community", "community__name", "digest"))
    now = digests_of([community for community, _name, _digest in kept])
    return [name for community, name, digest in kept if now[community] != digest]


def checks_for(plan: GridPlan, parts: Iterable[PlanPart], *, stepping: bool = False) -> Checks:
    """Return what is to be seen about a draft before it is applied.

    ``stepping``: a step by hand follows the other; communities that changed since may be known from a moment ago.
    """
    if plan.state != PlanState.READY:
        return checks_of(plan, parts, [])
    name = f"gridplans:changed:{plan.pk}"
    changed: list[str] | None = cache.get(name) if stepping else None
    if changed is None:
        changed = changed_communities(plan)
        cache.set(name, changed, LOOK_AGAIN)
    return checks_of(plan, parts, changed)


def figures_of(parts: Iterable[PlanPart]) -> dict[str, Any]:
    """Return the figures of a draft and of the present over the same ground; None where there is none."""
    known = list(parts)
    return {
        "draft": figures_together([part.figures for part in known]),
        "present": figures_together([part.present_figures for part in known if part.present_figures]),
    }


def may_do(plan: GridPlan, user: Any) -> list[str]:
    """Return what a user can do with a draft as it stands: the words of the JSON interface."""
    return [*_planning(plan, user), *_redrawing(plan, user)]


def _planning(plan: GridPlan, user: Any) -> list[str]:
    if not may_plan(user, plan):
        return []
    state = state_of(plan)
    if busy(plan):
        return ["cancel"] if plan.job is not None and plan.job.requested_by == user.username else []
    can = {
        "edit": state == PlanState.READY,
        "undo": state == PlanState.READY and plan.done > 0,
        "redo": state == PlanState.READY and _last_step(plan) > plan.done,
        "rest": state == PlanState.READY,
        "copy": state in (PlanState.READY, PlanState.APPLIED, PlanState.REVERTED),
        "discard": state not in ENDED,
    }
    return [name for name, possible in can.items() if possible]


def _redrawing(plan: GridPlan, user: Any) -> list[str]:
    if busy(plan) or not may_redraw(user, plan):
        return []
    return {PlanState.READY: ["apply"], PlanState.APPLIED: ["revert"]}.get(PlanState(plan.state), [])


def step_words(plan: GridPlan) -> tuple[str | None, str | None]:
    """Return what would be undone and what done again, in words; None where there is nothing."""
    steps = {
        step.number: step for step in plan.steps.filter(number__in=(plan.done, plan.done + 1)).defer("back", "forth")
    }
    undo, redo = steps.get(plan.done), steps.get(plan.done + 1)
    return (words_of(undo) if undo else None, words_of(redo) if redo else None)


def words_of(step: PlanStep) -> str:
    """Return what a step did, in words."""
    about: Mapping[str, Any] = {"count": 0, "grid": "", "to": ""} | step.about
    if step.kind == StepKind.MOVE:
        text = ngettext("%(count)d building to %(grid)s", "%(count)d buildings to %(grid)s", about["count"])
        return text % about
    texts = {
        StepKind.MERGE: _("%(grid)s joined with %(to)s"),
        StepKind.SPLIT: _("%(grid)s divided"),
        StepKind.LOCK: _("%(grid)s locked"),
        StepKind.UNLOCK: _("%(grid)s unlocked"),
        StepKind.RENAME: _("%(grid)s is called %(to)s"),
        StepKind.EXPLAIN: _("Reason for %(grid)s"),
    }
    return texts[StepKind(step.kind)] % about


def applied_of(plan: GridPlan) -> Applied | None:
    """Return what a draft changed when it came into force, without the rows to put back."""
    return Applied.objects.filter(plan=plan).defer("record").first()


def _last_step(plan: GridPlan) -> int:
    last = plan.steps.order_by("-number").values_list("number", flat=True).first()
    return last or 0
