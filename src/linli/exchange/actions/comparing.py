"""Comparing a workbook with what is known, so that somebody can look before anything is written."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.db import transaction

from linli.core import progress
from linli.core.bulkload import insert_rows
from linli.exchange.actions.applying import difference_digest
from linli.exchange.actions.common import Turns
from linli.exchange.ledgers import ledger_for
from linli.exchange.models import Batch, BatchDifference
from linli.exchange.plans import Collector, Difference, Figures

COMPARE_STEP = "compare"
FIELDS = ("batch_id", "kind", "content")
CHUNK = 1000


@dataclass
class Compared:
    """What a workbook would bring, how much of it changes what is known, and a digest over these changes."""

    figures: Figures
    counts: Counter[str] = field(default_factory=Counter)
    digest: str = ""


def compare_batch(batch: Batch, collector: Collector) -> Compared:
    """Keep what the rows would change about what is known, in the place of what was kept before."""
    plan = ledger_for(batch.kind).compare(collector, batch)
    turns, total, counts = Turns(), sha256(), Counter[str]()
    _forget(batch, turns)
    progress.begin(COMPARE_STEP, plan.size)
    waiting: list[Difference] = []
    for step in plan.changes():
        found = [known.difference for known in step if known.difference is not None]
        for each in found:
            counts[each.kind] += 1
            total.update(difference_digest([each]).encode())
        waiting += found
        if len(waiting) >= CHUNK:
            _keep(batch, waiting, turns)
            waiting = []
        progress.advance(len(step))
    _keep(batch, waiting, turns)
    return Compared(plan.figures(), counts, total.hexdigest())


def _forget(batch: Batch, turns: Turns) -> None:
    while keys := list(batch.differences.values_list("pk", flat=True)[:CHUNK]):
        with turns.turn():
            BatchDifference.objects.filter(pk__in=keys).delete()


def _keep(batch: Batch, differences: list[Difference], turns: Turns) -> None:
    if not differences:
        return
    rows = [(batch.pk, str(each.kind), _content(each)) for each in differences]
    with turns.turn(), transaction.atomic():
        insert_rows(BatchDifference, FIELDS, rows)


def _content(difference: Difference) -> str:
    told: dict[str, Any] = {"name": difference.name, "place": difference.place, "lines": difference.lines}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))
