"""Reading people and households: files, lists, search. ID numbers and phones leave here masked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Prefetch, Q, QuerySet, When
from django.utils.translation import gettext as _

from linli.areas.models import Area
from linli.core import clock
from linli.core.masking import mask_id_number, mask_phone
from linli.core.paths import ancestors, outermost, within
from linli.housing.models import Building, Dwelling
from linli.housing.queries import homes_named
from linli.people.at_home import has_household
from linli.people.choices import CorrectionState, Presence, Registration, Relation, Standing
from linli.people.models import (
    Correction,
    EventLine,
    Household,
    Particulars,
    Person,
    PersonChange,
    Residence,
)
from linli.people.pasts import event_words, facts_before, tie_words
from linli.people.searching import ID_CONTEXT as ID_CONTEXT
from linli.people.searching import LONGEST_SEARCH, MOST_CANDIDATES, found_keys
from linli.people.searching import PHONE_CONTEXT as PHONE_CONTEXT
from linli.people.searching import id_index as id_index
from linli.people.searching import phone_index as phone_index
from linli.people.standings import standing_filter, standing_of, was_there

# Facts that are kept with the person, and those that are kept beside (``Particulars``).
NAMED = ("emergency_name", "emergency_relation", "emergency_phone", "skills", "declined")
FACTS = (
    "name",
    "sex",
    "birth_date",
    "id_number",
    "phone",
    "registered_address",
    "employer",
    "note",
    *NAMED,
)

_RELATION_ORDER = {relation: place for place, relation in enumerate(Relation.values)}


@dataclass(frozen=True)
class HouseholdFilters:
    """What a list of households is narrowed to; None and ``""`` mean everything.

    ``under`` is an area code, ``building`` a key, ``text`` a name, pinyin, phone tail or address of somebody who
    lives there, or the service code of the household; ``standing`` is one that somebody of the household has.
    """

    under: str = ""
    building: int | None = None
    text: str = ""
    standing: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> HouseholdFilters:
        """Read the filters from the query of an address; rubbish counts as nothing."""
        building, standing = query.get("building", ""), query.get("standing", "")
        return cls(
            under=query.get("under", "")[:20],
            building=int(building) if building.isascii() and building.isdigit() and len(building) < 18 else None,
            text=query.get("q", "")[:LONGEST_SEARCH],
            standing=standing if standing in Standing.values else "",
        )


@dataclass(frozen=True)
class Member:
    """Somebody of a household, with what may be shown: ``id_number``, ``phone`` and ``emergency_phone`` are masked.

    ``declined`` holds the names of what the person prefers not to say.
    """

    person: Person
    residence: Residence
    id_number: str
    phone: str
    age: int | None
    corrections: list[Correction] = field(default_factory=list)
    standing: Standing = Standing.UNCLEAR
    particulars: Particulars = field(default_factory=Particulars)
    emergency_phone: str = ""

    @property
    def declined(self) -> list[str]:
        return list(self.particulars.declined)

    @property
    def is_head(self) -> bool:
        return self.residence.relation == Relation.HEAD


@dataclass(frozen=True)
class HistoryLine:
    """Something that happened in a household: a moment or a day, and a sentence."""

    at: datetime | date
    text: str


@dataclass(frozen=True)
class HouseholdFile:
    """One household on one page 一户一档, as it stood at the end of ``day``.

    ``versions`` are the days on which something changed, the last one first; ``needs`` stays empty until needs are
    recorded in visits.
    """

    household: Household
    dwelling: Dwelling
    building: Building
    members: list[Member]
    history: list[HistoryLine]
    needs: list[str] = field(default_factory=list)
    day: date = field(default_factory=clock.today)
    versions: list[date] = field(default_factory=list)

    @property
    def is_past(self) -> bool:
        """Whether this is another day than today."""
        return self.day != clock.today()

    @property
    def living_here(self) -> int:
        """How many members live here."""
        return sum(member.residence.presence == Presence.HERE for member in self.members)

    @property
    def registered_here(self) -> int:
        """How many members are registered here."""
        return sum(member.residence.registration == Registration.HERE for member in self.members)

    @property
    def head(self) -> Member | None:
        """The head of the household, else the first member."""
        return next((member for member in self.members if member.is_head), self.members[0] if self.members else None)


def masked(person: Person) -> dict[str, Any]:
    """Return what may be shown of a person without a reason."""
    return {
        "id": person.pk,
        "name": person.name,
        "sex": person.sex,
        "birth_date": person.birth_date,
        "id_number": mask_id_number(person.id_number),
        "phone": mask_phone(person.phone),
        "registered_address": person.registered_address,
        "employer": person.employer,
    }


def facts_of(person: Person, particulars: Particulars | None) -> dict[str, Any]:
    """Return the facts of a person as they stand now, by their names."""
    beside = particulars or Particulars()
    return {name: getattr(beside if name in NAMED else person, name) for name in FACTS}


def particulars_of(person: Person) -> Particulars | None:
    """Return what a person named, offers or prefers not to say, if anything was written down."""
    return Particulars.objects.filter(person=person).first()


def age_of(born: date | None, day: date | None = None) -> int | None:
    """Return somebody's age in whole years on a day, today unless one is given."""
    if born is None:
        return None
    on = day or clock.today()
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def households_for(user: Any, filters: HouseholdFilters | None = None) -> QuerySet[Household]:
    """Return the present households of the user's reach in the order of their addresses.

    Each has its dwelling and building, and in ``members`` the present residences with their persons, the head first.
    """
    chosen = filters or HouseholdFilters()
    found = Household.objects.visible_to(user).filter(ended_on=None)
    if chosen.under:
        area = Area.objects.filter(code=chosen.under).first()
        found = found.filter(within([area.path])) if area is not None else found.none()
    found = found.filter(narrowed_to(user, chosen))
    return _with_members(found).order_by("path", "dwelling__sort_key", "pk")


def narrowed_to(user: Any, chosen: HouseholdFilters) -> Q:
    """Return the condition on households for what a list is narrowed to beside its area."""
    condition = Q()
    if chosen.building is not None:
        condition &= Q(dwelling__building=chosen.building)
    if chosen.standing:
        condition &= Q(_with_standing(chosen.standing))
    code = chosen.text.strip().upper()
    if code.isascii() and code.isalnum() and Household.objects.visible_to(user).filter(number=code).exists():
        return condition & Q(number=code)
    if code:
        people = [person.pk for person in search_people(user, chosen.text, limit=MOST_CANDIDATES)]
        condition &= Q(pk__in=Residence.objects.filter(person__in=people, until=None).order_by().values("household"))
    return condition


def _with_standing(standing: str) -> Exists:
    present = Residence.objects.filter(household=OuterRef("pk"), until=None)
    return Exists(present.filter(standing_filter(standing, clock.today())))


def _with_members(households: QuerySet[Household]) -> QuerySet[Household]:
    head_first = Case(When(relation=Relation.HEAD, then=0), default=1)
    present = Residence.objects.filter(until=None).select_related("person").order_by(head_first, "pk")
    present = present.defer("person__id_number", "person__phone", "person__search_terms")
    return households.select_related("dwelling__building").prefetch_related(
        Prefetch("residences", queryset=present, to_attr="members")
    )


# Shapes of the ground: large, and no file shows them.
_DRAWN = tuple(
    f"dwelling__building__{shape}"
    for shape in ("geometry", "grid__geometry", "grid__bounds", "community__geometry", "community__bounds")
)


def household_file(user: Any, number: str, day: date | None = None) -> HouseholdFile:
    """Return the file of one household of the user's reach, as it stood at the end of a day; today unless one is given.

    Raises:
        Household.DoesNotExist: there is none in the user's reach.
    """
    related = ("dwelling__building__grid", "dwelling__building__community")
    found = Household.objects.visible_to(user).select_related(*related).defer(*_DRAWN)
    household, today = found.get(number=number), clock.today()
    on = min(day, today) if day is not None else today
    residences = list(household.residences.select_related("person").order_by("pk"))
    people = {residence.person_id for residence in residences}
    corrections = list(Correction.objects.filter(person__in=people))
    changes = list(PersonChange.objects.filter(person__in=people))
    lines = list(_lines_of(household))
    rows = [row for row in residences if row.holds_on(on)]
    return HouseholdFile(
        household=household,
        dwelling=household.dwelling,
        building=household.dwelling.building,
        members=_members(rows, corrections if on == today else [], changes, on),
        history=[line for line in _history(household, residences, corrections, changes, lines) if _moment(line) <= on],
        day=on,
        versions=_versions(residences, changes, lines),
    )


def _lines_of(household: Household) -> QuerySet[EventLine]:
    touched = Q(left=household) | Q(joined=household)
    return EventLine.objects.filter(touched).select_related("event", "person").order_by("pk")


def _members(
    residences: list[Residence], corrections: list[Correction], changes: list[PersonChange], day: date
) -> list[Member]:
    open_ones: dict[int, list[Correction]] = {}
    for correction in corrections:
        if correction.state == CorrectionState.OPEN:
            open_ones.setdefault(correction.person_id, []).append(correction)
    beside = Particulars.objects.in_bulk([row.person_id for row in residences])
    before, settled = facts_before(changes, day), _settled(residences, day)
    members = []
    for row in sorted(residences, key=lambda row: (_RELATION_ORDER[row.relation], row.pk)):
        person, particulars = row.person, beside.get(row.person_id) or Particulars(person=row.person)
        for name, value in before.get(person.pk, {}).items():
            setattr(particulars if name in NAMED else person, name, value)
        members.append(
            Member(
                person=person,
                residence=row,
                id_number=mask_id_number(person.id_number),
                phone=mask_phone(person.phone),
                age=age_of(person.birth_date, day),
                corrections=open_ones.get(person.pk, []),
                standing=standing_of(row.registration, row.presence, settled=person.pk in settled),
                particulars=particulars,
                emergency_phone=mask_phone(particulars.emergency_phone),
            )
        )
    return members


def _settled(residences: list[Residence], day: date) -> set[int]:
    """Return who was in the ledger half a year before a day already, in whatever home."""
    people = [row.person_id for row in residences]
    spans = Residence.objects.filter(person__in=people).values_list("person", "since", "until")
    return {person for person, since, until in spans if was_there(since, until, day)}


def _history(
    household: Household,
    residences: list[Residence],
    corrections: list[Correction],
    changes: list[PersonChange],
    lines: list[EventLine],
) -> list[HistoryLine]:
    found = [HistoryLine(household.created_at, _("The household was written down"))]
    by_event: dict[int, list[EventLine]] = {}
    for line in lines:
        by_event.setdefault(line.event_id, []).append(line)
    for told in by_event.values():
        found.append(HistoryLine(told[0].event.day, event_words(told[0].event, told, household)))
    # What lies before the first event, and what workbooks wrote, stands in the residences alone.
    noted = {(line.person_id, line.event.day) for line in lines}
    begun = {(row.person_id, row.since) for row in residences}
    ended = {(row.person_id, row.until) for row in residences}
    for residence in residences:
        name = {"name": residence.person.name}
        since, until = (residence.person_id, residence.since), (residence.person_id, residence.until)
        if residence.since and since not in noted:
            words = tie_words(residence) if since in ended else _("%(name)s moved in") % name
            found.append(HistoryLine(residence.since, words))
        if residence.until and until not in noted | begun:
            found.append(HistoryLine(residence.until, _("%(name)s moved out") % name))
    names = {residence.person_id: residence.person.name for residence in residences}
    put_right = {(row.person_id, clock.local(row.settled_at).date()) for row in corrections if row.settled_at}
    for change in _changes_here(residences, changes):
        if (change.person_id, clock.local(change.changed_at).date()) not in put_right:
            name = {"name": names[change.person_id]}
            found.append(HistoryLine(change.changed_at, _("What is known of %(name)s was changed") % name))
    for correction in corrections:
        if correction.settled_at is not None:
            name = {"name": names[correction.person_id]}
            found.append(HistoryLine(correction.settled_at, _("The data of %(name)s were put right") % name))
    return sorted(found, key=_moment, reverse=True)


def _versions(residences: list[Residence], changes: list[PersonChange], lines: list[EventLine]) -> list[date]:
    """Return the days on which something changed, the last one first."""
    days = {day for row in residences for day in (row.since, row.until) if day is not None}
    days |= {line.event.day for line in lines}
    days |= {clock.local(change.changed_at).date() for change in _changes_here(residences, changes)}
    return sorted(days, reverse=True)


def _changes_here(residences: list[Residence], changes: list[PersonChange]) -> list[PersonChange]:
    """Return the changes of facts that were made while the person lived in the household."""
    held = [(change, clock.local(change.changed_at).date()) for change in changes]
    return [
        change
        for change, day in held
        if any(row.person_id == change.person_id and row.holds_on(day) for row in residences)
    ]


def _moment(line: HistoryLine) -> date:
    return clock.local(line.at).date() if isinstance(line.at, datetime) else line.at


def person_for(user: Any, pk: int) -> Person:
    """Return one person of the user's reach, with the present home. Raises ``Person.DoesNotExist``."""
    return with_homes(Person.objects.visible_to(user)).get(pk=pk)


def with_homes(people: QuerySet[Person]) -> QuerySet[Person]:
    """Load present residences, households and dwellings along: then `home_of` asks the database no more."""
    present = Residence.objects.filter(until=None).select_related("household__dwelling")
    return people.prefetch_related(Prefetch("residences", queryset=present, to_attr="present"))


def home_of(person: Person) -> Household | None:
    """Return the present household of a person that was loaded by `with_homes`."""
    present: list[Residence] = person.present  # type: ignore[attr-defined]
    return present[0].household if present else None


def search_people(user: Any, text: str, limit: int = 20) -> list[Person]:
    """Return people of the user's reach for what was typed, best first, each with the present home (`home_of`).

    The same name comes first, then a name that begins so, whole pinyin, initials, the last digits of the phone, and
    pieces of the address. A whole ID number or phone finds the one who has it.
    """
    scope = Person.objects.visible_to(user)
    keys = found_keys(user, scope, text, limit)
    people = {person.pk: person for person in with_homes(scope.filter(pk__in=keys).order_by())} if keys else {}
    return [people[key] for key in keys if key in people]


def homes_of_nobody(user: Any, text: str, limit: int = 20) -> list[Dwelling]:
    """Return the homes of the user's reach that were typed as an address and in which nobody is written down."""
    return list(homes_named(user, text).exclude(has_household())[:limit])


def corrections_for(user: Any) -> QuerySet[Correction]:
    """Return what waits to be put right in the user's reach, with persons and homes."""
    present = Residence.objects.filter(until=None).select_related("household__dwelling")
    return (
        Correction.objects.visible_to(user)
        .filter(state=CorrectionState.OPEN)
        .select_related("person")
        .prefetch_related(Prefetch("person__residences", queryset=present, to_attr="present"))
        .order_by("pk")
    )


def household_counts(paths: Iterable[str]) -> dict[str, int]:
    """Return area path → how many households live in its subtree now; every given path has its number."""
    wanted = list(paths)
    counted = Household.objects.filter(within(_common(wanted)), ended_on=None)
    by_path = dict(counted.order_by().values_list("path").annotate(Count("pk")))
    return {path: sum(count for place, count in by_path.items() if place.startswith(path)) for path in wanted}


def _common(paths: list[str]) -> list[str]:
    """Return the nearest path that covers all of them: one range instead of hundreds."""
    if not paths:
        return []
    shared = [path for path in ancestors(paths[0]) if all(other.startswith(path) for other in paths)]
    return shared[-1:] or outermost(paths)


def household_numbers(user: Any, dwellings: Iterable[int]) -> dict[int, str]:
    """Return dwelling → number of the household that lives there now, for links from a building's face."""
    found = Household.objects.visible_to(user).filter(dwelling__in=list(dwellings), ended_on=None).order_by("-pk")
    return dict(found.values_list("dwelling_id", "number"))


def households_at(user: Any, dwelling: Dwelling) -> list[Household]:
    """Return the households that live in a dwelling now, with their members, as far as the user may see them."""
    return list(
        _with_members(Household.objects.visible_to(user).filter(dwelling=dwelling, ended_on=None)).order_by("pk")
    )


def tenants_of(user: Any, numbers: Iterable[str]) -> dict[str, str]:
    """Return number of a household → name of whoever was written down first in it, for lists that name a tenant."""
    seen = Household.objects.visible_to(user).filter(number__in=list(numbers))
    found = Residence.objects.filter(household__in=seen, until=None).order_by("-pk")
    return dict(found.values_list("household__number", "person__name"))


def residents_count(user: Any, area: Area) -> int:
    """Return how many people of the ledgers that a user may count live in a subtree."""
    return Person.objects.filter(within(outermost([area.path]))).count() if user.has_perm("people.count", area) else 0
