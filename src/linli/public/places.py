"""Which place a form means: an address, a point of the map, a door plate, or a whole grid."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.queries import locate
from linli.core.sheets.text import without_spaces
from linli.housing.models import Building
from linli.housing.queries import find_buildings, plate_for
from linli.public.cards import Place, place_of_building

LONGEST_ADDRESS = 200
NAMED_MATCHES = 5


class PlaceFields(forms.Form):
    """The part of a form that asks where. After ``is_valid()`` the answer is ``place``.

    An address that names one building counts first, then the point of the map, which the address may describe, then
    the door plate or grid that the page was opened with.
    """

    address = forms.CharField(
        label=gettext_lazy("Where"),
        max_length=LONGEST_ADDRESS,
        required=False,
        help_text=gettext_lazy("Estate and building, or tap the map."),
    )
    lon = forms.FloatField(min_value=-180, max_value=180, required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(min_value=-90, max_value=90, required=False, widget=forms.HiddenInput)
    plate = forms.CharField(max_length=32, required=False, widget=forms.HiddenInput)
    grid = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)

    place: Place | None = None

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if any(self.has_error(name) for name in ("lon", "lat")):
            self.add_error("address", _("This is not a place on the map. Tap it again, or type the address."))
        elif not self.has_error("address"):
            try:
                self.place = place_from(self.cleaned_data)
            except ValidationError as error:
                self.add_error("address", error)
        return cleaned


def place_from(values: dict[str, Any]) -> Place:
    """Return the place that the values of ``PlaceFields`` mean.

    Raises:
        ValidationError: there is none, or several, or it lies outside; the message says what to do.
    """
    address, longitude, latitude = values.get("address", ""), values.get("lon"), values.get("lat")
    on_map = longitude is not None and latitude is not None
    if address and not (on_map and len(_matches(address)) != 1):
        return _at_address(address)
    if on_map:
        return _at_point(longitude, latitude, address)
    known = known_place(values.get("plate", ""), values.get("grid", ""))
    if known is None:
        raise ValidationError(_("Say where it is: type the estate and building, or tap the map."))
    return known


def same_address(building: Building, asked: str) -> bool:
    """Tell whether somebody typed the whole address of a building, with or without spaces."""
    return without_spaces(building.address) == without_spaces(asked)


def known_place(plate: str, grid: str) -> Place | None:
    """Return the place that a door plate or the code of a grid names, or None."""
    found = plate_for(plate) if plate else None
    if found is not None:
        return place_of_building(found.building, f"{found.building.address}{found.entrance}")
    area = Area.objects.current().filter(code=grid, level=Level.GRID).first() if grid else None
    return Place(area, words="") if area else None


def _at_point(longitude: float, latitude: float, words: str) -> Place:
    grid = locate(longitude, latitude)
    if grid is None:
        raise ValidationError(_("This place belongs to none of our grids. Move the pin, or type the address."))
    return Place(grid, words=words, longitude=longitude, latitude=latitude)


def _at_address(address: str) -> Place:
    matches = _matches(address)
    if not matches:
        raise ValidationError(_("We don't know this address. Try estate and building, or tap the map."))
    if len(matches) > 1:
        raise ValidationError(_("Which one is it: %(names)s?") % {"names": _names(matches)})
    place = place_of_building(matches[0], address)
    if place is None:
        raise ValidationError(_("This building belongs to no grid yet. Tap the map instead."))
    return place


def _matches(address: str) -> list[Building]:
    found = find_buildings(address)
    return [building for building in found if same_address(building, address)] or found


def _names(buildings: list[Building]) -> str:
    return _(", ").join(building.address for building in buildings[:NAMED_MATCHES])
