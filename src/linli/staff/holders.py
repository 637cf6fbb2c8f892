"""Who a roster means: an account found by user name or by name, or one that is to be made."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from linli.accounts.models import User
from linli.accounts.rules import is_user_name, username_of
from linli.areas.models import Area, Post
from linli.core import clock
from linli.core.paths import within
from linli.core.sheets.columns import shown
from linli.core.sheets.problems import Fault

UNKNOWN_PERSON = "unknown_person"

_NOBODY = _(
    "No account has this name, so a new post is vacant and a known one stays as it is. Write a user name too, and an "
    "account is made; or create it on the page “Accounts” and send the row again."
)
_SEVERAL = _(
    "Several accounts have this name, so a new post is vacant and a known one stays as it is. Write the user name too, "
    "and send the row again."
)
_SOMEBODY_ELSE = _(
    "This user name belongs to %(name)s, so the post is given to nobody. Correct the name or the user name, and send "
    "the row again."
)
_CLOSED = _("This account may not sign in any more, so the post is given to nobody. Open it again on “Accounts”.")
_BAD_USER_NAME = _(
    "A user name has small letters, digits, full stops and hyphens, for example li.wenjing. No account is made until "
    "it is corrected."
)
_NO_NAME = _("No account has this user name. Write the name of the person too, and an account is made.")


@dataclass(frozen=True)
class Meant:
    """Whom a row means: an account that is there, or the user name of one that is to be made; or what is wrong.

    ``field`` tells at which of the two cells something is wrong: ``name`` or ``username``.
    """

    user: int | None = None
    username: str = ""
    name: str = ""
    fault: Fault | None = None
    field: str = "name"


class Holders:
    """All accounts, and those that the rows so far ask for."""

    def __init__(self) -> None:
        self._by_username: dict[str, tuple[int, str, bool]] = {}
        self._by_name: dict[str, list[int]] = {}
        self._asked_for: dict[str, str] = {}
        for key, username, name, is_active in User.objects.values_list("pk", "username", "name", "is_active"):
            self._by_username[username.lower()] = (key, name, is_active)
            if is_active:
                self._by_name.setdefault(name, []).append(key)

    def find(self, name: str, written: str, place: Area) -> Meant:
        """Return whom a name and a user name mean, either of which may be missing; one who serves there comes first."""
        if not written:
            return self._named(name, place) if name else Meant()
        username = username_of(written)
        if username in self._by_username:
            return self._known(username, name)
        if username in self._asked_for:
            return self._asked(username, name)
        if not is_user_name(username):
            return _wrong(_BAD_USER_NAME, written)
        if not name:
            return _wrong(_NO_NAME, written)
        self._asked_for[username] = name
        return Meant(username=username, name=name)

    def _known(self, username: str, name: str) -> Meant:
        key, known, is_active = self._by_username[username]
        if name and name != known:
            return _wrong(_SOMEBODY_ELSE, username, whose=known)
        return Meant(user=key, name=known) if is_active else _wrong(_CLOSED, username)

    def _asked(self, username: str, name: str) -> Meant:
        whose = self._asked_for[username]
        if name and name != whose:
            return _wrong(_SOMEBODY_ELSE, username, whose=whose)
        return Meant(username=username, name=whose)

    def _named(self, name: str, place: Area) -> Meant:
        known = self._by_name.get(name, [])
        asked = [username for username, whose in self._asked_for.items() if whose == name]
        if len(known) + len(asked) > 1:
            known, asked = _serving(known, place), []
        if len(known) + len(asked) == 1:
            return Meant(user=known[0], name=name) if known else Meant(username=asked[0], name=name)
        text = _SEVERAL if self._by_name.get(name) else _NOBODY
        return Meant(name=name, fault=Fault(UNKNOWN_PERSON, text, shown(name)))


def _serving(keys: list[int], place: Area) -> list[int]:
    """Return those who serve in a place already."""
    posts = Post.objects.on(clock.today()).filter(within([place.path], "area__path"), holder__in=keys)
    return sorted(set(posts.values_list("holder", flat=True)))


def _wrong(text: object, written: str, whose: str = "") -> Meant:
    fault = Fault(UNKNOWN_PERSON, text, shown(written), details={"name": whose} if whose else {})  # type: ignore[arg-type]
    return Meant(fault=fault, field="username")
