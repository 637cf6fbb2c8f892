"""The bulk door of accounts: many people at once with one password, for demonstrations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from linli.accounts.models import User
from linli.accounts.rules import require
from linli.core import clock
from linli.journal import actions as journal

CHUNK = 500


@transaction.atomic
def add_users(people: Iterable[tuple[str, str]], password: str, *, by: Any) -> dict[str, User]:
    """Make accounts from pairs of user name and name, all with the same password; return them by user name.

    Raises ``ValidationError`` when the password is too weak, ``Refused`` without the right.
    """
    require(by, "accounts.manage")
    validate_password(password)
    hashed, now = make_password(password), clock.now()
    users = [User(username=username, name=name, password=hashed, password_changed_at=now) for username, name in people]
    made = User.objects.bulk_create(users, batch_size=CHUNK)
    journal.record(by, "accounts.add_users", object_type="accounts.user", detail={"users": len(made)})
    return {user.username: user for user in made}
