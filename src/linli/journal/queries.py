"""Reading the journal, and proving that nobody altered it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from linli.core.paths import within
from linli.journal import anchor
from linli.journal.models import Entry, Head

HEAD_ID = 1


@dataclass(frozen=True)
class Verdict:
    """What ``verify`` found: ``ok``, or the first bad entry and what is wrong with it.

    ``problem`` is one of ``changed``, ``removed``, ``cut_off``, ``head``.
    """

    ok: bool
    entries: int
    problem: str = ""
    number: int | None = None


def seal_of(previous: str, values: dict[str, Any]) -> str:
    """Return the seal of an entry: HMAC-SHA256 over the seal before it and its own values."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    key = settings.LINLI_SEAL_KEY.encode("ascii")
    return hmac.new(key, f"{previous}\n{text}".encode(), hashlib.sha256).hexdigest()


def sealed_values(entry: Entry) -> dict[str, Any]:
    """Return what the seal covers: every column but the seal itself."""
    return {
        "number": entry.number,
        "at": entry.at.timestamp(),
        "actor": entry.actor,
        "action": entry.action,
        "object_type": entry.object_type,
        "object_id": entry.object_id,
        "area_path": entry.area_path,
        "reason": entry.reason,
        "detail": entry.detail,
        "source": entry.source,
    }


def verify() -> Verdict:
    """Walk the whole journal and compare every seal, the end of the chain and the mark outside the database."""
    expected, seal = 0, ""
    mark = anchor.read()
    for entry in Entry.objects.order_by("number").iterator(chunk_size=2000):
        expected += 1
        if entry.number != expected:
            return Verdict(False, expected - 1, "removed", expected)
        seal = seal_of(seal, sealed_values(entry))
        if not hmac.compare_digest(seal, entry.seal):
            return Verdict(False, expected, "changed", entry.number)
        if mark is not None and mark.number == entry.number and mark.seal != seal:
            return Verdict(False, expected, "changed", entry.number)
    return _check_end(expected, seal, mark)


def _check_end(count: int, seal: str, mark: anchor.Mark | None) -> Verdict:
    if mark is not None and mark.number > count:
        return Verdict(False, count, "cut_off", count + 1)
    head = Head.objects.filter(pk=HEAD_ID).first()
    known = (head.number, head.seal) if head else (0, "")
    if known[0] > count:
        return Verdict(False, count, "cut_off", count + 1)
    if known != (count, seal):
        return Verdict(False, count, "head", count)
    return Verdict(True, count)


def entries_under(paths: Iterable[str], *, everywhere: bool) -> QuerySet[Entry]:
    """Return the entries about places in these subtrees; ``everywhere`` adds those about no place."""
    if everywhere:
        return Entry.objects.all()
    return Entry.objects.filter(within(paths, "area_path"))
