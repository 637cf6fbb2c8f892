"""Forms about facilities."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.housing.choices import Condition, ListKind
from linli.housing.forms.base import ActionForm, UnderForm, day_field
from linli.housing.models import Facility, ListItem
from linli.housing.queries.rentals import items_of
from linli.housing.values import FacilityValues

TOLD = (
    "name",
    "longitude",
    "latitude",
    "place",
    "condition",
    "owner",
    "keeper",
    "installed_on",
    "next_inspection_on",
    "note",
)


class FacilityFilterForm(UnderForm):
    """Which facilities to list."""

    q = forms.CharField(label=_("Name or place"), max_length=60, required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    condition = forms.ChoiceField(
        label=_("Condition"), required=False, choices=[("", _("every condition")), *Condition.choices]
    )
    due = forms.ChoiceField(label=_("Next look at it"), required=False, choices=[("", _("all")), ("1", _("due now"))])
    field_order = ("q", "under", "kind", "condition", "due")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        kinds = [(item.code, item.label) for item in items_of(ListKind.FACILITY)]
        self.fields["kind"].choices = [("", _("every kind")), *kinds]  # type: ignore[attr-defined]


class FacilityForm(ActionForm):
    """What is told of a facility, and where it stands."""

    kind = forms.ModelChoiceField(label=_("Kind"), queryset=ListItem.objects.none())
    name = forms.CharField(label=_("Name"), max_length=100)
    place = forms.CharField(label=_("Where, in words"), max_length=200, required=False)
    longitude = forms.FloatField(label=_("Longitude"), min_value=-180, max_value=180)
    latitude = forms.FloatField(label=_("Latitude"), min_value=-90, max_value=90)
    condition = forms.ChoiceField(label=_("Condition"), choices=Condition.choices, widget=forms.RadioSelect)
    owner = forms.CharField(label=_("Belongs to"), max_length=100, required=False)
    keeper = forms.CharField(label=_("Looked after by"), max_length=100, required=False)
    installed_on = day_field(label=_("Set up on"), required=False)
    next_inspection_on = day_field(label=_("Next look at it"), required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, facility: Facility | None = None, **kwargs: Any) -> None:
        told: dict[str, Any] = {"condition": Condition.GOOD}
        if facility is not None:
            told |= {name: getattr(facility, name) for name in TOLD} | {"kind": facility.kind_id}
        kwargs.setdefault("initial", told)
        super().__init__(*args, **kwargs)
        rows = ListItem.objects.filter(kind=ListKind.FACILITY, is_active=True)
        if facility is not None:
            rows = rows | ListItem.objects.filter(pk=facility.kind_id)
        self.fields["kind"].queryset = rows  # type: ignore[attr-defined]
        self.fields["kind"].label_from_instance = lambda item: item.label  # type: ignore[attr-defined]

    def values(self) -> FacilityValues:
        """Return what the action is given."""
        return FacilityValues(**self.cleaned_data)


class RepairForm(ActionForm):
    """What is broken on a facility."""

    text = forms.CharField(label=_("What is broken"), max_length=300, widget=forms.Textarea)
