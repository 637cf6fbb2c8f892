"""Pages of lists: no list is ever shown whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from linli.core.widgets import PAGE_SIZES

PAGE_SIZE = 20
MAX_COUNT = 10_000


class BoundedPaginator(Paginator[Any]):
    """Counts no further than 10,000 rows: nobody turns more pages than that, and a whole count is slow.

    ``counted`` is the same rows asked for in the way that is counted fastest, where that differs.
    """

    def __init__(self, rows: QuerySet[Any] | Sequence[Any], size: int, counted: QuerySet[Any] | None = None) -> None:
        super().__init__(rows, size)
        self._counted = rows if counted is None else counted

    @property
    def count(self) -> int:
        if not isinstance(self._counted, QuerySet):
            return min(len(self._counted), MAX_COUNT)
        if not hasattr(self, "_bounded_count"):
            rows = self._counted
            ids = rows.order_by().values("pk")[: MAX_COUNT + 1]
            self._bounded_count: int = min(ids.count(), MAX_COUNT)
        return self._bounded_count


def page_of(
    request: HttpRequest,
    rows: QuerySet[Any] | Sequence[Any],
    size: int = PAGE_SIZE,
    *,
    counted: QuerySet[Any] | None = None,
) -> Page[Any]:
    """Return the page that ``?page=`` asks for; what is no page number shows the nearest page.

    ``?page_size=`` asks for one of the sizes that are offered below a list; any other leaves ``size``.
    """
    asked = request.GET.get("page_size", "")
    if asked in map(str, PAGE_SIZES):
        size = int(asked)
    return BoundedPaginator(rows, size, counted).get_page(request.GET.get("page"))
