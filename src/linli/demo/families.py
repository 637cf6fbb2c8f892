"""Households with members whose ages fit together."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from linli.core import idnumber
from linli.demo import names
from linli.people.bulk import NewMember
from linli.people.choices import Presence, Registration, Relation, Sex

CHILD_PHONE_AGE = 12
WORKING_AGES = range(20, 60)
ID_SEQUENCES = 999
DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class _Role:
    relation: str
    sex: str
    age: int
    shares_name: bool = True


Maker = Callable[[random.Random], list[_Role]]


def _either(rng: random.Random) -> str:
    return Sex.MALE if rng.random() < 0.5 else Sex.FEMALE


def _couple(rng: random.Random, youngest: int, oldest: int) -> list[_Role]:
    age = rng.randint(youngest, oldest)
    return [
        _Role(Relation.HEAD, Sex.MALE, age),
        _Role(Relation.SPOUSE, Sex.FEMALE, max(youngest - 2, age - rng.randint(-2, 4)), shares_name=False),
    ]


def _child(rng: random.Random, mother_age: int) -> _Role:
    sex = _either(rng)
    age = max(0, min(mother_age - rng.randint(22, 32), 24))
    return _Role(Relation.SON if sex == Sex.MALE else Relation.DAUGHTER, sex, age)


def _one_young(rng: random.Random) -> list[_Role]:
    return [_Role(Relation.HEAD, _either(rng), rng.randint(20, 34))]


def _one_old(rng: random.Random) -> list[_Role]:
    return [_Role(Relation.HEAD, _either(rng), rng.randint(66, 88))]


def _two_young(rng: random.Random) -> list[_Role]:
    return _couple(rng, 24, 34)


def _two_old(rng: random.Random) -> list[_Role]:
    return _couple(rng, 60, 84)


def _three(rng: random.Random) -> list[_Role]:
    parents = _couple(rng, 27, 52)
    return [*parents, _child(rng, parents[1].age)]


def _single_parent(rng: random.Random) -> list[_Role]:
    head = _Role(Relation.HEAD, _either(rng), rng.randint(28, 50))
    return [head, _child(rng, head.age)]


def _four(rng: random.Random) -> list[_Role]:
    parents = _couple(rng, 30, 50)
    return [*parents, _child(rng, parents[1].age), _child(rng, parents[1].age - 3)]


def _three_generations(rng: random.Random) -> list[_Role]:
    parents = _couple(rng, 32, 52)
    mother = _Role(Relation.MOTHER, Sex.FEMALE, parents[0].age + rng.randint(22, 30), shares_name=False)
    father = _Role(Relation.FATHER, Sex.MALE, mother.age + rng.randint(-1, 5))
    old = [mother] if rng.random() < 0.5 else [father, mother]
    return [*parents, _child(rng, parents[1].age), *old]


MAKERS: tuple[Maker, ...] = (
    _one_young, _one_old, _two_young, _two_old, _three, _single_parent, _four, _three_generations,
)  # fmt: skip
# Cumulative shares of the makers above; about 2.67 people a household in the street, 3.0 in the district.
MIXES = {
    "street": (0.07, 0.17, 0.25, 0.40, 0.70, 0.76, 0.89, 1.0),
    "district": (0.05, 0.12, 0.18, 0.28, 0.59, 0.64, 0.85, 1.0),
}


class Families:
    """Makes households one after another; no two persons get the same ID number.

    Args:
        mix: a key of ``MIXES``.
        today: the day on which the ages are right.
    """

    def __init__(self, mix: str, rng: random.Random, today: date) -> None:
        self._shares = MIXES[mix]
        self._rng = rng
        self._today = today
        self._taken: set[tuple[date, int]] = set()

    def make(self, here: str, *, renting: bool) -> list[NewMember]:
        """Return the members of one household, the head first; tenants are mostly not registered ``here``."""
        rng = self._rng
        roles = rng.choices(MAKERS, cum_weights=self._shares)[0](rng)
        surname = names.family_name(rng)
        came = renting and rng.random() < 0.8
        registered = rng.choice(names.words("registered_elsewhere")) if came else here
        return [self._member(role, surname, registered, came=came) for role in roles]

    def _member(self, role: _Role, surname: str, registered: str, *, came: bool) -> NewMember:
        birth, sequence = self._identity(role)
        return _member(role, surname, registered, birth, sequence, self._rng, came=came)

    def _identity(self, role: _Role) -> tuple[date, int]:
        """Return a birth date for the age, and a sequence number that nobody born on that day has: odd for men."""
        while True:
            birth = self._today - timedelta(days=int((role.age + self._rng.random()) * DAYS_PER_YEAR))
            sequence = self._rng.randrange(1, ID_SEQUENCES, 2) - (role.sex == Sex.FEMALE)
            if (birth, sequence) not in self._taken:
                self._taken.add((birth, sequence))
                return birth, sequence


def _member(
    role: _Role, surname: str, registered: str, birth: date, sequence: int, rng: random.Random, *, came: bool
) -> NewMember:
    family_name = surname if role.shares_name else names.family_name(rng)
    registration = Registration.ELSEWHERE if came else Registration.HERE
    presence = Presence.HERE
    if not came and rng.random() < 0.05:
        presence = rng.choice((Presence.NEARBY, Presence.AWAY))
    return NewMember(
        name=family_name + names.given_name(role.sex, rng),
        sex=role.sex,
        birth_date=birth,
        id_number=idnumber.make(names.INVENTED_REGION, birth, sequence),
        phone=names.mobile(rng) if role.age >= CHILD_PHONE_AGE else "",
        employer=rng.choice(names.words("employers")) if role.age in WORKING_AGES and rng.random() < 0.5 else "",
        registered_address=registered,
        relation=role.relation,
        registration=registration,
        presence=presence,
    )
