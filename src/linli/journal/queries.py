"""Reading the journal, and proving that nobody altered it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from linli.core import progress
from linli.core.paths import within
from linli.journal import anchor
from linli.journal.models import Entry, Head

HEAD_ID = 1
# So many entries are compared between two words about the progress.
CHUNK = 2000
VERIFY_STEP = "verify"


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
    """Walk the whole journal and compare every seal, the end of the chain and the mark outside the database.

    Others may write meanwhile; only for the last entries and the end they have to wait.
    """
    walk = _Walk(anchor.read())
    head = Head.objects.filter(pk=HEAD_ID).first()
    progress.begin(VERIFY_STEP, head.number if head else 0)
    walk.go_on()
    with transaction.atomic():
        head = Head.objects.select_for_update().filter(pk=HEAD_ID).first()
        walk.go_on()
        return walk.bad or _check_end(walk.count, walk.seal, head, walk.mark)


class _Walk:
    """Compares one entry after the other with its seal; ``bad`` tells of the first that is not as it was written."""

    def __init__(self, mark: anchor.Mark | None) -> None:
        self.mark = mark
        self.count, self.seal = 0, ""
        self.bad: Verdict | None = None

    def go_on(self) -> None:
        """Compare all entries that there are now and that were not compared before."""
        while self.bad is None:
            # An entry before the first would be a foreign one: it is looked at as well.
            entries = list(Entry.objects.filter(number__gt=self.count or -1).order_by("number")[:CHUNK])
            if not entries:
                return
            for entry in entries:
                self.bad = self._compare(entry)
                if self.bad is not None:
                    return
            progress.advance(len(entries))

    def _compare(self, entry: Entry) -> Verdict | None:
        if entry.number != self.count + 1:
            return Verdict(False, self.count, "removed", self.count + 1)
        self.count += 1
        self.seal = seal_of(self.seal, sealed_values(entry))
        if not hmac.compare_digest(self.seal, entry.seal):
            return Verdict(False, self.count, "changed", entry.number)
        if self.mark is not None and self.mark.number == entry.number and self.mark.seal != self.seal:
            return Verdict(False, self.count, "changed", entry.number)
        return None


def _check_end(count: int, seal: str, head: Head | None, mark: anchor.Mark | None) -> Verdict:
    if mark is not None and mark.number > count:
        return Verdict(False, count, "cut_off", count + 1)
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
