"""Doors for many rows at once: the consents of an invented place, and the grids of a community that are drawn anew."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from linli.accounts.rules import require
from linli.areas.actions import geometry_changed, next_path, put_geometry
from linli.areas.bands import bands
from linli.areas.choices import AreaKind, Level
from linli.areas.models import Absence, Area, Post, SizeReason
from linli.areas.redrawn import NewGrid
from linli.areas.signals import places_changed
from linli.areas.terms import area_terms
from linli.core import clock
from linli.core.paths import within
from linli.journal import actions as journal

REDRAW = "grids.redraw"
REASON_FIELDS = ("side", "size", "text", "given_on", "given_by", "given_by_name")


def agree_names(posts: Iterable[Post], on: date, *, by: Any) -> None:
    """Write that the holders of these posts agreed on a day to be named on the board, with one entry in the journal."""
    require(by, "posts.edit")
    keys = [post.pk for post in posts if post.holder_id is not None]
    Post.objects.filter(pk__in=keys).update(name_agreed_on=on)
    journal.record(by, "posts.agree_names", object_type=Post._meta.label_lower, detail={"count": len(keys)})


@transaction.atomic
def redraw_grids(community: Area, grids: Mapping[int, NewGrid], new: Sequence[NewGrid], *, by: Any) -> list[Area]:
    """Draw grids of a community anew and open others; return those that were opened, in their order.

    A code that a closed grid of this community had opens that grid again. One entry in the journal.

    Args:
        community: where they lie.
        grids: key of a grid that goes on, or that was closed and opens again → its name and boundary.
        new: grids to open.
        by: whoever redraws.

    Raises:
        ValidationError: a code is taken, or a boundary crosses itself.
    """
    require(by, REDRAW, community)
    closed = {area.code: area for area in Area.objects.select_for_update().under(community).exclude(closed_on=None)}
    opened = [_open(community, one, closed.get(one.code)) for one in new]
    for area in Area.objects.select_for_update().under(community).filter(pk__in=grids):
        one = grids[area.pk]
        area.name, area.closed_on = one.name, None
        put_geometry(area, one.geometry)
        area.search_terms = area_terms(area.name, community.name)
        area.save(update_fields=["name", "closed_on", "geometry", "bounds", "search_terms"])
    detail = {"community": community.code, "opened": [one.code for one in new], "redrawn": len(grids)}
    journal.record(by, "areas.redraw_grids", community, detail=detail)
    geometry_changed()
    places_changed.send(Area, paths=[community.path], drawn=True)
    return opened


@transaction.atomic
def close_grids(community: Area, grids: Collection[int], *, by: Any) -> None:
    """Close grids of a community as of today; whatever was in them is somewhere else by then."""
    require(by, REDRAW, community)
    rows = Area.objects.select_for_update().under(community).filter(pk__in=grids)
    codes = [area.code for area in rows]
    rows.update(closed_on=clock.today())
    journal.record(by, "areas.close_grids", community, detail={"community": community.code, "closed": sorted(codes)})
    geometry_changed()
    places_changed.send(Area, paths=[community.path], drawn=True)


@transaction.atomic
def carry_posts(community: Area, closing: Mapping[int, Area | None], *, by: Any) -> dict[int, int | None]:
    """End the posts of grids that close with yesterday, and let them go on where the grid goes on.

    One that began today, or is still to begin, so is never in force.

    Args:
        community: where the grids lie.
        closing: key of a grid that closes → the grid in which its posts go on, or None.
        by: whoever redraws.

    Returns:
        key of each post that ended → key of the one that goes on for it, or None.
    """
    require(by, REDRAW, community)
    today = clock.today()
    found: dict[int, int | None] = {}
    rows = Post.objects.select_for_update(of=("self",)).filter(Q(until=None) | Q(until__gte=today), area__in=closing)
    for post in rows.filter(within([community.path], "area__path")).order_by("pk"):
        goes_on = closing[post.area_id]
        found[post.pk] = None
        if goes_on is not None:
            found[post.pk] = _same_post(post, goes_on).pk
            Absence.objects.filter(post=post, until__gte=today).update(post=found[post.pk])
        post.until = today - timedelta(days=1)
        post.save(update_fields=["until"])
    carried = sum(key is not None for key in found.values())
    detail = {"community": community.code, "ended": len(found), "carried": carried}
    journal.record(by, "posts.carry", community, detail=detail)
    return found


@transaction.atomic
def put_back_posts(community: Area, ends: Mapping[int, date | None], carried: Mapping[int, int], *, by: Any) -> None:
    """Let posts be in force again as before, and end those that went on for them; one of today is gone.

    Args:
        community: where they lie.
        ends: key of a post that was ended → its end before.
        carried: key of each post that went on for another → that one; no case is with it any more.
        by: whoever takes the grids back.
    """
    require(by, REDRAW, community)
    rows = Post.objects.select_for_update(of=("self",)).filter(within([community.path], "area__path"))
    for post in rows.filter(pk__in=ends):
        post.until = ends[post.pk]
        post.save(update_fields=["until"])
    today = clock.today()
    for post in rows.filter(pk__in=carried):
        Absence.objects.filter(post=post).update(post=carried[post.pk])
        if post.since >= today:
            post.delete()
        else:
            post.until = today - timedelta(days=1)
            post.save(update_fields=["until"])
    journal.record(by, "posts.put_back", community, detail={"community": community.code, "posts": len(ends)})


@transaction.atomic
def explain_sizes(community: Area, reasons: Mapping[int, tuple[int, str]], *, by: Any) -> dict[int, Any]:
    """Accept sizes of grids, each for a reason: key of the grid → size and text. Return what was said before, or None.

    Sizes within the band of the grid need no reason and are left out.
    """
    require(by, REDRAW, community)
    known = bands()
    before: dict[int, Any] = {}
    for grid in Area.objects.current().under(community).filter(pk__in=reasons):
        size, text = reasons[grid.pk]
        side = known[AreaKind(grid.kind)].side_of(size)
        if side is None:
            continue
        row = SizeReason.objects.filter(grid=grid).first()
        before[grid.pk] = None if row is None else {name: str(getattr(row, name)) for name in REASON_FIELDS}
        values = {"side": side, "size": size, "text": text, "given_on": clock.today()}
        values |= {"given_by": by.username, "given_by_name": by.name}
        SizeReason.objects.update_or_create(grid=grid, defaults=values)
    journal.record(by, "areas.explain_sizes", community, detail={"community": community.code, "count": len(before)})
    return before


@transaction.atomic
def put_back_reasons(community: Area, before: Mapping[int, Mapping[str, str] | None], *, by: Any) -> None:
    """Put reasons for sizes back as they were: key of the grid → what was said, or None."""
    require(by, REDRAW, community)
    for grid in Area.objects.under(community).filter(pk__in=before):
        said = before[grid.pk]
        if said is None:
            SizeReason.objects.filter(grid=grid).delete()
        else:
            SizeReason.objects.update_or_create(grid=grid, defaults=dict(said))
    journal.record(by, "areas.put_back_reasons", community, detail={"count": len(before)})


def _open(community: Area, one: NewGrid, closed: Area | None) -> Area:
    if closed is None and Area.objects.filter(code=one.code).exists():
        raise ValidationError({"code": _("The code %(code)s is taken.") % {"code": one.code}})
    area = closed or Area(code=one.code, level=Level.GRID, parent=community, opened_on=clock.today())
    area.name, area.kind, area.closed_on = one.name, one.kind or AreaKind.RESIDENTIAL, None
    if closed is None:
        area.path = next_path(community)
    put_geometry(area, one.geometry)
    area.search_terms = area_terms(area.name, community.name)
    area.save()
    return area


def _same_post(post: Post, area: Area) -> Post:
    again = Post.objects.get(pk=post.pk)
    again.pk, again._state.adding = None, True
    again.area, again.since = area, max(post.since, clock.today())
    again.save(force_insert=True)
    return again
