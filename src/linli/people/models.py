"""Persons, households and residences: who lives where, since when."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.areas.scope import scope_paths
from linli.core.fields import BlindIndexField, EncryptedTextField
from linli.core.paths import PathField, within
from linli.exchange.staging import Staged, VisibleManager
from linli.housing.models import Dwelling
from linli.people.choices import CorrectionState, Presence, Registration, Relation, Sex


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: Any) -> PersonQuerySet:
        return self.filter(within(scope_paths(user, "people.view")))


PersonManager = VisibleManager.from_queryset(PersonQuerySet)


class Person(Staged):
    """A person of the ledgers. ID number and phone are encrypted; their indexes only find equals.

    ``path`` is a copy of the path of the dwelling of the present residence.
    """

    name = models.CharField(_("name"), max_length=60)
    sex = models.CharField(_("sex"), max_length=8, choices=Sex.choices, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    id_number = EncryptedTextField(_("ID number"), blank=True)
    id_number_index = BlindIndexField(blank=True)
    phone = EncryptedTextField(_("phone"), blank=True)
    phone_index = BlindIndexField(blank=True)
    registered_address = models.CharField(_("registered address"), max_length=200, blank=True)
    employer = models.CharField(_("place of work"), max_length=100, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    path = PathField(_("path"), db_index=True, editable=False)
    search_terms = models.TextField(editable=False, blank=True)
    created_at = models.DateTimeField(_("first recorded"))
    changed_at = models.DateTimeField(_("last changed"))

    objects = PersonManager()
    everything = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["id"]
        # What is counted by its place is counted in the index alone.
        indexes = [models.Index(fields=["name", "path"]), models.Index(fields=["path", "batch"])]

    def __str__(self) -> str:
        return self.name


class HouseholdQuerySet(models.QuerySet["Household"]):
    def visible_to(self, user: Any) -> HouseholdQuerySet:
        return self.filter(within(scope_paths(user, "people.view")))


HouseholdManager = VisibleManager.from_queryset(HouseholdQuerySet)


class Household(Staged):
    """People who keep house together in one dwelling; ``number`` says nothing about them."""

    number = models.CharField(_("number"), max_length=16, unique=True)
    dwelling = models.ForeignKey(
        Dwelling, on_delete=models.PROTECT, related_name="households", verbose_name=_("dwelling")
    )
    path = PathField(_("path"), editable=False)
    created_at = models.DateTimeField(_("first recorded"))
    changed_at = models.DateTimeField(_("last changed"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    objects = HouseholdManager()
    everything = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        ordering = ["id"]
        indexes = [models.Index(fields=["path", "ended_on", "batch"])]

    def __str__(self) -> str:
        return self.number


class Residence(Staged):
    """A person belongs to a household from a day on; earlier residences stay as history."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="residences", verbose_name=_("person"))
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="residences", verbose_name=_("household")
    )
    relation = models.CharField(
        _("relation to the head"), max_length=16, choices=Relation.choices, default=Relation.OTHER
    )
    registration = models.CharField(
        _("registration"), max_length=10, choices=Registration.choices, default=Registration.UNKNOWN
    )
    presence = models.CharField(_("living"), max_length=10, choices=Presence.choices, default=Presence.HERE)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = VisibleManager["Residence"]()
    everything: models.Manager[Residence] = models.Manager()

    class Meta:
        verbose_name = _("residence")
        verbose_name_plural = _("residences")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(until=None), name="one_present_residence_per_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.household_id}"

    # Three words for each person of a household; ``get_…_display`` would gather all choices for each of them.

    @property
    def relation_label(self) -> str:
        """The relation to the head in words."""
        return str(Relation(self.relation).label)

    @property
    def registration_label(self) -> str:
        """The registration in words."""
        return str(Registration(self.registration).label)

    @property
    def presence_label(self) -> str:
        """In words, whether the person lives here."""
        return str(Presence(self.presence).label)


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def visible_to(self, user: Any) -> CorrectionQuerySet:
        return self.filter(within(scope_paths(user, "people.edit")))


CorrectionManager = VisibleManager.from_queryset(CorrectionQuerySet)


class Correction(Staged):
    """A value that was written wrongly: kept as written, marked, and waiting for somebody to put it right."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="corrections", verbose_name=_("person"))
    path = PathField(_("path"), db_index=True, editable=False)
    field = models.CharField(_("field"), max_length=40)
    kind = models.CharField(_("problem"), max_length=40)
    written = EncryptedTextField(_("as written"), blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=CorrectionState.choices, default=CorrectionState.OPEN, db_index=True
    )
    found_at = models.DateTimeField(_("found at"))
    settled_at = models.DateTimeField(_("put right at"), null=True, blank=True)

    objects = CorrectionManager()
    everything = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.person_id} {self.field} {self.kind}"
