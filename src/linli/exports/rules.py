"""When a list goes out at once, and when a second person decides."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from linli.accounts.rules import Refused
from linli.exports.kinds import kind_for
from linli.exports.models import Export

# So many rows more than were approved may go out: people move in while somebody decides.
GROWTH = 1.1
FEW_MORE = 20


class NotPossible(Exception):
    """The export is in another state, or can't be made as asked; the message says what to do next."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def goes_at_once(rows: int, *, taken_today: int, clear: bool, limit: int) -> bool:
    """Tell whether so many rows go out without a second person.

    What somebody took without approval since midnight counts: a large list in small pieces is a large list. Numbers in
    clear never go out so.
    """
    return not clear and rows + taken_today <= limit


def most_rows(export: Export) -> int:
    """Return how many rows the file may hold after what was approved."""
    return int(export.rows * GROWTH) + FEW_MORE


def agreed_clear(export: Export) -> bool:
    """Tell whether numbers stand in clear: it was asked for, and another person agreed."""
    return export.clear and bool(export.decided_by) and export.decided_by != export.requested_by


def may_decide(user: Any, export: Export) -> bool:
    """Tell whether somebody may approve or refuse: never their own request, and only of a list that they see too."""
    asked = export.requested_by != user.username and user.has_perm("exports.approve", export)
    return bool(asked and user.has_perm(kind_for(export.kind).ability, export))


def require_second_person(export: Export, by: Any) -> None:
    """Raise ``Refused`` for whoever asked themselves."""
    if export.requested_by == by.username:
        raise Refused(_("Somebody else decides on what you asked for yourself."))


def require_own(export: Export, by: Any) -> None:
    """Raise ``Refused`` for everybody but whoever asked."""
    if export.requested_by != by.username:
        raise Refused(_("Only whoever asked for this file can have it."))
