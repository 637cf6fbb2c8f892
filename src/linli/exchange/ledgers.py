"""The ledgers that take workbooks: each registers itself at start-up, so that exchange imports none of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from linli.core.registry import Registry
from linli.core.sheets.checking import CheckedRow
from linli.core.sheets.definition import SheetDefinition

if TYPE_CHECKING:
    from linli.exchange.models import Batch

Figures = dict[str, int]


@dataclass(frozen=True)
class Ledger:
    """One kind of workbook.

    Args:
        label: what it is called on screen.
        sheet: the columns and the rules of its rows.
        ability: who may take it in, asked for the area.
        level: the level that the area must have.
        figures: what the rows that are not held would bring; no writes.
        prepare: makes of these rows what ``apply`` takes, before the transaction: all that needs no database.
        apply: writes what was prepared, inside the caller's transaction; returns what it brought.
        undo: takes back what a batch brought, inside the caller's transaction.
    """

    label: str | Promise
    sheet: SheetDefinition
    ability: str
    level: str
    figures: Callable[[Iterable[CheckedRow]], Figures]
    prepare: Callable[[Sequence[CheckedRow]], Any]
    apply: Callable[[Any, Any, Batch], Figures]
    undo: Callable[[Batch, Any], None]


# Iterating gives the ledgers in the order in which they were registered.
ledgers: Registry[Ledger] = Registry("ledger")


def register(kind: str, ledger: Ledger) -> None:
    """Add a kind of workbook. Raises ``AlreadyRegisteredError`` for a kind that there is."""
    ledgers.register(kind, ledger)


def ledger_for(kind: str) -> Ledger:
    """Return the ledger of a kind. Raises ``NotRegisteredError``."""
    return ledgers.get(kind)


def kinds() -> tuple[str, ...]:
    """Return the kinds that can be taken in."""
    return ledgers.names()
