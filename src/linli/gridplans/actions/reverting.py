"""Taking a draft back that is in force, while nothing newer stands on it: every row goes where it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.accounts.rules import require
from linli.areas import bulk as areas
from linli.areas.models import Area, Post
from linli.areas.redrawn import NewGrid
from linli.cases import actions as cases
from linli.core import clock, progress
from linli.core.paths import ancestors, covers
from linli.gridplans.actions.applying import (
    after_of,
    follow_rows,
    redrawn_now,
    require_nothing_left,
    require_version,
)
from linli.gridplans.actions.doors import lock_plan
from linli.gridplans.actions.telling import served_by, tell
from linli.gridplans.choices import REVERT, PlanState
from linli.gridplans.history import standing_on
from linli.gridplans.models import Applied, GridPlan
from linli.gridplans.rules import REDRAW, NotPossible
from linli.housing import actions as housing
from linli.housing.models import Building
from linli.jobs import actions as jobs
from linli.jobs.models import Job
from linli.journal import actions as journal

CASES, BUILDINGS, POSTS = "cases.case", "housing.building", "areas.post"
# What hangs on a building goes where the building goes.
ON_BUILDINGS = (
    *("housing.dwelling", "people.household", "people.person", "people.correction", "declarations.declaration"),
    *("units.unit", "agreements.agreement"),
)


@transaction.atomic
def ask_to_revert(plan: GridPlan, *, version: int | None = None, by: Any) -> GridPlan:
    """Let a draft that is in force be taken back in the background.

    Raises:
        Refused: this is not for ``by`` to do.
        Stale: it changed since ``version``.
        NotPossible: something newer stands on it, in words.
    """
    require(by, REDRAW, plan)
    locked = lock_plan(plan)
    require_version(locked, version)
    if locked.job is not None and locked.job.is_open:
        raise NotPossible(_("Work on this draft is going on. Wait until it is done."))
    newer = newer_than(_applied(locked))
    if newer:
        raise NotPossible(*newer)
    locked.job = jobs.start(REVERT, by=by)
    locked.save(update_fields=["job"])
    jobs.queue(locked.job, {"plan": locked.pk}, long=True)
    return locked


def take_back(job: Job, by: Any, *, plan: int) -> None:
    """Take a draft back for a job: all of it or nothing. Raises ``jobs.Failed`` with the reasons in words."""
    with transaction.atomic():
        locked = lock_plan(GridPlan(pk=plan))
        require(by, REDRAW, locked)
        progress.begin("grids.revert", 0)
        try:
            applied = _applied(locked)
            newer = newer_than(applied)
            if newer:
                raise NotPossible(*newer)
            _put_back(applied, by)
        except NotPossible as refusal:
            raise jobs.Failed("\n".join(refusal.messages)) from refusal
        except ValidationError as wrong:
            raise jobs.Failed("\n".join(wrong.messages)) from wrong
        applied.reverted_at, applied.reverted_by_name = clock.now(), by.name
        applied.save(update_fields=["reverted_at", "reverted_by_name"])
        locked.state, locked.version, locked.changed_at = PlanState.REVERTED, locked.version + 1, clock.now()
        locked.changed_by_name = by.name
        locked.save(update_fields=["state", "version", "changed_at", "changed_by_name"])
        journal.record(by, "gridplans.revert", locked)
        communities = [part.community for part in locked.parts.defer("ground", "land").select_related("community")]
        tell("gridplans.reverted", locked, served_by(communities), by)
        jobs.finish(job)


def newer_than(applied: Applied) -> list[str]:
    """Return in words what newer things stand on a draft that is in force."""
    record, plan = applied.record, applied.plan
    later = Applied.objects.filter(reverted_at=None, pk__gt=applied.pk).exclude(pk=applied.pk).select_related("plan")
    found = [
        _("Another draft was applied here since, on %(day)s. Take that back first.") % {"day": f"{one.at:%Y-%m-%d}"}
        for one in later.defer("record")
        if covers(one.plan.path, plan.path) or covers(plan.path, one.plan.path)
    ]
    now = after_of(_keys(record["after"]))
    changed = [pk for pk, seen in record["after"].items() if now.get(int(pk)) != seen]
    if changed:
        names = Area.objects.filter(pk__in=_keys(changed)).order_by("code").values_list("name", flat=True)
        text = _("Somebody renamed, redrew or closed these grids since: %(names)s.")
        found.append(text % {"names": "、".join(names)})
    put = {int(key): grid for key, grid in record["put"].items()}
    there = Building.everything.filter(pk__in=put).values_list("pk", "grid")
    elsewhere = sum(grid != put[pk] for pk, grid in there)
    if elsewhere:
        text = ngettext(
            "%(count)d building was put into another grid since.",
            "%(count)d buildings were put into other grids since.",
            elsewhere,
        )
        found.append(text % {"count": elsewhere})
    return [*found, *_new_on(record), *_posts_changed(record)]


def _new_on(record: Mapping[str, Any]) -> list[str]:
    """Return in words what stands in the grids that would close, and was not brought there by the draft."""
    own: dict[str, set[int]] = {label: set(_keys(rows)) for label, rows in record["rows"].items()}
    own[CASES] = set(_keys(record["cases"]))
    own[BUILDINGS] = set(_keys(record["put"]))
    own[POSTS] = {new for new in record["carried"].values() if new is not None}
    grids = list(Area.objects.filter(pk__in=record["opened"]).only("pk", "path"))
    found = []
    for model, keys in standing_on(grids):
        label = model._meta.label_lower
        new = keys - own.get(label, set())
        if label in ON_BUILDINGS and new:
            new = _not_in_buildings(model, new, own[BUILDINGS])
        if new:
            text = _("New in the grids that would close: %(what)s (%(count)d).")
            found.append(text % {"what": model._meta.verbose_name_plural, "count": len(new)})
    return found


def _not_in_buildings(model: Any, keys: set[int], buildings: set[int]) -> set[int]:
    """Return those rows that no building of the draft carries along."""
    ways = {
        "dwelling": "building",
        "household": "dwelling__building",
        "person": "residences__household__dwelling__building",
        "correction": "person__residences__household__dwelling__building",
        "declaration": "building",
        "unit": "building",
        "agreement": "building",
    }
    way = ways[model._meta.model_name]
    manager: Any = getattr(model, "everything", model._default_manager)
    carried: set[int] = set()
    known = sorted(buildings)
    for start in range(0, len(known), 500):
        some = {f"{way}__in": known[start : start + 500]}
        carried |= set(manager.filter(**some).values_list("pk", flat=True)) & keys
    return keys - carried


def _posts_changed(record: Mapping[str, Any]) -> list[str]:
    carried = {int(old): new for old, new in record["carried"].items() if new is not None}
    pairs = Post.objects.in_bulk([*carried, *carried.values()])
    changed = any(
        new not in pairs or old not in pairs or pairs[new].holder_id != pairs[old].holder_id or pairs[new].until
        for old, new in carried.items()
    )
    return [_("Posts of the new grids were given to others or ended since.")] if changed else []


def _put_back(applied: Applied, by: Any) -> None:
    record = applied.record
    old = {int(key): grid for key, grid in record["buildings"].items()}
    there = Area.objects.in_bulk({*record["closed"], *_keys(record["redrawn"]), *record["opened"]})
    communities = _communities(there.values())
    affected = list(there)
    for community in communities:
        _redraw_back(community, record, there, by)
    # Those that closed are open by now.
    there = Area.objects.in_bulk(affected)
    for community in communities:
        own = Building.objects.filter(community=community, pk__in=old).values_list("pk", flat=True)
        homes = {pk: there[old[pk]] if old[pk] is not None else None for pk in own}
        housing.put_into_grids(community, homes, by=by)
    successors = _where_they_came_from(record, there)
    exact = _exact(record, there)
    owners = {int(key): (was[1], was[2]) for key, was in record["cases"].items()}
    ends = {int(key): date.fromisoformat(until) if until else None for key, until in record["ends"].items()}
    carried = {new: int(one) for one, new in record["carried"].items() if new is not None}
    redrawn = redrawn_now(communities, affected, record["opened"], successors, carried, exact=exact, owners=owners)
    for community in communities:
        areas.close_grids(community, [pk for pk in record["opened"] if covers(community.path, there[pk].path)], by=by)
    follow_rows(redrawn, by)
    # Before the cases: a post that holds again can act again.
    post_areas = dict(Post.objects.filter(pk__in=ends).values_list("pk", "area__path"))
    for community in communities:
        own_ends = {pk: until for pk, until in ends.items() if covers(community.path, post_areas.get(pk, ""))}
        areas.put_back_posts(community, own_ends, {}, by=by)
    cases.follow_grids(redrawn, by=by)
    for community in communities:
        areas.put_back_posts(community, {}, carried, by=by)
        reasons = {
            int(pk): said for pk, said in record["reasons"].items() if covers(community.path, there[int(pk)].path)
        }
        areas.put_back_reasons(community, reasons, by=by)
    require_nothing_left(record["opened"])


def _redraw_back(community: Area, record: Mapping[str, Any], there: Mapping[int, Area], by: Any) -> None:
    """Give the grids of a community the names and boundaries back that they had, and open those again that closed."""
    before = {int(key): was for key, was in record["redrawn"].items()}
    grids = {
        pk: NewGrid(area.code, before[pk]["name"], before[pk]["geometry"]) if pk in before else _as_it_is(area)
        for pk, area in there.items()
        if pk not in record["opened"] and covers(community.path, area.path)
    }
    areas.redraw_grids(community, grids, [], by=by)


def _as_it_is(area: Area) -> NewGrid:
    return NewGrid(area.code, area.name, area.geometry or {})


def _where_they_came_from(record: Mapping[str, Any], there: Mapping[int, Area]) -> dict[int, Area]:
    """Return for each grid that closes the one that most of its buildings came from."""
    counted: dict[int, dict[int, int]] = {}
    for key, grid in record["put"].items():
        before = record["buildings"].get(key)
        if before is not None and grid in record["opened"]:
            counted.setdefault(grid, {}).setdefault(before, 0)
            counted[grid][before] += 1
    return {grid: there[max(sorted(sums), key=lambda pk: sums[pk])] for grid, sums in counted.items()}


def _exact(record: Mapping[str, Any], there: Mapping[int, Area]) -> dict[str, dict[int, Area]]:
    found = {
        label: {int(key): there[grid] for key, grid in rows.items() if grid in there}
        for label, rows in record["rows"].items()
    }
    found[CASES] = {int(key): there[was[0]] for key, was in record["cases"].items() if was[0] in there}
    return found


def _communities(grids: Iterable[Area]) -> list[Area]:
    paths = {path for grid in grids for path in ancestors(grid.path, include_self=False)}
    return list(Area.objects.filter(path__in=paths, level="community").order_by("code"))


def _applied(plan: GridPlan) -> Applied:
    applied = Applied.objects.filter(plan=plan, reverted_at=None).select_related("plan").first()
    if applied is None:
        raise NotPossible(_("This draft is not in force."))
    return applied


def _keys(rows: Iterable[Any]) -> list[int]:
    return [int(key) for key in rows]
