"""The journal's write door: one function, called by every action."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any, Protocol

from django.db import transaction

from linli.core import clock
from linli.journal import anchor
from linli.journal.models import Entry, Head
from linli.journal.queries import HEAD_ID, seal_of, sealed_values

SYSTEM = "system"
RESIDENT = "resident"

_source: ContextVar[str] = ContextVar("journal_source", default="")


class Actor(Protocol):
    """Whoever acts: a user, or a stand-in for the clock or a resident."""

    username: str


@contextmanager
def acting_from(source: str) -> Iterator[None]:
    """Name where the work inside comes from: an address, ``command``, ``tick``."""
    token = _source.set(source)
    try:
        yield
    finally:
        _source.reset(token)


def record(
    by: Actor | str,
    action: str,
    obj: Any = None,
    *,
    object_type: str = "",
    object_id: str = "",
    area_path: str = "",
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> Entry:
    """Add one entry at the end of the chain, inside the caller's transaction.

    ``obj`` gives type, id and area path where they are not named. ``detail`` holds plain values and no personal data.
    """
    with transaction.atomic():
        head, _made = Head.objects.select_for_update().get_or_create(pk=HEAD_ID)
        entry = Entry(
            number=head.number + 1,
            at=clock.now(),
            actor=by if isinstance(by, str) else by.username,
            action=action,
            object_type=object_type or (obj._meta.label_lower if obj is not None else ""),
            object_id=object_id or (str(obj.pk) if obj is not None else ""),
            area_path=area_path or getattr(obj, "path", "") or "",
            reason=reason,
            detail=dict(detail or {}),
            source=_source.get(),
        )
        entry.seal = seal_of(head.seal, sealed_values(entry))
        entry.save(force_insert=True)
        head.number, head.seal = entry.number, entry.seal
        head.save(update_fields=["number", "seal"])
        transaction.on_commit(partial(anchor.advance, entry.number, entry.seal))
    return entry
