"""A row of a people workbook as a person of the ledger; no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from linli.core import idnumber, phones
from linli.core.sheets.checking import CheckedRow
from linli.core.sheets.people_rows import EMPTY_HOME
from linli.core.sheets.problems import ProblemKind
from linli.housing.addresses import HomeKey
from linli.housing.choices import Occupancy
from linli.people.choices import Presence, Registration, Relation, Sex
from linli.people.queries import id_index, phone_index
from linli.people.terms import name_terms, tail_term

# What the workbook's words for residence say about where a person is registered and where the person lives.
RESIDENCES: dict[str, tuple[Registration, Presence]] = {
    "registered": (Registration.HERE, Presence.HERE),
    "inflow": (Registration.ELSEWHERE, Presence.HERE),
    "lodging": (Registration.ELSEWHERE, Presence.HERE),
    "outflow": (Registration.HERE, Presence.AWAY),
    "away": (Registration.HERE, Presence.NEARBY),
}
RELATIONS: dict[str, Relation] = {
    "daughter_in_law": Relation.CHILD_IN_LAW,
    "son_in_law": Relation.CHILD_IN_LAW,
    "not_related": Relation.OTHER,
}
CORRECTED_KINDS = frozenset({ProblemKind.BAD_ID, ProblemKind.BAD_DATE, ProblemKind.BAD_PHONE})
# Longer ones are cut: these are remarks, and the workbook keeps them whole.
EMPLOYER_LENGTH = 100
NOTE_LENGTH = 200
PERSON_FIELDS = (
    "name",
    "sex",
    "birth_date",
    "id_number",
    "phone",
    "registered_address",
    "employer",
    "note",
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A value that was written wrongly: the field, what is wrong, and how it was written."""

    field: str
    kind: str
    written: str


@dataclass(slots=True)
class PersonDraft:
    """What one row says about a person; ``""`` and None mean that it says nothing."""

    home: HomeKey
    name: str
    sex: str = ""
    birth_date: date | None = None
    id_number: str = ""
    phone: str = ""
    registered_address: str = ""
    employer: str = ""
    note: str = ""
    relation: str = ""
    registration: Registration | None = None
    presence: Presence | None = None
    doubts: Sequence[Doubt] = ()
    worked_out: Sequence[str] = ()
    # What the person will be found by, worked out here because it takes long: the transactions come later.
    id_number_index: str = ""
    phone_index: str = ""
    name_terms: str = ""
    tail_term: str = ""
    # The key of the person: of who is known already, or as it was reserved for who is new.
    pk: int = 0

    @property
    def id_is_valid(self) -> bool:
        """Whether the ID number can tell one person from another."""
        return bool(self.id_number) and idnumber.check(self.id_number).ok

    def is_weak(self, name: str) -> bool:
        """Whether a field was written wrongly, or not written and only worked out."""
        return name in self.worked_out or any(doubt.field == name for doubt in self.doubts)

    def complete(self) -> None:
        """Take birth date and sex from a valid ID number where the workbook leaves them blank."""
        if not self.id_is_valid:
            return
        if self.birth_date is None and not self.is_weak("birth_date"):
            self.birth_date = idnumber.birth_date(self.id_number)
            self.worked_out = (*self.worked_out, "birth_date")
        if not self.sex:
            self.sex = idnumber.sex(self.id_number) or Sex.UNKNOWN
            self.worked_out = (*self.worked_out, "sex")

    def index(self) -> None:
        """Work out what the person will be found by."""
        self.id_number_index = id_index(self.id_number)
        self.phone_index = phone_index(self.phone)
        self.name_terms = name_terms(self.name)
        self.tail_term = tail_term(phones.tail(self.phone))


@dataclass
class Draft:
    """A whole workbook: people in the order of their rows, and every home with its use (None: not said)."""

    people: list[PersonDraft] = field(default_factory=list)
    uses: dict[HomeKey, str | None] = field(default_factory=dict)
    lived_in: set[HomeKey] = field(default_factory=set)

    def add(self, row: CheckedRow) -> None:
        """Take a row; one that is held is passed over."""
        if row.held:
            return
        home = _remembered_home(*(str(row.values.get(part) or "") for part in HomeKey._fields))
        if row.nature == EMPTY_HOME:
            self.uses.setdefault(home, Occupancy.EMPTY)
            return
        self.uses[home] = _use(self.uses.get(home), row.values.get("renting"))
        self.lived_in.add(home)
        self.people.append(_person(home, row))

    def figures(self) -> dict[str, int]:
        """Return what the rows would bring."""
        return {
            "people": len(self.people),
            "dwellings": len(self.uses),
            "households": len(self.lived_in),
            "empty_homes": self.empty,
            "renting": self.renting,
            "updated": 0,
        }

    @property
    def renting(self) -> int:
        """How many homes are let."""
        return sum(use == Occupancy.RENTED for use in self.uses.values())

    @property
    def empty(self) -> int:
        """How many homes stand empty."""
        return sum(use == Occupancy.EMPTY for use in self.uses.values())


@lru_cache(maxsize=4096)
def _remembered_home(compound: str, building: str, entrance: str, room: str) -> HomeKey:
    """Return one and the same key for the people of a home, who stand below each other."""
    return HomeKey(compound, building, entrance, room)


def _use(before: str | None, renting: object) -> str | None:
    """One row that says “let” decides for the home; a home with people is not empty."""
    if renting or before == Occupancy.RENTED:
        return Occupancy.RENTED
    if renting is False:
        return Occupancy.OWN
    return before if before != Occupancy.EMPTY else Occupancy.UNKNOWN


def _person(home: HomeKey, row: CheckedRow) -> PersonDraft:
    values = row.values
    registration, presence = RESIDENCES.get(_text(values, "residence_status"), (None, None))
    relation = _text(values, "relation")
    born = values.get("birth_date")
    draft = PersonDraft(
        home=home,
        name=_text(values, "name"),
        sex=_text(values, "sex"),
        birth_date=born if isinstance(born, date) else None,
        id_number=_text(values, "id_number"),
        phone=_text(values, "phone"),
        registered_address=_text(values, "registered_address"),
        employer=_text(values, "employer")[:EMPLOYER_LENGTH],
        note=_text(values, "note")[:NOTE_LENGTH],
        relation=RELATIONS.get(relation, relation),
        registration=registration,
        presence=presence,
        doubts=_doubts(row),
    )
    draft.complete()
    draft.index()
    return draft


def _text(values: Mapping[str, object], name: str) -> str:
    return str(values.get(name) or "")


def _doubts(row: CheckedRow) -> Sequence[Doubt]:
    """The report masks ID numbers and phones; the row itself has them as written."""
    if not row.problems:
        return ()
    return [
        Doubt(problem.field, str(problem.kind), str(row.values.get(problem.field) or "") or problem.value)
        for problem in row.problems
        if problem.kind in CORRECTED_KINDS
    ]
