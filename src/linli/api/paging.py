"""Pages of lists: ``{"items", "page", "page_size", "next"}``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from django.db.models import QuerySet
from ninja import Query, Schema
from pydantic import Field

MAX_PAGE = 10_000
MAX_PAGE_SIZE = 200


class PageQuery(Schema):
    """Which page of how many rows."""

    page: Annotated[int, Field(ge=1, le=MAX_PAGE)] = 1
    page_size: Annotated[int, Field(ge=1, le=MAX_PAGE_SIZE)] = 50


PageParameters = Query[PageQuery]
Rows = QuerySet[Any, Any] | list[Any]


def page_json(rows: Rows, asked: PageQuery, shape: Callable[[list[Any]], list[dict[str, Any]]]) -> dict[str, Any]:
    """Return one page; ``next`` is the number of the following page, or null on the last."""
    start = (asked.page - 1) * asked.page_size
    # One row more than shown tells whether there is a next page, without counting them all.
    found = list(rows[start : start + asked.page_size + 1])
    return {
        "items": shape(found[: asked.page_size]),
        "page": asked.page,
        "page_size": asked.page_size,
        "next": asked.page + 1 if len(found) > asked.page_size else None,
    }
