"""Forms about facilities."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.files.forms import PhotosField, UploadTooLargeMixin
from linli.housing.choices import Condition, ListKind
from linli.housing.forms.base import ActionForm, UnderForm, day_field
from linli.housing.models import Facility, ListItem
from linli.housing.queries.rentals import items_of
from linli.housing.values import BookingValues, FacilityValues

MOMENT = "%Y-%m-%dT%H:%M"


def moment_field(**kwargs: Any) -> forms.DateTimeField:
    """Return a field for a day and an hour, drawn as the browser draws them."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(widget=widget, input_formats=[MOMENT, "%Y-%m-%d %H:%M"], **kwargs)


TOLD = (
    "name",
    "longitude",
    "latitude",
    "place",
    "condition",
    "owner",
    "keeper",
    "may_be_booked",
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

    kind = forms.ModelChoiceField(label=_("Kind"), queryset=ListItem.objects.none(), empty_label=_("Choose a kind"))
    name = forms.CharField(label=_("Name of the facility"), max_length=100)
    place = forms.CharField(label=_("Where, in words"), max_length=200, required=False)
    longitude = forms.FloatField(label=_("Longitude"), min_value=-180, max_value=180)
    latitude = forms.FloatField(label=_("Latitude"), min_value=-90, max_value=90)
    condition = forms.ChoiceField(label=_("Condition"), choices=Condition.choices, widget=forms.RadioSelect)
    owner = forms.CharField(label=_("Belongs to"), max_length=100, required=False)
    keeper = forms.CharField(label=_("Looked after by"), max_length=100, required=False)
    may_be_booked = forms.BooleanField(label=_("Can be booked"), required=False)
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


class BookingForm(ActionForm):
    """Who has a facility, what for, from when until when."""

    who = forms.CharField(label=_("Who: a group or a name"), max_length=60)
    purpose = forms.CharField(
        label=_("What for"), max_length=100, help_text=_("This stays, to be counted. Write no name here.")
    )
    since = moment_field(label=_("From"))
    until = moment_field(label=_("Until"))

    def values(self) -> BookingValues:
        """Return what the action is given."""
        return BookingValues(**self.cleaned_data)


class FacilityPhotosForm(UploadTooLargeMixin, ActionForm):
    """Photos of a facility."""

    photos = PhotosField(
        label=_("Photos"),
        help_text=_("Keep people and number plates out of them."),
        error_messages={"required": _("First choose a photo.")},
    )


class RepairForm(ActionForm):
    """What is broken on a facility."""

    text = forms.CharField(label=_("What is broken"), max_length=300, widget=forms.Textarea)
