"""Addresses of pages with their filters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from linli.assessment.choices import Figure
from linli.assessment.periods import Period


def link(name: str, *path: str, **filters: Any) -> str:
    """Return the address of a page by its URL name; filters that are empty are left out."""
    given = {key: str(value) for key, value in filters.items() if value not in ("", None)}
    address = reverse(name, args=path)
    return f"{address}?{urlencode(given)}" if given else address


def figure_links(figures: Iterable[Figure], period: Period, **filters: str) -> dict[Figure, str]:
    """Return figure → the address of the list that holds exactly the cases which the figure counts."""
    address = link("case-list", span=period.span, at=period.first.isoformat(), **filters)
    return {figure: f"{address}&figure={figure}" for figure in figures}


def figure_link(figure: Figure, period: Period, **filters: str) -> str:
    """Return the address of the list that holds exactly the cases which a figure counts."""
    return figure_links([figure], period, **filters)[figure]
