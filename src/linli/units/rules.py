"""What is right about a unit's code, and when something can't be done."""

from __future__ import annotations

import re
import unicodedata

CODE_LENGTH = 18

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_IGNORED = re.compile(r"[\s\-]+")


class NotPossible(Exception):
    """What was asked for can't be done as things stand; the message says what to do next."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def normalise_code(written: str) -> str:
    """Return a unified social credit code in half-width capitals without spaces and dashes."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", written)).upper()


def code_is_right(code: str) -> bool:
    """Tell whether a normalised code has the form and the check character of GB 32100-2015."""
    if len(code) != CODE_LENGTH or any(character not in _ALPHABET for character in code) or not code[2:8].isdigit():
        return False
    total = sum(_ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(code[:-1]))
    return _ALPHABET[-total % 31] == code[-1]
