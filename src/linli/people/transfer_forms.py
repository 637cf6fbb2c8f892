"""Forms for answering a move from another grid."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from linli.core import clock
from linli.people.deed_forms import LONGEST_WORDS, HomeField, PastDayMixin, day_field
from linli.people.models import Transfer
from linli.people.rules import NotPossible


class AcceptForm(PastDayMixin, forms.Form):
    """Into which home they come, and on which day."""

    day = day_field(gettext_lazy("The day it happened"))

    def __init__(self, *args: Any, transfer: Transfer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["home"] = HomeField(path=transfer.building.path, first=transfer.building)
        self.fields["day"].initial = transfer.day
        self.fields["day"].widget.attrs["max"] = clock.today().isoformat()
        self.order_fields(["home", "day"])

    def clean_day(self) -> date | None:
        return self.past(self.cleaned_data["day"])

    def home(self) -> Any:
        """Return the home that was chosen."""
        field: Any = self.fields["home"]
        return field.home(self.cleaned_data["home"])

    def add_refusal(self, refusal: NotPossible) -> None:
        """Show what an action refused, next to the field that it is about."""
        self.add_error(refusal.field if refusal.field in self.fields else None, ValidationError(refusal.message))


class RefuseForm(forms.Form):
    """Why people are not taken over."""

    reason = forms.CharField(
        label=gettext_lazy("Why not"),
        max_length=LONGEST_WORDS,
        error_messages={"required": gettext_lazy("Say why, so that the other side knows what to do.")},
    )
