"""What was counted in the ledgers, kept until it is counted anew."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.areas.models import Area
from linli.areas.scope import scope_paths
from linli.core.paths import PathField, within


class LedgerCountQuerySet(models.QuerySet["LedgerCount"]):
    def visible_to(self, user: Any) -> LedgerCountQuerySet:
        return self.filter(within(scope_paths(user, "people.count")))


class DelayCountQuerySet(models.QuerySet["DelayCount"]):
    def visible_to(self, user: Any) -> DelayCountQuerySet:
        return self.filter(within(scope_paths(user, "people.count")))


class DelayCount(models.Model):
    """After how many days the changes were written down that one place noted in one month; see `delays`.

    ``counts`` has “change.days” → how many, and “unknown”. A community has in ``whole`` the sum with its grids.
    """

    path = PathField(_("path"), editable=False)
    month = models.DateField(_("month"))
    counts = models.JSONField(_("counts"), default=dict)
    whole = models.JSONField(_("counts with the places below"), null=True)

    objects = DelayCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("count of delays")
        verbose_name_plural = _("counts of delays")
        ordering = ["path", "month"]
        constraints = [models.UniqueConstraint(fields=["month", "path"], name="one_count_of_delays_per_month")]

    def __str__(self) -> str:
        return f"{self.path} {self.month}"


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, user: Any) -> ReviewQuerySet:
        return self.filter(within(scope_paths(user, "people.view")))


class Review(models.Model):
    """The ledger of one grid is gone through in one quarter 季度核对. A signed one is never changed, never removed.

    It is written when it is signed, or when somebody is reminded of it. ``still_open`` has the number of each
    `choices.ToReview` that was left, as things stood at the signature.
    """

    grid = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", verbose_name=_("grid"))
    path = PathField(_("path"), db_index=True, editable=False)
    quarter = models.DateField(_("first day of the quarter"))
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True, editable=False)
    signed_at = models.DateTimeField(_("signed off at"), null=True, blank=True)
    signed_by = models.CharField(_("signed off by"), max_length=150, blank=True)
    signed_by_name = models.CharField(_("name of whoever signed off"), max_length=120, blank=True)
    remark = models.CharField(_("remark"), max_length=200, blank=True)
    households = models.PositiveIntegerField(_("households then"), default=0)
    still_open = models.JSONField(_("still open"), default=dict, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("quarterly review")
        verbose_name_plural = _("quarterly reviews")
        ordering = ["-quarter", "path"]
        constraints = [models.UniqueConstraint(fields=["grid", "quarter"], name="one_review_per_quarter")]

    def __str__(self) -> str:
        return f"{self.grid_id} {self.quarter}"


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
