"""Working a draft out, in the background: read the place, prepare the ground, divide, judge, keep."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from linli.accounts.rules import require
from linli.core import clock, progress
from linli.gridplans.actions.doors import KEPT_DAYS, lock_plan
from linli.gridplans.choices import Basis, PlanState
from linli.gridplans.collecting import Standing, communities_of, digests_of, place_of, standing
from linli.gridplans.models import GridPlan, PlanPart
from linli.gridplans.parts import Held, begin_draft, fill, locked_by_hand, new_part, starting_point
from linli.gridplans.rules import PLAN
from linli.gridplans.values import Asked
from linli.jobs import actions as jobs
from linli.jobs.models import Job
from linli.journal import actions as journal

STEPS = 100


def make_plan(job: Job, by: Any, *, plan: int) -> None:
    """Work a draft out for a job. Raises ``jobs.Failed`` with the reason in words."""
    row = GridPlan.objects.select_related("area", "source").get(pk=plan)
    require(by, PLAN, row)
    progress.begin("grids.read", 0)
    communities = communities_of(row.area)
    digests = digests_of([community.pk for community in communities])
    _require_boundaries(communities)
    # Where no household is written down nothing says how to divide; what is there stays.
    standings = [one for one in standing(communities) if any(house.households for house in one.houses)]
    if not standings:
        raise jobs.Failed(_("No home of this place is written down. Bring buildings and homes in, then plan again."))
    parts, problems = _divide(row, standings, digests)
    with transaction.atomic():
        locked = lock_plan(row)
        if locked.state != PlanState.WAITING:
            raise jobs.Failed(_("Somebody threw this draft away meanwhile."))
        PlanPart.objects.bulk_create(parts, batch_size=20)
        locked.state, locked.problems, locked.version = PlanState.READY, problems, locked.version + 1
        locked.changed_at = clock.now()
        locked.expires_on = clock.today() + timedelta(days=KEPT_DAYS)
        locked.save(update_fields=["state", "problems", "version", "changed_at", "expires_on"])
        grids = sum(len(part.grids) for part in parts)
        journal.record(by, "gridplans.make", locked, detail={"communities": len(parts), "grids": grids})
        jobs.finish(job, result={"communities": len(parts), "grids": grids})


def _require_boundaries(communities: list[Any]) -> None:
    if not communities:
        raise jobs.Failed(_("There is no community in this place. Add communities first."))
    bare = [community.name for community in communities if not community.geometry]
    if bare:
        text = _("No boundary is drawn of %(names)s. Draw it under “Areas”, then plan again.")
        raise jobs.Failed(text % {"names": "、".join(bare[:5])})


def _divide(
    row: GridPlan, standings: list[Standing], digests: dict[int, str]
) -> tuple[list[PlanPart], list[dict[str, str]]]:
    """Return the rows of all communities, divided, and the buildings that were not taken as they came."""
    # Only here: these load what no page may load.
    from linli.planner.ground import prepare
    from linli.planner.replanning import divide

    asked, held = Asked.read(row.settings), _held(row)
    digits = standings[0].digits()
    progress.begin("grids.ground", STEPS)
    grounds = prepare(place_of(standings, row.roads), asked.settings(digits), _Share().tell)
    by_code = {ground.code: ground for ground in grounds.communities}
    progress.begin("grids.divide", len(standings))
    parts = []
    for one in standings:
        draft = begin_draft(row, one, by_code[one.community.code])
        kept = held.get(one.community.pk, [])
        previous = starting_point(draft, kept, afresh=asked.basis == Basis.AFRESH)
        fill(draft, divide(draft.ground, draft.settings, previous), kept)
        parts.append(new_part(row, one, draft, digests[one.community.pk]))
        progress.advance()
    problems = [
        {"building": problem.key, "reason": str(problem.reason), "about": problem.about} for problem in grounds.problems
    ]
    return parts, problems


def _held(row: GridPlan) -> dict[int, list[Held]]:
    """Return the locked grids of the draft that this one began from, by community."""
    if row.source is None:
        return {}
    return {part.community_id: locked_by_hand(part) for part in row.source.parts.defer("ground", "land")}


class _Share:
    """Turns the planner's share of its work into steps of ours."""

    def __init__(self) -> None:
        self._told = 0

    def tell(self, share: float, words: str) -> None:
        done = int(share * STEPS)
        progress.advance(max(0, done - self._told))
        self._told = max(self._told, done)
