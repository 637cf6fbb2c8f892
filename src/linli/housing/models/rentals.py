"""What is kept about a dwelling: owners, tenancies, the four ones, safety checks and what is to be mended."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.areas.scope import scope_paths
from linli.core.fields import EncryptedTextField
from linli.core.masking import mask_phone
from linli.core.paths import within
from linli.exchange.staging import visible
from linli.housing.choices import MarkState, MendState, Outcome, OwnerKind
from linli.housing.models.facilities import Facility
from linli.housing.models.homes import Dwelling
from linli.housing.models.lists import ListItem


class OfDwellingQuerySet(models.QuerySet[Any]):
    """Records of dwellings: whoever sees the dwelling sees them."""

    def visible_to(self, user: Any) -> OfDwellingQuerySet:
        return self.filter(visible("dwelling"), within(scope_paths(user, "people.view"), "dwelling__path"))


class OfDwelling(models.Model):
    """A record of a dwelling; it lies where the dwelling lies."""

    dwelling = models.ForeignKey(
        Dwelling, on_delete=models.PROTECT, related_name="%(class)s_rows", verbose_name=_("dwelling")
    )

    objects = OfDwellingQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def path(self) -> str:
        """The path of the dwelling."""
        return self.dwelling.path


class Ownership(OfDwelling):
    """Somebody, or a unit, owns a dwelling; former owners stay as history."""

    kind = models.CharField(_("owner is"), max_length=8, choices=OwnerKind.choices, default=OwnerKind.PERSON)
    name = models.CharField(_("owner"), max_length=100)
    phone = EncryptedTextField(_("phone"), blank=True)
    contact_declined = models.BooleanField(_("prefers not to give a contact"), default=False)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    search_terms = models.TextField(editable=False, blank=True, default="")

    class Meta:
        verbose_name = _("ownership")
        verbose_name_plural = _("ownerships")
        ordering = ["dwelling", "-since", "-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def phone_masked(self) -> str:
        return mask_phone(self.phone)


class Tenancy(OfDwelling):
    """A dwelling is let from a day on; earlier tenancies stay as history.

    The tenant is a household of the people ledger, by its number, or only a head count with somebody to ask.
    """

    household = models.CharField(_("tenant household"), max_length=16, blank=True)
    headcount = models.PositiveSmallIntegerField(_("how many live there"), null=True, blank=True)
    contact = models.CharField(_("contact"), max_length=60, blank=True)
    phone = EncryptedTextField(_("phone"), blank=True)
    contact_declined = models.BooleanField(_("prefers not to give a contact"), default=False)
    since = models.DateField(_("let since"))
    until = models.DateField(_("let until"), null=True, blank=True)
    agreed_until = models.DateField(_("agreed until"), null=True, blank=True)
    contract_seen = models.BooleanField(_("contract seen"), default=False)
    # When somebody wrote down that it began and ended. Empty: not known, as for what workbooks bring.
    since_noted_at = models.DateTimeField(_("beginning written down at"), null=True, blank=True, editable=False)
    until_noted_at = models.DateTimeField(_("end written down at"), null=True, blank=True, editable=False)
    search_terms = models.TextField(editable=False, blank=True, default="")

    class Meta:
        verbose_name = _("tenancy")
        verbose_name_plural = _("tenancies")
        ordering = ["dwelling", "-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dwelling"], condition=models.Q(until=None), name="one_present_tenancy_per_dwelling"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dwelling_id} {self.since}"

    @property
    def phone_masked(self) -> str:
        return mask_phone(self.phone)


class Dormitory(models.Model):
    """What the manager of a dormitory declares: places, how many live there, no names."""

    dwelling = models.OneToOneField(
        Dwelling, on_delete=models.PROTECT, related_name="dormitory", verbose_name=_("dwelling")
    )
    capacity = models.PositiveSmallIntegerField(_("places"))
    living = models.PositiveSmallIntegerField(_("living there"))
    declared_on = models.DateField(_("declared on"))
    manager = models.CharField(_("manager"), max_length=60)
    phone = EncryptedTextField(_("phone"), blank=True)

    objects = OfDwellingQuerySet.as_manager()

    class Meta:
        verbose_name = _("dormitory")
        verbose_name_plural = _("dormitories")

    def __str__(self) -> str:
        return self.manager

    @property
    def path(self) -> str:
        """The path of the dwelling."""
        return self.dwelling.path

    @property
    def phone_masked(self) -> str:
        return mask_phone(self.phone)


class HomeMark(models.Model):
    """What somebody noted about one of the four ones of a dwelling."""

    dwelling = models.ForeignKey(Dwelling, on_delete=models.CASCADE, related_name="marks", verbose_name=_("dwelling"))
    item = models.ForeignKey(ListItem, on_delete=models.PROTECT, related_name="+", verbose_name=_("which one"))
    state = models.CharField(_("state"), max_length=8, choices=MarkState.choices)
    on = models.DateField(_("day"))
    by_name = models.CharField(_("by"), max_length=120)

    class Meta:
        verbose_name = _("note on one of the four ones")
        verbose_name_plural = _("notes on the four ones")
        constraints = [models.UniqueConstraint(fields=["dwelling", "item"], name="one_mark_per_item")]

    def __str__(self) -> str:
        return f"{self.dwelling_id} {self.item_id} {self.state}"


class SafetyCheck(OfDwelling):
    """Somebody looked at a dwelling together with whoever lives there, who may have preferred not to."""

    on = models.DateField(_("day"))
    by = models.CharField(_("user name"), max_length=150)
    by_name = models.CharField(_("by"), max_length=120)
    note = models.CharField(_("note"), max_length=200, blank=True)
    # An answer like any other: nothing follows from it.
    declined = models.BooleanField(_("prefers not to be checked"), default=False)

    class Meta:
        verbose_name = _("safety check")
        verbose_name_plural = _("safety checks")
        ordering = ["dwelling", "-on", "-pk"]
        indexes = [models.Index(fields=["dwelling", "on"])]

    def __str__(self) -> str:
        return f"{self.dwelling_id} {self.on}"


class CheckResult(models.Model):
    """One point of a safety check: fine, or to mend by a day."""

    check_row = models.ForeignKey(
        SafetyCheck, on_delete=models.CASCADE, related_name="results", verbose_name=_("safety check")
    )
    item = models.ForeignKey(ListItem, on_delete=models.PROTECT, related_name="+", verbose_name=_("point"))
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices)

    class Meta:
        verbose_name = _("result of a check")
        verbose_name_plural = _("results of checks")
        ordering = ["check_row", "item__position"]
        constraints = [models.UniqueConstraint(fields=["check_row", "item"], name="one_result_per_point")]

    def __str__(self) -> str:
        return f"{self.check_row_id} {self.item_id} {self.outcome}"


class MendQuerySet(models.QuerySet["Mend"]):
    def visible_to(self, user: Any) -> MendQuerySet:
        """Return what is to be mended in dwellings that the ledgers reach, and of facilities in reach."""
        homes = within(scope_paths(user, "people.view"), "dwelling__path")
        return self.filter(homes | within(scope_paths(user, "areas.view"), "facility__path"))

    def open(self) -> MendQuerySet:
        return self.filter(state=MendState.OPEN)


class Mend(models.Model):
    """Something to mend in a dwelling or of a facility; it is handled as a case, and settled when that closes."""

    dwelling = models.ForeignKey(
        Dwelling, on_delete=models.PROTECT, null=True, blank=True, related_name="mends", verbose_name=_("dwelling")
    )
    facility = models.ForeignKey(
        Facility, on_delete=models.PROTECT, null=True, blank=True, related_name="mends", verbose_name=_("facility")
    )
    check_row = models.ForeignKey(
        SafetyCheck,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="mends",
        verbose_name=_("safety check"),
    )
    item = models.ForeignKey(ListItem, on_delete=models.PROTECT, related_name="+", verbose_name=_("what"))
    text = models.CharField(_("what is wrong"), max_length=300)
    due_on = models.DateField(_("mend by"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=4, choices=MendState.choices, default=MendState.OPEN)
    opened_on = models.DateField(_("found on"))
    settled_on = models.DateField(_("mended on"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    case_number = models.CharField(_("case"), max_length=16, blank=True, db_index=True)

    objects = MendQuerySet.as_manager()

    class Meta:
        verbose_name = _("thing to mend")
        verbose_name_plural = _("things to mend")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["due_on"], condition=models.Q(state="open"), name="mends_that_wait")]

    def __str__(self) -> str:
        return self.text

    @property
    def path(self) -> str:
        """The path of what is to be mended."""
        place = self.dwelling or self.facility
        return place.path if place is not None else ""
