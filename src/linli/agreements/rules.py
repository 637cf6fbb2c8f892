"""When something about an agreement can't be done, and what its texts must be like."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from linli.agreements.lawful import objection

LONGEST_CLAUSE = 300
MOST_CLAUSES = 30


class NotPossible(Exception):
    """What was asked for can't be done as things stand; the message says what to do next."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def require_lawful(title: str, clauses: Sequence[str]) -> list[str]:
    """Return the clauses as they are kept. Raises ``ValidationError`` that names each clause which can't stand."""
    kept = [clause.strip() for clause in clauses if clause.strip()]
    if not kept:
        raise ValidationError({"clauses": _("Write at least one clause, each on a line of its own.")})
    if len(kept) > MOST_CLAUSES:
        raise ValidationError({"clauses": _("Write at most %(most)s clauses.") % {"most": MOST_CLAUSES}})
    faults = []
    for number, clause in enumerate(kept, start=1):
        if len(clause) > LONGEST_CLAUSE:
            why = _("It is too long. Divide it, or write at most %(most)s characters.") % {"most": LONGEST_CLAUSE}
        else:
            why = objection(clause)
        if why:
            faults.append(_("Clause %(number)s: %(why)s") % {"number": number, "why": why})
    if faults:
        raise ValidationError({"clauses": faults})
    if why := objection(title):
        raise ValidationError({"title": why})
    return kept
