"""Forms of the case pages that only the desktop shows this way."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.scope import scope_paths
from linli.cases.forms import CaseForm
from linli.cases.ways import CategoryChips
from linli.core.paths import within
from linli.people.choices import RevealPurpose

# Above this number the grid is found by the map or an address.
MOST_GRIDS = 80


class DeskCaseForm(CaseForm):
    """A case that staff register at a desk: categories as chips, grids to choose from, “on the spot” in one step."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        category: Any = self.fields["category"]
        category.widget = CategoryChips(choices=category.choices)
        mechanism: Any = self.fields["mechanism"]
        mechanism.widget = forms.RadioSelect(choices=mechanism.choices)
        grids = _grids_of(user)
        choices = [("", _("by the map or the address")), *grids]
        self.fields["area"].widget = forms.Select(choices=choices) if grids else forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        category = cleaned.get("category")
        if category is not None and not cleaned.get("done") and cleaned.get("mechanism") == category.mechanism:
            # The page chooses the usual way by itself. “On the spot” is the way then, and not yet the word that it is
            # done: that word is what was done.
            cleaned["mechanism"] = ""
        return cleaned


class ContactPurposeForm(forms.Form):
    """What the phone number of a resident is looked at for."""

    reason = forms.ChoiceField(
        label=gettext_lazy("What is it for"),
        choices=RevealPurpose.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say first what you need the number for.")},
    )


def _grids_of(user: Any) -> list[tuple[str, str]]:
    """Return code and name of the grids where the user may report, while they are few enough to choose from."""
    grids = Area.objects.filter(within(scope_paths(user, "cases.report")), closed_on=None, level=Level.GRID)
    rows = list(grids.order_by("code").values_list("code", "parent__name", "name")[: MOST_GRIDS + 1])
    return [(code, f"{parent} {name}") for code, parent, name in rows] if len(rows) <= MOST_GRIDS else []
