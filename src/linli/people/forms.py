"""Forms about people and households, shared by the surfaces."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from linli.areas.choices import Level
from linli.areas.models import Area
from linli.housing.queries import buildings_for
from linli.people.choices import RevealPurpose, Standing

LONGEST_WORDS = 100
LONGEST_VALUE = 40


class RevealForm(forms.Form):
    """Asks what a hidden number is needed for, before it is shown."""

    reason = forms.ChoiceField(
        label=_("What is it for"),
        choices=RevealPurpose.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("First choose what you need it for."),
            "invalid_choice": _("Choose one of these purposes."),
        },
    )


class CorrectionForm(forms.Form):
    """The right value in place of one that was written wrongly."""

    value = forms.CharField(
        label=_("As it should be written"),
        max_length=LONGEST_VALUE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Write the right value, or keep it as written.")},
    )

    def add_action_error(self, message: str) -> None:
        """Show next to the field what an action refused."""
        self.add_error("value", ValidationError(message))


class HouseholdFilterForm(forms.Form):
    """Which households to list: a grid, one of its buildings, and words."""

    q = forms.CharField(label=_("Name, pinyin, phone tail or address"), max_length=LONGEST_WORDS, required=False)
    under = forms.ChoiceField(label=_("Grid"), required=False)
    building = forms.ChoiceField(label=_("Building"), required=False)
    standing = forms.ChoiceField(
        label=_("Registered and living"), required=False, choices=[("", _("all of them")), *Standing.choices]
    )

    def __init__(self, *args: Any, user: Any, chosen: Area | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grids = Area.objects.visible_to(user).current().filter(level=Level.GRID).order_by("code")
        places = [
            (code, f"{parent} {name}") for code, name, parent in grids.values_list("code", "name", "parent__name")
        ]
        self.fields["under"].choices = [("", _("every grid")), *places]  # type: ignore[attr-defined]
        buildings = buildings_for(user).filter(grid=chosen).values_list("pk", "address") if chosen else []
        self.fields["building"].choices = [("", _("every building")), *buildings]  # type: ignore[attr-defined]
