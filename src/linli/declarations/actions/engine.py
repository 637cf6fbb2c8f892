"""Taking a step: finding its row, changing the declaration, writing the history, the journal and the messages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.accounts.rules import Refused
from linli.core import clock
from linli.core.workdays import end_of_working_day
from linli.declarations.actions.messages import tell
from linli.declarations.choices import Action, State
from linli.declarations.models import LONGEST_WORDS, Declaration, DeclarationStep, Words
from linli.declarations.periods import periods
from linli.declarations.queries import last_step
from linli.declarations.rules import Conflict, Unnamed, may
from linli.declarations.workflow import FINAL_STATES, Row, row_of, table
from linli.journal import actions as journal

NOT_YOURS = gettext_lazy("Your post does not allow this.")
MOVING_FIELDS = (
    "state",
    "due_at",
    "remind_at",
    "lapses_at",
    "decided_at",
    "erase_at",
    "version",
    "choice",
    "person",
    "occupancy",
)


def lock(pk: int) -> Declaration:
    """Return the declaration as it is now, locked until the end of the transaction."""
    related = ("building__community", "building__grid")
    return Declaration.objects.select_for_update(of=("self",)).select_related(*related).get(pk=pk)


def find_row(declaration: Declaration, action: str, *, by: Any, version: int | None = None) -> Row:
    """Return the row by which ``by`` takes the action from the present state.

    Raises:
        Refused: this is not for ``by`` to do.
        Conflict: the version is an older one, or the action does not start from the present state.
    """
    if not any(may(by, row, declaration) for row in table() if row.action == action):
        raise Refused(str(NOT_YOURS))
    row = row_of(declaration.state, action)
    if row is None or (version is not None and version != declaration.version):
        raise conflict(declaration, by)
    return row


def conflict(declaration: Declaration, by: Any) -> Conflict:
    """Return the refusal that tells where the declaration is now, and to staff who brought it there, and when."""
    step, state = last_step(declaration), State(declaration.state)
    at = step.at if step else declaration.declared_at
    if step is None or isinstance(by, Unnamed):
        text = _("It has moved on meanwhile and is now “%(state)s”. Look again, then decide.") % {"state": state.label}
        return Conflict(text, state=state, by="", at=at)
    text = _("%(by)s did “%(action)s” at %(at)s; it is now “%(state)s”. Look again, then decide.") % {
        "by": step.doer,
        "action": Action(step.action).label,
        "at": f"{clock.local(at):%m-%d %H:%M}",
        "state": state.label,
    }
    return Conflict(text, state=state, by=step.by, at=at)


def clean_words(text: str, *, required: bool = False) -> str:
    """Return words without blanks around them. Raises ``ValidationError`` where they are missing or too long."""
    words = text.strip()
    if required and not words:
        raise ValidationError({"words": _("Write a few words here.")})
    if len(words) > LONGEST_WORDS:
        over = len(words) - LONGEST_WORDS
        raise ValidationError({"words": _("This is %(over)d characters too long. Please shorten it.") % {"over": over}})
    if "\x00" in words:
        raise ValidationError({"words": _("There is a character in it that can't be kept. Please type it anew.")})
    return words


def write_step(declaration: Declaration, row: Row, *, by: Any, words: str = "") -> DeclarationStep:
    """Take the step of a row on a locked or brand-new declaration: fields, history, journal, messages."""
    now = clock.now()
    declaration.state = row.target
    _set_times(declaration, row, now)
    if row.source is None:
        declaration.save(force_insert=True)
    else:
        declaration.version += 1
        declaration.save(update_fields=MOVING_FIELDS)
    step = DeclarationStep(
        declaration=declaration,
        number=_next_number(declaration),
        at=now,
        by=by.username,
        by_name=by.name,
        action=row.action,
        source=row.source or "",
        target=row.target,
    )
    step.save(force_insert=True)
    if words:
        Words.objects.create(step=step, text=words)
    detail = {"number": declaration.number, "kind": declaration.kind, "from": step.source, "to": step.target}
    journal.record(by, f"declarations.{row.action}", declaration, detail=detail)
    tell(declaration, row.action)
    return step


def _set_times(declaration: Declaration, row: Row, now: datetime) -> None:
    """Set the promise, the wait for an answer and the end of what is personal, as the new state asks for."""
    if row.source == row.target:
        return
    figures = periods()
    if row.target == State.ASKED:
        declaration.due_at = declaration.remind_at = None
        declaration.lapses_at = now + timedelta(days=figures.unanswered)
    elif row.target in FINAL_STATES:
        days = figures.confirmed if row.target == State.CONFIRMED else figures.ended
        declaration.due_at = declaration.remind_at = declaration.lapses_at = None
        declaration.decided_at, declaration.erase_at = now, now + timedelta(days=days)
    elif declaration.due_at is None:
        begins = max(clock.local(now).date(), declaration.day)
        declaration.due_at = declaration.remind_at = end_of_working_day(begins, figures.promise)
        declaration.lapses_at = None


def _next_number(declaration: Declaration) -> int:
    last = DeclarationStep.objects.filter(declaration=declaration).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1
