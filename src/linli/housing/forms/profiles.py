"""Forms about the community profile and the lists that an administrator edits."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.core import clock
from linli.housing.choices import BudgetKind, ListKind
from linli.housing.forms.base import ActionForm
from linli.housing.models import CommunityProfile, ListItem
from linli.housing.values import ItemValues, ProfileValues

LONGEST_WORDS = 2000


class ProfileForm(ActionForm):
    """What a community tells about itself."""

    about = forms.CharField(label=_("About the community"), max_length=LONGEST_WORDS, required=False)
    premises_m2 = forms.DecimalField(
        label=_("Premises in m²"), min_value=0, max_digits=8, decimal_places=1, required=False
    )
    project_name = forms.CharField(label=_("Own project"), max_length=100, required=False)
    project_text = forms.CharField(label=_("What the project does"), max_length=LONGEST_WORDS, required=False)

    def __init__(self, *args: Any, profile: CommunityProfile | None, **kwargs: Any) -> None:
        told = {name: getattr(profile, name) for name in self.base_fields} if profile else {}
        kwargs.setdefault("initial", told)
        super().__init__(*args, **kwargs)
        for name in ("about", "project_text"):
            self.fields[name].widget = forms.Textarea()

    def values(self) -> ProfileValues:
        """Return what the action is given."""
        return ProfileValues(**self.cleaned_data)


class BudgetForm(ActionForm):
    """One line of money."""

    year = forms.IntegerField(label=_("Year"))
    kind = forms.ChoiceField(label=_("Planned or spent"), choices=BudgetKind.choices, widget=forms.RadioSelect)
    purpose = forms.CharField(label=_("What for"), max_length=100)
    amount = forms.DecimalField(label=_("Amount in yuan"), min_value=0, max_digits=12, decimal_places=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"year": clock.today().year, "kind": BudgetKind.BUDGET})
        super().__init__(*args, **kwargs)


class HonourForm(ActionForm):
    """One honour."""

    year = forms.IntegerField(label=_("Year"))
    name = forms.CharField(label=_("Honour"), max_length=100)
    given_by = forms.CharField(label=_("Given by"), max_length=100, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"year": clock.today().year})
        super().__init__(*args, **kwargs)


class ClearForm(ActionForm):
    """How far one of the six clears is, in percent."""

    percent = forms.IntegerField(label=_("Clear in percent"), min_value=0, max_value=100)


class ItemForm(ActionForm):
    """One row of a list."""

    name = forms.CharField(label=_("Name in Chinese"), max_length=60)
    name_en = forms.CharField(label=_("Name in English"), max_length=60)
    category = forms.ChoiceField(label=_("Category of the case"), required=False)
    value = forms.DecimalField(label=_("Standard"), min_value=0, max_digits=8, decimal_places=2, required=False)
    position = forms.IntegerField(label=_("Position"), min_value=0, max_value=999)
    is_active = forms.BooleanField(label=_("In use"), required=False)

    def __init__(
        self, *args: Any, kind: str, categories: list[tuple[str, str]], item: ListItem | None = None, **kwargs: Any
    ) -> None:
        told = {name: getattr(item, name) for name in self.base_fields} if item else {"is_active": True, "position": 50}
        kwargs.setdefault("initial", told)
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("other")), *categories]  # type: ignore[attr-defined]
        if kind not in (ListKind.SAFETY, ListKind.FACILITY):
            del self.fields["category"]
        if kind == ListKind.FACILITY:
            self.fields["value"].label = _("How many for 1,000 residents")
        elif kind != ListKind.STANDARD:
            del self.fields["value"]

    def values(self) -> ItemValues:
        """Return what the action is given."""
        return ItemValues(**self.cleaned_data)
