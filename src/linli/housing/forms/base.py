"""What the forms of this app share: days, phones, purposes, and refusals of actions next to their fields."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from linli.areas.choices import Level
from linli.areas.models import Area
from linli.core import phones
from linli.housing.choices import PhonePurpose

WRONG_PHONE = _("This is no phone number. A mobile number has 11 digits.")


def day_field(**kwargs: Any) -> forms.DateField:
    """Return a field for a day, drawn as the browser draws days."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class PhoneField(forms.CharField):
    """A phone as people write it; the clean value is the number as it is kept."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
        super().__init__(max_length=30, widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        written: str = super().clean(value)
        checked = phones.check(written)
        if checked.value and not checked.ok:
            raise ValidationError(WRONG_PHONE)
        return checked.value


class ActionForm(forms.Form):
    """A form whose action may refuse: what it says stands next to the field that it is about."""

    def add_action_error(self, problem: ValidationError) -> None:
        """Show what an action refused."""
        told = problem.message_dict if hasattr(problem, "error_dict") else {NON_FIELD_ERRORS: problem.messages}
        for name, messages in told.items():
            for message in messages:
                self.add_error(name if name in self.fields else None, message)


class ConfirmForm(ActionForm):
    """Nothing to fill in: only the button."""


class PhonePurposeForm(forms.Form):
    """Asks what a hidden phone is needed for, before it is shown."""

    reason = forms.ChoiceField(
        label=_("What is it for"),
        choices=PhonePurpose.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("First choose what you need it for."),
            "invalid_choice": _("Choose one of these purposes."),
        },
    )


def grid_choices(user: Any) -> list[tuple[str, str]]:
    """Return (code, community and name) of the grids that a user sees."""
    grids = Area.objects.visible_to(user).current().filter(level=Level.GRID).order_by("code")
    return [(code, f"{parent} {name}") for code, name, parent in grids.values_list("code", "name", "parent__name")]


class UnderForm(forms.Form):
    """A filter that narrows a list to a grid."""

    under = forms.ChoiceField(label=_("Grid"), required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["under"].choices = [("", _("every grid")), *grid_choices(user)]  # type: ignore[attr-defined]
