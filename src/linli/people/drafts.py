"""A row of a people workbook as a person of the ledger; no database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

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


@dataclass(frozen=True)
class Doubt:
    """A value that was written wrongly: the field, what is wrong, and how it was written."""

    field: str
    kind: str
    written: str


@dataclass
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
    doubts: list[Doubt] = field(default_factory=list)
    worked_out: set[str] = field(default_factory=set)
    # What the person will be found by, worked out here because it takes long: the transaction comes later.
    id_number_index: str = ""
    phone_index: str = ""
    name_terms: str = ""
    tail_term: str = ""

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
            self.worked_out.add("birth_date")
        if not self.sex:
            self.sex = idnumber.sex(self.id_number) or Sex.UNKNOWN
            self.worked_out.add("sex")

    def index(self) -> None:
        """Work out what the person will be found by."""
        self.id_number_index = id_index(self.id_number)
        self.phone_index = phone_index(self.phone)
        self.name_terms = name_terms(self.name)
        self.tail_term = tail_term(phones.tail(self.phone))


@dataclass(frozen=True)
class Draft:
    """A whole workbook: people in the order of their rows, and every home with its use (None: not said)."""

    people: list[PersonDraft]
    uses: dict[HomeKey, str | None]

    @property
    def renting(self) -> int:
        """How many homes are let."""
        return sum(use == Occupancy.RENTED for use in self.uses.values())

    @property
    def empty(self) -> int:
        """How many homes stand empty."""
        return sum(use == Occupancy.EMPTY for use in self.uses.values())


def draft_of(rows: Iterable[CheckedRow]) -> Draft:
    """Return the people and homes that the rows speak of; held rows are the caller's matter."""
    people: list[PersonDraft] = []
    uses: dict[HomeKey, str | None] = {}
    for row in rows:
        home = HomeKey(*(str(row.values.get(part) or "") for part in HomeKey._fields))
        if row.nature == EMPTY_HOME:
            uses.setdefault(home, Occupancy.EMPTY)
            continue
        uses[home] = _use(uses.get(home), row.values.get("renting"))
        people.append(_person(home, row))
    return Draft(people, uses)


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


def _doubts(row: CheckedRow) -> list[Doubt]:
    """The report masks ID numbers and phones; the row itself has them as written."""
    return [
        Doubt(problem.field, str(problem.kind), str(row.values.get(problem.field) or "") or problem.value)
        for problem in row.problems
        if problem.kind in CORRECTED_KINDS
    ]
