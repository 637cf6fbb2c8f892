"""Who may write down buildings and homes, and what stands in the way."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from linli.accounts.rules import Refused
from linli.areas.models import Area

# Those who keep the map, those who take in the workbooks of a community, and those who keep its dwellings.
EDITORS = ("areas.edit", "people.import", "housing.edit")
EDIT = "housing.edit"


class NotPossible(Exception):
    """What was asked for can't be done as things stand; the message says what to do next."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def may_edit(user: Any, community: Area) -> bool:
    """Tell whether a user may write down the buildings and homes of a community."""
    return any(user.has_perm(ability, community) for ability in EDITORS)


def require_editor(by: Any, community: Area) -> None:
    """Raise ``Refused`` unless ``by`` may write down the buildings and homes of this community."""
    if not may_edit(by, community):
        raise Refused(_("Your post does not allow this."))


def may_keep(user: Any, place: Any) -> bool:
    """Tell whether a user keeps the records of a dwelling, building, facility or community: anything with a path."""
    return bool(user.has_perm(EDIT, place))


def require_keeper(by: Any, place: Any) -> None:
    """Raise ``Refused`` unless ``by`` keeps the records of this place."""
    if not may_keep(by, place):
        raise Refused(_("Your post does not allow this."))
