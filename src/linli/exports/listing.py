"""The usual list: rows that a query finds, and for each column how its value is read from a row.

A ledger says what there is, and registers it::

    kinds.register("vacancies", listing(
        _("Vacancies"), page="vacancy-list", ability=COVER, found=_vacancies,
        shown=(Shown("title", _("Post"), 16, read=lambda post: post.title), …)))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from linli.core.sheets.text import Cell
from linli.exports.kinds import Asked, Column, ExportKind, Filters, Row, nothing_told

CHUNK = 500
Found = QuerySet[Any] | Sequence[Any]


@dataclass(frozen=True)
class Shown:
    """A column of a list, and how its value is read from a row; ``usual`` as of `Column`."""

    name: str
    label: str | Promise
    width: int
    read: Callable[[Any], Cell]
    usual: bool = True


def listing(
    label: str | Promise,
    *,
    page: str,
    ability: str,
    shown: Sequence[Shown],
    found: Callable[[Asked], Found],
    filters: tuple[str, ...] = (),
    told: Callable[[Filters], list[str]] = nothing_told,
    title: Callable[[Filters], str] | None = None,
    looked_up: Callable[[Asked, list[Any]], Iterable[Any]] = lambda _asked, rows: rows,
) -> ExportKind:
    """Return a list without hidden columns.

    Args:
        label: as of `ExportKind`, like ``ability``, ``filters``, ``told`` and ``title``.
        page: URL name of the page that shows the list.
        shown: its columns, in their order.
        found: the rows in the order of the page; a query is read in pieces.
        looked_up: what is known of a piece of them beside, for all rows of the piece at once.
    """
    reads = {one.name: one.read for one in shown}

    def count(asked: Asked) -> int:
        rows = found(asked)
        return rows.count() if isinstance(rows, QuerySet) else len(rows)

    def rows(asked: Asked) -> Iterator[Row]:
        for piece in _pieces(found(asked)):
            for row in looked_up(asked, piece):
                yield [reads[name](row) for name in asked.columns]

    columns = tuple(Column(one.name, one.label, one.width, usual=one.usual) for one in shown)
    return ExportKind(label, page, ability, columns, filters, count=count, rows=rows, told=told, title=title)


def _pieces(found: Found) -> Iterator[list[Any]]:
    left = found.iterator(chunk_size=CHUNK) if isinstance(found, QuerySet) else iter(found)
    while piece := list(islice(left, CHUNK)):
        yield piece
