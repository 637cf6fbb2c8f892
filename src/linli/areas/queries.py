"""Reading the area tree: where a point lies, who serves a place."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet

from linli.areas.choices import Level, Role
from linli.areas.models import Area, Post
from linli.areas.scope import posts_held_by
from linli.core import clock
from linli.core.geo import GridIndex, from_geojson
from linli.core.paths import ancestors

GEOMETRY_VERSION = "areas.geometry_version"
COMMUNITY_SIDE = (Role.LEADER, Role.COMMUNITY)
# A vacant post falls to the next in this order; the area is asked first, then its ancestors.
ACCOUNTABLE = (Role.WORKER, Role.ASSISTANT, Role.LEADER, Role.COMMUNITY, Role.STREET)


@dataclass(frozen=True)
class Board:
    """What the public board shows of a grid: the worker, the stand-in, the phone to complain to."""

    name: str
    title: str
    phone: str
    duties: str
    supervision_phone: str
    stand_in_name: str = ""
    stand_in_phone: str = ""


def area_by_code(code: str) -> Area:
    """Return the area of a code. Raises ``Area.DoesNotExist``."""
    return Area.objects.get(code=code)


def locate(longitude: float, latitude: float) -> Area | None:
    """Return the current grid that a point in WGS-84 degrees lies in, or None outside every grid."""
    key = _grid_index(geometry_version()).locate(longitude, latitude)
    return Area.objects.get(pk=int(key)) if key is not None else None


def geometry_version() -> int:
    """Return the number that changes with every boundary; processes rebuild their index by it.

    It is a moment, so that a lost entry of the cache gives a number that no process has seen.
    """
    return int(cache.get_or_set(GEOMETRY_VERSION, time.time_ns, timeout=None) or 0)


@lru_cache(maxsize=1)
def _grid_index(version: int) -> GridIndex[str]:
    grids = Area.objects.current().filter(level=Level.GRID).exclude(geometry=None)
    return GridIndex((str(pk), from_geojson(shape)) for pk, shape in grids.values_list("pk", "geometry") if shape)


def grids_under(area: Area) -> QuerySet[Area]:
    """Return the current grids of a subtree in the order of their codes."""
    return Area.objects.current().under(area).filter(level=Level.GRID).order_by("code")


def ancestors_of(area: Area) -> list[Area]:
    """Return the areas from the root down to the parent."""
    above = Area.objects.filter(path__in=ancestors(area.path, include_self=False)).order_by("path")
    return list(above.defer("geometry", "bounds"))


def community_of(area: Area) -> Area | None:
    """Return the community that an area is or lies in."""
    chain = Area.objects.filter(path__in=ancestors(area.path), level=Level.COMMUNITY)
    return chain.order_by("-path").first()


def posts_of(user: Any) -> list[Post]:
    """Return the posts that a user holds today."""
    return posts_held_by(user)


def current_posts() -> QuerySet[Post]:
    """Return the posts that are in force today, held and vacant, with their areas and holders."""
    return Post.objects.on(clock.today()).select_related("area", "holder")


def staff_of(area: Area, roles: Iterable[str]) -> list[Post]:
    """Return the held posts of these roles at the area, or else at the nearest ancestor that has one."""
    posts = list(_held(ancestors(area.path)).filter(role__in=list(roles)).order_by("id"))
    nearest = max((post.area.path for post in posts), key=len, default="")
    return [post for post in posts if post.area.path == nearest]


def accountable_post(area: Area) -> Post | None:
    """Return the post that answers for a place: its worker, else the next that is held, upwards."""
    return accountable_posts([area]).get(area.pk)


def accountable_posts(areas: Iterable[Area]) -> dict[int, Post]:
    """Return area id → accountable post for many areas in one query; areas without anybody are left out."""
    wanted = list(areas)
    chain = {path for area in wanted for path in ancestors(area.path)}
    by_path: dict[str, list[Post]] = {}
    for post in _held(chain).filter(role__in=ACCOUNTABLE):
        by_path.setdefault(post.area.path, []).append(post)
    found: dict[int, Post] = {}
    for area in wanted:
        candidates = [post for path in ancestors(area.path) for post in by_path.get(path, ())]
        if candidates:
            found[area.pk] = min(candidates, key=_nearness)
    return found


def _nearness(post: Post) -> tuple[int, int, int]:
    depth = len(ancestors(post.area.path))
    return (-depth, ACCOUNTABLE.index(Role(post.role)), post.pk)


def _held(paths: Iterable[str]) -> QuerySet[Post]:
    posts = Post.objects.on(clock.today()).filter(area__path__in=list(paths), holder__is_active=True)
    return posts.select_related("area", "holder", "department").defer("area__geometry", "area__bounds")


def board_of(grid: Area) -> Board | None:
    """Return the public board of a grid, or None while nobody serves it."""
    first = accountable_post(grid)
    if first is None or first.holder is None:
        return None
    others = [post for post in _held([grid.path]) if post.on_board and post.pk != first.pk]
    stand_in = next((post for post in others if post.role in (Role.ASSISTANT, Role.WORKER)), None)
    return Board(
        name=first.holder.name,
        title=first.title,
        phone=first.board_phone,
        duties=first.duties,
        supervision_phone=supervision_phone_of(grid),
        stand_in_name=stand_in.holder.name if stand_in and stand_in.holder else "",
        stand_in_phone=stand_in.board_phone if stand_in else "",
    )


def supervision_phone_of(area: Area) -> str:
    """Return the supervision phone of the area or of the nearest ancestor that has one."""
    chain = Area.objects.filter(path__in=ancestors(area.path)).exclude(supervision_phone="")
    nearest = max(chain, key=lambda found: len(found.path), default=None)
    return nearest.supervision_phone if nearest else ""


def vacant_grids(area: Area) -> list[Area]:
    """Return the current grids of a subtree that have neither a worker nor an assistant."""
    served = Post.objects.on(clock.today()).filter(role__in=(Role.WORKER, Role.ASSISTANT), holder__is_active=True)
    return list(grids_under(area).exclude(posts__in=served).defer("geometry"))


def areas_geojson(areas: Iterable[Area]) -> dict[str, Any]:
    """Return a GeoJSON feature collection of areas that have a boundary.

    Properties are code, name, level, kind, and ``label``: what stands on a map, where grids of several communities have
    the same names.
    """
    drawn = [area for area in areas if area.geometry]
    labels = map_labels(drawn)
    features = [
        {
            "type": "Feature",
            "geometry": area.geometry,
            "properties": {
                "code": area.code,
                "name": area.name,
                "level": area.level,
                "kind": area.kind,
                "label": labels.get(area.pk, area.name),
            },
        }
        for area in drawn
    ]
    return {"type": "FeatureCollection", "features": features}


def map_labels(areas: Iterable[Area]) -> dict[int, str]:
    """Return area id → short label for grids that lie in more than one community: its short name and the number."""
    parents = {area: area.parent_id for area in areas if area.level == Level.GRID and area.parent_id is not None}
    if len(set(parents.values())) < 2:
        return {}
    names = dict(Area.objects.filter(pk__in=set(parents.values())).values_list("pk", "name"))
    return {area.pk: f"{short_name(names[parent])} {area.code[-3:].lstrip('0')}" for area, parent in parents.items()}


def short_name(name: str) -> str:
    """Return the name of a community as people say it: 桥北社区居委会 → 桥北, 捉马村委会 → 捉马村."""
    for ending, kept in (("社区居委会", ""), ("居委会", ""), ("村委会", "村"), ("社区", "")):
        if name.endswith(ending) and len(name) > len(ending):
            return name.removesuffix(ending) + kept
    return name
