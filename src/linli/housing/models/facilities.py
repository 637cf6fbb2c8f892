"""Facilities 公益设施: what stands outside for everybody, with its condition."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.areas.models import Area
from linli.areas.scope import scope_paths
from linli.core.paths import PathField, within
from linli.files.choices import FileState
from linli.files.models import Upload
from linli.housing.choices import Condition
from linli.housing.models.lists import ListItem


class FacilityQuerySet(models.QuerySet["Facility"]):
    def visible_to(self, user: Any) -> FacilityQuerySet:
        return self.filter(within(scope_paths(user, "areas.view")))


class Facility(models.Model):
    """A bench, a ditch, a bridge, a charger: a thing at a place, in a grid. ``path`` is a copy of the area's."""

    kind = models.ForeignKey(ListItem, on_delete=models.PROTECT, related_name="facilities", verbose_name=_("kind"))
    name = models.CharField(_("name"), max_length=100)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="facilities", verbose_name=_("grid"))
    path = PathField(_("path"), db_index=True, editable=False)
    place = models.CharField(_("place in words"), max_length=200, blank=True)
    longitude = models.FloatField(_("longitude"))
    latitude = models.FloatField(_("latitude"))
    condition = models.CharField(
        _("condition"), max_length=12, choices=Condition.choices, default=Condition.GOOD, db_index=True
    )
    owner = models.CharField(_("belongs to"), max_length=100, blank=True)
    keeper = models.CharField(_("looked after by"), max_length=100, blank=True)
    may_be_booked = models.BooleanField(_("can be booked"), default=False)
    installed_on = models.DateField(_("set up on"), null=True, blank=True)
    next_inspection_on = models.DateField(_("next look at it"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    search_terms = models.TextField(editable=False, blank=True, default="")

    objects = FacilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("facility")
        verbose_name_plural = _("facilities")
        ordering = ["path", "name", "pk"]

    def __str__(self) -> str:
        return self.name


class FacilityPhoto(models.Model):
    """A photo of a facility, for whoever may see the facility."""

    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="photos", verbose_name=_("facility"))
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="+", verbose_name=_("photo"))

    class Meta:
        verbose_name = _("photo of a facility")
        verbose_name_plural = _("photos of facilities")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.upload_id}"

    @property
    def can_be_shown(self) -> bool:
        """Whether it was re-drawn. Needs the upload loaded."""
        return self.upload.state == FileState.READY

    @property
    def path(self) -> str:
        """The path of what it shows."""
        return self.facility.path
