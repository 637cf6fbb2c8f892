"""Open cases follow grids that were drawn anew, and so does who answers for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q

from linli.accounts.rules import require
from linli.areas.models import Area, Post
from linli.areas.queries import accountable_posts
from linli.areas.redrawn import Redrawn
from linli.cases.models import Case
from linli.cases.workflow import OPEN_STATES
from linli.core.paths import within
from linli.journal import actions as journal

LABEL = Case._meta.label_lower
# Of a case before: its grid, and the posts that answered for it and acted.
Before = dict[int, tuple[int, int | None, int | None]]


@transaction.atomic
def follow_grids(redrawn: Redrawn, *, by: Any) -> Before:
    """Let open cases follow; called when buildings and posts are where they belong. Returns how the cases were before.

    A case about a building goes where the building is, another where its place is, else where most of its grid went.
    Where the post that answers, or acts, is that of another grid now, the post goes on that follows it, or else the one
    that answers for the new grid.
    """
    for community in redrawn.communities:
        require(by, "grids.redraw", community)
    cases = _concerned(redrawn)
    placed = _placed(cases, redrawn)
    fallback = accountable_posts({area.pk: area for area in placed.values()}.values())
    grid_of = dict(Post.objects.filter(area__in=redrawn.affected).values_list("pk", "area"))
    before: Before = {}
    for case in cases:
        was = (case.area_id, case.owner_id, case.handler_id)
        area = placed.get(case.pk)
        if area is not None:
            case.area, case.path = area, area.path
        if case.pk in redrawn.owners:
            case.owner_id, case.handler_id = redrawn.owners[case.pk]
        else:
            case.owner_id = _goes_on(case.owner_id, case, redrawn, grid_of, fallback)
            case.handler_id = _goes_on(case.handler_id, case, redrawn, grid_of, fallback)
        if was != (case.area_id, case.owner_id, case.handler_id):
            before[case.pk] = was
    changed = [case for case in cases if case.pk in before]
    Case.objects.bulk_update(changed, ["area", "path", "owner", "handler"], batch_size=200)
    journal.record(by, "cases.follow_grids", detail={"cases": len(changed)})
    return before


def _concerned(redrawn: Redrawn) -> list[Case]:
    known = Q(state__in=OPEN_STATES) | Q(pk__in=redrawn.exact.get(LABEL, {}))
    rows = Case.objects.select_for_update(of=("self",)).filter(known)
    here = within([community.path for community in redrawn.communities])
    return list(rows.filter(here).select_related("building").only(*_FIELDS).order_by("pk"))


_FIELDS = (
    *("area_id", "path", "owner_id", "handler_id", "longitude", "latitude", "building_id"),
    *("building__grid_id", "building__path"),
)


def _placed(cases: Sequence[Case], redrawn: Redrawn) -> dict[int, Area]:
    """Return case → its grid now, for all that lie in a grid that was drawn anew."""
    affected, by_key = {*redrawn.affected}, {grid.pk: grid for grid in redrawn.grids}
    found: dict[int, Area] = {}
    for case in cases:
        if case.area_id not in affected and case.pk not in redrawn.exact.get(LABEL, {}):
            continue
        built_in = case.building.grid_id if case.building is not None else None
        exact = redrawn.exact.get(LABEL, {}).get(case.pk)
        place = (case.pk, case.area_id, case.longitude, case.latitude)
        area = exact or by_key.get(built_in or 0) or redrawn.place(LABEL, place)
        found[case.pk] = area or by_key.get(case.area_id) or case.area
    return found


def _goes_on(
    post: int | None, case: Case, redrawn: Redrawn, grid_of: Mapping[int, int], fallback: Mapping[int, Post]
) -> int | None:
    """Return the post that goes on for another: itself, unless it is that of a grid in which the case is no more."""
    if post is None or post not in grid_of or (grid_of[post] == case.area_id and post not in redrawn.posts):
        return post
    follower = redrawn.posts.get(post)
    if follower is not None and grid_of.get(follower) == case.area_id:
        return follower
    instead = fallback.get(case.area_id)
    return instead.pk if instead is not None else None
