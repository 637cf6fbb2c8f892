"""What is right about a unit's code, and when something can't be done."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

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


def code_fault(code: str) -> str:
    """Say in words what is wrong with a normalised code; nothing when it is right."""
    if len(code) != CODE_LENGTH:
        return _("This code has %(count)s characters; it must have 18. Compare it with the licence.") % {
            "count": len(code)
        }
    strange = sorted({character for character in code if character not in _ALPHABET})
    if strange:
        return _("There is no %(letters)s in such a code; often it is a 0, 1, 2 or 5. Compare it with the licence.") % {
            "letters": " ".join(strange)
        }
    if not code[2:8].isdigit():
        return _("The third to eighth characters must be digits. Compare them with the licence.")
    if not code_is_right(code):
        return _("The last character does not fit the others, so one of them is wrong. Compare it with the licence.")
    return ""


def code_is_right(code: str) -> bool:
    """Tell whether a normalised code has the form and the check character of GB 32100-2015."""
    if len(code) != CODE_LENGTH or any(character not in _ALPHABET for character in code) or not code[2:8].isdigit():
        return False
    total = sum(_ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(code[:-1]))
    return _ALPHABET[-total % 31] == code[-1]
