"""Reading what happened: events as steps that can be replayed, and whose history does not lead to the present."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from linli.people.models import EventLine, Person, Residence
from linli.people.places import BrokenHistory, Place, Step, Tie, replay

CHUNK = 500


def steps_of(lines: Iterable[EventLine]) -> Iterator[Step]:
    """Return lines of events as plain steps."""
    for line in lines:
        before = Place(line.left_id, Tie.read(line.before)) if line.left_id and line.before else None
        after = Place(line.joined_id, Tie.read(line.after)) if line.joined_id and line.after else None
        yield Step(line.person_id, before, after)


def replayed(people: Iterable[int]) -> dict[int, Place | None]:
    """Return where the events of these people lead; to whom nothing happened is left out. Raises `BrokenHistory`."""
    return replay(steps_of(EventLine.objects.filter(person__in=list(people)).order_by("pk")))


def broken_histories(people: QuerySet[Person]) -> Iterator[int]:
    """Yield the keys of people whose events do not fit together, or lead elsewhere than where they live now."""
    keys = list(people.filter(event_lines__isnull=False).order_by("pk").values_list("pk", flat=True).distinct())
    for start in range(0, len(keys), CHUNK):
        yield from _broken(keys[start : start + CHUNK])


def _broken(keys: list[int]) -> Iterator[int]:
    now: dict[int, Place] = {
        row.person_id: Place(row.household_id, Tie.of(row))
        for row in Residence.objects.filter(person__in=keys, until=None)
    }
    try:
        then = replayed(keys)
    except BrokenHistory:
        for key in keys:
            try:
                alone = replayed([key])
            except BrokenHistory:
                yield key
            else:
                if alone.get(key) != now.get(key):
                    yield key
        return
    yield from (key for key in keys if then.get(key) != now.get(key))
