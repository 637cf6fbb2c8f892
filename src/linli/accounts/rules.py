"""The check that every action makes before it writes, and the user that commands act as."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.core.registry import Registry


class Refused(PermissionDenied):
    """The user may not do this; the message says so in words."""


@dataclass(frozen=True)
class Obstacle:
    """What a person must do before an ability may be used: words, and the name of the page where it is done."""

    words: str
    url_name: str


class NotReady(Refused):
    """The post allows this, but the person must do something first."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle.words)
        self.obstacle = obstacle


# What higher apps ask of a person before an ability may be used: (user, ability) → the obstacle, or None.
preconditions: Registry[Callable[[Any, str], Obstacle | None]] = Registry("precondition")


_USER_NAME = r"[a-z0-9][a-z0-9._-]*\Z"
USER_NAME = RegexValidator(
    r"^" + _USER_NAME,
    gettext_lazy("Use small letters, digits, full stops and hyphens: for example li.wenjing."),
)
LONGEST_USER_NAME = 60


def username_of(written: str) -> str:
    """Return a user name as it is kept: in small letters."""
    return written.strip().lower()


def is_user_name(username: str) -> bool:
    """Tell whether a new account may have this user name."""
    return len(username) <= LONGEST_USER_NAME and re.match(_USER_NAME, username) is not None


def require(by: Any, ability: str, obj: Any = None) -> None:
    """Raise ``Refused`` unless ``by`` has the ability for this object, ``NotReady`` while something must come first."""
    if not by.has_perm(ability, obj):
        raise Refused(_("Your post does not allow this."))
    require_ready(by, ability)


def require_ready(by: Any, ability: str) -> None:
    """Raise ``NotReady`` while ``by`` must do something before using the ability."""
    for precondition in preconditions:
        obstacle = precondition(by, ability)
        if obstacle is not None:
            raise NotReady(obstacle)


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
