"""Forms about planned buildings."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.areas.choices import Level
from linli.areas.models import Area
from linli.core.geo import valid_lon_lat
from linli.housing.choices import SiteState
from linli.housing.forms.base import ActionForm
from linli.housing.forms.places import BuildingForm
from linli.housing.models import PlannedBuilding
from linli.housing.values import PlannedValues

MONTH = re.compile(r"(\d{4})\s*[-年./]\s*(\d{1,2})\s*月?")
MOST_HOUSEHOLDS = 20_000
MOST_CORNERS = 500
FEWEST_CORNERS = 3
TOLD = ("name", "households", "expected_on", "longitude", "latitude", "outline", "note")


class MonthField(forms.CharField):
    """A month as the browser asks for it, or as people write it: 2027-06, 2027年6月. Its first day is the value."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"type": "month", "placeholder": "2027-06"}), **kwargs)

    def to_python(self, value: Any) -> Any:
        written = super().to_python(value)
        if not written:
            return None
        found = MONTH.fullmatch(written.strip())
        if found is None or not 1 <= int(found[2]) <= 12:
            raise ValidationError(_("Write year and month: 2027-06."))
        return date(int(found[1]), int(found[2]), 1)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%Y-%m}" if isinstance(value, date) else value


class OutlineField(forms.CharField):
    """The corners of an outline, one a line: longitude latitude. The clean value is a GeoJSON polygon, or None."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"})
        super().__init__(widget=widget, required=False, **kwargs)

    def to_python(self, value: Any) -> Any:
        lines = [line for line in (super().to_python(value) or "").splitlines() if line.strip()]
        if not lines:
            return None
        corners = [self._corner(line, number) for number, line in enumerate(lines, start=1)]
        if corners[0] == corners[-1]:
            corners.pop()
        if not FEWEST_CORNERS <= len(corners) <= MOST_CORNERS:
            raise ValidationError(_("An outline has at least three corners. Tap all of them, or leave it empty."))
        return {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        ring = value["coordinates"][0]
        return "\n".join(f"{lon} {lat}" for lon, lat in ring[:-1])

    def _corner(self, line: str, number: int) -> list[float]:
        parts = re.split(r"[\s,，]+", line.strip())
        try:
            longitude, latitude = map(float, parts)
        except ValueError:
            longitude = latitude = 999.0
        if not valid_lon_lat(longitude, latitude):
            text = _("Line %(number)d is no corner. Write longitude and latitude: 113.105 36.182.")
            raise ValidationError(text % {"number": number})
        return [longitude, latitude]


class PlannedFilterForm(forms.Form):
    """Which planned buildings to list."""

    q = forms.CharField(label=gettext_lazy("Name of the site"), max_length=60, required=False)
    under = forms.ChoiceField(label=gettext_lazy("Community"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[*SiteState.choices, ("all", gettext_lazy("every state"))]
    )

    def __init__(self, *args: Any, user: Any, under: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = Area.objects.visible_to(user).current().filter(level=Level.COMMUNITY).order_by("code")
        places = list(seen.values_list("code", "name"))
        if under and under not in dict(places):
            places += list(Area.objects.visible_to(user).filter(code=under).values_list("code", "name"))
        self.fields["under"].choices = [("", gettext_lazy("every community")), *places]  # type: ignore[attr-defined]


class PlannedForm(ActionForm):
    """What is told of a planned building, and where it will stand."""

    name = forms.CharField(
        label=gettext_lazy("Name of the site"), max_length=100, help_text=gettext_lazy("For example 锦绣苑二期")
    )
    households = forms.IntegerField(
        label=gettext_lazy("Households that will live there"), min_value=1, max_value=MOST_HOUSEHOLDS
    )
    expected_on = MonthField(label=gettext_lazy("Lived in from"))
    longitude = forms.FloatField(label=gettext_lazy("Longitude"), min_value=-180, max_value=180, required=False)
    latitude = forms.FloatField(label=gettext_lazy("Latitude"), min_value=-90, max_value=90, required=False)
    outline = OutlineField(
        label=gettext_lazy("Corners of the outline"),
        help_text=gettext_lazy("One corner a line, longitude and latitude. With an outline the point is not needed."),
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, planned: PlannedBuilding | None = None, **kwargs: Any) -> None:
        if planned is not None:
            kwargs.setdefault("initial", {name: getattr(planned, name) for name in TOLD})
        super().__init__(*args, **kwargs)

    def values(self) -> PlannedValues:
        """Return what the action is given."""
        return PlannedValues(**self.cleaned_data)


class FinishForm(BuildingForm):
    """The building that a site became: what is known is filled in already."""

    def __init__(self, *args: Any, planned: PlannedBuilding, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"name": planned.name, "grid": planned.grid_id, "kind": "residential"})
        super().__init__(*args, community=planned.community, **kwargs)


class GiveUpForm(ActionForm):
    """Why a planned building will not be built."""

    reason = forms.CharField(label=gettext_lazy("Why it is given up"), max_length=200)
