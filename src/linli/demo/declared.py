"""What residents, owners and firms of the first grid declared lately, and how far each of it has come."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from linli.accounts.models import User
from linli.areas.choices import Role
from linli.areas.models import Area
from linli.areas.queries import COMMUNITY_SIDE, staff_of
from linli.core import clock
from linli.declarations import actions
from linli.declarations.actions import Declared, NewDeclaration, StepValues
from linli.declarations.choices import Choice, Declarer, Kind
from linli.declarations.models import Declaration
from linli.declarations.queries import usual_occupancy
from linli.demo import names
from linli.demo.staff import SHOWCASE_COMMUNITY, SHOWCASE_GRID
from linli.housing.choices import Occupancy
from linli.housing.models import Dwelling
from linli.people.models import Residence

QUESTION = "请问是几单元？门口的门牌号也写一下。"
ANSWER = "2单元，门牌上写的是201。"
REASON = "这个房号在楼里没有，请看看门牌再报一次。"


@dataclass
class Declarations:
    """The declarations of the first grid; the same seed gives the same ones."""

    grid: Area
    worker: User
    leader: User
    rng: random.Random
    homes: dict[str, list[Dwelling]]
    members: list[Residence]

    def write(self) -> None:
        """Let people declare on days of the last two weeks, and staff do what they have come to since."""
        now = clock.now()
        past: list[tuple[timedelta, Callable[[], object]]] = [
            (timedelta(days=13), self._empty_and_confirmed),
            (timedelta(days=11), self._moved_in_and_confirmed),
            (timedelta(days=9), self._wrong_room),
            (timedelta(days=8), self._late),
            (timedelta(days=6), self._thought_again),
            (timedelta(days=2), self._asked_back),
            (timedelta(days=1, hours=5), self._answered),
            (timedelta(days=1, hours=2), self._prepared),
            (timedelta(hours=3), self._to_be_let),
            (timedelta(hours=2), self._prefers_not_to_say),
            (timedelta(minutes=50), self._firm),
        ]
        for ago, happens in past:
            with clock.frozen(now - ago):
                happens()

    def _new(
        self,
        declarer: str,
        kind: str,
        home: Dwelling,
        said: Mapping[str, str | int | None] | None = None,
        *,
        ahead: timedelta = timedelta(),
        room: str = "",
        declined: tuple[str, ...] = (),
    ) -> Declared:
        new = NewDeclaration(
            declarer=declarer,
            kind=kind,
            building=home.building,
            day=clock.local(clock.now() + ahead).date(),
            entrance=home.entrance,
            room=room or home.room,
            answers=said or {},
            declined=declined,
        )
        return actions.declare(new, rng=self.rng)

    def _home(self, *uses: str) -> Dwelling:
        """Return a home of one of these uses that nothing was declared about yet, any home where there is none."""
        for use in (*uses, *self.homes):
            if self.homes.get(use):
                return self.homes[use].pop(self.rng.randrange(len(self.homes[use])))
        raise LookupError("the first grid has too few homes")

    def _somebody(self) -> dict[str, str | int | None]:
        sex = self.rng.choice(("male", "female"))
        name = names.family_name(self.rng) + names.given_name(sex, self.rng)
        return {"name": name, "phone": names.mobile(self.rng), "id_number": ""}

    def _confirmed(self, declaration: Declaration, choice: str = "") -> None:
        values = StepValues(choice=choice, occupancy=usual_occupancy(declaration, None))
        actions.confirm(declaration, values, by=self.leader)

    def _empty_and_confirmed(self) -> None:
        self._confirmed(self._new(Declarer.OWNER, Kind.EMPTY, self._home(Occupancy.UNKNOWN)).declaration)

    def _moved_in_and_confirmed(self) -> None:
        made = self._new(Declarer.TENANT, Kind.MOVE_IN, self._home(Occupancy.EMPTY), self._somebody())
        self._confirmed(made.declaration, Choice.NEW)

    def _wrong_room(self) -> None:
        home = self._home(Occupancy.OWN)
        made = self._new(Declarer.RESIDENT, Kind.MOVE_IN, home, self._somebody(), room="9901")
        actions.refuse(made.declaration, REASON, by=self.leader)

    def _late(self) -> None:
        member = self.members.pop()
        home = member.household.dwelling
        said = {"name": member.person.name, "phone": names.mobile(self.rng)}
        self._new(Declarer.RESIDENT, Kind.MOVE_OUT, home, said)

    def _thought_again(self) -> None:
        made = self._new(Declarer.OWNER, Kind.LET_ENDED, self._home(Occupancy.RENTED))
        actions.withdraw(made.token)

    def _asked_back(self) -> None:
        made = self._new(Declarer.TENANT, Kind.MOVE_IN, self._home(Occupancy.EMPTY), self._somebody())
        actions.ask(made.declaration, QUESTION, by=self.worker)

    def _answered(self) -> None:
        made = self._new(Declarer.TENANT, Kind.ADDRESS, self._home(Occupancy.RENTED), self._somebody())
        actions.ask(made.declaration, QUESTION, by=self.worker)
        actions.answer(made.token, ANSWER)

    def _prepared(self) -> None:
        member = self.members.pop()
        said = {"name": member.person.name, "phone": names.mobile(self.rng)}
        made = self._new(Declarer.RESIDENT, Kind.CONTACT, member.household.dwelling, said)
        values = StepValues(choice=Choice.PERSON, person=member.person)
        actions.prepare(made.declaration, values, by=self.worker)

    def _to_be_let(self) -> None:
        self._new(Declarer.OWNER, Kind.LET, self._home(Occupancy.EMPTY), {"headcount": 3}, ahead=timedelta(days=6))

    def _prefers_not_to_say(self) -> None:
        declined = ("name", "phone", "id_number")
        self._new(Declarer.TENANT, Kind.MOVE_IN, self._home(Occupancy.RENTED), declined=declined)

    def _firm(self) -> None:
        self._new(Declarer.EMPLOYER, Kind.MOVE_IN, self._home(Occupancy.RENTED), {"headcount": 4})


def write_declarations(places: Mapping[str, Area], seed: int) -> None:
    """Write the declarations of the first grid; nothing where nobody serves it."""
    grid, community = places[SHOWCASE_GRID], places[SHOWCASE_COMMUNITY]
    workers = [post.holder for post in staff_of(grid, (Role.WORKER,)) if post.holder]
    leaders = [post.holder for post in staff_of(community, COMMUNITY_SIDE) if post.holder]
    if not workers or not leaders:
        return
    rng = random.Random(f"{seed}:declarations")  # noqa: S311
    homes: dict[str, list[Dwelling]] = {}
    for home in Dwelling.objects.filter(building__grid=grid).select_related("building").order_by("pk"):
        homes.setdefault(home.occupancy, []).append(home)
    residences = Residence.objects.filter(until=None, household__dwelling__building__grid=grid).order_by("pk")
    members = list(residences.select_related("person", "household__dwelling__building")[:40])
    rng.shuffle(members)
    Declarations(grid, workers[0], leaders[0], rng, homes, members).write()
