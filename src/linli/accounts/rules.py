"""The check that every action makes before it writes, and the user that commands act as."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _


class Refused(PermissionDenied):
    """The user may not do this; the message says so in words."""


def require(by: Any, ability: str, obj: Any = None) -> None:
    """Raise ``Refused`` unless ``by`` has the ability for this object."""
    if not by.has_perm(ability, obj):
        raise Refused(_("Your post does not allow this."))


class System:
    """The journalled user ``system``: commands and the schedule act as it. It has every right and no account."""

    username = "system"
    name = "system"
    pk = None
    is_authenticated = True
    is_active = True

    def has_perm(self, ability: str, obj: Any = None) -> bool:
        """Tell that the system may do everything that its own commands ask for."""
        return True


SYSTEM = System()
