"""Whether two entries of the ledger may be one person: what speaks for it, what against, and how sure that is.

No database: the finder brings the facts. What is called certain must be so even between twins, between a father and a
son with one phone, and between strangers of one name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum
from functools import lru_cache
from itertools import combinations

from rapidfuzz.distance import OSA

from linli.core import idnumber
from linli.core.pinyin import readings
from linli.core.variants import folded_name
from linli.people.choices import Certainty, Reason

PROPOSED_FROM = 45
LIKELY_FROM = 60
# A phone that so many people have belongs to an office.
MOST_PER_PHONE = 12

_POINTS = {
    Reason.SAME_ID: 60,
    Reason.ID_TYPO: 35,
    Reason.SAME_WRONG_ID: 30,
    Reason.SAME_NAME: 25,
    Reason.NAME_SOUNDS_ALIKE: 18,
    Reason.NAME_ONE_CHARACTER: 14,
    Reason.NAME_HALF: 6,
    Reason.OTHER_NAME: -20,
    Reason.SAME_BIRTH: 20,
    Reason.BIRTH_TYPO: 10,
    Reason.OTHER_BIRTH: -40,
    Reason.SAME_PHONE: 20,
    Reason.OTHER_PHONE: -3,
    Reason.SAME_HOME: 20,
    Reason.OTHER_SEX: -15,
    Reason.MAYBE_TWINS: 0,
}


class NameFit(IntEnum):
    """How well two names fit, from the worst to the best."""

    NONE = 0
    HALF = 1
    ONE_CHARACTER = 2
    SOUND = 3
    SAME = 4


_NAME_REASONS = {
    NameFit.NONE: Reason.OTHER_NAME,
    NameFit.HALF: Reason.NAME_HALF,
    NameFit.ONE_CHARACTER: Reason.NAME_ONE_CHARACTER,
    NameFit.SOUND: Reason.NAME_SOUNDS_ALIKE,
    NameFit.SAME: Reason.SAME_NAME,
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one entry; the indexes are blind, and ``""`` where nothing is known."""

    key: int
    name: str
    sex: str
    birth_date: date | None
    id_index: str
    phone_index: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """What is looked up only for those who come into question: the ID number in clear, and the present dwelling."""

    id_number: str = ""
    dwelling: int | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """How sure it is that two entries are one person: in words, from 0 to 100, and why."""

    certainty: Certainty
    percent: int
    reasons: tuple[Reason, ...]


def pairs_in(block: Iterable[Facts]) -> Iterator[tuple[Facts, Facts]]:
    """Yield the pairs of a block whose names fit in some way; time grows with the block, not with its square."""
    by_key: dict[str, list[Facts]] = {}
    for facts in block:
        for key in _name_keys(folded_name(facts.name)):
            by_key.setdefault(key, []).append(facts)
    seen: set[tuple[int, int]] = set()
    for group in by_key.values():
        for one, other in combinations(group, 2):
            first, second = (one, other) if one.key < other.key else (other, one)
            if first.key != second.key and (first.key, second.key) not in seen:
                seen.add((first.key, second.key))
                yield first, second


@lru_cache(maxsize=65536)
def _name_keys(name: str) -> tuple[str, ...]:
    """Return keys of which names that fit share at least one: the name, its readings, and it without one character."""
    without = (f"-{name[:place]}{name[place + 1 :]}" for place in range(len(name))) if len(name) > 1 else ()
    swapped = (
        f"={name[:place]}{''.join(sorted(name[place : place + 2]))}{name[place + 2 :]}"
        for place in range(len(name) - 1)
    )
    return tuple(dict.fromkeys([name, f"-{name}", *without, *swapped, *(f"~{word}" for word in _whole_readings(name))]))


@lru_cache(maxsize=65536)
def _whole_readings(name: str) -> tuple[str, ...]:
    return tuple(readings(name).split()[::2])


def name_fit(one: str, other: str) -> NameFit:
    """Tell how well two names fit, however they are written."""
    first, second = folded_name(one), folded_name(other)
    if not first or not second:
        return NameFit.NONE
    if first == second:
        return NameFit.SAME
    if len(first) == len(second) and set(_whole_readings(first)) & set(_whole_readings(second)):
        return NameFit.SOUND
    if max(len(first), len(second)) < 2 or OSA.distance(first, second, score_cutoff=1) > 1:
        return NameFit.NONE
    return NameFit.HALF if max(len(first), len(second)) <= 2 else NameFit.ONE_CHARACTER


def births_are_near(one: date, other: date) -> bool:
    """Tell whether two dates differ by one digit, two digits in each other's place, or day and month."""
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return True
    return OSA.distance(f"{one:%Y%m%d}", f"{other:%Y%m%d}", score_cutoff=1) <= 1


def may_be_one(one: Facts, other: Facts) -> bool:
    """Tell whether a pair comes into question whatever the ID numbers say: no number needs to be opened for that."""
    points = _total(_plain_reasons(one, other)) + _POINTS[Reason.SAME_HOME]
    if one.id_index and other.id_index:
        points += _POINTS[Reason.SAME_ID] if one.id_index == other.id_index else _POINTS[Reason.ID_TYPO]
    return points >= PROPOSED_FROM


def judge(one: Facts, other: Facts, one_opened: Opened, other_opened: Opened) -> Likeness | None:
    """Return how sure it is that two entries are one person, or None where that is not worth a question."""
    number = _number_reason(one_opened.id_number, other_opened.id_number)
    if number is Reason.OTHER_ID:
        return None
    reasons = _plain_reasons(one, other)
    if number is not None:
        reasons.insert(0, number)
    if one_opened.dwelling is not None and one_opened.dwelling == other_opened.dwelling:
        reasons.append(Reason.SAME_HOME)
    if _is_two_people(reasons):
        return None
    if _may_be_twins(reasons):
        reasons.append(Reason.MAYBE_TWINS)
    percent = max(0, min(100, _total(reasons)))
    if percent < PROPOSED_FROM:
        return None
    return Likeness(_certainty(frozenset(reasons), percent), percent, tuple(reasons))


class Verdicts:
    """What was found of many pairs together: who has a twin is mistaken for the twin when a name is mistyped."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, int], Likeness] = {}
        self._twins: set[int] = set()

    def __contains__(self, pair: tuple[int, int]) -> bool:
        return pair in self._found

    def add(self, one: Facts, other: Facts, one_opened: Opened, other_opened: Opened) -> None:
        """Judge one more pair."""
        found = judge(one, other, one_opened, other_opened)
        if found is not None:
            self._found[one.key, other.key] = found
        if _seem_twins(one, other, one_opened, other_opened):
            self._twins |= {one.key, other.key}

    def settled(self) -> dict[tuple[int, int], Likeness]:
        """Return the pairs that are worth a question, now that everybody was looked at."""
        return {pair: self._without_twins(pair, likeness) for pair, likeness in self._found.items()}

    def _without_twins(self, pair: tuple[int, int], likeness: Likeness) -> Likeness:
        proved = Reason.SAME_ID in likeness.reasons or self._twins.isdisjoint(pair)
        if proved or likeness.certainty != Certainty.CERTAIN:
            return likeness
        return replace(likeness, certainty=Certainty.LIKELY, reasons=(*likeness.reasons, Reason.MAYBE_TWINS))


def _seem_twins(one: Facts, other: Facts, one_opened: Opened, other_opened: Opened) -> bool:
    if one.birth_date is None or one.birth_date != other.birth_date or name_fit(one.name, other.name) is NameFit.SAME:
        return False
    if one_opened.id_number and one_opened.id_number == other_opened.id_number:
        return False
    lives_with = one_opened.dwelling is not None and one_opened.dwelling == other_opened.dwelling
    return lives_with or bool(one.phone_index and one.phone_index == other.phone_index)


def _plain_reasons(one: Facts, other: Facts) -> list[Reason]:
    """Return what names, birth dates, phones and sexes say."""
    reasons = [_NAME_REASONS[name_fit(one.name, other.name)]]
    if one.birth_date and other.birth_date:
        if one.birth_date == other.birth_date:
            reasons.append(Reason.SAME_BIRTH)
        else:
            near = births_are_near(one.birth_date, other.birth_date)
            reasons.append(Reason.BIRTH_TYPO if near else Reason.OTHER_BIRTH)
    if one.phone_index and other.phone_index:
        reasons.append(Reason.SAME_PHONE if one.phone_index == other.phone_index else Reason.OTHER_PHONE)
    if one.sex and other.sex and one.sex != other.sex:
        reasons.append(Reason.OTHER_SEX)
    return reasons


def _number_reason(one: str, other: str) -> Reason | None:
    """Return what two ID numbers say; two valid ones that differ belong to two people."""
    if not one or not other:
        return None
    first, second = idnumber.check(one), idnumber.check(other)
    valid = first.ok + second.ok
    if first.value == second.value:
        return Reason.SAME_ID if valid else Reason.SAME_WRONG_ID
    lengths = {len(first.value), len(second.value)}
    if valid and lengths == {15, 18} and _short_form(first.value) == _short_form(second.value):
        return Reason.SAME_ID
    if valid == 2:
        return Reason.OTHER_ID
    return Reason.ID_TYPO if OSA.distance(first.value, second.value, score_cutoff=1) <= 1 else None


def _short_form(number: str) -> str:
    """Return the 15 digits that the number had before 1999: without the century and the check character."""
    return f"{number[:6]}{number[8:17]}" if len(number) == 18 else number


_NAMED_ALIKE = frozenset({Reason.SAME_NAME, Reason.NAME_SOUNDS_ALIKE})
_NUMBERED_ALIKE = frozenset({Reason.SAME_ID, Reason.ID_TYPO, Reason.SAME_WRONG_ID})


def _is_two_people(reasons: Iterable[Reason]) -> bool:
    """Tell whether brothers, sisters, parents and children are likelier: names a little alike, and no birth date."""
    known = frozenset(reasons)
    if known & _NAMED_ALIKE or known & _NUMBERED_ALIKE:
        return False
    return Reason.SAME_BIRTH not in known


def _may_be_twins(reasons: Iterable[Reason]) -> bool:
    known = frozenset(reasons)
    if Reason.SAME_NAME in known or known & {Reason.SAME_ID, Reason.ID_TYPO}:
        return False
    return Reason.SAME_BIRTH in known and bool(known & {Reason.SAME_HOME, Reason.SAME_PHONE})


def _total(reasons: Iterable[Reason]) -> int:
    return sum(_POINTS[reason] for reason in reasons)


# Any one of these is enough, unless something of _DOUBTS speaks against it. Numbers that differ in one place prove
# nothing by themselves: those who were born in one place on one day have neighbouring numbers.
_PROOFS = (
    frozenset({Reason.SAME_ID, Reason.SAME_NAME}),
    frozenset({Reason.SAME_NAME, Reason.SAME_BIRTH, Reason.SAME_PHONE}),
    frozenset({Reason.SAME_NAME, Reason.SAME_BIRTH, Reason.SAME_HOME}),
)
_DOUBTS = frozenset({Reason.OTHER_BIRTH, Reason.OTHER_SEX, Reason.MAYBE_TWINS})


def _certainty(reasons: frozenset[Reason], percent: int) -> Certainty:
    if not reasons & _DOUBTS and any(proof <= reasons for proof in _PROOFS):
        return Certainty.CERTAIN
    if percent >= LIKELY_FROM and Reason.MAYBE_TWINS not in reasons:
        return Certainty.LIKELY
    return Certainty.POSSIBLE
