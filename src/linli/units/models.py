"""Units: companies, shops, schools, organisations – whoever is in a grid and is no household."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.areas.models import Area
from linli.areas.scope import scope_paths
from linli.core.fields import EncryptedTextField
from linli.core.paths import PathField, within
from linli.housing.models import Building, Dwelling
from linli.units.choices import UnitChangeKind, UnitKind

# Whom one may turn to. What a unit prefers not to give is none of these.
CONTACT_FIELDS = ("contact_name", "contact_phone", "second_name", "second_phone")
# What is masked, and shown one at a time with a purpose.
HIDDEN_FIELDS = (*CONTACT_FIELDS, "officers")


class UnitQuerySet(models.QuerySet["Unit"]):
    def visible_to(self, user: Any) -> UnitQuerySet:
        return self.filter(within(scope_paths(user, "units.view")))


class Unit(models.Model):
    """A unit. A wrong unified social credit code is kept as written and marked.

    ``path`` is a copy of the path of its building, or of its grid where no building is known.
    """

    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=12, choices=UnitKind.choices, default=UnitKind.SHOP)
    credit_code = models.CharField(_("unified social credit code"), max_length=40, blank=True, db_index=True)
    credit_code_wrong = models.BooleanField(_("code to be corrected"), default=False)
    register_number = models.CharField(_("register number"), max_length=40, blank=True)
    licence_until = models.DateField(_("licence valid until"), null=True, blank=True)
    opening_hours = models.CharField(_("opening hours"), max_length=60, blank=True)
    employees = models.PositiveIntegerField(_("people working there"), null=True, blank=True)
    floor_area = models.PositiveIntegerField(_("floor area in m²"), null=True, blank=True)
    members = models.PositiveIntegerField(_("number of members"), null=True, blank=True)
    contract_rate = models.PositiveSmallIntegerField(
        _("labour contracts signed, in percent, as it says itself"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
    )
    term_from = models.DateField(_("term from"), null=True, blank=True)
    term_until = models.DateField(_("term until"), null=True, blank=True)
    contact_name = EncryptedTextField(_("contact person"), blank=True)
    contact_phone = EncryptedTextField(_("contact phone"), blank=True)
    second_name = EncryptedTextField(_("second contact person"), blank=True)
    second_phone = EncryptedTextField(_("second contact phone"), blank=True)
    contact_declined = models.BooleanField(_("prefers not to give a contact"), default=False)
    # Who holds which office of a committee or an organisation now, as ``core.offices`` spells it.
    officers = EncryptedTextField(_("office-holders"), blank=True)
    # Who of the community keeps the line to it, where that is not the worker of its grid.
    liaison = models.CharField(_("keeps contact for the community"), max_length=60, blank=True)
    grid = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="units", verbose_name=_("grid")
    )
    building = models.ForeignKey(
        Building, on_delete=models.PROTECT, null=True, blank=True, related_name="units", verbose_name=_("building")
    )
    dwelling = models.ForeignKey(
        Dwelling, on_delete=models.SET_NULL, null=True, blank=True, related_name="units", verbose_name=_("room")
    )
    place = models.CharField(_("address"), max_length=200)
    path = PathField(_("path"), db_index=True, editable=False)
    opened_on = models.DateField(pgettext_lazy("unit", "opened on"), null=True, blank=True)
    closed_on = models.DateField(pgettext_lazy("unit", "closed on"), null=True, blank=True)
    search_terms = models.TextField(editable=False, blank=True)
    created_at = models.DateTimeField(_("first recorded"))
    changed_at = models.DateTimeField(_("last changed"))

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class UnitChange(models.Model):
    """Something that changed about a unit, with the values before, as JSON."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="changes", verbose_name=_("unit"))
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=150)
    kind = models.CharField(_("what"), max_length=10, choices=UnitChangeKind.choices)
    before = EncryptedTextField(_("before"), blank=True)

    class Meta:
        verbose_name = _("change of a unit")
        verbose_name_plural = _("changes of units")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.kind}"


class UnitNotice(models.Model):
    """Something that a unit was told on a day; append-only."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="notices", verbose_name=_("unit"))
    on = models.DateField(_("day"))
    text = models.CharField(_("what it was told"), max_length=300)
    by = models.CharField(_("user name"), max_length=150)
    by_name = models.CharField(_("by"), max_length=120)

    class Meta:
        verbose_name = _("notice to a unit")
        verbose_name_plural = _("notices to units")
        ordering = ["-on", "-id"]

    def __str__(self) -> str:
        return self.text
