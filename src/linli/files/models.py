"""Uploads: kept encrypted in the data folder, checked by content, removed when their time is over."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.files.choices import FileKind, FileState


class Upload(models.Model):
    """One uploaded file; its bytes lie encrypted in ``LINLI_DATA_DIR/files`` under its key."""

    key = models.UUIDField(_("key"), primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=FileKind.choices)
    state = models.CharField(_("state"), max_length=12, choices=FileState.choices, default=FileState.RECEIVED)
    name = models.CharField(_("name"), max_length=200)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    problem = models.CharField(_("why it was refused"), max_length=200, blank=True)
    uploaded_by = models.CharField(_("uploaded by"), max_length=150)
    uploaded_at = models.DateTimeField(_("uploaded at"))
    expires_at = models.DateTimeField(_("removed after"), null=True, blank=True, db_index=True)

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")

    def __str__(self) -> str:
        return self.name
