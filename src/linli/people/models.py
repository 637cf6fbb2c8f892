"""Persons, households and residences: who lives where, since when."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.areas.models import Area
from linli.areas.scope import scope_paths
from linli.core.fields import BlindIndexField, EncryptedTextField
from linli.core.paths import PathField, ancestors, within
from linli.housing.models import Dwelling
from linli.jobs.models import Job
from linli.people.choices import (
    Certainty,
    CorrectionState,
    DuplicateState,
    Presence,
    Reason,
    Registration,
    Relation,
    Sex,
)


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: Any) -> PersonQuerySet:
        return self.filter(within(scope_paths(user, "people.view")))


class Person(models.Model):
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

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["id"]
        indexes = [models.Index(fields=["name", "path"])]

    def __str__(self) -> str:
        return self.name


class HouseholdQuerySet(models.QuerySet["Household"]):
    def visible_to(self, user: Any) -> HouseholdQuerySet:
        return self.filter(within(scope_paths(user, "people.view")))


class Household(models.Model):
    """People who keep house together in one dwelling; ``number`` says nothing about them."""

    number = models.CharField(_("number"), max_length=16, unique=True)
    dwelling = models.ForeignKey(
        Dwelling, on_delete=models.PROTECT, related_name="households", verbose_name=_("dwelling")
    )
    path = PathField(_("path"), editable=False)
    created_at = models.DateTimeField(_("first recorded"))
    changed_at = models.DateTimeField(_("last changed"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        ordering = ["id"]
        indexes = [models.Index(fields=["path", "ended_on"])]

    def __str__(self) -> str:
        return self.number


class Residence(models.Model):
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


class Correction(models.Model):
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

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.person_id} {self.field} {self.kind}"


class DuplicateQuerySet(models.QuerySet["Duplicate"]):
    def visible_to(self, user: Any) -> DuplicateQuerySet:
        """The pairs of which the user may see at least one person; the other one may lie out of reach."""
        paths = scope_paths(user, "people.view")
        return self.filter(within(paths, "first__path") | within(paths, "second__path"))


class Duplicate(models.Model):
    """Two entries that may be one person. What was decided about them is remembered: nobody is asked twice."""

    first = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", verbose_name=_("left entry"))
    second = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", verbose_name=_("right entry"))
    certainty = models.CharField(_("how sure"), max_length=10, choices=Certainty.choices)
    likeness = models.PositiveSmallIntegerField(_("likeness in percent"))
    # Codes of ``Reason``.
    reasons = models.JSONField(_("reasons"), default=list)
    state = models.CharField(_("state"), max_length=10, choices=DuplicateState.choices, default=DuplicateState.OPEN)
    found_at = models.DateTimeField(_("found at"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.CharField(_("decided by"), max_length=150, blank=True)

    objects = DuplicateQuerySet.as_manager()

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        ordering = ["-likeness", "id"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="one_duplicate_per_pair"),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="duplicate_pair_in_order"),
        ]
        indexes = [models.Index(fields=["state", "-likeness", "id"])]

    def __str__(self) -> str:
        return f"{self.first_id} ~ {self.second_id}"

    @property
    def path(self) -> str:
        """The nearest area that holds both: whoever reaches it may decide. Empty where one of them is in no area."""
        shared = [path for path in ancestors(self.first.path) if self.second.path.startswith(path)]
        return shared[-1] if shared else ""

    @property
    def reason_labels(self) -> list[str]:
        """The reasons in words."""
        return [str(Reason(code).label) for code in self.reasons]

    @property
    def certainty_label(self) -> str:
        """In words, how sure it is."""
        return str(Certainty(self.certainty).label)


class Merge(models.Model):
    """One entry was merged into another. It keeps what is needed to take that back exactly."""

    pair = models.ForeignKey(Duplicate, on_delete=models.PROTECT, related_name="merges", verbose_name=_("pair"))
    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("entry that stays"))
    dropped = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("entry that went"))
    # How every row stood before, seals of how it was left, and what pointed to the person then; as JSON.
    record = EncryptedTextField(_("rows before"))
    made_at = models.DateTimeField(_("merged at"))
    made_by = models.CharField(_("merged by"), max_length=150)
    undone_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    undone_by = models.CharField(_("taken back by"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("merging of two entries")
        verbose_name_plural = _("mergings of entries")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dropped"], condition=models.Q(undone_at=None), name="one_merging_per_dropped_entry"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dropped_id} → {self.kept_id}"


class DuplicateCheckQuerySet(models.QuerySet["DuplicateCheck"]):
    def visible_to(self, user: Any) -> DuplicateCheckQuerySet:
        return self.filter(within(scope_paths(user, "people.merge")))


class DuplicateCheck(models.Model):
    """A look through an area for people who stand in the ledger twice; the one without an area is the schedule's.

    The schedule goes on behind the entry that was changed at ``seen_until`` and has the key ``seen_key``.
    """

    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("area"))
    path = PathField(_("path"), blank=True, editable=False)
    job = models.OneToOneField(
        Job, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("background work")
    )
    started_at = models.DateTimeField(_("started"))
    started_by = models.CharField(_("started by"), max_length=150, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    seen = models.PositiveIntegerField(_("people looked at"), default=0)
    found = models.PositiveIntegerField(_("pairs found"), default=0)
    seen_until = models.DateTimeField(null=True, blank=True, editable=False)
    seen_key = models.BigIntegerField(default=0, editable=False)

    objects = DuplicateCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("check for duplicates")
        verbose_name_plural = _("checks for duplicates")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.path} {self.started_at:%Y-%m-%d}"
