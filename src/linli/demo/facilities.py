"""What stands outside for everybody in the showcase street, what is being repaired, and what communities tell."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from linli.accounts.models import User
from linli.areas.choices import COMMUNITY_SIDE, Role
from linli.areas.models import Area
from linli.areas.queries import staff_of
from linli.cases import actions as cases
from linli.cases.choices import Mechanism
from linli.cases.models import Case
from linli.core import clock
from linli.core.geo import from_geojson
from linli.demo.histories import Spot
from linli.demo.pictures import draw_hall, draw_picture
from linli.demo.scales import SHOWCASE_STREET
from linli.demo.staff import SHOWCASE_COMMUNITY, SHOWCASE_GRID
from linli.files.actions import process_photo
from linli.housing import actions
from linli.housing.choices import BudgetKind, Condition, ListKind
from linli.housing.models import Facility, ListItem
from linli.housing.values import BookingValues, FacilityValues, ProfileValues

MOST_GRIDS = 24
TRIES = 200
# Kind, name, place, whose it is, who looks after it.
OF_GRIDS = (
    ("light", "南口路灯", "南口", "市政", "路灯所"),
    ("light", "中间路灯", "小路中间", "市政", "路灯所"),
    ("bench", "树下座椅", "大槐树下", "社区", "社区居委会"),
    ("bin", "东口垃圾箱", "东口", "街道", "环卫所"),
    ("fitness", "健身器材", "楼前空地", "社区", "社区居委会"),
    ("charger", "电动车充电桩", "车棚", "物业", "小区物业管理处"),
)
OF_COMMUNITIES = (
    ("hall", "一号活动室", "居委会一楼", "社区", "社区居委会"),
    ("square", "小广场", "居委会门前", "社区", "社区居委会"),
    ("stall-spot", "便民摊位", "市场路边", "街道", "社区居委会"),
    ("ditch", "北侧排水沟", "北侧路边", "市政", "排水所"),
    ("bridge", "小石桥", "沟上", "市政", "养护所"),
    ("toilet", "公厕", "小广场旁", "街道", "环卫所"),
)
BOOKED = {"hall", "square", "stall-spot"}
ABOUT = "老小区和新楼都有，出门就是菜市场和公交站。居委会在一楼，周一到周六都有人。"
PROJECTS = (
    ("银龄课堂", "每周二、周四上午在活动室教用手机、写书法，谁都可以来。"),
    ("楼道客厅", "把闲着的一楼门厅收拾出来，摆上桌椅，邻居坐下来说话。"),
    ("小修小补日", "每月第一个星期六，修伞、磨刀、配钥匙的师傅到小广场。"),
    ("邻里晚餐", "逢年过节在小广场各家端一个菜，一起吃。"),
)
MONEY = (
    (BudgetKind.BUDGET, "全年办公和活动经费", "60000"),
    (BudgetKind.EXPENSE, "换活动室桌椅", "8650.50"),
    (BudgetKind.EXPENSE, "冬天除雪工具", "1280"),
    (BudgetKind.EXPENSE, "暑期孩子活动", "3400"),
)
# What was broken so many days ago, and how it ended; without an end it is still being repaired.
BROKEN = (
    ("light", "晚上不亮，走路看不清", 21, "换了灯泡和感应开关，晚上去看过，亮了。"),
    ("bridge", "桥栏杆松了，靠着不稳", 12, "拧紧栏杆，换了两个螺丝。"),
    ("ditch", "树叶堵住了，下雨就漫出来", 2, ""),
    ("bin", "箱门掉了，关不上", 0, ""),
)


@dataclass
class Facilities:
    """The facilities of some grids; the same seed gives the same ones."""

    rng: random.Random
    by: Any
    kinds: dict[str, ListItem]

    def add(self, grid: Area, told: tuple[str, str, str, str, str]) -> Facility:
        """Write down a facility somewhere in a grid."""
        kind, name, place, owner, keeper = told
        today, point = clock.today(), self._somewhere(from_geojson(grid.geometry or {}))
        values = FacilityValues(
            self.kinds[kind],
            name,
            point.x,
            point.y,
            place=place,
            owner=owner,
            keeper=keeper,
            condition=Condition.OUT_OF_USE if self.rng.random() < 0.02 else Condition.GOOD,
            installed_on=today - timedelta(days=self.rng.randrange(400, 3000)),
            next_inspection_on=today + timedelta(days=self.rng.randrange(-5, 90)),
            may_be_booked=kind in BOOKED,
        )
        return actions.add_facility(values, by=self.by)

    def _somewhere(self, polygon: BaseGeometry) -> Point:
        west, south, east, north = polygon.bounds
        inside = polygon.buffer(-min(east - west, north - south) / 20)
        for _try in range(TRIES):
            point = Point(round(self.rng.uniform(west, east), 6), round(self.rng.uniform(south, north), 6))
            if inside.contains(point):
                return point
        return polygon.representative_point()


@transaction.atomic
def write_facilities(places: Mapping[str, Area], spots: Sequence[Spot], seed: int, *, by: Any) -> None:
    """Write the facilities and profiles of the showcase street; cases and their categories must be there."""
    actions.load_lists(by=by)
    rng = random.Random(f"{seed}:facilities")  # noqa: S311
    kinds = {item.code: item for item in ListItem.objects.filter(kind=ListKind.FACILITY)}
    facilities = Facilities(rng, by, kinds)
    grids = [spot.grid for spot in spots if spot.grid.code.startswith(SHOWCASE_STREET)][:MOST_GRIDS]
    with clock.frozen(clock.now() - timedelta(days=40)):
        for grid in grids:
            for told in OF_GRIDS:
                facilities.add(grid, told)
        communities = sorted({grid.code[: len(SHOWCASE_COMMUNITY)] for grid in grids})
        for number, code in enumerate(communities):
            first = next(grid for grid in grids if grid.code.startswith(code))
            for told in OF_COMMUNITIES:
                facilities.add(first, told)
            _profile(places[code], number, rng, by)
    workers = [post.holder for post in staff_of(places[SHOWCASE_GRID], (Role.WORKER,)) if post.holder]
    leaders = [post.holder for post in staff_of(places[SHOWCASE_COMMUNITY], COMMUNITY_SIDE) if post.holder]
    if workers and leaders:
        _repairs(places[SHOWCASE_GRID], workers[0])
        _bookings(places[SHOWCASE_GRID], leaders[0])
        _photos(places[SHOWCASE_GRID], workers[0])


def _profile(community: Area, number: int, rng: random.Random, by: Any) -> None:
    project, does = PROJECTS[number % len(PROJECTS)]
    premises = Decimal(rng.randrange(300, 900))
    actions.change_profile(community, ProfileValues(ABOUT, premises, project, does), by=by)
    year = clock.today().year
    for kind, purpose, amount in MONEY:
        actions.add_budget_line(community, year, kind, purpose, Decimal(amount), by=by)
    actions.add_honour(community, year - 1, "绿色社区", "市里", by=by)
    for item in ListItem.objects.filter(kind=ListKind.SIX_CLEARS, derived_by=""):
        actions.mark_clear(community, item, rng.randrange(70, 100), by=by)


def _repairs(grid: Area, worker: User) -> None:
    """Let the worker report what is broken; some of it is repaired by now."""
    now = clock.now()
    for kind, text, days, answer in BROKEN:
        found = Facility.objects.filter(area=grid, kind__code=kind).exclude(condition=Condition.OUT_OF_USE).first()
        if found is None:
            continue
        reported = now - timedelta(days=days, hours=2)
        with clock.frozen(reported):
            number = actions.report_repair(found, text, by=worker).case_number
        if answer:
            _settle(Case.objects.get(number=number), answer, reported, worker)


def _settle(case: Case, answer: str, reported: datetime, worker: User) -> None:
    with clock.frozen(reported + timedelta(hours=5)):
        case = cases.reclassify_case(case, by=worker, mechanism=Mechanism.ON_SPOT, note="师傅就在旁边，当场能修好")
        cases.solve_on_spot(case, by=worker, note=answer)


def _bookings(grid: Area, leader: User) -> None:
    hall = Facility.objects.filter(area=grid, kind__code="hall").exclude(condition=Condition.OUT_OF_USE).first()
    if hall is None:
        return
    morning = clock.local(clock.now()).replace(hour=9, minute=0, second=0, microsecond=0)
    for days, who, purpose, sure in (
        (-37, "太极队", "晨练", True),
        (-20, "合唱队", "排练", True),
        (-6, "书法班", "上课", True),
        (1, "合唱队", "排练", True),
        (2, "书法班", "上课", True),
        (3, "棋友会", "比赛", False),
    ):
        start = morning + timedelta(days=days)
        values = BookingValues(who, purpose, start, start + timedelta(hours=2))
        with clock.frozen(min(clock.now(), start - timedelta(days=2))):
            booking = actions.book_facility(hall, values, by=leader)
            if sure:
                actions.confirm_booking(booking, by=leader)
    actions.forget_bookers(clock.now())


def _photos(grid: Area, worker: User) -> None:
    """Let the worker take photos of the lights of the grid and of its hall."""
    lights = Facility.objects.filter(area=grid, kind__code="light").order_by("pk")
    taken = [(light, [draw_picture(2 * number + 1)]) for number, light in enumerate(lights)]
    taken += [(hall, [draw_hall()]) for hall in Facility.objects.filter(area=grid, kind__code="hall")]
    for facility, contents in taken:
        for photo in actions.add_facility_photos(facility, contents, by=worker):
            process_photo(photo.upload_id)
