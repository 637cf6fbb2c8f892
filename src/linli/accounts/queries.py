"""Reading accounts."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from linli.accounts.models import Token, User
from linli.core import clock
from linli.core.tokens import token_digest


def user_for_token(token: str) -> User | None:
    """Return the active user of a Bearer token that has not ended, or None."""
    found = Token.objects.select_related("user").filter(digest=token_digest(token), expires_at__gt=clock.now()).first()
    return found.user if found is not None and found.user.is_active else None


def users_for(manager: User) -> QuerySet[User]:
    """Return all accounts to somebody who manages accounts, and none to anybody else."""
    return User.objects.all() if manager.has_perm("accounts.manage") else User.objects.none()


def active_users() -> QuerySet[User]:
    """Return everybody who may sign in; for choosing who holds a post."""
    return User.objects.filter(is_active=True)


def is_taken(username: str) -> bool:
    """Tell whether an account has this user name, whatever the case of its letters."""
    return User.objects.filter(username__iexact=username).exists()


def names_of(usernames: Iterable[str]) -> dict[str, str]:
    """Return user name → name, for those that have an account."""
    return dict(User.objects.filter(username__in=set(usernames)).values_list("username", "name"))
