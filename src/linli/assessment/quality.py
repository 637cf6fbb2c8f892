"""How complete and how fresh the ledgers are. Every number is a condition; the same condition opens the rows behind it.

Who prefers not to say has answered: that leaves the denominator, is shown apart, and no list names who it was.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, Greatest

from linli.areas.choices import Level
from linli.areas.models import Area, AreaQuerySet
from linli.areas.scope import scope_paths
from linli.assessment.choices import Age, Fact, FactState, HomeState
from linli.assessment.models import LedgerCount
from linli.core import clock
from linli.core.paths import ancestors, within
from linli.housing.choices import DwellingKind, Occupancy
from linli.housing.models import Dwelling
from linli.people.at_home import has_household
from linli.people.choices import Registration, Withheld
from linli.people.models import Person

# The facts of people: what tells that one is known, and under which name a person may prefer not to say it.
KNOWN: Mapping[Fact, tuple[Q, str]] = {
    Fact.ID_NUMBER: (Q(id_number_index__gt=""), Withheld.ID_NUMBER),
    Fact.BIRTH_DATE: (Q(birth_date__isnull=False), Withheld.BIRTH_DATE),
    Fact.PHONE: (Q(phone_index__gt=""), Withheld.PHONE),
    Fact.REGISTERED_ADDRESS: (Q(registered_address__gt=""), Withheld.REGISTERED_ADDRESS),
    Fact.REGISTRATION: (Q(present_registration__in=[Registration.HERE, Registration.ELSEWHERE]), ""),
    Fact.SINCE: (Q(has_since=True), ""),
    Fact.EMERGENCY_CONTACT: (Q(named__gt=""), Withheld.EMERGENCY_CONTACT),
}
# Age → younger than so many days.
DAYS: Mapping[Age, int] = {Age.QUARTER: 91, Age.HALF: 183, Age.YEAR: 366}
# What counts as collected, and what no list opens.
COLLECTED = (HomeState.COLLECTED, HomeState.EMPTY)
# Places that hold counts of their own; larger ones add up their communities.
SPLIT = (Level.COMMUNITY, Level.GRID)
LEVELS = (Level.DISTRICT, Level.STREET, Level.COMMUNITY, Level.GRID)

HOME, AGE = "home", "age"

# What the conditions on people ask for that is no column of theirs.
ASKED: Mapping[str, Any] = {
    "said_no": Coalesce(Cast("particulars__declined", TextField()), Value(""), output_field=TextField()),
    "named": Coalesce("particulars__emergency_name", Value("")),
    "seen_at": Greatest("changed_at", Coalesce("present__household__confirmed_at", "changed_at")),
    "present_registration": Coalesce(F("present__registration"), Value(Registration.UNKNOWN.value)),
    "has_since": Q(present__since__isnull=False),
}


def key_of(group: str, value: str) -> str:
    """Return the name of a number: ``home.empty``, ``age.older``, ``phone.missing``."""
    return f"{group}.{value}"


KEYS = (
    *(key_of(HOME, state) for state in HomeState),
    *(key_of(fact, state) for fact in Fact for state in FactState),
    *(key_of(AGE, age) for age in Age),
)


@dataclass(frozen=True)
class Part:
    """Some of all, as a share; who prefers not to say stands apart."""

    count: int
    of: int
    declined: int = 0

    @property
    def percent(self) -> int | None:
        """Return whole per cent, or None where there is nothing to count; 0 and 100 only where it is none or all."""
        if not self.of:
            return None
        share = int(100 * self.count / self.of + 0.5)
        return min(max(share, 1), 99) if 0 < self.count < self.of else share


@dataclass(frozen=True)
class Quality:
    """The numbers of one place."""

    counts: Mapping[str, int] = field(default_factory=dict)

    def home(self, state: HomeState) -> int:
        """Return how many homes are in a state."""
        return self.counts.get(key_of(HOME, state), 0)

    def fact(self, fact: Fact, state: FactState) -> int:
        """Return of how many a fact is known, declined or missing."""
        return self.counts.get(key_of(fact, state), 0)

    def age(self, age: Age) -> int:
        """Return how many people's data are so old."""
        return self.counts.get(key_of(AGE, age), 0)

    @property
    def homes(self) -> int:
        """Return how many homes are known."""
        return sum(self.home(state) for state in HomeState)

    @property
    def people(self) -> int:
        """Return how many people are written down."""
        return sum(self.age(age) for age in Age)

    @property
    def collection(self) -> Part:
        """Return collected ÷ known homes 采集率."""
        return Part(sum(self.home(state) for state in COLLECTED), self.homes, self.home(HomeState.DECLINED))

    def completeness(self, *facts: Fact) -> Part:
        """Return known ÷ asked for one fact or for several, without those who prefer not to say."""
        known, declined, missing = (sum(self.fact(fact, state) for fact in facts) for state in FactState)
        return Part(known, known + missing, declined)

    @property
    def freshness(self) -> Part:
        """Return whose data were written, changed or confirmed within a year ÷ all people."""
        return Part(self.people - self.age(Age.OLDER), self.people)


@dataclass(frozen=True)
class PlaceRow:
    area: Area
    quality: Quality


@dataclass(frozen=True)
class Report:
    """The numbers of one place and of those directly below it, in the order of their codes.

    ``elsewhere`` is what lies in none of them: homes without a grid. ``counted_at`` is the oldest count among them.
    """

    area: Area
    total: Quality
    below: list[PlaceRow]
    elsewhere: Quality
    counted_at: datetime | None


def quality_areas(user: Any) -> AreaQuerySet:
    """Return the areas whose numbers a user may see, in the order of their codes."""
    areas: AreaQuerySet = Area.objects.filter(within(scope_paths(user, "people.count")))
    return areas.current().filter(level__in=LEVELS).order_by("code")


def report(user: Any, area: Area) -> Report:
    """Return what was counted last in a place."""
    rows = LedgerCount.objects.visible_to(user).filter(within([area.path])).order_by("path")
    if area.level in SPLIT:
        counted = list(rows.values_list("path", "counts", "counted_at"))
    else:
        counted = list(rows.filter(whole__isnull=False).values_list("path", "whole", "counted_at"))
    below = list(quality_areas(user).filter(parent=area).defer("geometry", "bounds"))
    places = {place.path for place in below}
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for path, counts, _counted_at in counted:
        sums[next((above for above in ancestors(path) if above in places), "")].update(counts)
    total: Counter[str] = Counter()
    for found in sums.values():
        total.update(found)
    return Report(
        area=area,
        total=Quality(total),
        below=[PlaceRow(place, Quality(sums[place.path])) for place in below],
        elsewhere=Quality(sums[""]) if below else Quality(),
        counted_at=min((moment for _path, _counts, moment in counted), default=None),
    )


def people(*conditions: Q) -> QuerySet[Person]:
    """Return everybody who lives somewhere, with what the conditions ask for: each join costs time in large places."""
    names = {name for condition in conditions for name in _names_in(condition)}
    found = Person.objects.filter(path__gt="").annotate(
        present=FilteredRelation("residences", condition=Q(residences__until=None))
    )
    return found.annotate(**{name: asks for name, asks in ASKED.items() if name in names})


def _names_in(condition: Q) -> Iterator[str]:
    """Yield the names that a condition asks for, without what is asked of them."""
    for child in condition.children:
        if isinstance(child, Q):
            yield from _names_in(child)
        elif isinstance(child, tuple):
            yield child[0].partition("__")[0]


def homes() -> QuerySet[Dwelling]:
    """Return every home, with whether people of it are written down."""
    return Dwelling.objects.filter(kind=DwellingKind.HOME).annotate(lived_in=has_household())


def of_home(state: HomeState) -> Q:
    """Return the condition on `homes` for a state; each home is in one."""
    told = {HomeState.EMPTY: Occupancy.EMPTY, HomeState.DECLINED: Occupancy.DECLINED}
    if state == HomeState.COLLECTED:
        return Q(lived_in=True)
    if state == HomeState.NOT_YET:
        return Q(lived_in=False) & ~Q(occupancy__in=told.values())
    return Q(lived_in=False, occupancy=told[state])


def of_fact(fact: Fact, state: FactState) -> Q:
    """Return the condition on `people`, for the use of a home on `homes`, for a fact that is known, declined or not."""
    if fact == Fact.USE:
        told = {FactState.DECLINED: Q(occupancy=Occupancy.DECLINED), FactState.MISSING: Q(occupancy=Occupancy.UNKNOWN)}
        return told.get(state, ~Q(occupancy__in=[Occupancy.DECLINED, Occupancy.UNKNOWN]))
    known, withheld = KNOWN[fact]
    declined = Q(said_no__contains=f'"{withheld}"') if withheld else Q(pk__in=[])
    if state == FactState.KNOWN:
        return known
    return ~known & (declined if state == FactState.DECLINED else ~declined)


def of_age(age: Age, now: datetime) -> Q:
    """Return the condition on `people` for the age of their data at a moment; confirmed as unchanged is fresh too."""
    order = list(Age)
    place = order.index(age)
    condition = Q()
    if age in DAYS:
        condition &= Q(seen_at__gte=now - timedelta(days=DAYS[age]))
    if place:
        younger = now - timedelta(days=DAYS[order[place - 1]])
        # Seen is never before changed: the column narrows what the database has to look at.
        condition &= Q(changed_at__lt=younger) & Q(seen_at__lt=younger)
    return condition


def people_behind(user: Any, area: Area, condition: Q) -> QuerySet[Person]:
    """Return the people that a number counts, as far as a user sees them, place by place.

    They carry what the conditions ask for, to which nothing can be prefetched: `with_homes` needs people found by key.
    """
    reached = within([area.path]) & within(scope_paths(user, "people.view"))
    return people(condition).filter(reached).filter(condition).order_by("path", "pk")


def homes_behind(user: Any, area: Area, condition: Q) -> QuerySet[Dwelling]:
    """Return the homes that a number counts, as far as a user sees them."""
    reached = within([area.path]) & within(scope_paths(user, "people.view"))
    return homes().filter(reached).filter(condition).order_by("path", "sort_key", "pk")


def counted_under(path: str, now: datetime | None = None) -> dict[str, dict[str, int]]:
    """Count a community and return path → its numbers; nothing that is zero."""
    moment = now or clock.now()
    asked_of_people = {
        key_of(fact, state): of_fact(fact, state) for fact in Fact if fact != Fact.USE for state in FactState
    }
    asked_of_people |= {key_of(AGE, age): of_age(age, moment) for age in Age}
    asked_of_homes = {key_of(HOME, state): of_home(state) for state in HomeState}
    asked_of_homes |= {key_of(Fact.USE, state): of_fact(Fact.USE, state) for state in FactState}
    found: dict[str, dict[str, int]] = {path: {}}
    sets: tuple[tuple[QuerySet[Any], dict[str, Q]], ...] = (
        (people(*asked_of_people.values()), asked_of_people),
        (homes(), asked_of_homes),
    )
    for rows, asked in sets:
        names = {f"count_{place}": key for place, key in enumerate(asked)}
        counts = {name: Count("pk", filter=asked[key]) for name, key in names.items()}
        for row in rows.filter(within([path])).order_by().values("path").annotate(**counts):
            place = found.setdefault(row["path"], {})
            place.update({key: row[name] for name, key in names.items() if row[name]})
    return found
