"""The ledgers that take workbooks: each registers itself at start-up, so that exchange imports none of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.functional import Promise

from linli.core.registry import Registry
from linli.core.sheets.definition import RowRule, SheetDefinition

if TYPE_CHECKING:
    from linli.areas.models import Area
    from linli.exchange.models import Batch
    from linli.exchange.plans import Collector, Plan

Keys = Mapping[type[models.Model], Sequence[int]]


def _nothing_more(_rows: Iterable[models.Model], _batch: Batch, _by: Any) -> None:
    """Nothing is kept beside the rows themselves."""


def _nothing_else(_plan: Any, _by: Any) -> None:
    """The ability of the ledger is enough."""


@dataclass(frozen=True)
class Ledger:
    """One kind of workbook.

    Args:
        label: what it is called on screen.
        sheet: the columns and the rules of its rows.
        ability: who may take it in, asked for the area.
        levels: the area must have one of these levels.
        figures: what it counts, in the order in which it is shown: key → words.
        collector: gathers the rows that are not held.
        compare: makes a plan of them; no writes.
        tables: the tables that it writes, what is pointed to first.
        applied: the journal's name for what was taken over, beside ``exchange.apply``.
        undone: the journal's name for what was taken back.
        follow: lets rows that were put back follow what moved since.
        name: what a row is called when it stands in the way of an undo.
        words: a value as a difference shows it: field, value → text.
        note: writes down for good what a batch did to known rows; called in the transaction that changed them or put
            them back, with the rows that it was to change as they stood before, the batch and who does it.
        look: makes a rule that knows what there is in the area, such as its grids; it comes after the sheet's own rule.
        permit: asks for what else a plan needs of whoever takes it over; called in the transaction that begins.
    """

    label: str | Promise
    sheet: SheetDefinition
    ability: str
    levels: tuple[str, ...]
    figures: Mapping[str, str | Promise]
    collector: Callable[[], Collector]
    compare: Callable[[Any, Batch], Plan]
    tables: tuple[type[models.Model], ...]
    applied: str
    undone: str
    follow: Callable[[Keys], None]
    name: Callable[[models.Model], str]
    words: Callable[[str, str], str]
    note: Callable[[Iterable[models.Model], Batch, Any], None] = _nothing_more
    look: Callable[[Area], RowRule] | None = None
    permit: Callable[[Any, Any], None] = _nothing_else


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


def kinds_by_ability() -> dict[str, list[str]]:
    """Return ability → the kinds that are taken in with it."""
    found: dict[str, list[str]] = {}
    for kind in kinds():
        found.setdefault(ledger_for(kind).ability, []).append(kind)
    return found
