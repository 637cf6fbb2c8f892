"""Owners, tenancies, the four ones and safety checks of the showcase community, with what is to be mended."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db import transaction

from linli.accounts.models import User
from linli.areas.choices import COMMUNITY_SIDE, Role
from linli.areas.models import Area
from linli.areas.queries import staff_of
from linli.cases import actions as cases
from linli.cases.choices import Mechanism
from linli.cases.models import Case
from linli.core import clock
from linli.demo import names
from linli.demo.staff import SHOWCASE_COMMUNITY, SHOWCASE_GRID
from linli.housing import actions
from linli.housing.choices import DwellingKind, ListKind, MarkState, Occupancy, OwnerKind
from linli.housing.models import Building, Dwelling, ListItem, Mend
from linli.housing.values import DormitoryValues, HomeValues, NewCheck, OwnerValues, TenancyValues, ToMend
from linli.people.models import Household
from linli.units.actions import UnitFacts, Where, add_unit
from linli.units.choices import UnitKind

MOST_LET = 30
MOST_PLATES = 12
# A tenancy was written down so many days after it began.
DAYS_LATE = (0, 1, 2, 2, 4, 6, 11)
HAZARDS = ("灶台软管老化", "楼道停了电动车充电", "插线板烧黑", "热水器没有烟管", "逃生窗被锁死")
SHOP = UnitFacts("楼下文具店", opening_hours="7:30–21:00", employees=2, floor_area=32, contact_declined=True)
EMPLOYER = UnitFacts("晋东家政服务部", kind=UnitKind.COMPANY, employees=19, contact_name="冯立新")
SOLVED = "换了新软管，当面试过，不漏气。"


@dataclass
class Rentals:
    """The let homes of the first grid; the same seed gives the same ones."""

    worker: User
    leader: User
    rng: random.Random
    ones: list[ListItem]
    points: list[ListItem]

    def let(self, home: Dwelling, number: int) -> None:
        """Write down whose home it is and who rents it; the eighth home has nothing written down yet."""
        if number % 8 == 7:
            return
        today = clock.today()
        owner = OwnerValues(self._name(), OwnerKind.PERSON, names.mobile(self.rng), today - timedelta(days=2000))
        if number % 10 == 3:
            owner = replace(owner, contact_declined=True)
        if number % 10 == 9:
            owner = OwnerValues("城东房屋租赁公司", OwnerKind.UNIT, names.mobile(self.rng))
        actions.add_owner(home, owner, by=self.leader)
        household = Household.objects.filter(dwelling=home, ended_on=None).order_by("pk").first()
        since = today - timedelta(days=self.rng.randrange(12, 700))
        tenancy = TenancyValues(
            since,
            household=household.number if household else "",
            headcount=self.rng.randrange(1, 5),
            contact=self._name() if household is None else "",
            phone=names.mobile(self.rng),
            agreed_until=today + timedelta(days=self.rng.choice((-12, 9, 21, 120, 240, 330))),
            contract_seen=self.rng.random() < 0.7,
        )
        noted = clock.now() - timedelta(days=(today - since).days - DAYS_LATE[number % len(DAYS_LATE)])
        with clock.frozen(noted):
            actions.start_tenancy(home, tenancy, by=self.worker)
        for item in self.ones:
            if self.rng.random() < 0.2:
                state = MarkState.DECLINED if self.rng.random() < 0.2 else MarkState.DONE
                actions.mark_home(home, item, state, by=self.worker)

    def check(self, home: Dwelling, days: int, hazard: str = "", *, solved: bool = False) -> None:
        """Check a home so many days ago; what was wrong there may be mended by now."""
        point = self.points[HAZARDS.index(hazard) % len(self.points)] if hazard else None
        checked = clock.now() - timedelta(days=days)
        with clock.frozen(checked):
            today = clock.today()
            results = {
                item: ToMend(hazard, today + timedelta(days=5)) if item == point else None for item in self.points
            }
            check = actions.write_check(home, NewCheck(today, results), by=self.worker)
        if solved:
            case = Case.objects.get(number=Mend.objects.get(check_row=check).case_number)
            with clock.frozen(checked + timedelta(hours=5)):
                note = "住户当场就能换"
                case = cases.reclassify_case(case, by=self.worker, mechanism=Mechanism.ON_SPOT, note=note)
                cases.solve_on_spot(case, by=self.worker, note=SOLVED)

    def decline(self, home: Dwelling, days: int) -> None:
        """Write down that whoever lives there preferred not to be checked."""
        with clock.frozen(clock.now() - timedelta(days=days)):
            actions.write_check(home, NewCheck(clock.today(), declined=True), by=self.worker)

    def plate(self, home: Dwelling, number: int) -> None:
        """Write down the number of the municipal plate."""
        told = HomeValues(home.entrance, home.room, home.floor, home.kind, Occupancy.RENTED, home.area_m2)
        actions.change_home(home, replace(told, plate_number=f"太行西街{120 + number}号-{home.room}"), by=self.leader)

    def special(self, building: Building) -> None:
        """Write down a dormitory and a shop on the ground."""
        values = HomeValues("1", "宿舍", 1, DwellingKind.DORMITORY, Occupancy.RENTED)
        dormitory = actions.add_home(building, values, by=self.leader)
        told = DormitoryValues(24, 17, self._name(), names.mobile(self.rng))
        actions.declare_dormitory(dormitory, told, by=self.worker)
        values = HomeValues("1", "商铺1", 1, DwellingKind.SHOP, Occupancy.RENTED)
        shop = actions.add_home(building, values, by=self.leader)
        actions.add_owner(shop, OwnerValues(self._name(), phone=names.mobile(self.rng)), by=self.leader)
        for room, facts in ((shop, SHOP), (dormitory, EMPLOYER)):
            if building.grid is not None:
                add_unit(facts, Where(building.grid, room.address, building, room), by=self.leader)

    def _name(self) -> str:
        return names.family_name(self.rng) + names.given_name(self.rng.choice(("male", "female")), self.rng)


@transaction.atomic
def write_rentals(places: Mapping[str, Area], seed: int, *, by: Any) -> None:
    """Write the rentals of the first grid; nothing where nobody serves it. Categories of cases must be there."""
    grid, community = places[SHOWCASE_GRID], places[SHOWCASE_COMMUNITY]
    workers = [post.holder for post in staff_of(grid, (Role.WORKER,)) if post.holder]
    leaders = [post.holder for post in staff_of(community, COMMUNITY_SIDE) if post.holder]
    let = Dwelling.objects.filter(building__grid=grid, occupancy=Occupancy.RENTED, tenancy_rows=None)
    homes = list(let.order_by("pk")[:MOST_LET])
    if not workers or not leaders or not homes:
        return
    actions.load_lists(by=by)
    rng = random.Random(f"{seed}:rentals")  # noqa: S311
    lists = {kind: list(ListItem.objects.filter(kind=kind)) for kind in (ListKind.FOUR_ONES, ListKind.SAFETY)}
    rentals = Rentals(workers[0], leaders[0], rng, lists[ListKind.FOUR_ONES], lists[ListKind.SAFETY])
    with clock.frozen(clock.now() - timedelta(days=50)):
        for number, home in enumerate(homes):
            rentals.let(home, number)
            if number < MOST_PLATES:
                rentals.plate(home, number)
    for number, home in enumerate(homes):
        if number in HAZARDS_OF:
            days, hazard, solved = HAZARDS_OF[number]
            rentals.check(home, days, hazard, solved=solved)
        elif number in DECLINED:
            rentals.decline(home, 5 + number)
        elif number % 4:
            rentals.check(home, 5 + number)
    rentals.special(homes[0].building)
    actions.make_plates([homes[0].building], by=leaders[0])
    actions.make_home_plates([home for home in homes if home.building_id == homes[0].building_id], by=leaders[0])


# In which homes nobody wanted a check.
DECLINED = (4, 12)
# Which home, checked how many days ago, what was wrong there, and whether it is mended by now.
HAZARDS_OF = {0: (20, HAZARDS[0], True), 2: (12, HAZARDS[1], False), 5: (2, HAZARDS[2], False)}
