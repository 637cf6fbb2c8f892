"""Reading accounts."""

from __future__ import annotations

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
