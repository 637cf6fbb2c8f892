"""Who may take which step on a declaration, and what may be looked at with a purpose."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from linli.accounts.rules import SYSTEM
from linli.declarations.choices import Action
from linli.declarations.models import Declaration
from linli.declarations.workflow import CLOCK, DECLARER, Row, rows_for

# What is masked until somebody says what for.
HIDDEN_FIELDS = frozenset({"phone", "id_number"})


class Unnamed:
    """Stands for whoever declared, who has no account: nobody but the holder of the private link acts as it."""

    username = DECLARER
    name = DECLARER
    pk = None
    is_authenticated = False
    is_active = True

    def has_perm(self, ability: str, obj: Any = None) -> bool:
        """Tell that a declarer has no ability of the roles table; workflow rows name the declarer itself."""
        return False


THE_DECLARER = Unnamed()


class Conflict(Exception):
    """The declaration has moved on: somebody was quicker. The message says who did what, and when."""

    def __init__(self, message: str, *, state: str, by: str, at: datetime) -> None:
        super().__init__(message)
        self.message = message
        self.state = state
        self.by = by
        self.at = at


class NotPossible(Exception):
    """What was asked for can't be done as things stand; the message says what to do next."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def may(user: Any, row: Row, declaration: Any) -> bool:
    """Tell whether the user is one of those whom the row names."""
    if row.who == DECLARER:
        return isinstance(user, Unnamed)
    if row.who == CLOCK:
        return user is SYSTEM
    return bool(user.has_perm(row.who, declaration))


def can(user: Any, declaration: Declaration) -> list[str]:
    """Return the actions that the user can take now, in the order of the table."""
    rows = [row for row in rows_for(declaration.state) if may(user, row, declaration)]
    return [str(action) for action in Action if action in {row.action for row in rows}]


def require_hidden(field: str) -> None:
    """Raise ``ValueError`` for a field that is not masked."""
    if field not in HIDDEN_FIELDS:
        raise ValueError(f"{field!r} is not a masked field")


def require_come(declaration: Declaration, today: Any) -> None:
    """Raise ``NotPossible`` while the day of a declaration has not come: the ledger tells what is, not what will be."""
    if declaration.day > today:
        text = _("This is for %(day)s. It can be confirmed from that day on; until then it waits here.")
        raise NotPossible(text % {"day": f"{declaration.day:%Y-%m-%d}"})
