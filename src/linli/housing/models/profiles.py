"""The community profile 社区概况: premises, money, honours, own project, six clears."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.areas.models import Area
from linli.housing.choices import BudgetKind
from linli.housing.models.lists import ListItem


class OfCommunity(models.Model):
    """A record of a community."""

    community = models.ForeignKey(
        Area, on_delete=models.PROTECT, related_name="%(class)s_rows", verbose_name=_("community")
    )

    class Meta:
        abstract = True


class CommunityProfile(models.Model):
    """What a community tells about itself; the figures come from the ledgers."""

    community = models.OneToOneField(
        Area, on_delete=models.PROTECT, related_name="profile", verbose_name=_("community")
    )
    about = models.TextField(_("about the community"), blank=True)
    premises_m2 = models.DecimalField(_("premises in m²"), max_digits=8, decimal_places=1, null=True, blank=True)
    project_name = models.CharField(_("own project"), max_length=100, blank=True)
    project_text = models.TextField(_("what the project does"), blank=True)
    changed_at = models.DateTimeField(_("last changed"))

    class Meta:
        verbose_name = _("community profile")
        verbose_name_plural = _("community profiles")

    def __str__(self) -> str:
        return f"{self.community_id}"


class BudgetLine(OfCommunity):
    """Money of a community in a year: planned or spent, what for, how much in yuan."""

    year = models.PositiveSmallIntegerField(_("year"))
    kind = models.CharField(_("planned or spent"), max_length=8, choices=BudgetKind.choices)
    purpose = models.CharField(_("what for"), max_length=100)
    amount = models.DecimalField(_("amount in yuan"), max_digits=12, decimal_places=2)

    class Meta:
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        ordering = ["-year", "kind", "pk"]

    def __str__(self) -> str:
        return self.purpose


class Honour(OfCommunity):
    """An honour that a community was given."""

    year = models.PositiveSmallIntegerField(_("year"))
    name = models.CharField(_("honour"), max_length=100)
    given_by = models.CharField(_("given by"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("honour")
        verbose_name_plural = _("honours")
        ordering = ["-year", "pk"]

    def __str__(self) -> str:
        return self.name


class ClearMark(OfCommunity):
    """How far one of the six clears is, in the words of the community, where no ledger knows it."""

    item = models.ForeignKey(ListItem, on_delete=models.PROTECT, related_name="+", verbose_name=_("which one"))
    percent = models.PositiveSmallIntegerField(_("clear in percent"), validators=[MaxValueValidator(100)])
    on = models.DateField(_("day"))
    by_name = models.CharField(_("by"), max_length=120)

    class Meta:
        verbose_name = _("note on one of the six clears")
        verbose_name_plural = _("notes on the six clears")
        constraints = [models.UniqueConstraint(fields=["community", "item"], name="one_clear_mark_per_item")]

    def __str__(self) -> str:
        return f"{self.community_id} {self.item_id}"
