"""Finding rows by the name or the end of the phone that they hold, the best first: owners, tenants, contacts.

Such a row has the name in the clear and beside it ``search_terms`` of `core.nameterms`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.db import models

from linli.core import phones
from linli.core.nameterms import (
    SHORTEST_MIXED,
    TAIL_DIGITS,
    likeness_of,
    name_piece,
    name_terms,
    tail_term,
)
from linli.core.pinyin import partings
from linli.core.search import matching
from linli.core.sheets.text import clean_string, without_spaces

Row = TypeVar("Row", bound=models.Model)

LONGEST_SEARCH = 100
# So many rows that hold the terms are looked at to find the best.
MOST_CANDIDATES = 200


def terms_of(name: str, phone: str) -> str:
    """Return everything that a name and a phone are found by; no digit of the phone is in it."""
    return " ".join(part for part in (name_terms(name), tail_term(phones.tail(phone))) if part)


def compact_of(typed: str) -> str:
    """Return what was typed as terms are looked up: without spaces, in small letters, ü as v."""
    return without_spaces(clean_string(typed[:LONGEST_SEARCH])).lower().replace("ü", "v")


def named(rows: models.QuerySet[Row], typed: str, *, name: str, limit: int) -> list[Row]:
    """Return the rows whose name, its pinyin or initials, or whose end of the phone was typed, the best first.

    Args:
        name: the field that holds the name; the phone is in ``phone``.
    """
    compact = compact_of(typed)
    if compact.isdigit():
        fits = TAIL_DIGITS <= len(compact) <= phones.MOBILE_DIGITS
        found = _found(rows, [[tail_term(compact[-TAIL_DIGITS:])]], whole=True) if fits else []
        return [row for row in found if getattr(row, "phone").endswith(compact)][:limit]  # noqa: B009
    alternatives = _alternatives(compact)
    best: dict[int, Row] = {}
    # Of many who begin so, those who are called so must be among the candidates.
    for whole in (True, False) if compact.isascii() else (False,):
        if alternatives and len(best) < limit:
            found = _found(rows, alternatives, whole=whole)
            best |= {row.pk: row for row in in_order(found, compact, name) if row.pk not in best}
    return list(best.values())[:limit]


def in_order(rows: Iterable[Row], compact: str, name: str) -> list[Row]:
    """Return the rows whose name fits what was typed, the best first."""
    ranked = [(likeness_of(getattr(row, name), compact), row) for row in rows]
    fitting = [(rank, row) for rank, row in ranked if rank is not None]
    return [row for _rank, row in sorted(fitting, key=lambda one: (one[0], one[1].pk))]


def _found(rows: models.QuerySet[Row], alternatives: list[list[str]], *, whole: bool) -> list[Row]:
    return list(matching(rows, alternatives, whole=whole).order_by()[:MOST_CANDIDATES])


def _alternatives(compact: str) -> list[list[str]]:
    if not compact.isalnum() or not any(character.isalpha() for character in compact):
        return []
    if not compact.isascii():
        return [[name_piece(compact)]]
    if len(compact) < 2 or not compact.isalpha():
        return []
    mixed = partings(compact) if len(compact) >= SHORTEST_MIXED else []
    return [[word] for word in dict.fromkeys([compact, *(initials for initials in mixed if len(initials) > 1)])]
