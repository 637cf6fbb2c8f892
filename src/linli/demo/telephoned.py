"""A list of an afternoon on the telephone, taken over by the first community: some values are written wrongly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from linli.areas.choices import Role
from linli.areas.models import Area
from linli.areas.queries import staff_of
from linli.core import clock
from linli.demo.sheets import titled_workbook
from linli.demo.staff import SHOWCASE_COMMUNITY, SHOWCASE_GRID
from linli.exchange.actions import apply_batch, check_batch, receive_workbook
from linli.people.models import Residence

TITLE = "电话核对表"
HEADERS = ("序号", "小区", "楼栋", "单元", "房号", "姓名", "出生日期", "身份证号", "联系电话")
# Taken over so many days ago.
DAYS_AGO = 4


def _phone_cut_short(residence: Residence) -> tuple[str, str, str]:
    return "", "", residence.person.phone[:-1]


def _digits_swapped(residence: Residence) -> tuple[str, str, str]:
    number = residence.person.id_number
    return "", f"{number[:14]}{number[15]}{number[14]}{number[16:]}", ""


def _no_such_day(residence: Residence) -> tuple[str, str, str]:
    born = residence.person.birth_date
    return f"{born:%Y}.02.30" if born else "", "", ""


def _as_known(residence: Residence) -> tuple[str, str, str]:
    return "", "", residence.person.phone


WRITTEN: tuple[Callable[[Residence], tuple[str, str, str]], ...] = (
    _phone_cut_short,
    _as_known,
    _no_such_day,
    _as_known,
    _digits_swapped,
    _as_known,
    _phone_cut_short,
)


def send_phone_list(places: Mapping[str, Area]) -> None:
    """Let the leader of the first community take over a list of the first grid; nothing where nobody serves it."""
    community = places[SHOWCASE_COMMUNITY]
    leaders = [post.holder for post in staff_of(community, (Role.LEADER,)) if post.holder]
    known = (
        Residence.objects.filter(
            until=None, household__path=places[SHOWCASE_GRID].path, person__birth_date__isnull=False
        )
        .exclude(person__phone_index="")
        .exclude(person__id_number_index="")
        .select_related("person", "household__dwelling__building__compound")
        .order_by("pk")
    )
    if not leaders:
        return
    rows = [_row(residence, write) for residence, write in zip(known, WRITTEN, strict=False)]
    with clock.frozen(clock.now() - timedelta(days=DAYS_AGO)):
        content = titled_workbook(TITLE, HEADERS, rows)
        batch = receive_workbook(content, name=f"{TITLE}.xlsx", area=community, kind="people", by=leaders[0])
        check_batch(batch, by=leaders[0])
        apply_batch(batch, by=leaders[0])


def _row(residence: Residence, write: Callable[[Residence], tuple[str, str, str]]) -> tuple[str, ...]:
    home = residence.household.dwelling
    building = home.building
    compound = building.compound.name if building.compound else ""
    return compound, building.name, f"{home.entrance}单元", home.room, residence.person.name, *write(residence)
