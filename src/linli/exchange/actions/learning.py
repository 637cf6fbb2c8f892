"""What headers mean in a place: remembered when somebody corrects a column, forgotten on request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from linli.accounts.rules import require
from linli.core import clock
from linli.core.sheets.checking import ColumnChoices
from linli.core.sheets.headers import How, header_key
from linli.exchange.ledgers import ledger_for
from linli.exchange.models import Batch, LearntHeader
from linli.exchange.reading import ReadWorkbook, hide_numbers
from linli.journal import actions as journal

LONGEST = 200


@transaction.atomic
def learn_headers(batch: Batch, read: ReadWorkbook, corrections: Mapping[str, ColumnChoices], *, by: Any) -> int:
    """Remember what a person says about columns, for the next workbooks of the place; return how many.

    A column that is left out teaches nothing, but what was taught about it is forgotten. A header with a long number in
    it is no header, and is not remembered.
    """
    require(by, ledger_for(batch.kind).ability, batch.area)
    learnt: dict[str, tuple[str, str]] = {}
    for sheet in read.checked.sheets:
        for column in sheet.columns:
            given = corrections.get(sheet.name, {})
            if column.how is How.CHOSEN and column.index in given and hide_numbers(column.header) == column.header:
                key = header_key(column.header, column.group)[:LONGEST]
                learnt[key] = (column.header[:LONGEST], column.field or "")
    left_out = [key for key, (_written, field) in learnt.items() if not field]
    LearntHeader.objects.filter(area=batch.area, kind=batch.kind, header__in=left_out).delete()
    for key, (written, field) in learnt.items():
        if not field:
            continue
        said: dict[str, Any] = {"written": written, "field": field, "path": batch.area.path}
        said |= {"learnt_by": by.username, "learnt_at": clock.now()}
        LearntHeader.objects.update_or_create(area=batch.area, kind=batch.kind, header=key, defaults=said)
    if learnt:
        journal.record(by, "exchange.learn_headers", batch, detail={"headers": len(learnt)})
    return len(learnt)


@transaction.atomic
def forget_header(learnt: LearntHeader, *, by: Any) -> None:
    """Forget what a header means in a place.

    Raises:
        Refused: ``by`` may not take workbooks in there.
    """
    locked = LearntHeader.objects.select_for_update(of=("self",)).select_related("area").get(pk=learnt.pk)
    require(by, ledger_for(locked.kind).ability, locked.area)
    journal.record(by, "exchange.forget_header", locked.area, detail={"field": locked.field})
    locked.delete()
