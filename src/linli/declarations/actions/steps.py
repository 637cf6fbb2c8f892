"""What staff do with a declaration: look into it, prepare it, ask back, confirm it into the ledger, or refuse it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linli.core import clock
from linli.declarations.actions.applying import apply
from linli.declarations.actions.engine import clean_words, find_row, lock, write_step
from linli.declarations.actions.values import NOTHING, StepValues
from linli.declarations.choices import Action, Choice
from linli.declarations.models import Declaration
from linli.declarations.queries import choices_for, dwelling_of, matches_for
from linli.declarations.rules import require_come
from linli.housing.choices import Occupancy


def take_up(declaration: Declaration, *, by: Any, version: int | None = None) -> Declaration:
    """Look into a declaration: whoever declared it sees that somebody does."""
    return _take(declaration, Action.TAKE_UP, NOTHING, by=by, version=version)


def prepare(declaration: Declaration, values: StepValues, *, by: Any, version: int | None = None) -> Declaration:
    """Note whom a declaration is about and what is to be done, for whoever decides."""
    return _take(declaration, Action.PREPARE, values, by=by, version=version)


def ask(declaration: Declaration, words: str, *, by: Any, version: int | None = None) -> Declaration:
    """Ask whoever declared; they read the question at their private link and answer there."""
    return _take(declaration, Action.ASK, StepValues(words=words), by=by, version=version)


def confirm(declaration: Declaration, values: StepValues, *, by: Any, version: int | None = None) -> Declaration:
    """Confirm a declaration, and write into the ledger what follows from it.

    Raises:
        Refused: this is not for ``by`` to do.
        Conflict: the declaration has moved on; the message tells who did what, and when.
        NotPossible: its day has not come, or the ledger does not allow it as things stand.
        ValidationError: something is missing or wrong, by field of ``values``.
    """
    return _take(declaration, Action.CONFIRM, values, by=by, version=version)


def refuse(declaration: Declaration, words: str, *, by: Any, version: int | None = None) -> Declaration:
    """Refuse a declaration, with the reason that whoever declared it reads."""
    return _take(declaration, Action.REFUSE, StepValues(words=words), by=by, version=version)


@transaction.atomic
def _take(declaration: Declaration, action: str, values: StepValues, *, by: Any, version: int | None) -> Declaration:
    locked = lock(declaration.pk)
    row = find_row(locked, action, by=by, version=version)
    words = clean_words(values.words, required=row.words)
    if action in (Action.PREPARE, Action.CONFIRM):
        _note_choice(locked, values, by)
    if action == Action.CONFIRM:
        require_come(locked, clock.today())
        apply(locked, values, by=by)
    write_step(locked, row, by=by, words=words)
    return locked


def _note_choice(declaration: Declaration, values: StepValues, by: Any) -> None:
    """Keep whom it is about and how the home is used. Raises ``ValidationError`` for what can't be chosen."""
    wanted = f"{values.choice}:{values.person.pk}" if values.person is not None else values.choice
    possible = choices_for(declaration, matches_for(declaration, by, dwelling_of(declaration)))
    if possible and wanted not in possible:
        raise ValidationError({"choice": _("Choose whom of the ledger this is about.")})
    if values.occupancy not in ("", *Occupancy.values):
        raise ValidationError({"occupancy": _("Choose one of these uses.")})
    declaration.choice = Choice(values.choice) if possible else ""
    declaration.person = values.person if possible else None
    declaration.occupancy = values.occupancy
