"""What was taken out: by whom, what for, which rows, who agreed, and where the file lies for a week."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.areas.models import Area
from linli.areas.scope import scope_paths
from linli.core.fields import EncryptedTextField
from linli.core.paths import PathField, shared, within
from linli.exports.choices import ExportFormat, ExportState
from linli.exports.kinds import abilities
from linli.files.models import Upload
from linli.jobs.models import Job


class ExportQuerySet(models.QuerySet["Export"]):
    def visible_to(self, user: Any) -> ExportQuerySet:
        """Everybody sees their own; those who may approve see those of their area."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(Q(requested_by=user.username) | approved_by(user))


def approved_by(user: Any) -> Q:
    """Return the condition “this user may approve it”: of a list that they see themselves, there."""
    found, approving = Q(pk__in=[]), scope_paths(user, "exports.approve")
    for ability, names in abilities().items():
        found |= within(shared(approving, scope_paths(user, ability))) & Q(kind__in=names)
    return found


class Export(models.Model):
    """One list taken out, or asked for. Rows are kept three years, the file seven days."""

    number = models.CharField(_("number"), max_length=16, unique=True)
    kind = models.CharField(_("list"), max_length=40)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="exports", verbose_name=_("area"))
    path = PathField(_("path"), db_index=True, editable=False)
    # JSON of the filters; they may name somebody.
    filters = EncryptedTextField(_("narrowed to"), blank=True)
    columns = models.JSONField(_("columns"), default=list)
    format = models.CharField(_("format"), max_length=4, choices=ExportFormat.choices, default=ExportFormat.XLSX)
    clear = models.BooleanField(_("numbers in clear"), default=False)
    purpose = models.CharField(_("purpose"), max_length=200)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=ExportState.choices, default=ExportState.WAITING)
    needs_approval = models.BooleanField(_("a second person decides"), default=False)
    language = models.CharField(_("language"), max_length=10, blank=True)
    requested_by = models.CharField(_("asked for by"), max_length=150)
    requested_at = models.DateTimeField(_("asked for at"))
    decided_by = models.CharField(_("decided by"), max_length=150, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    note = models.CharField(_("what was said"), max_length=200, blank=True)
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("file"))
    job = models.OneToOneField(
        Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="export", verbose_name=_("background work")
    )

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["requested_by", "requested_at"]),
            models.Index(fields=["state", "path"]),
        ]

    def __str__(self) -> str:
        return self.number
