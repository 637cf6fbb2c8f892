"""What workbooks do to people whose history is written as events: it becomes an event too.

Of those to whom nothing has happened yet the residences themselves are the beginning, so that a workbook of a whole
community writes no event for each of its rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from linli.core import clock
from linli.exchange.models import Batch
from linli.people.choices import EventKind
from linli.people.models import Event, EventLine, Person, Residence
from linli.people.places import Place, Tie

CHUNK = 500


def note_workbook(rows: Iterable[models.Model], batch: Batch, by: Any) -> None:
    """Write an event for what a workbook changed about people who have a history, and for what was put back.

    Args:
        rows: the known rows that were changed or put back, of any table.
    """
    people = {
        row.pk if isinstance(row, Person) else row.person_id for row in rows if isinstance(row, Person | Residence)
    }
    note_changes(people, by=by, detail={"batch": batch.number})


def note_changes(
    people: Iterable[int], *, by: Any, detail: Mapping[str, Any], kind: EventKind = EventKind.IMPORT
) -> None:
    """Write one event for everybody of these people whose history ends elsewhere than their residences say now.

    For whatever changes residences in bulk and not by a book; call it in the same transaction, afterwards.
    """
    lines: list[EventLine] = []
    keys = sorted(people)
    for start in range(0, len(keys), CHUNK):
        lines += _differences(keys[start : start + CHUNK])
    if not lines:
        return
    event = Event.objects.create(
        kind=kind,
        day=clock.today(),
        recorded_at=clock.now(),
        by=by.username,
        detail=dict(detail),
    )
    for line in lines:
        line.event = event
    EventLine.objects.bulk_create(lines, batch_size=CHUNK)


def _differences(people: Iterable[int]) -> list[EventLine]:
    """Return a line for everybody whose history ends elsewhere than where the residences say."""
    last: dict[int, Place | None] = {}
    for line in EventLine.objects.filter(person__in=people).order_by("pk"):
        last[line.person_id] = Place(line.joined_id, Tie.read(line.after)) if line.joined_id and line.after else None
    now: dict[int, Place | None] = defaultdict(lambda: None)
    for row in Residence.objects.filter(person__in=list(last), until=None):
        now[row.person_id] = Place(row.household_id, Tie.of(row))
    return [_line(person, place, now[person]) for person, place in last.items() if place != now[person]]


def _line(person: int, before: Place | None, after: Place | None) -> EventLine:
    return EventLine(
        person_id=person,
        left_id=before.household if before else None,
        joined_id=after.household if after else None,
        before=before.tie.plain() if before else None,
        after=after.tie.plain() if after else None,
    )
