"""Responsibility papers 责任书 with units, owners and employers: their texts, terms, clauses and checks."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.agreements.choices import Finding, PartyKind
from linli.areas.models import Area
from linli.areas.scope import scope_paths
from linli.core.paths import PathField, ancestors, within
from linli.housing.models import Building, Dwelling
from linli.people.models import Household
from linli.units.models import Unit


class TemplateQuerySet(models.QuerySet["Template"]):
    def visible_to(self, user: Any) -> TemplateQuerySet:
        """Return those kept at a place in reach, and those that hold for it because it lies below."""
        paths = [*scope_paths(user, "agreements.view"), *scope_paths(user, "agreements.templates")]
        above = {path for reached in paths for path in ancestors(reached)}
        return self.filter(within(paths) | models.Q(path__in=above))


class Template(models.Model):
    """A text for papers, kept by a street or district for everybody below it. ``clauses`` is a list of sentences."""

    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, related_name="agreement_templates", verbose_name=_("kept for")
    )
    path = PathField(_("path"), db_index=True, editable=False)
    title = models.CharField(_("title"), max_length=80)
    party_kind = models.CharField(_("with whom"), max_length=8, choices=PartyKind.choices)
    months = models.PositiveSmallIntegerField(_("usual term in months"), default=12)
    clauses = models.JSONField(_("clauses"))
    is_active = models.BooleanField(_("in use"), default=True)
    changed_at = models.DateTimeField(_("last changed"))

    objects = TemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("text of an agreement")
        verbose_name_plural = _("texts of agreements")
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, user: Any) -> AgreementQuerySet:
        return self.filter(within(scope_paths(user, "agreements.view")))


class Agreement(models.Model):
    """A paper with a party. Its clauses are copies, so that no later text changes what was signed.

    ``path`` is a copy of the path of its grid, or of the building where that is known.
    """

    title = models.CharField(_("title"), max_length=80)
    party_kind = models.CharField(_("with whom"), max_length=8, choices=PartyKind.choices)
    party_name = models.CharField(_("party"), max_length=100)
    grid = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="agreements", verbose_name=_("grid"))
    building = models.ForeignKey(
        Building, on_delete=models.PROTECT, null=True, blank=True, related_name="agreements", verbose_name=_("building")
    )
    path = PathField(_("path"), db_index=True, editable=False)
    place = models.CharField(pgettext_lazy("unit", "Address"), max_length=240, blank=True)
    unit = models.ForeignKey(
        Unit, on_delete=models.SET_NULL, null=True, blank=True, related_name="agreements", verbose_name=_("unit")
    )
    dwelling = models.ForeignKey(
        Dwelling,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="agreements",
        verbose_name=_("dwelling"),
    )
    household = models.ForeignKey(
        Household,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="agreements",
        verbose_name=_("household"),
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), db_index=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=200, blank=True)
    # An answer like any other: it was never signed, and nothing follows from that.
    declined = models.BooleanField(_("prefers not to sign"), default=False)
    renews = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="renewed_by", verbose_name=_("renews")
    )
    # The last day for which somebody was reminded of the end, so that nobody hears of it twice.
    reminded_of = models.DateField(_("reminded of the end on"), null=True, blank=True, editable=False)
    search_terms = models.TextField(editable=False, blank=True)
    created_at = models.DateTimeField(_("first recorded"))
    changed_at = models.DateTimeField(_("last changed"))

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["ends_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="agreement_term_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.party_name}"


class Clause(models.Model):
    """One sentence of an agreement."""

    agreement = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="clauses", verbose_name=_("agreement")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    text = models.CharField(_("clause"), max_length=300)

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        ordering = ["agreement", "position"]
        constraints = [models.UniqueConstraint(fields=["agreement", "position"], name="one_clause_per_position")]

    def __str__(self) -> str:
        return self.text


class Check(models.Model):
    """Somebody looked, together with the party, how the clauses are kept."""

    agreement = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="checks", verbose_name=_("agreement")
    )
    on = models.DateField(_("day"))
    by = models.CharField(_("user name"), max_length=150)
    by_name = models.CharField(_("by"), max_length=120)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("check of an agreement")
        verbose_name_plural = _("checks of agreements")
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.on}"


class Result(models.Model):
    """What a check found about one clause; what is to be put right has a day."""

    # Not named “check”: Django keeps that name for itself.
    of_check = models.ForeignKey(Check, on_delete=models.CASCADE, related_name="results", verbose_name=_("check"))
    clause = models.ForeignKey(Clause, on_delete=models.CASCADE, related_name="results", verbose_name=_("clause"))
    finding = models.CharField(_("finding"), max_length=8, choices=Finding.choices)
    text = models.CharField(_("what is to be put right"), max_length=200, blank=True)
    due_on = models.DateField(_("put right by"), null=True, blank=True)
    settled_on = models.DateField(_("put right on"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("result of an agreement check")
        verbose_name_plural = _("results of agreement checks")
        ordering = ["of_check", "clause__position"]
        constraints = [models.UniqueConstraint(fields=["of_check", "clause"], name="one_result_per_clause")]
        indexes = [
            models.Index(
                fields=["due_on"], condition=models.Q(finding="to_mend", settled_on=None), name="to_put_right"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.of_check_id} {self.clause_id} {self.finding}"
