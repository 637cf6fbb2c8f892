"""Forms for answering a move from another grid."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from linli.core import clock
from linli.people.actions import Handover
from linli.people.deed_forms import LONGEST_WORDS, ConsentMixin, HomeField, PastDayMixin, day_field
from linli.people.models import Departure, Transfer
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


class AnswerForm(ConsentMixin):
    """What people who moved away say later."""

    def __init__(self, *args: Any, departure: Departure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consent"].initial = departure.consent
        self.fields["consent"].help_text = ""


class HandoverForm(forms.Form):
    """To whom a transfer file goes, on which basis, and whether with the numbers that lists hide."""

    recipient = forms.CharField(
        label=gettext_lazy("Which office gets it"),
        max_length=100,
        help_text=gettext_lazy("Such as 太原市迎泽区柳巷街道解放社区居委会"),
        error_messages={"required": gettext_lazy("Write which office gets the file.")},
    )
    basis = forms.CharField(
        label=gettext_lazy("Legal basis"),
        max_length=LONGEST_WORDS,
        initial=gettext_lazy("They agreed: Personal Information Protection Law, Article 13 (1) 1 and Article 23"),
        error_messages={"required": gettext_lazy("Write on which legal basis the file is handed over.")},
    )
    in_full = forms.BooleanField(
        label=gettext_lazy("ID number and phone in full"),
        required=False,
        help_text=gettext_lazy("Only if the office cannot do without them; it is noted in the journal."),
    )

    def __init__(self, *args: Any, may_reveal: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_reveal:
            del self.fields["in_full"]

    def handover(self) -> Handover:
        """Return what was told."""
        told = self.cleaned_data
        return Handover(told["recipient"], told["basis"], in_full=bool(told.get("in_full")))


class RefuseForm(forms.Form):
    """Why people are not taken over."""

    reason = forms.CharField(
        label=gettext_lazy("Why not"),
        max_length=LONGEST_WORDS,
        error_messages={"required": gettext_lazy("Say why, so that the other side knows what to do.")},
    )
