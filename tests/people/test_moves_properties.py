"""Whatever people do, in whatever order: nobody lives in two homes, and history leads to the present."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.accounts.rules import SYSTEM
from linli.core import clock
from linli.people import actions as people
from linli.people.choices import Presence, Registration, Relation, Sex
from linli.people.histories import broken_histories, replayed
from linli.people.models import Household, Particulars, Person, Residence, Transfer
from linli.people.places import Place, Tie
from linli.people.queries import NAMED, facts_of, household_file
from linli.people.rules import NotPossible
from tests.cast import Cast
from tests.conftest import TUESDAY
from tests.people.homes import SINCE, Homes, make_homes

pytestmark = pytest.mark.django_db

KINDS = (
    "move_in", "come_back", "birth", "death", "move_out", "move_home", "tie", "split", "merge", "head",
    "ask", "accept", "refuse", "withdraw",
)  # fmt: skip


@pytest.fixture
def homes(cast: Cast) -> Homes:
    return make_homes(cast)


@dataclass(frozen=True)
class Deed:
    """One thing that is tried: what, how many days after the last one, how many days back it is told, and choices."""

    kind: str
    later: int
    back: int
    first: int
    second: int
    some: int


DEEDS = st.lists(
    st.builds(
        Deed,
        kind=st.sampled_from(KINDS),
        later=st.integers(0, 9),
        back=st.sampled_from([0, 0, 0, 1, 3, 12]),
        first=st.integers(0, 50),
        second=st.integers(0, 50),
        some=st.integers(0, 50),
    ),
    max_size=14,
)


@dataclass
class Story:
    """The deeds as they go on, and what was true on each day as the test itself notes it."""

    homes: Homes
    now: datetime = TUESDAY
    # Person → days on which something changed, with the place from then on.
    known: dict[int, list[tuple[date, Place | None]]] = field(default_factory=lambda: defaultdict(list))
    done: int = 0

    def begin(self) -> None:
        for person, place in present().items():
            self.known[person].append((SINCE, place))

    def do(self, deed: Deed) -> None:
        self.now += timedelta(days=deed.later)
        day = clock.local(self.now).date() - timedelta(days=deed.back)
        before = present()
        with clock.frozen(self.now):
            try:
                with transaction.atomic():
                    perform(deed, day, self.homes, self.done)
            except NotPossible:
                assert present() == before, "what was refused left something behind"
                return
        self.done += 1
        after = present()
        for person in before.keys() | after.keys():
            if before.get(person) != after.get(person):
                self.known[person].append((day, after.get(person)))

    def true_on(self, day: date) -> dict[int, Place]:
        """Return where everybody was at the end of a day."""
        found = {}
        for person, notes in self.known.items():
            begun = [place for noted, place in notes if noted <= day]
            if begun and begun[-1] is not None:
                found[person] = begun[-1]
        return found


def present() -> dict[int, Place]:
    rows = Residence.objects.filter(until=None)
    return {row.person_id: Place(row.household_id, Tie.of(row)) for row in rows}


def perform(deed: Deed, day: date, homes: Homes, number: int) -> None:
    """Do it; what there is nobody for is not possible."""
    households = list(Household.objects.filter(ended_on=None).order_by("pk"))
    household = pick(households, deed.first)
    members = [row.person for row in household.residences.filter(until=None).order_by("pk").select_related("person")]
    person = pick(members, deed.second)
    others = [each for each in members if each != person]
    home: Any = pick([*homes.homes, *households], deed.some)
    new_head = pick(others, deed.some) if others and deed.some % 3 else None
    some = [person, *others[: deed.some % 3]]
    new = people.NewPerson(f"新{number}", pick(list(Sex), deed.second), date(2026, 1, 1))
    acts: dict[str, Any] = {
        "move_in": lambda: people.move_in(new, home, some_tie(deed), by=SYSTEM, day=day),
        "come_back": lambda: people.move_in(gone(deed), home, some_tie(deed), by=SYSTEM, day=day),
        "birth": lambda: people.record_birth(household, new, by=SYSTEM, day=day, parent=person),
        "death": lambda: people.record_death(person, by=SYSTEM, day=day, new_head=new_head),
        "move_out": lambda: people.move_out(household, some, by=SYSTEM, day=day, new_head=new_head),
        "move_home": lambda: people.move_home(household, some, home, by=SYSTEM, day=day, new_head=new_head),
        "tie": lambda: people.change_tie(
            person, by=SYSTEM, day=day, registration=pick(Registration.values, deed.some), presence=Presence.AWAY
        ),
        "split": lambda: people.split_household(household, some, by=SYSTEM, day=day, head=some[-1], new_head=new_head),
        "merge": lambda: people.merge_households(household, pick(households, deed.some), by=SYSTEM, day=day),
        "head": lambda: people.change_head(household, person, by=SYSTEM, day=day),
        "ask": lambda: people.ask_transfer(household, some, pick(homes.buildings, deed.some), by=SYSTEM, day=day),
        "accept": lambda: people.accept_transfer(asked(deed), home, by=SYSTEM, day=day, new_head=new_head),
        "refuse": lambda: people.refuse_transfer(asked(deed), "没住进来", by=SYSTEM),
        "withdraw": lambda: people.withdraw_transfer(asked(deed), by=SYSTEM),
    }
    acts[deed.kind]()


def pick(rows: list[Any], number: int) -> Any:
    if not rows:
        raise NotPossible("nobody is there")
    return rows[number % len(rows)]


def some_tie(deed: Deed) -> Tie:
    return Tie(pick(Relation.values, deed.some), pick(Registration.values, deed.second), Presence.HERE)


def gone(deed: Deed) -> Person:
    return pick(list(Person.objects.exclude(residences__until=None).order_by("pk")), deed.second)


def asked(deed: Deed) -> Transfer:
    return pick(list(Transfer.objects.order_by("pk")), deed.second)


def check(story: Story) -> None:
    """Look at everything that must always hold."""
    rows = list(Residence.objects.select_related("household", "person"))
    days = {story.now.date() + timedelta(days=1), SINCE - timedelta(days=1)}
    days |= {day for notes in story.known.values() for noted, _place in notes for day in around(noted)}
    for day in days:
        in_force = list(Residence.objects.on(day))
        assert len({row.person_id for row in in_force}) == len(in_force), "somebody lives in two homes"
        heads = [row.household_id for row in in_force if row.relation == Relation.HEAD]
        assert len(set(heads)) == len(heads), "a household has two heads"
        then = {row.person_id: Place(row.household_id, Tie.of(row)) for row in in_force}
        assert then == story.true_on(day), f"the rows tell something else of {day}"
    for household in Household.objects.select_related("dwelling"):
        own = [row for row in rows if row.household_id == household.pk]
        assert household.dwelling is not None
        assert household.path == household.dwelling.path
        assert own, "a household without anybody was left behind"
        assert (household.ended_on is None) == any(row.until is None for row in own)
        if household.ended_on:
            assert household.ended_on == max(row.until for row in own if row.until)
    for person in Person.objects.all():
        home = next((row.household for row in rows if row.person_id == person.pk and row.until is None), None)
        assert person.path == (home.path if home else "")
    keys = list(Person.objects.values_list("pk", flat=True))
    told = replayed(keys)
    assert {key: place for key, place in told.items() if place} == {k: v for k, v in present().items() if k in told}
    assert list(broken_histories(Person.objects.all())) == []


def around(day: date) -> tuple[date, ...]:
    return day - timedelta(days=1), day, day + timedelta(days=1)


FACTS = ("employer", "phone", "birth_date", "skills", "declined")
TOLD: dict[str, st.SearchStrategy[Any]] = {
    "employer": st.sampled_from(["", "供热公司", "和平医院"]),
    "phone": st.sampled_from(["", "19000000131", "19000000132"]),
    "birth_date": st.sampled_from([None, date(1961, 8, 25), date(1962, 1, 1)]),
    "skills": st.sampled_from(["", "修水电"]),
    "declined": st.lists(st.sampled_from(["employer", "skills"]), max_size=2),
}
# How many days later, and what is told then.
CHANGES = st.lists(st.tuples(st.integers(0, 3), st.fixed_dictionaries({}, optional=TOLD)), max_size=8)


@given(changes=CHANGES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_facts_as_of_a_day_are_what_was_known_at_its_end(
    homes: Homes, changes: list[tuple[int, dict[str, Any]]]
) -> None:
    with transaction.atomic():
        person, now = homes.person("王翠萍"), TUESDAY
        household = homes.household("王翠萍")
        known = {now.date() - timedelta(days=1): facts(person)}
        for later, told in changes:
            now += timedelta(days=later)
            with clock.frozen(now):
                people.change_person(person, told, by=SYSTEM)
            known[clock.local(now).date()] = facts(person)
        with clock.frozen(now):
            for day, then in known.items():
                (head,) = [
                    each for each in household_file(homes.cast.worker, household.number, day).members if each.is_head
                ]
                shown = {name: getattr(head.particulars if name in NAMED else head.person, name) for name in FACTS}
                assert shown == then, f"the file tells something else of {day}"
        transaction.set_rollback(True)


def facts(person: Person) -> dict[str, Any]:
    found = facts_of(Person.objects.get(pk=person.pk), Particulars.objects.filter(person=person).first())
    return {name: found[name] for name in FACTS}


@given(deeds=DEEDS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_everybody_lives_in_one_home_and_history_leads_there(homes: Homes, deeds: list[Deed]) -> None:
    with transaction.atomic():
        story = Story(homes)
        story.begin()
        for deed in deeds:
            story.do(deed)
        check(story)
        transaction.set_rollback(True)
