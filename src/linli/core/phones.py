"""Chinese telephone numbers: reading and checking them.

A mobile number has 11 digits and begins with 13 to 19. A landline is written with its area code: 010 and 02x take
eight digits more, every other area code (0xxx) seven or eight.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

MOBILE_DIGITS = 11

_IGNORED = re.compile(r"[\s\-‐‑‒–—―_.()'`’‘\u200b\ufeff]+")
_COUNTRY_CODE = re.compile(r"(?:\+|00)86|86(?=1[3-9]\d{9}$)", re.ASCII)
_MOBILE_START = re.compile(r"1[3-9]")
_SHORT_AREA_CODE = re.compile(r"0(?:10|2\d)", re.ASCII)


class PhoneKind(StrEnum):
    """What a check found."""

    OK = "ok"
    EMPTY = "empty"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    BAD_CHARACTERS = "bad_characters"
    BAD_PREFIX = "bad_prefix"


@dataclass(frozen=True, slots=True)
class PhoneCheck:
    """The number as normalised, what is the matter with it, and by how many digits it is too short or too long."""

    value: str
    kind: PhoneKind
    difference: int = 0

    @property
    def ok(self) -> bool:
        return self.kind is PhoneKind.OK


def normalise(raw: str | None) -> str:
    """Return the number in half-width characters without spaces, dashes, brackets and the country code of China."""
    value = _IGNORED.sub("", unicodedata.normalize("NFKC", raw or ""))
    return _COUNTRY_CODE.sub("", value, count=1) if _COUNTRY_CODE.match(value) else value


def check(raw: str | None) -> PhoneCheck:
    """Normalise a number and name the first thing that is wrong with it.

    `bad_prefix` is a number of the right length that begins as neither a mobile number nor an area code does.
    """
    value = normalise(raw)
    if not value:
        return PhoneCheck(value, PhoneKind.EMPTY)
    if not (value.isascii() and value.isdigit()):
        return PhoneCheck(value, PhoneKind.BAD_CHARACTERS)
    shortest, longest = _lengths(value)
    if len(value) < shortest:
        return PhoneCheck(value, PhoneKind.TOO_SHORT, shortest - len(value))
    if len(value) > longest:
        return PhoneCheck(value, PhoneKind.TOO_LONG, len(value) - longest)
    if value[0] != "0" and not _MOBILE_START.match(value):
        return PhoneCheck(value, PhoneKind.BAD_PREFIX)
    return PhoneCheck(value, PhoneKind.OK)


def tail(phone: str | None) -> str:
    """Return the last four digits of a number, by which people look it up; fewer where it has fewer."""
    return re.sub(r"[^0-9]", "", normalise(phone))[-4:]


def _lengths(value: str) -> tuple[int, int]:
    """Return the fewest and the most digits that a number with this beginning may have."""
    if value[0] == "0" and not _SHORT_AREA_CODE.match(value):
        return 11, 12
    return MOBILE_DIGITS, MOBILE_DIGITS
