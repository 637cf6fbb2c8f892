"""Forms about units, shared by the surfaces."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from linli.areas.choices import Level
from linli.areas.models import Area
from linli.core import clock
from linli.housing.models import Building, Dwelling
from linli.people.choices import RevealPurpose
from linli.units.actions import UnitFacts, Where
from linli.units.choices import UnitKind
from linli.units.models import HIDDEN_FIELDS, Unit
from linli.units.queries import CLOSED
from linli.units.rules import code_fault, normalise_code

LONGEST_WORDS = 100
MOST = 1_000_000
# Of what is hidden: the box that says that it is no longer right.
GONE = {
    "contact_name": "contact_gone",
    "contact_phone": "contact_gone",
    "second_name": "second_gone",
    "second_phone": "second_gone",
    "officers": "officers_gone",
}


def _grids(user: Any) -> Any:
    return Area.objects.visible_to(user).current().filter(level=Level.GRID).select_related("parent").order_by("code")


def _choices(user: Any) -> list[tuple[str, str]]:
    return [(grid.code, f"{grid.parent.name if grid.parent else ''} {grid.name}") for grid in _grids(user)]


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("This is no date. Write it as 2026-03-01.")},
    )


def _number(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=MOST)


def _phone(label: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
    return forms.CharField(label=label, max_length=40, required=False, widget=widget)


class UnitFilterForm(forms.Form):
    """Which units to list."""

    q = forms.CharField(label=_("Name, pinyin, code or address"), max_length=LONGEST_WORDS, required=False)
    under = forms.ChoiceField(label=_("Grid"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("every kind")), *UnitKind.choices])
    state = forms.ChoiceField(
        label=_("Open or closed"), required=False, choices=[("", _("open")), (CLOSED, _("closed down"))]
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["under"].choices = [("", _("every grid")), *_choices(user)]  # type: ignore[attr-defined]


class UnitForm(forms.Form):
    """What is known of a unit besides where it is."""

    name = forms.CharField(
        label=pgettext_lazy("unit", "Name"),
        max_length=100,
        error_messages={"required": _("Write the name of the unit.")},
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=UnitKind.choices)
    credit_code = forms.CharField(label=_("Unified social credit code"), max_length=40, required=False)
    register_number = forms.CharField(label=_("Licence or register number"), max_length=40, required=False)
    licence_until = _day(_("Licence valid until"))
    opening_hours = forms.CharField(label=_("Opening hours"), max_length=60, required=False)
    opened_on = _day(_("Opened or founded on"))
    employees = _number(_("People working there"))
    floor_area = _number(_("Floor area in m²"))
    members = _number(_("Members (organisations, committees)"))
    contract_rate = forms.IntegerField(
        label=_("Labour contracts signed, in percent (what it says itself)"), required=False, min_value=0, max_value=100
    )
    term_from = _day(_("Term from"))
    term_until = _day(_("Term until"))
    liaison = forms.CharField(
        label=_("Keeps contact for the community (if not the grid worker)"), max_length=60, required=False
    )
    contact_name = forms.CharField(label=_("Contact person"), max_length=60, required=False)
    contact_phone = _phone(_("Contact phone"))
    second_name = forms.CharField(label=_("Second contact person"), max_length=60, required=False)
    second_phone = _phone(_("Second contact phone"))
    contact_declined = forms.BooleanField(label=_("Prefers not to give a contact"), required=False)
    officers = forms.CharField(
        label=_("Office-holders (organisations, committees)"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        help_text=_("One a line, the office and the name, as 主任：王建国. Who prefers not to be named: 主任：不方便."),
    )

    def facts(self, kept: Unit | None = None) -> UnitFacts:
        """Return what was written; what is hidden stays as it is where it is left empty, as the form never shows it."""
        values = {name: self.cleaned_data[name] for name in UnitForm.base_fields}
        for name in HIDDEN_FIELDS:
            if kept is not None and not values[name] and not self.cleaned_data.get(GONE[name]):
                values[name] = getattr(kept, name)
        return UnitFacts(**values)

    def clean_credit_code(self) -> str:
        """Say what is wrong with a code; one that came wrong from elsewhere may stay as it is."""
        code = normalise_code(self.cleaned_data["credit_code"])
        fault = code_fault(code) if code and code != self.initial.get("credit_code") else ""
        if fault:
            raise forms.ValidationError(fault)
        return code


class ChangeUnitForm(UnitForm):
    """A unit that is written down: contacts and office-holders are not shown, and an empty field keeps them."""

    contact_gone = forms.BooleanField(
        label=_("This contact is no longer right, and nobody knows another"), required=False
    )

    second_gone = forms.BooleanField(label=_("The second contact is no longer right"), required=False)
    officers_gone = forms.BooleanField(label=_("These office-holders are no longer right"), required=False)

    def __init__(self, data: Any = None, *, unit: Unit) -> None:
        known = {name: getattr(unit, name) for name in UnitForm.base_fields if name not in HIDDEN_FIELDS}
        super().__init__(data, initial=known)
        for name in HIDDEN_FIELDS:
            told = (str(self.fields[name].help_text), gettext("Leave it empty to keep what is written down."))
            self.fields[name].help_text = " ".join(words for words in told if words)
        for name in set(GONE.values()):
            if not any(getattr(unit, hidden) for hidden, gone in GONE.items() if gone == name):
                del self.fields[name]
        after = {"contact_gone": "contact_phone", "second_gone": "second_phone", "officers_gone": "officers"}
        self.order_fields(_ordered(self.fields, after))


def _ordered(names: Iterable[str], after: dict[str, str]) -> list[str]:
    """Return names with those of ``after`` each behind the one that it belongs to."""
    listed = list(names)
    behind = {first: name for name, first in after.items() if name in listed}
    rest = [name for name in listed if name not in after]
    return [found for name in rest for found in ((name, behind[name]) if name in behind else (name,))]


class PlaceForm(forms.Form):
    """Where a unit is."""

    grid = forms.ChoiceField(label=_("Grid"), error_messages={"required": _("Choose a grid.")})
    place = forms.CharField(label=pgettext_lazy("unit", "Address"), max_length=200)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        self.fields["grid"].choices = [("", _("choose")), *_choices(user)]  # type: ignore[attr-defined]

    def where(self) -> Where:
        """Return the place; the address of a building or a room of this grid leads to it."""
        grid = _grids(self._user).get(code=self.cleaned_data["grid"])
        place = self.cleaned_data["place"]
        room = Dwelling.objects.filter(building__grid=grid, address=place).exclude(room="", entrance="").first()
        if room is not None:
            return Where(grid, place, room.building, room)
        return Where(grid, place, Building.objects.filter(grid=grid, address=place).first())


class NewUnitForm(PlaceForm, UnitForm):
    """A new unit: where it is and what is known of it."""


class CloseForm(forms.Form):
    """The day on which a unit closed down."""

    closed_on = forms.DateField(
        label=_("Closed on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Write the day on which it closed.")},
        initial=clock.today,
    )


class NoticeForm(forms.Form):
    """What a unit was told, and when."""

    on = forms.DateField(
        label=_("Told on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Write the day on which it was told."),
            "invalid": _("This is no date. Write it as 2026-03-01."),
        },
        initial=clock.today,
    )
    text = forms.CharField(
        label=_("What it was told"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what it was told.")},
    )


class ContactForm(forms.Form):
    """Asks what a contact phone is needed for, before it is shown."""

    reason = forms.ChoiceField(
        label=_("What is it for"),
        choices=RevealPurpose.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("First choose what you need it for.")},
    )
