"""The people workbook, registered with exchange."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.areas.choices import Level
from linli.core.sheets.checking import CheckedRow
from linli.core.sheets.people_rows import PEOPLE_SHEET, people_figures
from linli.exchange import ledgers
from linli.exchange.models import Batch
from linli.people.actions import import_people, undo_people
from linli.people.drafts import Draft, draft_of

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
            prepare=draft_of,
            apply=_apply,
            undo=_undo,
        ),
    )


def _figures(rows: Iterable[CheckedRow]) -> ledgers.Figures:
    return people_figures(rows).as_report()


def _apply(draft: Draft, by: Any, batch: Batch) -> ledgers.Figures:
    return import_people(draft, by=by, batch=batch)


def _undo(batch: Batch, by: Any) -> None:
    undo_people(batch, by=by)
