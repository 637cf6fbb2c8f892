"""The bulk door of people: whole neighbourhoods at once, in chunks, with one journal entry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

from django.db import transaction

from linli.accounts.rules import require
from linli.areas.models import Area
from linli.core import clock
from linli.core.bigrams import document_terms
from linli.core.bulkload import insert_rows
from linli.core.fields import index_value
from linli.housing.models import Dwelling
from linli.journal import actions as journal
from linli.people.models import Household, Person, Residence
from linli.people.queries import ID_CONTEXT, PHONE_CONTEXT
from linli.people.terms import TAIL_DIGITS, name_terms, tail_term

CHUNK = 2000
HOUSEHOLD_FIELDS = ("number", "dwelling_id", "path", "created_at", "changed_at")
PERSON_FIELDS = (
    "name",
    "sex",
    "birth_date",
    "id_number",
    "id_number_index",
    "phone",
    "phone_index",
    "registered_address",
    "employer",
    "path",
    "search_terms",
    "created_at",
    "changed_at",
)
RESIDENCE_FIELDS = ("person_id", "household_id", "relation", "registration", "presence", "since")


@dataclass(frozen=True, slots=True)
class NewMember:
    """A person to be made, with how the person belongs to the household; choices as in ``people.choices``.

    ID number and phone are in their normal form, digits only.
    """

    name: str
    sex: str
    birth_date: date
    id_number: str
    phone: str
    employer: str
    registered_address: str
    relation: str
    registration: str
    presence: str


@dataclass(frozen=True, slots=True)
class NewHousehold:
    """A household to be made: its number, its home, its members, and since when they live there."""

    number: str
    dwelling: Dwelling
    members: Sequence[NewMember]
    since: date


@transaction.atomic
def add_households(area: Area, rows: Sequence[NewHousehold], *, by: Any) -> int:
    """Make the households of one area with their members; return how many people were made.

    Raises ``IntegrityError`` when a number is taken, ``Refused`` without the right.
    """
    require(by, "people.import", area)
    now, people, digest = clock.now(), 0, sha256()
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        people += _write(chunk, now)
        digest.update("\n".join(row.number for row in chunk).encode())
    detail = {"households": len(rows), "people": people, "digest": digest.hexdigest()}
    journal.record(by, "people.add_households", area, detail=detail)
    return people


def _write(rows: Sequence[NewHousehold], now: datetime) -> int:
    homes = ((row.number, row.dwelling.pk, row.dwelling.path, now, now) for row in rows)
    households = insert_rows(Household, HOUSEHOLD_FIELDS, homes)
    people = insert_rows(Person, PERSON_FIELDS, (values for row in rows for values in _people(row, now)))
    made = iter(people)
    residences = (
        (
            next(made),
            household,
            member.relation,
            member.registration,
            member.presence,
            max(row.since, member.birth_date),
        )
        for row, household in zip(rows, households, strict=True)
        for member in row.members
    )
    insert_rows(Residence, RESIDENCE_FIELDS, residences)
    return len(people)


def _people(row: NewHousehold, now: datetime) -> Iterator[tuple[Any, ...]]:
    """Yield the values of the members in the order of ``PERSON_FIELDS``."""
    path, address_terms = row.dwelling.path, document_terms(row.dwelling.address)
    for member in row.members:
        yield (
            member.name,
            member.sex,
            member.birth_date,
            member.id_number,
            index_value(member.id_number, ID_CONTEXT),
            member.phone,
            index_value(member.phone, PHONE_CONTEXT),
            member.registered_address,
            member.employer,
            path,
            f"{name_terms(member.name)} {address_terms} {_tail_term(member.phone[-TAIL_DIGITS:])}".rstrip(),
            now,
            now,
        )


@lru_cache(maxsize=10_000)
def _tail_term(tail: str) -> str:
    return tail_term(tail)
