"""What an import would write: who is known already, what changes, who is new. Reads; exchange writes."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from linli.areas.models import Area
from linli.core import clock, idnumber
from linli.core.bulkload import reserve_ids
from linli.core.masking import mask_id_number, mask_phone
from linli.core.paths import within
from linli.exchange.choices import DifferenceKind
from linli.exchange.models import Batch
from linli.exchange.plans import Change, Difference, Figures, Insert, Known, changed, created
from linli.housing.importing import Home, HomesPlan
from linli.housing.models import Dwelling
from linli.people.choices import CorrectionState, Presence, Registration, Relation
from linli.people.drafts import PERSON_FIELDS, Draft, PersonDraft
from linli.people.models import Correction, Household, Particulars, Person, PersonChange, Residence
from linli.people.numbers import new_numbers
from linli.people.queries import id_index, phone_index
from linli.people.terms import joined_terms, search_terms

HOUSEHOLDS_AT_ONCE = 1500
# So many people are written in one transaction; with all that is theirs that takes less than a tenth of a second. While
# others have their turn, the next ones are made ready.
PEOPLE_AT_ONCE = 1000
COMPARED_AT_ONCE = 500

HOUSEHOLD_NAMES = ("id", "number", "dwelling_id", "path", "created_at", "changed_at")
PERSON_NAMES = (
    "id",
    *PERSON_FIELDS,
    "id_number_index",
    "phone_index",
    "path",
    "search_terms",
    "created_at",
    "changed_at",
)
RESIDENCE_NAMES = ("id", "person_id", "household_id", "relation", "registration", "presence")
CORRECTION_NAMES = ("id", "person_id", "path", "field", "kind", "written", "found_at")


def index_person(person: Person, dwelling: Dwelling) -> None:
    """Fill in what a person is found by."""
    person.id_number_index = id_index(person.id_number)
    person.phone_index = phone_index(person.phone)
    person.search_terms = search_terms(person.name, dwelling.address, person.phone)


@dataclass(slots=True, eq=False)
class _Resident:
    """Somebody who is known, as much as is needed to be found."""

    pk: int
    residence: int
    household: int
    dwelling: int
    name: str
    birth_date: date | None
    id_number: str
    taken: bool = False


class KnownPeople:
    """Who lives in an area now, to be found by ID number, or by name, birth date and home; each only once."""

    def __init__(self, area: Area) -> None:
        self._by_id: dict[str, list[_Resident]] = defaultdict(list)
        self._by_home: dict[tuple[str, int], list[_Resident]] = defaultdict(list)
        self.living: Counter[int] = Counter()
        present = Residence.objects.filter(within([area.path], "household__path"), until=None).order_by("pk")
        found = present.values_list(
            "person_id",
            "pk",
            "household_id",
            "household__dwelling_id",
            "person__name",
            "person__birth_date",
            "person__id_number",
            "person__id_number_index",
        )
        for row in found.iterator(chunk_size=2000):
            index = row[-1]
            resident = _Resident(*row[:-1])
            self.living[resident.household] += 1
            self._by_home[resident.name, resident.dwelling].append(resident)
            if index:
                self._by_id[index].append(resident)

    def take(self, draft: PersonDraft, dwelling: int) -> _Resident | None:
        """Return the person that a row speaks of, or None; whoever was taken is not found again."""
        found = self._with_id(draft) or self._in_home(draft, dwelling)
        if found is not None:
            found.taken = True
        return found

    def _with_id(self, draft: PersonDraft) -> _Resident | None:
        """Find by ID number; a wrong number proves nothing without the name."""
        if not draft.id_number:
            return None
        candidates = self._free(self._by_id.get(draft.id_number_index, ()))
        return next((each for each in candidates if draft.id_is_valid or each.name == draft.name), None)

    def _in_home(self, draft: PersonDraft, dwelling: int) -> _Resident | None:
        """Find by name, birth date and home; an unknown birth date fits, two different valid ID numbers do not."""
        candidates = [
            each
            for each in self._free(self._by_home.get((draft.name, dwelling), ()))
            if None in (each.birth_date, draft.birth_date) or each.birth_date == draft.birth_date
            if not (draft.id_is_valid and idnumber.check(each.id_number).ok and each.id_number != draft.id_number)
        ]
        return min(candidates, key=lambda each: each.birth_date != draft.birth_date, default=None)

    def _free(self, people: Sequence[_Resident]) -> list[_Resident]:
        return [person for person in people if not person.taken]


@dataclass(slots=True)
class _Family:
    """The household of a home: known, or to be made with a number."""

    pk: int
    home: Home
    number: str = ""


class PeoplePlan:
    """A workbook compared with the people known in an area."""

    def __init__(self, draft: Draft, batch: Batch) -> None:
        self.draft = draft
        self.sender = batch.created_by
        self.now: datetime = clock.now()
        self.today = clock.local(self.now).date()
        self.homes = HomesPlan(draft.uses, batch.area)
        self.families = self._find_families(draft, batch.area)
        self.known = KnownPeople(batch.area)
        self.matched: list[tuple[_Resident, PersonDraft]] = []
        self.new: list[PersonDraft] = []
        for row in draft.people:
            found = self.known.take(row, self.homes.home(row.home).pk) if self.known.living else None
            if found is None:
                self.new.append(row)
            else:
                self.matched.append((found, row))
        new = len(self._new_families()) + 2 * len(self.new)
        self.size = self.homes.size + new + len(self.matched)

    def figures(self) -> Figures:
        """Return what it brings; ``updated`` are those who are known already."""
        return {**self.draft.figures(), "updated": len(self.matched)}

    def prepare(self) -> None:
        """Draw the numbers of the new households, and count what is new."""
        self._made = self._new_families()
        for family, number in zip(self._made, new_numbers(len(self._made)), strict=True):
            family.number = number
        self._doubted = sum(len(row.doubts) for row in self.new)
        self.homes.prepare()

    def reserve(self) -> None:
        """Take the keys of everything new."""
        self.homes.reserve()
        self._households = reserve_ids(Household, len(self._made))
        self._people = reserve_ids(Person, len(self.new))
        self._residences = reserve_ids(Residence, len(self.new))
        self._corrections = iter(reserve_ids(Correction, self._doubted))

    def inserts(self) -> Iterator[list[Insert]]:
        """Yield homes, households and people in this order; everybody with their residence and corrections."""
        for family, key in zip(self._made, self._households, strict=True):
            family.pk = key
        for row, key in zip(self.new, self._people, strict=True):
            row.pk = key
        yield from self.homes.inserts()
        for families in _parts(self._made, HOUSEHOLDS_AT_ONCE):
            yield [Insert(Household, HOUSEHOLD_NAMES, [self._household(family) for family in families])]
        for start in range(0, len(self.new), PEOPLE_AT_ONCE):
            people = self.new[start : start + PEOPLE_AT_ONCE]
            residences = zip(self._residences[start : start + PEOPLE_AT_ONCE], people, strict=True)
            yield [
                Insert(Person, PERSON_NAMES, [self._person(row) for row in people]),
                Insert(Residence, RESIDENCE_NAMES, [self._residence(key, row) for key, row in residences]),
                Insert(Correction, CORRECTION_NAMES, [each for row in people for each in self._doubts(row)]),
            ]

    def changes(self) -> Iterator[list[Known]]:
        """Yield what changes about homes, about people who are known, and about households that nobody is left in."""
        yield from self.homes.changes()
        left: Counter[int] = Counter()
        joined = {self._family(row).pk for row in self.new}
        for part in _parts(self.matched, COMPARED_AT_ONCE):
            yield list(_Comparison(self, part, left, joined).known())
        emptied = [key for key, count in left.items() if count >= self.known.living[key] and key not in joined]
        for keys in _parts(emptied, COMPARED_AT_ONCE):
            rows = Household.objects.in_bulk(keys)
            yield [Known([changed(rows[key], {"ended_on": self.today, "changed_at": self.now})]) for key in keys]

    def mend(self) -> None:
        """Let new rows follow buildings that were put into another grid meanwhile."""
        self.homes.mend()

    def family_of(self, row: PersonDraft) -> _Family:
        """Return the household of a row."""
        return self._family(row)

    def _family(self, row: PersonDraft) -> _Family:
        return self.families[id(self.homes.home(row.home))]

    def _new_families(self) -> list[_Family]:
        return [family for family in self.families.values() if not family.pk or family.number]

    def _find_families(self, draft: Draft, area: Area) -> dict[int, _Family]:
        """Return home → its household; two keys of one home share it."""
        present = Household.objects.filter(within([area.path]), ended_on=None).order_by("-pk")
        known: dict[int, int] = dict(present.values_list("dwelling_id", "pk"))
        families: dict[int, _Family] = {}
        for key in draft.lived_in:
            home = self.homes.home(key)
            families.setdefault(id(home), _Family(known.get(home.pk, 0) if home.pk else 0, home))
        return families

    def _household(self, family: _Family) -> tuple[Any, ...]:
        return family.pk, family.number, family.home.pk, family.home.path, self.now, self.now

    def _person(self, row: PersonDraft) -> tuple[Any, ...]:
        home = self.homes.home(row.home)
        said = (getattr(row, name) for name in PERSON_FIELDS)
        terms = joined_terms(row.name_terms, home.address, row.tail_term)
        return (row.pk, *said, row.id_number_index, row.phone_index, home.path, terms, self.now, self.now)

    def _residence(self, key: int, row: PersonDraft) -> tuple[Any, ...]:
        return key, row.pk, self._family(row).pk, *belonging(row)

    def _doubts(self, row: PersonDraft) -> Iterator[tuple[Any, ...]]:
        path = self.homes.home(row.home).path
        for doubt in row.doubts:
            yield next(self._corrections), row.pk, path, doubt.field, str(doubt.kind), doubt.written, self.now


class _Comparison:
    """A few people who are known, beside what the workbook says about them."""

    def __init__(
        self,
        plan: PeoplePlan,
        matched: Sequence[tuple[_Resident, PersonDraft]],
        left: Counter[int],
        joined: set[int],
    ) -> None:
        self.plan, self.matched, self.left, self.joined = plan, matched, left, joined
        keys = [resident.pk for resident, _row in matched]
        self.people = Person.objects.in_bulk(keys)
        residences = Residence.objects.select_related("household__dwelling")
        self.residences = residences.in_bulk([resident.residence for resident, _row in matched])
        declined = Particulars.objects.filter(person__in=keys).exclude(declined=[])
        self.declined: dict[int, list[str]] = dict(declined.values_list("person_id", "declined"))
        self.corrections: dict[tuple[int, str], list[Correction]] = defaultdict(list)
        for correction in Correction.objects.filter(person__in=keys).order_by("pk"):
            self.corrections[correction.person_id, correction.field].append(correction)

    def known(self) -> Iterator[Known]:
        """Yield what changes about each."""
        for resident, row in self.matched:
            person, residence = self.people.get(resident.pk), self.residences.get(resident.residence)
            if person is not None and residence is not None:
                yield self._compare(person, residence, row)

    def _compare(self, person: Person, residence: Residence, row: PersonDraft) -> Known:
        home = self.plan.homes.home(row.home)
        moved = residence.household.dwelling_id != home.pk
        declined = self.declined.get(person.pk, ())
        said = {name: value for name, value in _said_otherwise(person, row).items() if name not in declined}
        lines = [(name, _shown(name, getattr(person, name)), _shown(name, value)) for name, value in said.items()]
        place = residence.household.dwelling.address
        name = person.name
        changes: list[Change] = []
        if moved:
            lines.insert(0, ("address", place, home.address))
            changes += self._move(residence, row)
        else:
            tie = _tied_otherwise(residence, row)
            lines += [(key, str(getattr(residence, key)), value) for key, value in tie.items()]
            changes += self._tie(residence, tie)
        if said:
            changes.append(self._keep_facts(person, said))
        if moved or said:
            changes.append(self._change_person(person, said, home))
        changes += [*self._settled(person, row), *self._doubted(person, row, home)]
        kind = DifferenceKind.MOVED if moved else DifferenceKind.PERSON
        return Known(changes, Difference(kind, name, place, lines) if lines else None)

    def _change_person(self, person: Person, said: Mapping[str, Any], home: Home) -> Change:
        number, phone, name = (said.get(key, getattr(person, key)) for key in ("id_number", "phone", "name"))
        found_by = {
            "id_number_index": id_index(number),
            "phone_index": phone_index(phone),
            "search_terms": search_terms(name, home.address, phone),
        }
        return changed(person, {**said, **found_by, "path": home.path, "changed_at": self.plan.now})

    def _keep_facts(self, person: Person, said: Mapping[str, Any]) -> Change:
        """Keep what stood there before, so that the file of a past day shows it."""
        before = json.dumps({name: getattr(person, name) for name in said}, default=str)
        who = {"person_id": person.pk, "by": self.plan.sender}
        return created(PersonChange, {**who, "changed_at": self.plan.now, "fields": list(said), "before": before})

    def _move(self, residence: Residence, row: PersonDraft) -> Iterator[Change]:
        """End the residence of somebody who moves, and begin the new one."""
        family = self.plan.family_of(row)
        self.left[residence.household_id] += 1
        self.joined.add(family.pk)
        values = dict(zip(("relation", "registration", "presence"), belonging(row), strict=True))
        yield self._ended(residence)
        yield self._begun(residence.person_id, family.pk, values)

    def _tie(self, residence: Residence, said: Mapping[str, str]) -> Iterator[Change]:
        """Let somebody belong to the same household in another way from today on."""
        if not said:
            return
        if residence.since == self.plan.today:
            yield changed(residence, dict(said))
            return
        values = {name: str(getattr(residence, name)) for name in ("relation", "registration", "presence")}
        yield self._ended(residence)
        yield self._begun(residence.person_id, residence.household_id, {**values, **said})

    def _ended(self, residence: Residence) -> Change:
        return changed(residence, {"until": self.plan.today})

    def _begun(self, person: int, household: int, values: Mapping[str, str]) -> Change:
        new = {"person_id": person, "household_id": household, **values, "since": self.plan.today}
        return created(Residence, new)

    def _settled(self, person: Person, row: PersonDraft) -> Iterator[Change]:
        """A field that is written rightly now needs no correction any more."""
        for name in PERSON_FIELDS:
            if row.is_weak(name) or not getattr(row, name):
                continue
            for correction in self.corrections.get((person.pk, name), ()):
                if correction.state == CorrectionState.OPEN:
                    yield changed(correction, {"state": str(CorrectionState.DONE), "settled_at": self.plan.now})

    def _doubted(self, person: Person, row: PersonDraft, home: Home) -> Iterator[Change]:
        """Mark what was written wrongly, unless the same was marked before."""
        for doubt in row.doubts:
            marked = self.corrections.get((person.pk, doubt.field), ())
            if not any(correction.written == doubt.written for correction in marked):
                said = {"field": doubt.field, "kind": str(doubt.kind), "written": doubt.written}
                state = {"state": str(CorrectionState.OPEN), "found_at": self.plan.now}
                yield created(Correction, {"person_id": person.pk, "path": home.path, **said, **state})


def belonging(row: PersonDraft) -> tuple[str, str, str]:
    """Return relation, registration and presence as a row says them, or what is taken for granted."""
    relation, registration = row.relation or Relation.OTHER, row.registration or Registration.UNKNOWN
    return str(relation), str(registration), str(row.presence or Presence.HERE)


def _said_otherwise(person: Person, row: PersonDraft) -> dict[str, Any]:
    """Return what a row says otherwise; a value that was written wrongly or only worked out replaces nothing."""
    changes: dict[str, Any] = {}
    for name in PERSON_FIELDS:
        said, kept = getattr(row, name), getattr(person, name)
        if said and said != kept and not (kept and row.is_weak(name)):
            changes[name] = said
    return changes


def _tied_otherwise(residence: Residence, row: PersonDraft) -> dict[str, str]:
    """Return how a row says otherwise that somebody belongs to the household."""
    said = {"relation": row.relation, "registration": row.registration, "presence": row.presence}
    return {name: str(value) for name, value in said.items() if value and value != getattr(residence, name)}


def _shown(field: str, value: Any) -> str:
    """Return a value as it may be shown without a reason."""
    text = "" if value is None else str(value)
    return {"id_number": mask_id_number, "phone": mask_phone}.get(field, str)(text)


def _parts(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (items[start : start + size] for start in range(0, len(items), size))
