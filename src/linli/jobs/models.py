"""Background work that a person can watch and stop, and the schedule that ``tick`` drives."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.core.fields import EncryptedTextField
from linli.jobs.choices import OPEN_STATES, JobState


class Job(models.Model):
    """One piece of background work. How far it is while it runs, tells ``board``."""

    kind = models.CharField(_("kind"), max_length=60)
    state = models.CharField(_("state"), max_length=12, choices=JobState.choices, default=JobState.WAITING)
    requested_by = models.CharField(_("requested by"), max_length=150)
    # Of whoever asked for it; what is written for people is written in it.
    language = models.CharField(_("language"), max_length=10, blank=True, default="")
    # Why it failed, in words. They may name residents.
    message = EncryptedTextField(_("message"), blank=True)
    # What it found, where that is all that it leaves.
    result = models.JSONField(_("result"), default=dict)
    created_at = models.DateTimeField(_("created"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("background work")
        verbose_name_plural = _("background work")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it waits or runs."""
        return self.state in OPEN_STATES


class ScheduleMark(models.Model):
    """When a scheduled duty ran last; the duties themselves are registered in code."""

    name = models.CharField(_("name"), max_length=60, primary_key=True)
    ran_at = models.DateTimeField(_("ran at"))

    class Meta:
        verbose_name = _("schedule")
        verbose_name_plural = _("schedule")

    def __str__(self) -> str:
        return self.name


class Heartbeat(models.Model):
    """The last sign of life of a part of the service, asked by ``/healthz``."""

    name = models.CharField(_("name"), max_length=40, primary_key=True)
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("sign of life")
        verbose_name_plural = _("signs of life")

    def __str__(self) -> str:
        return self.name
