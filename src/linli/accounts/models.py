"""People who sign in. What they may do follows from their posts alone (see ``linli.areas``)."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.contrib.auth import get_backends
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Finds users by user name, whatever the case of its letters."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username__iexact=username)

    async def aget_by_natural_key(self, username: str | None) -> User:
        return await self.aget(username__iexact=username)


@cache
def _rights_backends() -> list[Any]:
    """Return the backends that answer for rights; a list asks them some hundred times."""
    return [backend for backend in get_backends() if hasattr(backend, "scope_paths")]


class User(AbstractBaseUser):
    """One person, one account. There is no super-user: nobody stands above the roles table."""

    username = models.CharField(_("user name"), max_length=150, unique=True)
    name = models.CharField(_("name"), max_length=60)
    is_active = models.BooleanField(_("may sign in"), default=True)
    password_changed_at = models.DateTimeField(_("password changed at"), null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name

    def has_perm(self, ability: str, obj: Any = None) -> bool:
        """Ask the rights backend, for this object or for any at all."""
        if not self.is_active:
            return False
        return any(backend.has_perm(self, ability, obj) for backend in _rights_backends())


class Token(models.Model):
    """A Bearer token for programs; only its digest is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens", verbose_name=_("user"))
    digest = models.CharField(_("digest"), max_length=64, unique=True)
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("ends at"))

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")

    def __str__(self) -> str:
        return f"{self.user_id} {self.created_at:%Y-%m-%d}"


class Attempts(models.Model):
    """How often one address or link asked for something in one window of time. PostgreSQL may forget it in a crash."""

    counter = models.CharField(_("counter"), max_length=80, primary_key=True)
    count = models.PositiveIntegerField(_("count"))
    ends_at = models.DateTimeField(_("ends at"), db_index=True)

    class Meta:
        verbose_name = _("attempts")
        verbose_name_plural = _("attempts")

    def __str__(self) -> str:
        return f"{self.counter}: {self.count}"
