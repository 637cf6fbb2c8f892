"""What the resident does through the private link, what silence does, and looking at the resident's phone number."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linli.accounts.rules import SYSTEM, require
from linli.cases.actions.steps import take_step
from linli.cases.actions.values import Conflict, StepValues
from linli.cases.choices import Action, State
from linli.cases.models import Case
from linli.cases.queries import case_by_token
from linli.cases.rules import THE_RESIDENT
from linli.journal import actions as journal

# What the resident can say, by the word that public forms and programs use.
VERDICTS = {"confirm": Action.CONFIRM, "reopen": Action.REOPEN, "note": Action.NOTE}


def resident_reply(token: str, *, verdict: str, rating: int | None = None, text: str = "") -> Case:
    """Confirm, reopen or add a word, through the private link.

    Args:
        token: the token of the link.
        verdict: ``confirm``, ``reopen`` or ``note``.
        rating: one to five, with ``confirm``.
        text: the resident's own words.

    Raises:
        Case.DoesNotExist: there is no such link.
        Conflict: the case is not where this can be said; the message names nobody.
        ValidationError: something is missing or wrong.
    """
    case = case_by_token(token)
    if case is None:
        raise Case.DoesNotExist
    if verdict not in VERDICTS:
        raise ValidationError({"verdict": _("Choose: solved, or not solved yet.")})
    return take_step(case, VERDICTS[verdict], by=THE_RESIDENT, values=StepValues(note=text, rating=rating))


@transaction.atomic
def reveal_contact(case: Case, *, by: Any, purpose: str) -> str:
    """Return the phone number that the resident left; the look and its purpose go into the journal."""
    require(by, "cases.reveal_contact", case)
    if not purpose.strip():
        raise ValidationError({"purpose": _("Say first what you need the number for.")})
    journal.record(by, "cases.reveal_contact", case, reason=purpose.strip(), detail={"number": case.number})
    return str(case.contact)


def lapse_silent(now: datetime) -> int:
    """Close every checked case whose resident kept silent, as answered, never as confirmed; return how many."""
    silent = Case.objects.filter(state=State.CHECKED, lapses_at__lte=now)
    return sum(_lapse(case) for case in silent.order_by("pk").iterator())


def _lapse(case: Case) -> bool:
    try:
        take_step(case, Action.LAPSE, by=SYSTEM, version=case.version)
    except Conflict:
        # The resident spoke between the look and the lock.
        return False
    return True
