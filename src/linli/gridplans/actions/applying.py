"""Bringing a draft into force: grids opened, closed and redrawn, and everything in them moved, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linli.accounts.rules import require
from linli.agreements import actions as agreements
from linli.areas import bulk as areas
from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.redrawn import Redrawn, Rows
from linli.cases import actions as cases
from linli.core import clock, progress
from linli.gridplans.actions.doors import lock_plan, require_ready
from linli.gridplans.actions.telling import served_by, tell
from linli.gridplans.changing import (
    Outlook,
    PartChange,
    change_of,
    immovable,
    outlook_of,
    posts_in_force,
)
from linli.gridplans.checking import remarks_of
from linli.gridplans.choices import APPLY, CheckLevel, PlanState
from linli.gridplans.history import standing_on
from linli.gridplans.models import Applied, GridPlan
from linli.gridplans.queries import checks_for, parts_of
from linli.gridplans.rules import REDRAW, NotPossible, Stale
from linli.gridplans.values import Asked
from linli.housing import actions as housing
from linli.housing.models import Building
from linli.jobs import actions as jobs
from linli.jobs.models import Job
from linli.journal import actions as journal
from linli.people import actions as ledger
from linli.units import actions as units

MOST_SAID = 8


def outlook(plan: GridPlan) -> tuple[Outlook, list[str]]:
    """Return what applying a draft would do, and in words what stands in its way."""
    changes = changes_of(plan)
    return outlook_of(changes), _obstacles(plan, changes)


@transaction.atomic
def ask_to_apply(plan: GridPlan, *, version: int | None = None, by: Any) -> GridPlan:
    """Let a draft be brought into force in the background.

    Raises:
        Refused: this is not for ``by`` to do.
        Stale: the draft changed since ``version``.
        NotPossible: something stands in the way, in words.
    """
    require(by, REDRAW, plan)
    locked = lock_plan(plan)
    require_version(locked, version)
    require_ready(locked)
    obstacles = _obstacles(locked, changes_of(locked))
    if obstacles:
        raise NotPossible(*obstacles)
    locked.job = jobs.start(APPLY, by=by)
    locked.save(update_fields=["job"])
    jobs.queue(locked.job, {"plan": locked.pk, "version": locked.version}, long=True)
    return locked


def bring_into_force(job: Job, by: Any, *, plan: int, version: int) -> None:
    """Apply a draft for a job: all of it or nothing. Raises ``jobs.Failed`` with the reasons in words."""
    with transaction.atomic():
        locked = lock_plan(GridPlan(pk=plan))
        require(by, REDRAW, locked)
        if locked.state != PlanState.READY or locked.version != version:
            raise jobs.Failed(_("The draft was changed meanwhile. Look at it again, then apply it."))
        progress.begin("grids.apply", 0)
        changes = changes_of(locked)
        obstacles = _obstacles(locked, changes)
        if obstacles:
            raise jobs.Failed("\n".join(obstacles))
        said = outlook_of(changes)
        # Whose post ends is told, too.
        people = served_by(change.part.community for change in changes)
        try:
            record = apply_changes(changes, by)
        except ValidationError as wrong:
            raise jobs.Failed("\n".join(wrong.messages)) from wrong
        outcome = said.__dict__ | {"cases": len(record["cases"])}
        Applied.objects.create(
            plan=locked, record=record, outcome=outcome, at=clock.now(), by=by.username, by_name=by.name
        )
        locked.state, locked.version, locked.changed_at = PlanState.APPLIED, locked.version + 1, clock.now()
        locked.changed_by_name = by.name
        locked.save(update_fields=["state", "version", "changed_at", "changed_by_name"])
        journal.record(by, "gridplans.apply", locked, detail=_numbers(said))
        tell("gridplans.applied", locked, people, by)
        jobs.finish(job, result=_numbers(said))


def changes_of(plan: GridPlan) -> list[PartChange]:
    """Return what a draft changes, community by community."""
    return [change_of(part) for part in parts_of(plan, whole=True)]


def apply_changes(changes: Sequence[PartChange], by: Any) -> dict[str, Any]:
    """Write all changes, and return what is needed to put everything back. Raises ``jobs.Failed`` for what is left."""
    record: dict[str, Any] = {"redrawn": {}, "opened": [], "closed": [], "buildings": {}, "put": {}, "reasons": {}}
    record |= {"ends": {}, "carried": {}}
    affected: list[int] = []
    successors: dict[int, Area] = {}
    posts: dict[int, int] = {}
    progress.begin("grids.move", len(changes))
    for change in changes:
        areas_of = _redraw(change, record, by)
        affected += [*change.redrawn, *change.closed, *(areas_of[key].pk for key in change.opened)]
        successors |= {grid: areas_of[key] for grid, key in change.successors().items() if key in areas_of}
        posts |= _carry(change, areas_of, record, by)
        progress.advance()
    progress.begin("grids.follow", 0)
    redrawn = redrawn_now([change.part.community for change in changes], affected, record["closed"], successors, posts)
    # Before the rest follows: nothing finds its place in a grid that closes.
    for change in changes:
        areas.close_grids(change.part.community, change.closed, by=by)
    record["rows"] = follow_rows(redrawn, by)
    record["cases"] = cases.follow_grids(redrawn, by=by)
    require_nothing_left(record["closed"])
    record["after"] = after_of([*record["redrawn"], *record["opened"]])
    return record


def redrawn_now(
    communities: Sequence[Area],
    affected: Sequence[int],
    closed: Sequence[int],
    successors: Mapping[int, Area],
    posts: Mapping[int, int],
    **exact: Any,
) -> Redrawn:
    """Return what became of the grids of communities, as the tables have it by now."""
    grids = Area.objects.current().filter(pk__in=affected, level=Level.GRID).exclude(pk__in=closed)
    paths = dict(Area.objects.filter(pk__in=closed).values_list("path", "pk"))
    return Redrawn(communities, list(grids), affected, paths, successors, posts=posts, **exact)


def follow_rows(redrawn: Redrawn, by: Any) -> Rows:
    """Let everything follow that no building carries but cases, and return where it was."""
    return {
        **housing.follow_grids(redrawn, by=by),
        **units.follow_grids(redrawn, by=by),
        **agreements.follow_grids(redrawn, by=by),
        **ledger.follow_grids(redrawn, by=by),
    }


def require_nothing_left(closed: Sequence[int]) -> None:
    """Raise ``jobs.Failed`` while anything that should follow still lies in grids that close."""
    grids = list(Area.objects.filter(pk__in=closed).only("pk", "path"))
    left = [f"{model._meta.verbose_name_plural}: {len(rows)}" for model, rows in standing_on(grids)]
    if left:
        text = _("Some things would be left in grids that close: %(what)s. Keep those grids, or move these first.")
        raise jobs.Failed(text % {"what": "、".join(left[:MOST_SAID])})


def require_version(plan: GridPlan, version: int | None) -> None:
    """Raise ``Stale`` when the draft changed since the version that somebody saw."""
    if version is not None and version != plan.version:
        raise Stale(plan.version)


def after_of(grids: Sequence[Any]) -> dict[int, list[Any]]:
    """Return key of a grid → what tells whether somebody changed it since: name, bounds, whether it is closed."""
    rows = Area.objects.filter(pk__in=grids).values_list("pk", "name", "bounds", "closed_on")
    return {pk: [name, bounds, closed is not None] for pk, name, bounds, closed in rows}


def _redraw(change: PartChange, record: dict[str, Any], by: Any) -> dict[str, Area]:
    """Open and redraw the grids of a community and put its buildings into them; return key of the draft → grid."""
    community = change.part.community
    before = Area.objects.filter(pk__in=change.redrawn).values_list("pk", "name", "geometry")
    record["redrawn"] |= {pk: {"name": name, "geometry": geometry} for pk, name, geometry in before}
    opened = areas.redraw_grids(community, change.redrawn, list(change.opened.values()), by=by)
    found = dict(zip(change.opened, opened, strict=True))
    there = Area.objects.in_bulk(list(change.stays.values()))
    found |= {key: there[pk] for key, pk in change.stays.items()}
    record["opened"] += [area.pk for area in opened]
    record["closed"] += change.closed
    was = Building.objects.filter(community=community, pk__in=change.homes).order_by("pk")
    record["buildings"] |= dict(was.values_list("pk", "grid"))
    homes = {building: found[key] for building, key in change.homes.items()}
    record["put"] |= {building: grid.pk for building, grid in homes.items()}
    housing.put_into_grids(community, homes, by=by)
    asked = Asked.read(change.part.plan.settings)
    sizes = {
        found[key].pk: (row["households"], row["reason"])
        for key, row in change.part.grids.items()
        if row["reason"] and any(told.level == CheckLevel.EXPLAIN for told in remarks_of(row, asked))
    }
    record["reasons"] |= areas.explain_sizes(community, sizes, by=by)
    return found


def _carry(change: PartChange, areas_of: Mapping[str, Area], record: dict[str, Any], by: Any) -> dict[int, int]:
    """End the posts of grids that close; return key of a post → key of the one that goes on for it."""
    goes_on = {grid: areas_of[key] if key is not None else None for grid, key in change.carried().items()}
    before = {post.pk: post.until for posts in posts_in_force(change.closed).values() for post in posts}
    carried = areas.carry_posts(change.part.community, goes_on, by=by)
    record["ends"] |= {pk: str(until) if until else None for pk, until in before.items()}
    record["carried"] |= carried
    return {old: new for old, new in carried.items() if new is not None}


def _obstacles(plan: GridPlan, changes: Sequence[PartChange]) -> list[str]:
    hindering = checks_for(plan, [change.part for change in changes]).hindering()
    return [*hindering, *immovable([grid for change in changes for grid in change.closed])]


def _numbers(said: Outlook) -> dict[str, int]:
    return {
        "opened": len(said.opened),
        "closed": len(said.closed),
        "redrawn": said.redrawn,
        "buildings": said.moved_buildings,
        "households": said.moved_households,
        "posts_carried": len(said.carried),
        "posts_ended": len(said.ended),
    }
