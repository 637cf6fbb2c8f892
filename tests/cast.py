"""The cast: one person for every role, in a tiny district, known by name in every test.

长治市 → 潞州区 → two streets → three communities → four grids::

    street      太行西街街道        community  广场西社区     grid        第一网格  worker 李文静, partner 申海波
                                                             other_grid  第二网格  vacant
                                    beside     桥北社区       beside_grid 第一网格
    far_street  东街街道            far        和平社区       far_grid    第一网格  far_worker 赵远
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Model
from django.db.models.base import ModelState

from linli.accounts.models import User
from linli.accounts.rules import SYSTEM
from linli.areas.actions import add_area, add_department, create_post, geometry_changed, set_supervision_phone
from linli.areas.bulk import agree_names
from linli.areas.choices import AreaKind, Level, Role
from linli.areas.models import Area, Department, Post
from linli.core import clock
from linli.journal.models import Entry, Head
from linli.staff.bulk import add_pledges
from linli.staff.models import Pledge

TABLES: dict[str, type[Model]] = {"users": User, "areas": Area, "departments": Department, "posts": Post}
MODELS: tuple[type[Model], ...] = (User, Area, Department, Post, Pledge, Entry, Head)
_rows: list[tuple[type[Model], list[Any]]] = []
_names: dict[str, dict[str, int]] = {}

PASSWORD = "walk-the-grid-2026"
OPENED = date(2024, 1, 1)

# One square per grid, about 450 m wide, side by side from west to east.
WEST, SOUTH, SIDE = 113.10, 36.18, 0.005

STAFF: tuple[tuple[str, str, str, str], ...] = (
    ("worker", "李文静", Role.WORKER, "grid"),
    ("partner", "申海波", Role.ASSISTANT, "grid"),
    ("leader", "郭建英", Role.LEADER, "community"),
    ("community", "牛志强", Role.COMMUNITY, "community"),
    ("street", "靳晓峰", Role.STREET, "street"),
    ("department", "韩俊杰", Role.DEPARTMENT, "street"),
    ("district", "秦向东", Role.DISTRICT, "district"),
    ("police", "孟凡军", Role.POLICE, "community"),
    ("volunteer", "田秀兰", Role.VOLUNTEER, "grid"),
    ("head", "苗润生", Role.BUILDING_HEAD, "grid"),
    ("administrator", "闫明", Role.ADMINISTRATOR, "district"),
    ("auditor", "阮清", Role.AUDITOR, "district"),
    ("far_worker", "赵远", Role.WORKER, "far_grid"),
    ("far_leader", "冯立新", Role.LEADER, "far_community"),
    ("far_department", "邢建国", Role.DEPARTMENT, "far_street"),
)


@dataclass
class Cast:
    """People, places and posts by name: ``cast.worker``, ``cast.grid``, ``cast.posts["worker"]``."""

    users: dict[str, User] = field(default_factory=dict)
    areas: dict[str, Area] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        for table in (self.users, self.areas, self.departments):
            if name in table:
                return table[name]
        raise AttributeError(name)

    def fresh(self, name: str) -> User:
        """Return a person read anew, without the posts that were read before."""
        return User.objects.get(pk=self.users[name].pk)


def square(column: int) -> dict[str, Any]:
    """Return the boundary of the square in a column, as GeoJSON."""
    west, east = round(WEST + column * SIDE, 7), round(WEST + (column + 1) * SIDE, 7)
    north = round(SOUTH + SIDE, 7)
    ring = [[west, SOUTH], [east, SOUTH], [east, north], [west, north], [west, SOUTH]]
    return {"type": "Polygon", "coordinates": [ring]}


def strip(first: int, last: int) -> dict[str, Any]:
    """Return the boundary of several squares side by side."""
    west, east = round(WEST + first * SIDE, 7), round(WEST + (last + 1) * SIDE, 7)
    north = round(SOUTH + SIDE, 7)
    inner = [round(WEST + column * SIDE, 7) for column in range(first + 1, last + 1)]
    ring = [[west, SOUTH], *([x, SOUTH] for x in inner), [east, SOUTH], [east, north]]
    ring += [*([x, north] for x in reversed(inner)), [west, north], [west, SOUTH]]
    return {"type": "Polygon", "coordinates": [ring]}


def middle(column: int) -> tuple[float, float]:
    """Return longitude and latitude of the middle of the square in a column."""
    return round(WEST + (column + 0.5) * SIDE, 7), round(SOUTH + SIDE / 2, 7)


def _areas() -> dict[str, Area]:
    places: dict[str, Area] = {}
    plan: tuple[tuple[str, str, str, str, str | None, dict[str, Any] | None], ...] = (
        ("province_area", "14", "山西省", Level.PROVINCE, None, None),
        ("city_area", "1404", "长治市", Level.CITY, "province_area", None),
        ("district_area", "140403", "潞州区", Level.DISTRICT, "city_area", strip(0, 3)),
        ("street_area", "140403007", "太行西街街道", Level.STREET, "district_area", strip(0, 2)),
        ("far_street", "140403001", "东街街道", Level.STREET, "district_area", square(3)),
        ("community_area", "140403007002", "广场西社区", Level.COMMUNITY, "street_area", strip(0, 1)),
        ("beside_community", "140403007001", "桥北社区", Level.COMMUNITY, "street_area", square(2)),
        ("far_community", "140403001001", "和平社区", Level.COMMUNITY, "far_street", square(3)),
        ("grid", "140403007002001", "第一网格", Level.GRID, "community_area", square(0)),
        ("other_grid", "140403007002002", "第二网格", Level.GRID, "community_area", square(1)),
        ("beside_grid", "140403007001001", "第一网格", Level.GRID, "beside_community", square(2)),
        ("far_grid", "140403001001001", "第一网格", Level.GRID, "far_community", square(3)),
    )
    for name, code, label, level, parent, geometry in plan:
        kind = AreaKind.RESIDENTIAL if level == Level.GRID else AreaKind.ORDINARY
        places[name] = add_area(
            code=code,
            name=label,
            level=level,
            kind=kind,
            parent=places[parent] if parent else None,
            geometry=geometry,
            opened_on=OPENED,
            by=SYSTEM,
        )
    set_supervision_phone(places["street_area"], "0355-000-0300", by=SYSTEM)
    return places


def cast_in_database() -> Cast:
    """Return the cast in an empty database.

    It is made once by the project's own actions; later tests get copies of the rows that this left, which takes a dozen
    statements instead of some hundreds.
    """
    if not _rows:
        cast = make_cast()
        _names.update({table: {name: row.pk for name, row in getattr(cast, table).items()} for table in TABLES})
        _rows.extend((model, list(model.objects.order_by("pk"))) for model in MODELS)
        return cast
    found: dict[type[Model], dict[int, Any]] = {}
    for model, rows in _rows:
        copies = [copy(row) for row in rows]
        for row in copies:
            row._state = ModelState()
            row._state.adding = True
        model.objects.bulk_create(copies)  # type: ignore[attr-defined]
        found[model] = {row.pk: row for row in copies}
    geometry_changed()
    for post in found[Post].values():
        post.area, post.holder = found[Area][post.area_id], found[User].get(post.holder_id)
    cast = Cast()
    for table, model in TABLES.items():
        getattr(cast, table).update({name: found[model][pk] for name, pk in _names[table].items()})
    return cast


def make_cast() -> Cast:
    """Make places, departments, people and posts; every post is held but the worker of the second grid.

    Everybody who holds a post has accepted the pledge and agreed to be named.
    """
    cast = Cast(areas=_areas())
    for code, name, place in (("heating", "供热公司", "street_area"), ("lighting", "路灯所", "far_street")):
        cast.departments[code] = add_department(code=code, name=name, area=cast.areas[place], by=SYSTEM)
    departments = {"department": cast.departments["heating"], "far_department": cast.departments["lighting"]}
    for number, (username, name, role, place) in enumerate(STAFF):
        user = User(username=username, name=name)
        user.set_password(PASSWORD)
        user.save()
        cast.users[username] = user
        cast.posts[username] = create_post(
            role=role,
            area=cast.areas.get(place) or cast.areas[f"{place}_area"],
            holder=user,
            department=departments.get(username),
            duties="家里和楼道的困难、代办、找服务",
            board_phone=f"0355-000-03{number:02d}",
            on_board=role in (Role.WORKER, Role.ASSISTANT, Role.LEADER),
            since=OPENED,
            by=SYSTEM,
        )
    add_pledges(cast.users.values(), clock.now(), by=SYSTEM)
    agree_names(cast.posts.values(), OPENED, by=SYSTEM)
    cast.posts["vacant"] = create_post(role=Role.WORKER, area=cast.areas["other_grid"], since=OPENED, by=SYSTEM)
    outsider = User(username="outsider", name="路人")
    outsider.set_password(PASSWORD)
    outsider.save()
    cast.users["outsider"] = outsider
    return cast


def add_newcomer(cast: Cast) -> User:
    """Add a second worker of the first grid, the only one who has accepted no pledge and agreed to nothing."""
    user = User(username="newcomer", name="任小雨")
    user.set_password(PASSWORD)
    user.save()
    cast.users["newcomer"] = user
    cast.posts["newcomer"] = create_post(role=Role.WORKER, area=cast.grid, holder=user, since=OPENED, by=SYSTEM)
    return user
