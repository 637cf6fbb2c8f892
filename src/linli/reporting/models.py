"""A department's own table, kept to be filled from the ledgers again and again."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.areas.models import Area
from linli.areas.scope import scope_paths
from linli.core.paths import PathField, ancestors, within
from linli.files.models import Upload


class TemplateQuerySet(models.QuerySet["Template"]):
    def visible_to(self, user: Any) -> TemplateQuerySet:
        """Those who take lists out see the forms of their area, and those that stand above it for everybody below."""
        paths = scope_paths(user, "exports.forms")
        above = sorted({path for scope in paths for path in ancestors(scope, include_self=False)})
        return self.filter(within(paths) | Q(path__in=above), removed_at=None)


class Template(models.Model):
    """A form with the layout of whoever asks for it; ``mapping`` is what a person said about its columns."""

    number = models.CharField(_("number"), max_length=16, unique=True)
    title = models.CharField(_("what it is called"), max_length=100)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="templates", verbose_name=_("area"))
    path = PathField(_("path"), db_index=True, editable=False)
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, verbose_name=_("form"))
    # What its headers come down to: the same form, sent once more, begins with what was said about it before.
    headers = models.CharField(_("headers"), max_length=64, db_index=True)
    # Column number → field, or null to leave it empty; only what a person corrected.
    mapping = models.JSONField(_("columns as corrected"), default=dict)
    created_by = models.CharField(_("by"), max_length=150)
    created_at = models.DateTimeField(_("sent at"))
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("form to fill")
        verbose_name_plural = _("forms to fill")
        ordering = ["title", "id"]

    def __str__(self) -> str:
        return self.title
