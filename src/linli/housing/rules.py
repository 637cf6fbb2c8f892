"""Who may write down buildings and homes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from linli.accounts.rules import Refused
from linli.areas.models import Area

# Those who keep the map, and those who take in the workbooks of a community.
EDITORS = ("areas.edit", "people.import")


def may_edit(user: Any, community: Area) -> bool:
    """Tell whether a user may write down the buildings and homes of a community."""
    return any(user.has_perm(ability, community) for ability in EDITORS)


def require_editor(by: Any, community: Area) -> None:
    """Raise ``Refused`` unless ``by`` may write down the buildings and homes of this community."""
    if not may_edit(by, community):
        raise Refused(_("Your post does not allow this."))
