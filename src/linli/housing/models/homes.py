"""Compounds, buildings, dwellings and door plates: the middle of the chain person → home → building → grid → map."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.areas.models import Area
from linli.areas.scope import scope_paths
from linli.core.fields import BytewiseField
from linli.core.ordering import OrderKeyField
from linli.core.paths import PathField, within
from linli.exchange.staging import Staged, VisibleManager
from linli.housing.choices import BuildingKind, DwellingKind, Lift, Occupancy

LONGEST_PLATE = 60


class CompoundQuerySet(models.QuerySet["Compound"]):
    def visible_to(self, user: Any) -> CompoundQuerySet:
        """Return the compounds of the communities in reach, and those with a building in reach."""
        paths = scope_paths(user, "people.view")
        seen = Building.objects.visible_to(user).filter(compound=models.OuterRef("pk"))
        return self.filter(within(paths, "community__path") | models.Q(models.Exists(seen)))


CompoundManager = VisibleManager.from_queryset(CompoundQuerySet)


class Compound(Staged):
    """A housing estate 小区 or courtyard 院: the name that addresses begin with."""

    name = models.CharField(_("name"), max_length=100)
    community = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="compounds", verbose_name=_("community"))
    sort_key = OrderKeyField(_("place in order"))

    objects = CompoundManager()
    everything = CompoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("compound")
        verbose_name_plural = _("compounds")
        ordering = ["sort_key", "pk"]
        constraints = [models.UniqueConstraint(fields=["community", "name"], name="one_compound_per_name")]

    def __str__(self) -> str:
        return self.name


class BuildingQuerySet(models.QuerySet["Building"]):
    def visible_to(self, user: Any) -> BuildingQuerySet:
        return self.filter(within(scope_paths(user, "people.view")))

    def orphans(self) -> BuildingQuerySet:
        """Buildings that belong to no grid."""
        return self.filter(grid=None)


BuildingManager = VisibleManager.from_queryset(BuildingQuerySet)


class Building(Staged):
    """A building; it lies in exactly one grid, or in none yet, and then ``check`` lists it.

    ``path`` is a copy of the path of its grid, or of its community while it has no grid: then grid workers do not see
    it.
    """

    compound = models.ForeignKey(
        Compound, on_delete=models.PROTECT, null=True, blank=True, related_name="buildings", verbose_name=_("compound")
    )
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=12, choices=BuildingKind.choices, default=BuildingKind.RESIDENTIAL)
    community = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="buildings", verbose_name=_("community"))
    grid = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="grid_buildings", verbose_name=_("grid")
    )
    path = PathField(_("path"), db_index=True, editable=False)
    address = models.CharField(_("address"), max_length=200)
    # GeoJSON geometry in WGS-84 and a point inside it in degrees.
    geometry = models.JSONField(_("footprint"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    floors = models.PositiveSmallIntegerField(_("floors"), null=True, blank=True)
    entrances = models.PositiveSmallIntegerField(_("entrances"), null=True, blank=True)
    built_year = models.PositiveSmallIntegerField(_("built in"), null=True, blank=True)
    lift = models.CharField(_("lift"), max_length=8, choices=Lift.choices, default=Lift.UNKNOWN)
    property_manager = models.CharField(_("property manager"), max_length=100, blank=True)
    search_terms = models.TextField(editable=False, blank=True)
    sort_key = OrderKeyField(_("place in order"))

    objects = BuildingManager()
    everything = BuildingQuerySet.as_manager()

    class Meta:
        verbose_name = _("building")
        verbose_name_plural = _("buildings")
        ordering = ["sort_key", "pk"]
        constraints = [models.UniqueConstraint(fields=["community", "address"], name="one_building_per_address")]

    def __str__(self) -> str:
        return self.address


class DwellingQuerySet(models.QuerySet["Dwelling"]):
    def visible_to(self, user: Any) -> DwellingQuerySet:
        return self.filter(within(scope_paths(user, "people.view")))


DwellingManager = VisibleManager.from_queryset(DwellingQuerySet)


class Dwelling(Staged):
    """A home: a room behind an entrance of a building."""

    building = models.ForeignKey(
        Building, on_delete=models.PROTECT, related_name="dwellings", verbose_name=_("building")
    )
    entrance = models.CharField(_("entrance"), max_length=20, blank=True)
    room = models.CharField(_("room"), max_length=20, blank=True)
    floor = models.SmallIntegerField(_("floor"), null=True, blank=True)
    path = PathField(_("path"), db_index=True, editable=False)
    address = models.CharField(_("address"), max_length=240)
    occupancy = models.CharField(
        _("use"), max_length=10, choices=Occupancy.choices, default=Occupancy.UNKNOWN, db_index=True
    )
    kind = models.CharField(_("kind"), max_length=10, choices=DwellingKind.choices, default=DwellingKind.HOME)
    area_m2 = models.DecimalField(_("area in m²"), max_digits=7, decimal_places=1, null=True, blank=True)
    # What the municipality wrote on the door, or its standard address code; no QR code of ours (`Plate`).
    plate_number = BytewiseField(_("plate number"), max_length=LONGEST_PLATE, blank=True, default="", db_default="")
    # Begins with that of the building.
    sort_key = OrderKeyField(_("place in order"))

    objects = DwellingManager()
    everything = DwellingQuerySet.as_manager()

    class Meta:
        verbose_name = _("dwelling")
        verbose_name_plural = _("dwellings")
        ordering = ["sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["building", "entrance", "room"], name="one_dwelling_per_room"),
        ]
        indexes = [
            models.Index(fields=["path", "batch"]),
            models.Index(fields=["plate_number"], name="dwellings_by_plate"),
            models.Index(fields=["path", "building"], condition=models.Q(occupancy="rented"), name="dwellings_let"),
        ]

    def __str__(self) -> str:
        return self.address


class Plate(models.Model):
    """The QR code on a door: an opaque token that leads to the grid of a building, and says nothing else.

    A plate hangs at a building, at one of its entrances, or at the door of a dwelling.
    """

    token = models.CharField(_("token"), max_length=32, unique=True)
    building = models.ForeignKey(Building, on_delete=models.CASCADE, related_name="plates", verbose_name=_("building"))
    entrance = models.CharField(_("entrance"), max_length=20, blank=True)
    dwelling = models.OneToOneField(
        Dwelling, on_delete=models.CASCADE, null=True, blank=True, related_name="plate", verbose_name=_("dwelling")
    )

    class Meta:
        verbose_name = _("door plate")
        verbose_name_plural = _("door plates")
        constraints = [
            models.UniqueConstraint(
                fields=["building", "entrance"], condition=models.Q(dwelling=None), name="one_plate_per_entrance"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.building_id} {self.entrance}"
