"""Who serves where: accounts, posts and departments of the demo."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from linli.accounts.bulk import add_users
from linli.accounts.models import User
from linli.areas import actions as areas
from linli.areas.bulk import agree_names
from linli.areas.choices import Level, Role
from linli.areas.models import Area, Department, Post
from linli.core import clock
from linli.demo import names
from linli.demo.register import DISTRICT
from linli.demo.scales import SHOWCASE_STREET, WORKBOOK_COMMUNITY
from linli.staff.bulk import add_pledges

PASSWORD = "linli-demo-2026"  # noqa: S105
SHOWCASE_COMMUNITY = "140403007001"
SHOWCASE_GRID = "140403007001001"
# This grid's post of a worker is vacant; its assistant stands in.
VACANT_GRID = "140403007001002"
DUTIES = "家里和楼道的困难、代办证明、找服务、调解"


@dataclass(frozen=True)
class Seat:
    """One post to be made: who holds it, as what, where."""

    username: str
    name: str
    role: str
    area: str
    department: str = ""
    label: str = ""


@dataclass(frozen=True)
class Office:
    """A department: code, name, and the area that it serves."""

    code: str
    name: str
    area: str


OFFICES = (
    Office("heating", "供热公司二所", DISTRICT),
    Office("water", "供水公司", DISTRICT),
    Office("gas", "燃气公司", DISTRICT),
    Office("power", "供电公司", DISTRICT),
    Office("roads", "市政工程处", DISTRICT),
    Office("fire", "消防救援大队", DISTRICT),
    Office("order", "城管中队", DISTRICT),
    Office("cleaning", "环卫所", DISTRICT),
    Office("property", "物业科", DISTRICT),
    Office("welfare", "民政办", DISTRICT),
    Office("police-station", "派出所", DISTRICT),
    Office("works", "自然资源所", DISTRICT),
)

# The people of the first grid, who are in the list of accounts; the others are invented as they are needed.
LEADING_SEATS = (
    Seat("worker", "李文静", Role.WORKER, SHOWCASE_GRID),
    Seat("partner", "申海波", Role.ASSISTANT, SHOWCASE_GRID),
    Seat("leader", "郭建英", Role.LEADER, SHOWCASE_COMMUNITY),
    Seat("community", "靳晓峰", Role.COMMUNITY, SHOWCASE_COMMUNITY),
    Seat("street", "苗海燕", Role.STREET, SHOWCASE_STREET),
    Seat("heating", "秦志强", Role.DEPARTMENT, DISTRICT, "heating"),
    Seat("district", "段国庆", Role.DISTRICT, DISTRICT),
    Seat("police", "韩俊杰", Role.POLICE, SHOWCASE_COMMUNITY),
    Seat("volunteer", "原秀英", Role.VOLUNTEER, SHOWCASE_GRID),
    Seat("head", "冯建国", Role.BUILDING_HEAD, SHOWCASE_GRID, label="楼长"),
    Seat("supervisor", "常玉兰", Role.SUPERVISOR, SHOWCASE_COMMUNITY),
    Seat("admin", "宋晓蕾", Role.ADMINISTRATOR, DISTRICT),
    Seat("auditor", "梁文斌", Role.AUDITOR, DISTRICT),
    Seat("gc-leader", "郝雪梅", Role.LEADER, WORKBOOK_COMMUNITY),
    Seat("gc-community", "牛志强", Role.COMMUNITY, WORKBOOK_COMMUNITY),
    Seat("gc-worker", "张雪梅", Role.WORKER, f"{WORKBOOK_COMMUNITY}001"),
)
# New since a few days, the only one who has not accepted the pledge yet.
NEWCOMER = Seat("newcomer", "任小雨", Role.WORKER, "140403007003001")
SHOWN_SEATS = (*LEADING_SEATS, NEWCOMER)
LEADING_NAMES = frozenset(seat.name for seat in SHOWN_SEATS)
NEWCOMER_DAYS = 3


@dataclass
class Cast:
    """The posts that were made, found by role and area code, or by department code; and the accounts to show."""

    by_place: dict[tuple[str, str], Post] = field(default_factory=dict)
    officers: dict[str, Post] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)

    def at(self, role: str, area: str) -> Post:
        """Return the first post of a role at an area."""
        return self.by_place[role, area]


@transaction.atomic
def make_staff(places: Mapping[str, Area], since: date, seed: int, *, by: Any) -> Cast:
    """Make accounts, departments and posts for every place; the same seed gives the same people."""
    cast = Cast()
    for office in OFFICES:
        cast.departments[office.code] = areas.add_department(
            code=office.code, name=office.name, area=places[office.area], by=by
        )
    seats = [*_leading_seats(places), *_other_seats(places, random.Random(f"{seed}:staff"))]  # noqa: S311
    accounts = [*seats, NEWCOMER] if NEWCOMER.area in places else seats
    users = add_users([(seat.username, seat.name) for seat in accounts if seat.username], PASSWORD, by=by)
    for number, seat in enumerate(seats):
        post = _make_post(seat, number, places, cast.departments, users, since, by=by)
        cast.by_place.setdefault((seat.role, seat.area), post)
        if seat.department:
            cast.officers.setdefault(seat.department, post)
    if NEWCOMER.area in places:
        _let_newcomer_begin(places[NEWCOMER.area], users, by=by)
    agree_names(cast.by_place.values(), since, by=by)
    began = clock.now() - (clock.today() - since)
    add_pledges([user for name, user in users.items() if name != NEWCOMER.username], began, by=by)
    areas.set_supervision_phone(places[DISTRICT], f"{names.INVENTED_LANDLINE}0300", by=by)
    return cast


def shown_accounts(places: Mapping[str, Area]) -> list[tuple[str, str, str, str]]:
    """Return the accounts worth knowing: user name, password, role, area code."""
    shown = [seat for seat in SHOWN_SEATS if seat.area in places]
    return [(seat.username, PASSWORD, str(seat.role), seat.area) for seat in shown]


def _let_newcomer_begin(grid: Area, users: Mapping[str, User], *, by: Any) -> None:
    since = clock.today() - timedelta(days=NEWCOMER_DAYS)
    areas.create_post(role=NEWCOMER.role, area=grid, holder=users[NEWCOMER.username], since=since, by=by)


def _leading_seats(places: Mapping[str, Area]) -> list[Seat]:
    return [seat for seat in LEADING_SEATS if seat.area in places]


def _other_seats(places: Mapping[str, Area], rng: random.Random) -> Iterator[Seat]:
    """Yield a post for every place and role that none of the leading people holds."""
    taken = {(seat.role, seat.area) for seat in LEADING_SEATS}
    for office in OFFICES:
        if office.code not in {seat.department for seat in LEADING_SEATS}:
            yield Seat(office.code, _name(rng), Role.DEPARTMENT, office.area, office.code)
    communities: set[str] = set()
    for area in places.values():
        if area.level == Level.GRID:
            communities.add(area.code[:12])
            yield from _free(_grid_seats(area.code, rng), taken)
    for code in sorted(communities):
        yield from _free(_community_seats(code, rng), taken)
    for code in sorted({community[:9] for community in communities}):
        yield from _free([Seat(f"street-{code}", _name(rng), Role.STREET, code)], taken)


def _grid_seats(code: str, rng: random.Random) -> list[Seat]:
    worker = "" if code == VACANT_GRID else f"worker-{code}"
    return [
        Seat(worker, _name(rng), Role.WORKER, code),
        Seat(f"partner-{code}", _name(rng), Role.ASSISTANT, code),
    ]


def _community_seats(code: str, rng: random.Random) -> list[Seat]:
    return [
        Seat(f"leader-{code}", _name(rng), Role.LEADER, code),
        Seat(f"community-{code}", _name(rng), Role.COMMUNITY, code),
        Seat(f"police-{code}", _name(rng), Role.POLICE, code),
    ]


def _free(seats: Sequence[Seat], taken: set[tuple[str, str]]) -> list[Seat]:
    return [seat for seat in seats if (seat.role, seat.area) not in taken]


def _name(rng: random.Random) -> str:
    """Return a name that none of the leading people has."""
    name = ""
    while not name or name in LEADING_NAMES:
        name = names.family_name(rng) + names.given_name(rng.choice(("male", "female")), rng)
    return name


def _make_post(
    seat: Seat,
    number: int,
    places: Mapping[str, Area],
    departments: Mapping[str, Department],
    users: Mapping[str, User],
    since: date,
    *,
    by: Any,
) -> Post:
    on_board = seat.role in (Role.WORKER, Role.ASSISTANT)
    return areas.create_post(
        role=seat.role,
        area=places[seat.area],
        department=departments.get(seat.department),
        holder=users.get(seat.username),
        label=seat.label,
        duties=DUTIES if on_board else "",
        board_phone=f"{names.INVENTED_LANDLINE}{316 + number:04d}" if on_board else "",
        on_board=on_board,
        since=since,
        by=by,
    )
