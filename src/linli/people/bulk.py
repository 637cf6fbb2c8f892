"""The bulk door of people: whole neighbourhoods at once, in chunks, with one journal entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

from django.db import transaction

from linli.accounts.rules import require
from linli.areas.models import Area
from linli.core import clock, phones
from linli.core.bigrams import document_terms
from linli.housing.models import Dwelling
from linli.journal import actions as journal
from linli.people.models import Household, Person, Residence
from linli.people.queries import id_index, phone_index
from linli.people.terms import name_readings, tail_term

CHUNK = 2000


@dataclass(frozen=True, slots=True)
class NewMember:
    """A person to be made, with how the person belongs to the household; choices as in ``people.choices``."""

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
    households = Household.objects.bulk_create(
        [
            Household(number=row.number, dwelling=row.dwelling, path=row.dwelling.path, created_at=now, changed_at=now)
            for row in rows
        ]
    )
    people = Person.objects.bulk_create([person for row in rows for person in _people(row, now)])
    made = iter(people)
    Residence.objects.bulk_create(
        [
            Residence(
                person=next(made),
                household=household,
                relation=member.relation,
                registration=member.registration,
                presence=member.presence,
                since=max(row.since, member.birth_date),
            )
            for row, household in zip(rows, households, strict=True)
            for member in row.members
        ]
    )
    return len(people)


def _people(row: NewHousehold, now: datetime) -> list[Person]:
    address_terms = document_terms(row.dwelling.address)
    return [
        Person(
            name=member.name,
            sex=member.sex,
            birth_date=member.birth_date,
            id_number=member.id_number,
            id_number_index=id_index(member.id_number),
            phone=member.phone,
            phone_index=phone_index(member.phone),
            registered_address=member.registered_address,
            employer=member.employer,
            path=row.dwelling.path,
            search_terms=f"{_name_terms(member.name)} {address_terms} {_tail_term(phones.tail(member.phone))}".rstrip(),
            created_at=now,
            changed_at=now,
        )
        for member in row.members
    ]


@lru_cache(maxsize=65536)
def _name_terms(name: str) -> str:
    return f"{document_terms(name)} {name_readings(name)}"


@lru_cache(maxsize=10_000)
def _tail_term(tail: str) -> str:
    return tail_term(tail)
