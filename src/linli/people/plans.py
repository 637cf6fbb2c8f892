"""What an import would write: who is known already, what changes, who is new. Reads, and writes nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from linli.areas.models import Area
from linli.core import clock, idnumber, progress
from linli.core.paths import within
from linli.exchange.snapshots import snapshot
from linli.housing.addresses import HomeKey
from linli.housing.models import Dwelling
from linli.people.choices import CorrectionState, Presence, Registration, Relation
from linli.people.drafts import PERSON_FIELDS, Draft, PersonDraft
from linli.people.models import Correction, Household, Person, Residence
from linli.people.numbers import new_numbers
from linli.people.queries import id_index, phone_index
from linli.people.terms import joined_terms, search_terms

COMPARE_STEP = "compare"
# So many rows are compared between two words about the progress.
TOLD_ROWS = 500


@dataclass
class Plan:
    """Unsaved rows that are new, and changed rows each with the snapshot of how it stands in the database."""

    new_households: list[Household] = field(default_factory=list)
    changed_households: list[tuple[Household, str]] = field(default_factory=list)
    new_people: list[Person] = field(default_factory=list)
    changed_people: list[tuple[Person, str]] = field(default_factory=list)
    new_residences: list[Residence] = field(default_factory=list)
    changed_residences: list[tuple[Residence, str]] = field(default_factory=list)
    new_corrections: list[Correction] = field(default_factory=list)
    settled_corrections: list[tuple[Correction, str]] = field(default_factory=list)
    matched: int = 0


def new_person(draft: PersonDraft, dwelling: Dwelling, now: datetime) -> Person:
    """Return the unsaved row of somebody who lives in a home."""
    person = Person(
        path=dwelling.path, created_at=now, changed_at=now, **{name: getattr(draft, name) for name in PERSON_FIELDS}
    )
    person.id_number_index, person.phone_index = draft.id_number_index, draft.phone_index
    person.search_terms = joined_terms(draft.name_terms, dwelling.address, draft.tail_term)
    return person


def index_person(person: Person, dwelling: Dwelling) -> None:
    """Fill in what a person is found by."""
    person.id_number_index = id_index(person.id_number)
    person.phone_index = phone_index(person.phone)
    person.search_terms = search_terms(person.name, dwelling.address, person.phone)


def plan_import(draft: Draft, homes: Mapping[HomeKey, Dwelling], area: Area, now: datetime) -> Plan:
    """Compare a workbook with the people known in an area."""
    return _Planner(homes, area, now).plan(draft)


class KnownPeople:
    """Who lives in an area now, to be found by ID number, or by name, birth date and home; each only once."""

    def __init__(self, area: Area) -> None:
        self.residences: dict[int, Residence] = {}
        self._by_id: dict[str, list[Person]] = defaultdict(list)
        self._by_home: dict[tuple[str, int], list[Person]] = defaultdict(list)
        self._used: set[int] = set()
        present = Residence.objects.filter(within([area.path], "household__path"), until=None)
        for residence in present.select_related("person", "household").order_by("pk"):
            person = residence.person
            self.residences[person.pk] = residence
            self._by_home[person.name, residence.household.dwelling_id].append(person)
            if person.id_number_index:
                self._by_id[person.id_number_index].append(person)

    def take(self, draft: PersonDraft, dwelling: Dwelling) -> Person | None:
        """Return the person that a row speaks of, or None; whoever was taken is not found again."""
        person = self._with_id(draft) or self._in_home(draft, dwelling)
        if person is not None:
            self._used.add(person.pk)
        return person

    def _with_id(self, draft: PersonDraft) -> Person | None:
        """Find by ID number; a wrong number proves nothing without the name."""
        if not draft.id_number:
            return None
        candidates = self._free(self._by_id.get(draft.id_number_index, []))
        return next((each for each in candidates if draft.id_is_valid or each.name == draft.name), None)

    def _in_home(self, draft: PersonDraft, dwelling: Dwelling) -> Person | None:
        """Find by name, birth date and home; an unknown birth date fits, two different valid ID numbers do not."""
        candidates = [
            each
            for each in self._free(self._by_home.get((draft.name, dwelling.pk), []))
            if None in (each.birth_date, draft.birth_date) or each.birth_date == draft.birth_date
            if not (draft.id_is_valid and idnumber.check(each.id_number).ok and each.id_number != draft.id_number)
        ]
        return min(candidates, key=lambda each: each.birth_date != draft.birth_date, default=None)

    def _free(self, people: list[Person]) -> list[Person]:
        return [person for person in people if person.pk not in self._used]


class _Planner:
    """Goes through a workbook once."""

    def __init__(self, homes: Mapping[HomeKey, Dwelling], area: Area, now: datetime) -> None:
        self.homes = homes
        self.now = now
        self.today = clock.local(now).date()
        self.known = KnownPeople(area)
        self.plan_ = Plan()
        self.corrections: dict[tuple[int, str], list[Correction]] = defaultdict(list)
        for correction in Correction.objects.filter(within([area.path])):
            self.corrections[correction.person_id, correction.field].append(correction)
        self.living = Counter(residence.household_id for residence in self.known.residences.values())
        self.households: dict[int, Household] = {}

    def plan(self, draft: Draft) -> Plan:
        self._plan_households(draft)
        progress.begin(COMPARE_STEP, len(draft.people))
        for place, row in enumerate(draft.people, 1):
            if place % TOLD_ROWS == 0:
                progress.advance(TOLD_ROWS)
            dwelling = self.homes[row.home]
            person = self.known.take(row, dwelling)
            if person is None:
                self._add(row, dwelling)
            else:
                self.plan_.matched += 1
                self._change(person, row, dwelling)
        self._end_left_households()
        return self.plan_

    def _plan_households(self, draft: Draft) -> None:
        lived_in = {self.homes[row.home].pk: self.homes[row.home] for row in draft.people}
        buildings = {dwelling.building_id for dwelling in lived_in.values()}
        present = Household.objects.filter(dwelling__building__in=buildings, ended_on=None).order_by("-pk")
        self.households = {each.dwelling_id: each for each in present if each.dwelling_id in lived_in}
        missing = [dwelling for key, dwelling in lived_in.items() if key not in self.households]
        for number, dwelling in zip(new_numbers(len(missing)), missing, strict=True):
            household = Household(
                number=number, dwelling=dwelling, path=dwelling.path, created_at=self.now, changed_at=self.now
            )
            self.households[dwelling.pk] = household
            self.plan_.new_households.append(household)

    def _add(self, row: PersonDraft, dwelling: Dwelling) -> None:
        person = new_person(row, dwelling, self.now)
        self.plan_.new_people.append(person)
        self.plan_.new_residences.append(self._residence(person, row, dwelling, since=None))
        self._doubt(person, row)

    def _residence(self, person: Person, row: PersonDraft, dwelling: Dwelling, since: date | None) -> Residence:
        return Residence(
            person=person,
            household=self.households[dwelling.pk],
            relation=row.relation or Relation.OTHER,
            registration=row.registration or Registration.UNKNOWN,
            presence=row.presence or Presence.HERE,
            since=since,
        )

    def _change(self, person: Person, row: PersonDraft, dwelling: Dwelling) -> None:
        before = snapshot(person)
        changes = _changes(person, row)
        for name, value in changes.items():
            setattr(person, name, value)
        moved = self._change_residence(person, row, dwelling)
        if moved or changes:
            person.path = dwelling.path
            person.changed_at = self.now
            index_person(person, dwelling)
            self.plan_.changed_people.append((person, before))
        self._settle(person, row)
        self._doubt(person, row)

    def _change_residence(self, person: Person, row: PersonDraft, dwelling: Dwelling) -> bool:
        """Note what changed in where somebody lives; tells whether somebody moved."""
        residence = self.known.residences[person.pk]
        before = snapshot(residence)
        moved = residence.household.dwelling_id != dwelling.pk
        said: dict[str, Any] = {
            "relation": row.relation,
            "registration": row.registration,
            "presence": row.presence,
        }
        if moved:
            said = {"until": self.today}
            self.living[residence.household_id] -= 1
            self.plan_.new_residences.append(self._residence(person, row, dwelling, since=self.today))
        changes = {name: value for name, value in said.items() if value and value != getattr(residence, name)}
        for name, value in changes.items():
            setattr(residence, name, value)
        if changes:
            self.plan_.changed_residences.append((residence, before))
        return moved

    def _doubt(self, person: Person, row: PersonDraft) -> None:
        """Mark what was written wrongly, unless the same was marked before."""
        for doubt in row.doubts:
            marked = self.corrections.get((person.pk, doubt.field), []) if person.pk else []
            if any(correction.written == doubt.written for correction in marked):
                continue
            self.plan_.new_corrections.append(
                Correction(
                    person=person,
                    path=person.path,
                    field=doubt.field,
                    kind=doubt.kind,
                    written=doubt.written,
                    found_at=self.now,
                )
            )

    def _settle(self, person: Person, row: PersonDraft) -> None:
        """A field that is written rightly now needs no correction any more."""
        for name in PERSON_FIELDS:
            if row.is_weak(name) or not getattr(row, name):
                continue
            for correction in self.corrections.get((person.pk, name), []):
                if correction.state == CorrectionState.OPEN:
                    before = snapshot(correction)
                    correction.state = CorrectionState.DONE
                    correction.settled_at = self.now
                    self.plan_.settled_corrections.append((correction, before))

    def _end_left_households(self) -> None:
        """A household that everybody left for another home is over."""
        joined = {residence.household.pk for residence in self.plan_.new_residences}
        left = {residence.household for residence, _before in self.plan_.changed_residences if residence.until}
        for household in left:
            if not self.living[household.pk] and household.pk not in joined:
                before = snapshot(household)
                household.ended_on = self.today
                household.changed_at = self.now
                self.plan_.changed_households.append((household, before))


def _changes(person: Person, row: PersonDraft) -> dict[str, Any]:
    """Return what a row says otherwise; a value that was written wrongly or only worked out replaces nothing."""
    changes: dict[str, Any] = {}
    for name in PERSON_FIELDS:
        said, kept = getattr(row, name), getattr(person, name)
        if said and said != kept and not (kept and row.is_weak(name)):
            changes[name] = said
    return changes
