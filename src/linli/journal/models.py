"""The journal: who did or saw what, when, why, from where. Rows are added, never changed or removed.

The lowest of the models: it knows nobody else's tables, so actor, object and area path are plain values.
"""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.core.paths import PathField


class EntryQuerySet(models.QuerySet["Entry"]):
    """Entries can be read only; every other door is closed."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("journal entries are never changed")

    def delete(self) -> NoReturn:
        raise TypeError("journal entries are never removed")


class Entry(models.Model):
    """One thing that somebody did or looked at."""

    number = models.PositiveBigIntegerField(_("number"), primary_key=True)
    at = models.DateTimeField(_("time"), db_index=True)
    actor = models.CharField(_("user name"), max_length=150)
    action = models.CharField(_("action"), max_length=60)
    object_type = models.CharField(_("kind of object"), max_length=60, blank=True)
    object_id = models.CharField(_("object"), max_length=80, blank=True)
    area_path = PathField(_("area"), blank=True)
    reason = models.TextField(_("reason"), blank=True)
    detail = models.JSONField(_("detail"), default=dict)
    source = models.CharField(_("from"), max_length=60, blank=True)
    seal = models.CharField(_("seal"), max_length=64)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal")
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["actor", "-number"]),
            models.Index(fields=["action", "-number"]),
            models.Index(fields=["object_type", "object_id", "-number"]),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.actor} {self.action}"


class Head(models.Model):
    """The end of the chain: one row, locked by whoever adds an entry."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    number = models.PositiveBigIntegerField(default=0)
    seal = models.CharField(max_length=64, default="")

    class Meta:
        verbose_name = _("end of the journal")
        verbose_name_plural = _("end of the journal")

    def __str__(self) -> str:
        return str(self.number)
