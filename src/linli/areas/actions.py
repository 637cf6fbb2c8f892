"""Every write about areas, departments and posts."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from shapely.geometry import shape

from linli.accounts.models import User
from linli.accounts.rules import require
from linli.areas.choices import AreaKind, Level
from linli.areas.models import Area, Department, Post
from linli.areas.queries import GEOMETRY_VERSION
from linli.core import clock
from linli.core.paths import child_path
from linli.journal import actions as journal

LEVELS = list(Level)
KEY_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@transaction.atomic
def add_area(
    *,
    code: str,
    name: str,
    level: str,
    parent: Area | None,
    by: Any,
    kind: str = AreaKind.ORDINARY,
    geometry: Mapping[str, Any] | None = None,
    opened_on: date | None = None,
) -> Area:
    """Add a node below ``parent``. Raises ``ValidationError`` for a taken code or a level that can't lie there."""
    require(by, "areas.edit", parent)
    if parent is not None:
        parent = Area.objects.select_for_update().get(pk=parent.pk)
    _check_place(code, level, parent)
    area = Area(
        code=code,
        name=name.strip(),
        level=level,
        kind=kind,
        parent=parent,
        path=_next_path(parent),
        opened_on=opened_on or clock.today(),
    )
    _put_geometry(area, geometry)
    area.save(force_insert=True)
    if area.geometry:
        geometry_changed()
    journal.record(by, "areas.add", area, detail={"code": code, "level": level})
    return area


@transaction.atomic
def rename_area(area: Area, name: str, *, by: Any) -> Area:
    """Give an area another name; its code and its place in the tree stay."""
    require(by, "areas.edit", area)
    locked = Area.objects.select_for_update().get(pk=area.pk)
    before, locked.name = locked.name, name.strip()
    if not locked.name:
        raise ValidationError({"name": _("An area needs a name.")})
    locked.save(update_fields=["name"])
    journal.record(by, "areas.rename", locked, detail={"before": before, "after": locked.name})
    return locked


@transaction.atomic
def set_boundary(area: Area, geometry: Mapping[str, Any], *, by: Any) -> Area:
    """Draw the boundary of an area anew (GeoJSON, WGS-84)."""
    require(by, "areas.edit", area)
    locked = Area.objects.select_for_update().get(pk=area.pk)
    _put_geometry(locked, geometry)
    locked.save(update_fields=["geometry", "bounds"])
    journal.record(by, "areas.set_boundary", locked)
    geometry_changed()
    return locked


def geometry_changed() -> None:
    """Tell every process that boundaries changed, once the transaction is through."""
    cache.set(GEOMETRY_VERSION, time.time_ns(), timeout=None)


@transaction.atomic
def set_supervision_phone(area: Area, phone: str, *, by: Any) -> None:
    """Set the phone to complain to; areas below without one of their own show it too."""
    require(by, "areas.edit", area)
    locked = Area.objects.select_for_update().get(pk=area.pk)
    locked.supervision_phone = phone.strip()
    locked.save(update_fields=["supervision_phone"])
    journal.record(by, "areas.set_supervision_phone", locked)


@transaction.atomic
def add_department(*, code: str, name: str, area: Area, by: Any) -> Department:
    """Add an office or company that cases can be dispatched to."""
    require(by, "areas.edit", area)
    department = Department(code=code, name=name.strip(), area=area)
    department.full_clean()
    department.save(force_insert=True)
    journal.record(by, "areas.add_department", department, area_path=area.path)
    return department


@transaction.atomic
def create_post(
    *,
    role: str,
    area: Area,
    by: Any,
    holder: User | None = None,
    department: Department | None = None,
    label: str = "",
    duties: str = "",
    board_phone: str = "",
    on_board: bool = False,
    since: date | None = None,
) -> Post:
    """Create a post, held by somebody or vacant. Raises ``ValidationError`` for a department post without one."""
    require(by, "posts.edit", area)
    post = Post(
        role=role,
        area=area,
        holder=holder,
        department=department,
        label=label,
        duties=duties,
        board_phone=board_phone,
        on_board=on_board,
        since=since or clock.today(),
    )
    post.full_clean()
    post.save(force_insert=True)
    journal.record(by, "posts.create", post, area_path=area.path, detail={"role": role, "holder": _name(holder)})
    return post


@transaction.atomic
def appoint(post: Post, holder: User | None, *, by: Any) -> Post:
    """Give a post to somebody, or to nobody: then it is vacant and its work falls to the next level."""
    require(by, "posts.edit", post.area)
    locked = Post.objects.select_for_update(of=("self",)).select_related("area", "holder").get(pk=post.pk)
    before, locked.holder = locked.holder, holder
    locked.save(update_fields=["holder"])
    journal.record(
        by,
        "posts.appoint",
        locked,
        area_path=locked.area.path,
        detail={"before": _name(before), "after": _name(holder)},
    )
    return locked


@transaction.atomic
def end_post(post: Post, until: date, *, by: Any) -> Post:
    """Let a post end with a day; it stays as history."""
    require(by, "posts.edit", post.area)
    locked = Post.objects.select_for_update(of=("self",)).select_related("area").get(pk=post.pk)
    locked.until = until
    locked.full_clean()
    locked.save(update_fields=["until"])
    journal.record(by, "posts.end", locked, area_path=locked.area.path, detail={"until": str(until)})
    return locked


def _name(holder: User | None) -> str:
    return holder.username if holder else ""


def _check_place(code: str, level: str, parent: Area | None) -> None:
    if Area.objects.filter(code=code).exists():
        raise ValidationError({"code": _("The code %(code)s is taken.") % {"code": code}})
    if parent is not None and LEVELS.index(Level(level)) <= LEVELS.index(Level(parent.level)):
        raise ValidationError({"level": _("This level can't lie below %(parent)s.") % {"parent": parent.name}})


def _put_geometry(area: Area, geometry: Mapping[str, Any] | None) -> None:
    if geometry is None:
        return
    drawn = shape(dict(geometry))
    if drawn.geom_type not in ("Polygon", "MultiPolygon") or not drawn.is_valid:
        raise ValidationError({"geometry": _("A boundary is a polygon that doesn't cross itself.")})
    area.geometry = dict(geometry)
    area.bounds = list(drawn.bounds)


def _next_path(parent: Area | None) -> str:
    siblings = Area.objects.filter(parent=parent).count()
    path = child_path(parent.path if parent else "", _key(siblings + 1))
    while Area.objects.filter(path=path).exists():
        siblings += 1
        path = child_path(parent.path if parent else "", _key(siblings + 1))
    return path


def _key(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, len(KEY_DIGITS))
        digits = KEY_DIGITS[rest] + digits
    return digits
