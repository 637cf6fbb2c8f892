"""Chinese citizen ID numbers: reading, checking and making them.

Source: GB 11643-1999. Eighteen characters: six of region, eight of birth date, three of sequence (odd for men), and
one check character by ISO 7064 MOD 11-2. The region is not checked: regions are merged and renamed all the time, and
a table of them would refuse people.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from linli.core import clock

EARLIEST_BIRTH = date(1900, 1, 1)

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_IGNORED = re.compile(r"[\s\-‐‑‒–—―_'`’‘\u200b\ufeff]+")
_DIGITS_THEN_X = re.compile(r"[0-9]+X?")


class IdKind(StrEnum):
    """What a check found."""

    OK = "ok"
    EMPTY = "empty"
    FIFTEEN_DIGITS = "fifteen_digits"
    BAD_CHECK_DIGIT = "bad_check_digit"
    BAD_LENGTH = "bad_length"
    BAD_CHARACTERS = "bad_characters"
    BAD_BIRTH_DATE = "bad_birth_date"


@dataclass(frozen=True, slots=True)
class IdCheck:
    """The number as normalised, and what is the matter with it."""

    value: str
    kind: IdKind

    @property
    def ok(self) -> bool:
        return self.kind is IdKind.OK


def normalise(raw: str | None) -> str:
    """Return the number without spaces, dashes and quotes, in half-width characters, with a capital X."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", raw or "")).upper()


def check(raw: str | None) -> IdCheck:
    """Normalise a number and name the first thing that is wrong with it. An unknown region is no problem."""
    value = normalise(raw)
    return IdCheck(value, _kind_of(value))


def _kind_of(value: str) -> IdKind:
    if not value:
        return IdKind.EMPTY
    if not _DIGITS_THEN_X.fullmatch(value):
        return IdKind.BAD_CHARACTERS
    if len(value) == 15 and value.isdigit():
        return IdKind.FIFTEEN_DIGITS
    if len(value) != 18:
        return IdKind.BAD_LENGTH
    if not _is_possible_birth(_written_date(value[6:14])):
        return IdKind.BAD_BIRTH_DATE
    return IdKind.OK if check_character(value) == value[17] else IdKind.BAD_CHECK_DIGIT


def check_character(value: str) -> str:
    """Return the check character that belongs to the first 17 digits of a number."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, value[:17], strict=True))
    return _CHECK_CHARACTERS[total % 11]


def birth_date(value: str) -> date | None:
    """Return the birth date in a normalised number of 18 or 15 characters, or None where it holds no possible one."""
    if len(value) == 18:
        return _possible_birth(value[6:14])
    if len(value) == 15:
        # The short numbers were given out until 1999 and leave out the century.
        return _possible_birth("19" + value[6:12])
    return None


def sex(value: str) -> Literal["male", "female"] | None:
    """Return the sex in a normalised number of 18 or 15 characters, or None where it holds none."""
    position = {18: 16, 15: 14}.get(len(value))
    if position is None or value[position] not in "0123456789":
        return None
    return "male" if int(value[position]) % 2 else "female"


def make(region: str, birth: date, sequence: int) -> str:
    """Return the valid number of a region (six digits), a birth date and a sequence from 0 to 999 (odd for men).

    Raises:
        ValueError: the region is not six digits, or the sequence is out of range.
    """
    if not re.fullmatch(r"[0-9]{6}", region):
        raise ValueError(f"a region has six digits: {region!r}")
    if not 0 <= sequence <= 999:
        raise ValueError(f"a sequence lies between 0 and 999: {sequence}")
    body = f"{region}{birth.isoformat().replace('-', '')}{sequence:03d}"
    return body + check_character(body)


def _possible_birth(eight_digits: str) -> date | None:
    written = _written_date(eight_digits)
    return written if _is_possible_birth(written) else None


def _written_date(eight_digits: str) -> date | None:
    try:
        return date(int(eight_digits[:4]), int(eight_digits[4:6]), int(eight_digits[6:]))
    except ValueError:
        return None


def _is_possible_birth(birth: date | None) -> bool:
    return birth is not None and EARLIEST_BIRTH <= birth <= clock.today()
