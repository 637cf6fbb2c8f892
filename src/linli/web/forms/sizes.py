"""Forms about the sizes of grids."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from linli.areas.bands import NUMBERS, Band
from linli.areas.choices import Measure
from linli.areas.models import SizeReason
from linli.housing.forms.base import ActionForm

LARGEST = 100_000


class ReasonForm(ActionForm):
    """Why a grid may be smaller or larger than its band."""

    text = forms.CharField(
        label=gettext_lazy("Why it may stay as it is"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For example: an island of old houses that no other grid touches."),
    )

    def __init__(self, *args: Any, reason: SizeReason | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"text": reason.text if reason else ""})
        super().__init__(*args, **kwargs)


def _number(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=LARGEST, required=False)


class BandForm(ActionForm):
    """How large the grids of a kind are to be."""

    measure = forms.ChoiceField(label=gettext_lazy("Size told by"), choices=Measure.choices, widget=forms.RadioSelect)
    warned_low = _number(gettext_lazy("A reason is asked below"))
    planned_low = _number(gettext_lazy("Planned from"))
    target = _number(gettext_lazy("Best size"))
    planned_high = _number(gettext_lazy("Planned to"))
    warned_high = _number(gettext_lazy("A reason is asked above"))

    def __init__(self, *args: Any, band: Band, **kwargs: Any) -> None:
        numbers = {name: getattr(band, name) or None for name in NUMBERS}
        kwargs.setdefault("initial", {"measure": band.measure, **numbers})
        super().__init__(*args, **kwargs)

    def numbers(self) -> dict[str, int]:
        """Return best size and limits; what was left empty is 0."""
        return {name: self.cleaned_data[name] or 0 for name in NUMBERS}
