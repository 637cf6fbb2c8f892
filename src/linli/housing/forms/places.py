"""Forms about compounds, buildings and dwellings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.queries import grids_under
from linli.core import clock
from linli.housing.choices import BuildingKind, DwellingKind, Lift, Occupancy
from linli.housing.forms.base import ActionForm, UnderForm
from linli.housing.models import Building, Compound, Dwelling
from linli.housing.models.homes import LONGEST_PLATE
from linli.housing.queries.rentals import compounds_for
from linli.housing.rules import may_edit
from linli.housing.values import BuildingValues, HomeValues, RowsPlan

EARLIEST = 1900


class BuildingFilterForm(UnderForm):
    """Which buildings to list."""

    q = forms.CharField(label=_("Address"), max_length=60, required=False)
    compound = forms.ChoiceField(label=_("Compound"), required=False)
    field_order = ("q", "under", "compound")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        compounds = [(str(pk), name) for pk, name in compounds_for(user).values_list("pk", "name")]
        self.fields["compound"].choices = [("", _("every compound")), *compounds]  # type: ignore[attr-defined]


class DwellingFilterForm(UnderForm):
    """Which dwellings to list."""

    q = forms.CharField(label=_("Address or plate number"), max_length=60, required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("every kind")), *DwellingKind.choices])
    occupancy = forms.ChoiceField(label=_("Use"), required=False, choices=[("", _("every use")), *Occupancy.choices])
    field_order = ("q", "under", "kind", "occupancy")


class CompoundForm(ActionForm):
    """A compound: its name, and for a new one its community."""

    name = forms.CharField(label=_("Name of the compound"), max_length=100)


class NewCompoundForm(CompoundForm):
    """A new compound."""

    community = forms.ModelChoiceField(label=_("Community"), queryset=Area.objects.none())

    def __init__(self, *args: Any, communities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["community"] = _community_field(communities)


class BuildingForm(ActionForm):
    """What is told of a building beside where it stands on the map."""

    compound = forms.ModelChoiceField(label=_("Compound"), queryset=Compound.objects.none(), required=False)
    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("For example 3号楼"))
    grid = forms.ModelChoiceField(label=_("Grid"), queryset=Area.objects.none(), required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=BuildingKind.choices)
    floors = forms.IntegerField(label=_("Floors"), min_value=1, max_value=200, required=False)
    entrances = forms.IntegerField(label=_("Entrances"), min_value=1, max_value=99, required=False)
    built_year = forms.IntegerField(label=_("Built in"), min_value=EARLIEST, required=False)
    lift = forms.ChoiceField(label=_("Lift"), choices=Lift.choices, widget=forms.RadioSelect)
    property_manager = forms.CharField(label=_("Property manager"), max_length=100, required=False)

    def __init__(self, *args: Any, community: Area, building: Building | None = None, **kwargs: Any) -> None:
        if building is not None:
            kwargs.setdefault("initial", _told_of(building))
        super().__init__(*args, **kwargs)
        self.fields["compound"].queryset = Compound.objects.filter(community=community)  # type: ignore[attr-defined]
        self.fields["grid"].queryset = grids_under(community)  # type: ignore[attr-defined]
        self.fields["built_year"].max_value = clock.today().year  # type: ignore[attr-defined]
        self.initial.setdefault("lift", Lift.UNKNOWN)

    def clean_built_year(self) -> int | None:
        year: int | None = self.cleaned_data["built_year"]
        if year is not None and year > clock.today().year:
            raise forms.ValidationError(_("Write the year in which it was finished."))
        return year

    def values(self) -> BuildingValues:
        """Return what the action is given."""
        return BuildingValues(**self.cleaned_data)


class BuildingCommunityForm(forms.Form):
    """In which community a new building stands."""

    community = forms.ModelChoiceField(label=_("Community"), queryset=Area.objects.none())

    def __init__(self, *args: Any, communities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["community"] = _community_field(communities)


class RowsForm(ActionForm):
    """The rooms of a whole building."""

    entrances = forms.IntegerField(label=_("Entrances"), min_value=1)
    first_floor = forms.IntegerField(label=_("Lowest floor"))
    last_floor = forms.IntegerField(label=_("Top floor"))
    rooms = forms.IntegerField(label=_("Rooms on each floor of an entrance"), min_value=1)

    def values(self) -> RowsPlan:
        """Return what the action is given."""
        return RowsPlan(**self.cleaned_data)


class HomeForm(ActionForm):
    """What is told of a dwelling."""

    entrance = forms.CharField(label=_("Entrance"), max_length=20, required=False)
    room = forms.CharField(label=_("Room"), max_length=20, required=False)
    floor = forms.IntegerField(label=_("Floor"), min_value=-9, max_value=200, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=DwellingKind.choices, widget=forms.RadioSelect)
    occupancy = forms.ChoiceField(label=_("Use"), choices=Occupancy.choices, widget=forms.RadioSelect)
    area_m2 = forms.DecimalField(label=_("Area in m²"), min_value=0, max_digits=7, decimal_places=1, required=False)
    plate_number = forms.CharField(
        label=_("Plate number"),
        max_length=LONGEST_PLATE,
        required=False,
        help_text=_("As on the plate that the municipality put up, or the standard address code."),
    )

    def __init__(self, *args: Any, dwelling: Dwelling | None = None, **kwargs: Any) -> None:
        told = {name: getattr(dwelling, name) for name in self.base_fields} if dwelling else {}
        kwargs.setdefault("initial", {"kind": DwellingKind.HOME, "occupancy": Occupancy.UNKNOWN} | told)
        super().__init__(*args, **kwargs)

    def values(self) -> HomeValues:
        """Return what the action is given."""
        return HomeValues(**self.cleaned_data)


def communities_of(user: Any) -> Any:
    """Return the communities whose buildings a user keeps."""
    communities = Area.objects.visible_to(user).current().filter(level=Level.COMMUNITY).order_by("code")
    kept = [area.pk for area in communities.defer("geometry", "bounds") if may_edit(user, area)]
    return Area.objects.filter(pk__in=kept).order_by("code")


def _community_field(communities: Any) -> forms.ModelChoiceField[Area]:
    only = list(communities[:2])
    initial = only[0].pk if len(only) == 1 else None
    return forms.ModelChoiceField(label=_("Community"), queryset=communities, initial=initial)


def _told_of(building: Building) -> dict[str, Any]:
    told = {name: getattr(building, name) for name in ("name", "kind", "floors", "entrances", "built_year", "lift")}
    grid, compound = building.grid_id, building.compound_id
    return told | {"property_manager": building.property_manager, "grid": grid, "compound": compound}
