"""Looking at a hidden number of a declaration: with a purpose, and written into the journal."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from linli.accounts.rules import require
from linli.declarations.models import Declaration
from linli.declarations.rules import require_hidden
from linli.journal import actions as journal
from linli.people.rules import require_purpose


@transaction.atomic
def reveal(declaration: Declaration, hidden_field: str, *, by: Any, reason: str) -> str:
    """Return a phone (``phone``) or ID number (``id_number``) in clear, and journal who looked and what for.

    Raises:
        Refused: the declaration is out of reach, or the post may not reveal.
        people.rules.NotPossible: no purpose of the list was given.
        ValueError: the field is not masked.
    """
    require_hidden(hidden_field)
    locked = Declaration.objects.select_for_update().get(pk=declaration.pk)
    require(by, "people.reveal", locked)
    purpose = require_purpose(reason)
    journal.record(
        by,
        "declarations.reveal",
        locked,
        reason=purpose,
        detail={"number": locked.number, "field": hidden_field},
    )
    value: str = getattr(locked, hidden_field)
    return value
