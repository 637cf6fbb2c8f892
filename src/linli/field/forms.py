"""The one screen on which a worker notes a case."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.scope import scope_paths
from linli.cases.choices import Mechanism
from linli.cases.forms import CaseForm
from linli.cases.ways import CategorySelect
from linli.core.paths import within


class PhoneCaseForm(CaseForm):
    """What happened, where, and whether it is done already; the worker's own grid is chosen beforehand."""

    field_order = ["category", "text", "mechanism", "done", "area", "address", "photos", "contact"]

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reached = within(scope_paths(user, "cases.report"))
        grids = Area.objects.current().filter(reached, level=Level.GRID).order_by("code")
        places = list(grids.values_list("code", "name", "parent__name"))
        choices = [("", _("choose the grid")), *((code, f"{parent} {name}") for code, name, parent in places)]
        self.fields["area"].widget = forms.Select(choices=choices)
        self.fields["area"].initial = places[0][0] if len(places) == 1 else ""
        self.fields["address"].label = gettext_lazy("Exactly where")
        self.fields["text"].label = gettext_lazy("What is it")
        self.fields["done"].label = gettext_lazy("What you did about it")
        way: Any = self.fields["mechanism"]
        way.widget = forms.RadioSelect()
        way.choices = [
            ("", gettext_lazy("as usual")),
            *((way, way.label) for way in Mechanism if way != Mechanism.ON_SPOT),
            (Mechanism.ON_SPOT, gettext_lazy("Done on the spot already")),
        ]
        category: Any = self.fields["category"]
        # Here “on the spot” says that it is done, which nobody but the worker knows.
        category.widget = CategorySelect(choices=category.choices, untold=[Mechanism.ON_SPOT])
        del self.fields["discovered_at"]
        self.order_fields(self.field_order)
