"""Building sites 在建楼: what will stand there, for how many households, from which month on."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.areas.models import Area
from linli.areas.scope import scope_paths
from linli.core.paths import PathField, within
from linli.housing.choices import SiteState
from linli.housing.models.homes import Building


class PlannedBuildingQuerySet(models.QuerySet["PlannedBuilding"]):
    def visible_to(self, user: Any) -> PlannedBuildingQuerySet:
        return self.filter(within(scope_paths(user, "areas.view")))

    def coming(self) -> PlannedBuildingQuerySet:
        """Return those that are still being built."""
        return self.filter(state=SiteState.COMING)


class PlannedBuilding(models.Model):
    """A building that does not stand yet, at a place on the map.

    ``grid`` follows from the place, and is empty where no grid is drawn; ``path`` is a copy of the grid's, else of the
    community's. When it stands it becomes a `Building`, which is noted here; or it is given up, with the reason.
    """

    name = models.CharField(_("name"), max_length=100)
    community = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", verbose_name=_("community"))
    grid = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="planned", verbose_name=_("grid")
    )
    path = PathField(_("path"), db_index=True, editable=False)
    households = models.PositiveIntegerField(_("households to come"))
    # The first day of the month in which people begin to live there.
    expected_on = models.DateField(_("lived in from"))
    longitude = models.FloatField(_("longitude"))
    latitude = models.FloatField(_("latitude"))
    # GeoJSON polygon in WGS-84, where somebody drew it.
    outline = models.JSONField(_("outline"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=SiteState.choices, default=SiteState.COMING)
    note = models.CharField(_("note"), max_length=200, blank=True)
    building = models.OneToOneField(
        Building,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="planned_as",
        verbose_name=_("building"),
    )
    # When it was finished or given up, and in the latter case why.
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    reason = models.CharField(_("why it was given up"), max_length=200, blank=True)

    objects = PlannedBuildingQuerySet.as_manager()

    class Meta:
        verbose_name = _("planned building")
        verbose_name_plural = _("planned buildings")
        ordering = ["expected_on", "path", "name", "pk"]
        indexes = [models.Index(fields=["state", "path"], name="planned_by_state")]

    def __str__(self) -> str:
        return self.name

    @property
    def grid_name(self) -> str:
        """The grid with its community, because grids of several communities are called alike; empty without a grid."""
        return f"{self.community.name} {self.grid.name}" if self.grid is not None else ""
