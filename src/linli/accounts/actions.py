"""Every write about accounts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from linli.accounts.models import Token, User
from linli.accounts.rules import require, username_of
from linli.core import clock
from linli.core.tokens import new_token, token_digest
from linli.journal import actions as journal

TOKEN_DAYS = 90


@transaction.atomic
def create_user(username: str, name: str, password: str, *, by: Any) -> User:
    """Make an account. Raises ``ValidationError`` when the password is too weak, ``Refused`` without the right."""
    require(by, "accounts.manage")
    user = User(username=username_of(username), name=name.strip())
    validate_password(password, user)
    user.set_password(password)
    user.password_changed_at = clock.now()
    user.save(force_insert=True)
    journal.record(by, "accounts.create_user", user)
    return user


@transaction.atomic
def set_password(user: Any, password: str, *, by: Any) -> User:
    """Give an account a new password: one's own, or another's with the right to manage accounts.

    Returns the account with its new password.
    """
    if by.pk != user.pk or by.pk is None:
        require(by, "accounts.manage")
    locked = User.objects.select_for_update().get(pk=user.pk)
    validate_password(password, locked)
    locked.set_password(password)
    locked.password_changed_at = clock.now()
    locked.save(update_fields=["password", "password_changed_at"])
    journal.record(by, "accounts.set_password", locked)
    return locked


@transaction.atomic
def set_active(user: User, active: bool, *, by: Any) -> None:
    """Let a person sign in, or no longer; tokens of a person who may not end at once."""
    require(by, "accounts.manage")
    locked = User.objects.select_for_update().get(pk=user.pk)
    locked.is_active = active
    locked.save(update_fields=["is_active"])
    if not active:
        locked.tokens.all().delete()
    journal.record(by, "accounts.set_active", locked, detail={"active": active})


@transaction.atomic
def create_token(user: User, *, by: Any) -> str:
    """Make a Bearer token for a program and return it; only its digest is kept."""
    require(by, "accounts.manage")
    token = new_token(40)
    now = clock.now()
    made = Token.objects.create(
        user=user, digest=token_digest(token), created_at=now, expires_at=now + timedelta(days=TOKEN_DAYS)
    )
    journal.record(by, "accounts.create_token", made, detail={"user": user.username})
    return token
