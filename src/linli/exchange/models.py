"""Workbooks on their way in: upload → columns → preview → apply → undo."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.areas.models import Area
from linli.areas.scope import scope_paths
from linli.core.fields import EncryptedTextField
from linli.core.paths import PathField, within
from linli.exchange.choices import BatchState, ChangeKind, DifferenceKind
from linli.exchange.ledgers import kinds_by_ability
from linli.files.models import Upload
from linli.jobs.models import Job


def _reached_by(user: Any) -> Q:
    """Return the condition that somebody may take workbooks of this kind in for this place."""
    reached = Q(pk__in=())
    for ability, kinds in kinds_by_ability().items():
        paths = scope_paths(user, ability)
        if paths:
            reached |= Q(kind__in=kinds) & within(paths)
    return reached


class BatchQuerySet(models.QuerySet["Batch"]):
    def visible_to(self, user: Any) -> BatchQuerySet:
        """Return the workbooks of the user's reach, each kind by the ability of its ledger."""
        return self.filter(_reached_by(user))


class LearntHeaderQuerySet(models.QuerySet["LearntHeader"]):
    def visible_to(self, user: Any) -> LearntHeaderQuerySet:
        """Return what was taught in the user's reach, each kind by the ability of its ledger."""
        return self.filter(_reached_by(user))


class Batch(models.Model):
    """One workbook taken in for one area. ``report`` holds the import report without any personal value."""

    number = models.CharField(_("number"), max_length=16, unique=True)
    kind = models.CharField(_("kind"), max_length=20)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="batches", verbose_name=_("area"))
    path = PathField(_("path"), db_index=True, editable=False)
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("workbook"))
    file_name = models.CharField(_("file name"), max_length=200)
    sheet = models.CharField(_("sheet"), max_length=100, blank=True)
    # Column number → field name or null; only what a person corrected.
    mapping = models.JSONField(_("columns as corrected"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=BatchState.choices, default=BatchState.UPLOADED)
    report = models.JSONField(_("report"), default=dict)
    # What is done with it in the background now, or was done last.
    job = models.OneToOneField(
        Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="batch", verbose_name=_("background work")
    )
    created_by = models.CharField(_("by"), max_length=150)
    created_at = models.DateTimeField(_("uploaded at"))
    applied_at = models.DateTimeField(_("taken over at"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("workbook taken in")
        verbose_name_plural = _("workbooks taken in")
        ordering = ["-id"]
        indexes = [models.Index(fields=["state"])]

    def __str__(self) -> str:
        return self.number


class BatchPreview(models.Model):
    """What is in a workbook, as the pages show it in one language. Goes when the file goes."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="previews", verbose_name=_("batch"))
    language = models.CharField(_("language"), max_length=10)
    content = EncryptedTextField(_("content"))

    class Meta:
        verbose_name = _("preview of a workbook")
        verbose_name_plural = _("previews of workbooks")
        constraints = [models.UniqueConstraint(fields=["batch", "language"], name="one_preview_in_each_language")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.language}"


class BatchDifference(models.Model):
    """What a workbook would change about somebody or something that is known already, to be looked at before.

    Goes when the file goes.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="differences", verbose_name=_("batch"))
    kind = models.CharField(_("kind"), max_length=10, choices=DifferenceKind.choices)
    # Who or what, where, and field → before and after, with ID numbers and phones masked.
    content = EncryptedTextField(_("content"))

    class Meta:
        verbose_name = _("difference")
        verbose_name_plural = _("differences")
        ordering = ["id"]
        indexes = [models.Index(fields=["batch", "kind", "id"])]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.pk}"


class BatchMade(models.Model):
    """Rows of one table that a batch made: key and digest of each, written together with them."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="made", verbose_name=_("batch"))
    model = models.CharField(_("table"), max_length=60)
    # Key and digest of each row as the batch left it: one that differs was changed since and stops the undo.
    rows = models.JSONField(_("rows"))

    class Meta:
        verbose_name = _("rows made by a batch")
        verbose_name_plural = _("rows made by a batch")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.model}"


class BatchChange(models.Model):
    """One row that a batch changes, with what stood there before, so that the batch can be undone.

    It is written before the row is changed. A row that is made for somebody who is known, such as the residence after
    a move, stands here too, because it comes together with the change.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="changes", verbose_name=_("batch"))
    model = models.CharField(_("table"), max_length=60)
    object_id = models.PositiveBigIntegerField(_("row"))
    kind = models.CharField(_("kind"), max_length=8, choices=ChangeKind.choices)
    before = EncryptedTextField(_("before"), blank=True)
    after = EncryptedTextField(_("afterwards"), blank=True)
    # Changes of one step are made in one transaction.
    step = models.PositiveIntegerField(_("step"), default=0)
    # Digest of the row as the batch left it: a row that differs was changed since and stops the undo.
    after_digest = models.CharField(_("digest afterwards"), max_length=64)

    class Meta:
        verbose_name = _("change by a batch")
        verbose_name_plural = _("changes by a batch")
        ordering = ["id"]
        indexes = [models.Index(fields=["batch", "step"])]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"


class LearntHeader(models.Model):
    """What a column header means in the workbooks of a place, because a person once said so there.

    Args:
        header: the header for comparing, as `core.sheets.headers.plain_label` gives it, with its group heading.
        field: our field.
    """

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="learnt_headers", verbose_name=_("area"))
    path = PathField(_("path"), db_index=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20)
    header = models.CharField(_("header"), max_length=200)
    written = models.CharField(_("header as written"), max_length=200)
    field = models.CharField(_("our field"), max_length=40)
    learnt_by = models.CharField(_("by"), max_length=150)
    learnt_at = models.DateTimeField(_("learnt at"))

    objects = LearntHeaderQuerySet.as_manager()

    class Meta:
        verbose_name = _("learnt header")
        verbose_name_plural = _("learnt headers")
        ordering = ["kind", "header"]
        constraints = [models.UniqueConstraint(fields=["area", "kind", "header"], name="one_meaning_of_a_header")]

    def __str__(self) -> str:
        return self.written
