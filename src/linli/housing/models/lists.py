"""Lists that a new installation begins with and an administrator edits as rows."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from linli.housing.choices import ListKind


class ListItem(models.Model):
    """One row of a list: one of the four ones, a point of a check, a kind of facility, a standard.

    ``derived_by`` names what the ledgers know by themselves (`registries.facts`), ``category`` the category of the case
    that a defect becomes, ``value`` a standard: how many for 1,000 residents, or square metres for 100 households.
    """

    kind = models.CharField(_("list"), max_length=12, choices=ListKind.choices)
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=60)
    derived_by = models.CharField(_("known from the ledgers"), max_length=40, blank=True, editable=False)
    category = models.CharField(_("category of the case"), max_length=40, blank=True)
    value = models.DecimalField(_("standard"), max_digits=8, decimal_places=2, null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("list row")
        verbose_name_plural = _("list rows")
        ordering = ["kind", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="one_list_row_per_code")]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The name in the language of the page."""
        return self.name_en if get_language() == "en" else self.name
