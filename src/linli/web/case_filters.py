"""How the list of cases is narrowed on its page: the fields above the list, and the figure whose rows it shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from linli.areas.choices import Level
from linli.areas.models import Area
from linli.assessment.choices import Figure, Span
from linli.assessment.periods import Period, day_of, period_of
from linli.assessment.queries import rows_behind
from linli.cases.choices import Mechanism, State
from linli.cases.models import Case
from linli.cases.queries import CaseFilters, cases_for, categories_in_use, counted_cases

# Below this number every grid can be chosen; above it communities stand for their grids.
MOST_PLACES = 80


@dataclass(frozen=True)
class FigureFilter:
    """The figure of the dashboard whose cases are asked for."""

    figure: Figure
    period: Period


def span_of(text: Any) -> Span:
    """Return the span that an address names, the month if it names none."""
    return Span(text) if text in Span.values else Span.MONTH


def figure_of(query: Mapping[str, Any]) -> FigureFilter | None:
    """Return the figure that an address names, or None."""
    figure = query.get("figure")
    if figure not in Figure.values:
        return None
    return FigureFilter(Figure(figure), period_of(span_of(query.get("span")), day_of(query.get("at"))))


def narrowed_cases(user: Any, query: Mapping[str, Any]) -> tuple[QuerySet[Case], QuerySet[Case]]:
    """Return the cases of a page address, narrowed by its filters and its figure: to be listed, and to be counted."""
    filters = CaseFilters.from_query(query)
    listed, counted = cases_for(user, filters), counted_cases(user, filters)
    figure = figure_of(query)
    if figure is None:
        return listed, counted
    return rows_behind(listed, figure.figure, figure.period), rows_behind(counted, figure.figure, figure.period)


class CaseFilterForm(forms.Form):
    """The fields above the list; what cannot be chosen any more is left out in silence."""

    q = forms.CharField(label=_("Number or words"), required=False, max_length=100)
    under = forms.ChoiceField(label=_("Where"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    mechanism = forms.ChoiceField(label=_("Way"), required=False, choices=[("", _("Every way")), *Mechanism.choices])
    category = forms.ChoiceField(label=_("Category"), required=False)

    def __init__(self, user: Any, query: Mapping[str, Any]) -> None:
        super().__init__(initial={name: query.get(name, "") for name in self.base_fields}, auto_id="filter_%s")
        self.fields["state"].choices = [("", _("Every state")), ("open", _("Open")), *State.choices]  # type: ignore[attr-defined]
        self.fields["category"].choices = [("", _("Every category")), *_categories()]  # type: ignore[attr-defined]
        self.fields["under"].choices = [("", _("Everywhere")), *_places(user, query.get("under", ""))]  # type: ignore[attr-defined]


def _categories() -> list[tuple[str, str]]:
    return [(category.code, category.label) for category in categories_in_use()]


def _places(user: Any, chosen: str) -> list[tuple[str, str]]:
    """Return the places to choose from: grids while they are few, else communities, and what is chosen already."""
    areas = Area.objects.visible_to(user).current().order_by("code")
    grids = list(areas.filter(level=Level.GRID).values_list("code", "name", "parent__name")[: MOST_PLACES + 1])
    if len(grids) > MOST_PLACES:
        grids = list(areas.filter(level=Level.COMMUNITY).values_list("code", "name", "parent__name"))
    places = [(code, f"{parent} {name}") for code, name, parent in grids]
    if chosen and chosen not in dict(places):
        places = [*areas.filter(code=chosen).values_list("code", "name"), *places]
    return places
