"""Inputs for a category that tell the page which way each category usually goes, so that it can be chosen for you."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms

from linli.cases.models import Category


class _Telling(forms.widgets.ChoiceWidget):
    """Writes the usual way of each category as ``data-way`` beside its choice; ``way.js`` reads it.

    ``untold`` names the ways that the page does not choose by itself.
    """

    def __init__(self, *args: Any, untold: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.untold = frozenset(untold)

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        category = getattr(value, "instance", None)
        if isinstance(category, Category) and category.mechanism not in self.untold:
            option["attrs"]["data-way"] = category.mechanism
        return option


class CategorySelect(_Telling, forms.Select):
    """A list of categories."""


class CategoryChips(_Telling, forms.RadioSelect):
    """Categories as chips."""
