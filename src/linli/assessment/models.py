"""What was counted in the ledgers, kept until it is counted anew."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.areas.scope import scope_paths
from linli.core.paths import PathField, within


class LedgerCountQuerySet(models.QuerySet["LedgerCount"]):
    def visible_to(self, user: Any) -> LedgerCountQuerySet:
        return self.filter(within(scope_paths(user, "people.count")))


class LedgerCount(models.Model):
    """How complete and how fresh the ledgers of one place are, without the places below it.

    ``counts`` are those of `quality.KEYS`. Every community has a row, for the homes that lie in no grid, too.
    """

    path = PathField(_("path"), unique=True, editable=False)
    counts = models.JSONField(_("counts"), default=dict)
    # Of a community, with the grids below it: what larger places add up.
    whole = models.JSONField(_("counts with the places below"), null=True)
    counted_at = models.DateTimeField(_("counted at"), db_index=True)

    objects = LedgerCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("count of the ledgers")
        verbose_name_plural = _("counts of the ledgers")
        ordering = ["path"]

    def __str__(self) -> str:
        return self.path
