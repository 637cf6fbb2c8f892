"""What was counted in the ledgers, kept until it is counted anew."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.areas.models import Area
from linli.areas.scope import scope_paths
from linli.assessment.choices import CoverageKind
from linli.core.paths import PathField, within
from linli.housing.models import Building


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


class CoverageCountQuerySet(models.QuerySet["CoverageCount"]):
    def visible_to(self, user: Any) -> CoverageCountQuerySet:
        return self.filter(within(scope_paths(user, "areas.view")))


class CoverageCount(models.Model):
    """How grids cover one place 无缝隙, as it was counted last; see `coverage`.

    ``counts`` are those of the place without the places below it. Every community has a row, also for what lies in no
    grid; larger places have one for the seams between the places directly below them.
    """

    path = PathField(_("path"), unique=True, editable=False)
    counts = models.JSONField(_("counts"), default=dict)
    # Of communities and larger places, with what was counted along with them: what larger places add up.
    whole = models.JSONField(_("counts with the places below"), null=True)
    counted_at = models.DateTimeField(_("counted at"), db_index=True)
    # Something changed since: it is counted anew in a minute.
    stale = models.BooleanField(_("to be counted anew"), default=False, db_index=True)

    objects = CoverageCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("count of the coverage")
        verbose_name_plural = _("counts of the coverage")
        ordering = ["path"]

    def __str__(self) -> str:
        return self.path


class CoverageFindingQuerySet(models.QuerySet["CoverageFinding"]):
    def visible_to(self, user: Any) -> CoverageFindingQuerySet:
        return self.filter(within(scope_paths(user, "areas.view")))


class CoverageFinding(models.Model):
    """One thing that the coverage check found in a place. Written and removed with the count of that place alone."""

    # Of the place that was counted; `path` says where it is.
    counted = PathField(_("counted with"), db_index=True, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=CoverageKind.choices)
    path = PathField(_("path"), editable=False)
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="+", verbose_name=_("area"))
    building = models.ForeignKey(
        Building, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("building")
    )
    households = models.PositiveIntegerField(_("households"), default=0)
    # What is told of it: square metres, size and band, the other grid, the reason, the month.
    detail = models.JSONField(_("detail"), default=dict, blank=True)
    # GeoJSON in WGS-84, of gaps and overlaps.
    shape = models.JSONField(_("shape"), null=True, blank=True)

    objects = CoverageFindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding of the coverage check")
        verbose_name_plural = _("findings of the coverage check")
        ordering = ["path", "pk"]
        indexes = [models.Index(fields=["kind", "path"], name="findings_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.path}"
