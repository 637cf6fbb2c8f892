"""Choosing what is kept of two entries of one person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.people.choices import Side
from linli.people.merging import MERGED_FIELDS, Choices
from linli.people.pairs import Comparison

PREFIX = "take_"


class MergeForm(forms.Form):
    """One choice for every value that differs, one for the home, and the seal of what the page showed."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, comparison: Comparison, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.comparison = comparison
        self.fields["seen"].initial = comparison.seal
        for value in comparison.differing:
            self.fields[f"{PREFIX}{value.field}"] = _choice(value.label, value.chosen)
        if not comparison.same_household:
            self.fields["home"] = _choice(_("Lives here now"), comparison.home)

    def choices(self) -> Choices:
        """Return what was chosen; where both say the same it makes no difference."""
        home = Side(self.cleaned_data.get("home") or self.comparison.home)
        values = {name: Side(self.cleaned_data.get(f"{PREFIX}{name}") or home) for name in MERGED_FIELDS}
        return Choices(values=values, home=home)

    def lines(self) -> list[tuple[Any, Any]]:
        """Return every line of the comparison with its field, or None where there is nothing to choose."""
        return [(value, self[f"{PREFIX}{value.field}"] if value.differs else None) for value in self.comparison.values]


def _choice(label: Any, chosen: Side) -> forms.ChoiceField:
    missing = _("Choose one of the two.")
    return forms.ChoiceField(
        label=label,
        choices=Side.choices,
        initial=chosen,
        widget=forms.RadioSelect,
        error_messages={"required": missing, "invalid_choice": missing},
    )
