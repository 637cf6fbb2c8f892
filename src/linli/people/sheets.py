"""The people workbook, registered with exchange."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.areas.choices import Level
from linli.core.sheets.checking import CheckedRow
from linli.core.sheets.people_rows import PEOPLE_SHEET, people_figures
from linli.exchange import ledgers
from linli.exchange.models import Batch
from linli.people.actions import import_people, undo_people

KIND = "people"


def register() -> None:
    """Let exchange take in people workbooks."""
    ledgers.register(
        KIND,
        ledgers.Ledger(
            label=_("People and households"),
            sheet=PEOPLE_SHEET,
            ability="people.import",
            level=Level.COMMUNITY,
            figures=_figures,
            apply=_apply,
            undo=_undo,
        ),
    )


def _figures(rows: Iterable[CheckedRow]) -> ledgers.Figures:
    return people_figures(rows).as_report()


def _apply(rows: Sequence[CheckedRow], by: Any, batch: Batch) -> ledgers.Figures:
    return import_people(rows, by=by, batch=batch)


def _undo(batch: Batch, by: Any) -> None:
    undo_people(batch, by=by)
