"""Rows that a workbook brings: nobody sees them before the last of them is written, nor while they are taken back."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.exchange.choices import HIDDEN_STATES
from linli.exchange.models import Batch

Row = TypeVar("Row", bound=models.Model)


def visible(place: str = "") -> Q:
    """Return the condition that rows are no part of a workbook that is on its way in or out.

    Managers ask it by themselves. Only a condition or a count that reaches such rows over a join needs to say it.

    Args:
        place: where the rows are, seen from the query, such as ``dwellings__households``.
    """
    name = f"{place}__batch" if place else "batch"
    hidden = Batch.objects.filter(state__in=HIDDEN_STATES).order_by().values("pk")
    return Q(**{name: None}) | ~Q(**{f"{name}__in": hidden})


class VisibleManager(models.Manager[Row]):
    """Leaves out what is being taken in or taken back: one small change of the batch shows or hides all of it."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(visible())


class Staged(models.Model):
    """A row that may have come with a workbook.

    Its ``objects`` leave out what is on its way in or out; ``everything`` is for those who take in and take back, and
    for what must follow a building whether seen or not.
    """

    batch = models.ForeignKey(
        Batch,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        # Nobody looks for the rows of a batch by it: their keys are noted.
        db_index=False,
        verbose_name=_("came with"),
    )

    class Meta:
        abstract = True

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Refuse also what a workbook that is on its way in or out holds already.

        Raises:
            ValidationError: somebody sees the same row, or a workbook brings it at this moment.
        """
        super().validate_constraints(exclude)
        rows = type(self)._base_manager.filter(batch__state__in=HIDDEN_STATES).exclude(pk=self.pk)
        for constraint in self._meta.constraints:
            names = getattr(constraint, "fields", ())
            if names and rows.filter(**{name: getattr(self, name) for name in names}).exists():
                raise ValidationError(
                    _("A workbook that is just being taken over or back holds the same. Try again in a few minutes.")
                )
