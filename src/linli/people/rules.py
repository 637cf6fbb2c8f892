"""What may be revealed about a person, and when a correction is still open."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.people.choices import RevealPurpose

# The fields that are masked until somebody says what for.
HIDDEN_FIELDS = frozenset({"id_number", "phone", "emergency_phone"})


class NotPossible(Exception):
    """What was asked for can't be done as things stand; the message says what to do next.

    ``field`` names the part of the question that it is about, such as ``day``.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


def require_hidden(field: str) -> None:
    """Raise ``ValueError`` for a field that is not masked."""
    if field not in HIDDEN_FIELDS:
        raise ValueError(f"{field!r} is not a masked field")


def require_purpose(reason: str) -> RevealPurpose:
    """Return the purpose, or raise ``NotPossible`` when none of the list was chosen."""
    if reason not in RevealPurpose.values:
        raise NotPossible(_("First choose what you need it for."))
    return RevealPurpose(reason)
