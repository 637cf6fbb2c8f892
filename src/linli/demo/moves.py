"""What happens to some households of the demo: moves, a birth, a new head, a death, people on the way elsewhere."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from linli.areas.choices import Role
from linli.areas.models import Area
from linli.areas.queries import staff_of
from linli.core import clock
from linli.demo.names import family_name, given_name, mobile
from linli.housing.models import Building, Dwelling
from linli.people import actions
from linli.people.choices import Consent, Destination, Presence, Registration, Relation, Sex, Withheld
from linli.people.models import Household, Person, Residence
from linli.people.places import Tie

# So many grids come to life; more would say the same again.
MOST_GRIDS = 4
# Everybody whom something happens to lived here that many days ago.
SETTLED_DAYS = 400
# What those who move said about their data, one after the other.
ANSWERS = (Consent.AGREED, Consent.DECLINED, Consent.NOT_ASKED)
LEAST_MEMBERS = 3
# What happened was written down so many days ago at most, and so many days after it happened.
MOST_DAYS = 50
DAYS_LATE = (0, 0, 1, 1, 2, 2, 3, 5, 6, 9, 16)
# More empty homes of a grid than are moved into.
MOST_EMPTY = 20


def write_moves(seed: int, buildings: Sequence[Building], *, by: Any) -> None:
    """Let things happen in the first grids, and let people move between them."""
    grids: dict[int, Area] = {building.grid.pk: building.grid for building in buildings if building.grid is not None}
    chosen = sorted(grids.values(), key=lambda grid: grid.code)[:MOST_GRIDS]
    sides = [_Grid(grid, seed, by) for grid in chosen]
    for side in sides:
        side.live()
    for here, there in zip(sides, sides[1:] + sides[:1], strict=True):
        if here is not there:
            here.send(there)


class _Grid:
    """The households of one grid to which nothing has happened yet."""

    def __init__(self, grid: Area, seed: int, by: Any) -> None:
        self.by, self.now = by, clock.now()
        self.rng = random.Random(f"{seed}:{grid.code}:moves")  # noqa: S311
        self.building = Building.objects.filter(grid=grid).order_by("pk").first()
        self.empty = iter(list(Dwelling.objects.filter(path=grid.path, households=None).order_by("pk")[:MOST_EMPTY]))
        self.households = self._households(grid)
        holders = [post.holder for post in staff_of(grid, (Role.WORKER,)) if post.holder]
        asker = holders[0].name if holders else "社区网格员"
        self.said = [actions.Said(answer, asked_by=asker) for answer in ANSWERS]

    def _households(self, grid: Area) -> Iterator[Household]:
        settled = clock.today() - timedelta(days=SETTLED_DAYS)
        for household in Household.objects.filter(path=grid.path).order_by("pk"):
            rows = list(household.residences.all())
            long_here = all(row.since is None or row.since <= settled for row in rows)
            if len(rows) >= LEAST_MEMBERS and long_here and rows[0].relation == Relation.HEAD:
                yield household

    def live(self) -> None:
        """Let one of everything happen."""
        for happen in (self._birth, self._leave, self._newcomer, self._within, self._head, self._death, self._named):
            household = next(self.households, None)
            if household is not None:
                with clock.frozen(self.now - timedelta(days=self.rng.randint(0, MOST_DAYS), hours=2)):
                    happen(household)

    def send(self, there: _Grid) -> None:
        """Ask another grid to take people over: one waits, one was refused, one is there already."""
        for number, answer in enumerate(("", "refuse", "accept")):
            household, home = next(self.households, None), next(there.empty, None)
            if household is None or there.building is None or home is None:
                return
            transfer = actions.ask_transfer(
                household,
                [_youngest(household)],
                home.building,
                by=self.by,
                day=self._day(),
                home=home.room,
                said=self.said[number],
            )
            if answer == "refuse":
                actions.refuse_transfer(transfer, "去看过，人还没住进来", by=self.by)
            elif answer == "accept":
                actions.accept_transfer(transfer, home, by=self.by)

    def _day(self) -> date:
        """Return the day on which something happened that is written down now."""
        return clock.today() - timedelta(days=self.rng.choice(DAYS_LATE))

    def _birth(self, household: Household) -> None:
        head, day = _members(household)[0].person, self._day()
        sex = self.rng.choice([Sex.MALE, Sex.FEMALE])
        child = actions.NewPerson(head.name[0] + given_name(sex, self.rng), sex, day)
        actions.record_birth(household, child, by=self.by, day=day, parent=head, registration=Registration.HERE)

    def _leave(self, household: Household) -> None:
        where = self.rng.choice(Destination.values)
        actions.move_out(
            household, [_youngest(household)], by=self.by, day=self._day(), destination=where, said=self.said[0]
        )

    def _newcomer(self, _household: Household) -> None:
        home = next(self.empty, None)
        if home is None:
            return
        sex = self.rng.choice([Sex.MALE, Sex.FEMALE])
        name = family_name(self.rng) + given_name(sex, self.rng)
        new = actions.NewPerson(name, sex, phone=mobile(self.rng), registered_address="外省")
        tie = Tie(registration=Registration.ELSEWHERE)
        actions.move_in(new, home, tie, by=self.by, day=self._day())

    def _within(self, household: Household) -> None:
        home = next(self.empty, None)
        if home is not None:
            actions.move_home(household, [_youngest(household)], home, by=self.by, day=self._day())

    def _head(self, household: Household) -> None:
        actions.change_head(household, _members(household)[1].person, by=self.by, day=self._day())

    def _death(self, household: Household) -> None:
        first, second = _members(household)[:2]
        actions.record_death(first.person, by=self.by, day=self._day(), new_head=second.person)

    def _named(self, household: Household) -> None:
        head, second = (row.person for row in _members(household)[:2])
        contact = {"emergency_name": second.name, "emergency_relation": "家人", "emergency_phone": mobile(self.rng)}
        actions.change_person(head, {**contact, "skills": "会修水电，周末有空"}, by=self.by)
        actions.change_person(second, {"declined": [Withheld.EMPLOYER, Withheld.EMERGENCY_CONTACT]}, by=self.by)
        youngest = _youngest(household)
        actions.change_tie(youngest, by=self.by, day=self._day(), presence=Presence.AWAY)


def _members(household: Household) -> list[Residence]:
    return list(household.residences.filter(until=None).select_related("person").order_by("pk"))


def _youngest(household: Household) -> Person:
    return _members(household)[-1].person
