"""Finding people who stand in the ledger twice. Reads, and writes nothing.

Only those are compared who share an ID number, a phone, a birth date or a home, and whose names fit in some way: so
the time grows with the number of people, not with its square. Rows are read as a stream; of the whole ledger only one
group at a time lies in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Count, Q, QuerySet

from linli.core import progress
from linli.core.paths import within
from linli.people.choices import DuplicateState
from linli.people.likeness import MOST_PER_PHONE, Facts, Likeness, Opened, Verdicts, may_be_one, pairs_in
from linli.people.models import Duplicate, Merge, Person, Residence

COMPARE_STEP = "duplicates"
# So many pairs are judged together: their ID numbers are opened and their homes looked up in a few questions.
TOGETHER = 2000
ASKED_AT_ONCE = 400
TOLD_ROWS = 2000
# A birth date or home with more people is a date that was put in for want of a better one, or a dormitory.
LARGEST_BLOCK = 3000

_FACTS = ("pk", "name", "sex", "birth_date", "id_number_index", "phone_index", "path")

Pair = tuple[int, int]


@dataclass
class Proposals:
    """The pairs that were found, and how many people were looked at."""

    pairs: dict[Pair, Likeness] = field(default_factory=dict)
    seen: int = 0


class _Search:
    """One look through the ledger: for the people of ``focus``, among all people.

    Where the focus is the whole ledger nobody needs to be asked for, so the keys are not kept.
    """

    def __init__(self, focus: QuerySet[Person], *, whole: bool) -> None:
        self.focus, self.whole = focus, whole
        self.keys: set[int] = set() if whole else set(focus.order_by().values_list("pk", flat=True))
        self.seen = focus.count() if whole else len(self.keys)
        self.verdicts = Verdicts()
        self.waiting: dict[Pair, tuple[Facts, Facts]] = {}

    def take(self, block: list[Facts]) -> None:
        """Compare the people of a block who are not compared yet."""
        if len(block) > LARGEST_BLOCK:
            return
        for one, other in pairs_in(block):
            if not (self.whole or one.key in self.keys or other.key in self.keys):
                continue
            pair = (one.key, other.key)
            if pair not in self.verdicts and pair not in self.waiting and may_be_one(one, other):
                self.waiting[pair] = (one, other)
        if len(self.waiting) >= TOGETHER:
            self.settle()

    def settle(self) -> None:
        """Judge the pairs that wait, with their ID numbers and homes."""
        opened = _opened({key for pair in self.waiting for key in pair})
        for one, other in self.waiting.values():
            self.verdicts.add(one, other, opened[one.key], opened[other.key])
        self.waiting.clear()


def find_duplicates(focus: QuerySet[Person], *, whole: bool = False) -> Proposals:
    """Return the pairs of which at least one is of ``focus``, among all people of the ledger.

    Args:
        whole: the focus is the whole ledger: nobody needs to be asked for.
    """
    search = _Search(focus, whole=whole)
    people = Person.objects.exclude(path="").order_by()
    blocks: tuple[Callable[[], Iterable[list[Facts]]], ...] = (
        lambda: _shared(people, search, "id_number_index"),
        lambda: _shared(people, search, "phone_index"),
        lambda: _born_together(people, search),
        lambda: _living_together(search),
    )
    progress.begin(COMPARE_STEP, len(blocks) * search.seen)
    for block in blocks:
        told = 0
        for group in block():
            search.take(group)
            told += len(group)
            if told >= TOLD_ROWS:
                progress.advance(told)
                told = 0
        progress.advance(told)
    search.settle()
    return Proposals(search.verdicts.settled(), seen=search.seen)


def _grouped(rows: QuerySet[Person], place: int) -> Iterator[list[Facts]]:
    """Yield the people of each value of the column at a place of ``_FACTS``, by which the rows are ordered."""
    columns = rows.values_list(*_FACTS).iterator(chunk_size=TOLD_ROWS)
    for _value, group in groupby(columns, key=lambda row: row[place]):
        members = [Facts(*row) for row in group]
        if len(members) > 1:
            yield members


def _shared(people: QuerySet[Person], search: _Search, column: str) -> Iterator[list[Facts]]:
    """Yield those who have the same ID number or phone."""
    given = people.exclude(**{column: ""})
    asked = given if search.whole else given.filter(**{f"{column}__in": search.focus.order_by().values(column)})
    several = asked.values(column).annotate(people=Count("pk")).filter(people__gt=1)
    if column == "phone_index":
        several = several.filter(people__lte=MOST_PER_PHONE)
    rows = people.filter(**{f"{column}__in": several.values(column)}).order_by(column)
    yield from _grouped(rows, _FACTS.index(column))


def _born_together(people: QuerySet[Person], search: _Search) -> Iterator[list[Facts]]:
    """Yield those who were born on one day."""
    rows = people.exclude(birth_date=None)
    if not search.whole:
        rows = rows.filter(birth_date__in=search.focus.order_by().exclude(birth_date=None).values("birth_date"))
    yield from _grouped(rows.order_by("birth_date"), _FACTS.index("birth_date"))


def _living_together(search: _Search) -> Iterator[list[Facts]]:
    """Yield those who live in one dwelling, in one household or in two."""
    present = Residence.objects.filter(until=None)
    if not search.whole:
        homes = present.filter(person__in=search.focus.order_by().values("pk")).order_by()
        present = present.filter(household__dwelling__in=homes.values("household__dwelling"))
    columns = [f"person__{name}" for name in _FACTS]
    rows = present.order_by("household__dwelling").values_list("household__dwelling", *columns)
    for _home, group in groupby(rows.iterator(chunk_size=TOLD_ROWS), key=lambda row: row[0]):
        members = [Facts(*row[1:]) for row in group]
        if len(members) > 1:
            yield members


def _opened(keys: Iterable[int]) -> dict[int, Opened]:
    numbers: dict[int, str] = {}
    homes: dict[int, int] = {}
    ordered = sorted(keys)
    for start in range(0, len(ordered), ASKED_AT_ONCE):
        part = ordered[start : start + ASKED_AT_ONCE]
        numbers.update(Person.objects.filter(pk__in=part).order_by().values_list("pk", "id_number"))
        lived_in = Residence.objects.filter(person__in=part, until=None).order_by()
        homes.update(lived_in.values_list("person", "household__dwelling"))
    return {key: Opened(numbers.get(key, ""), homes.get(key)) for key in ordered}


def told_apart() -> set[Pair]:
    """Return the pairs that somebody found to be two people, also through entries that were merged since."""
    into = dict(Merge.objects.filter(undone_at=None).order_by().values_list("dropped", "kept"))
    pairs = Duplicate.objects.filter(state=DuplicateState.DIFFERENT).order_by().values_list("first", "second")
    return {_in_order(_end_of(first, into), _end_of(second, into)) for first, second in pairs}


def _end_of(key: int, into: dict[int, int]) -> int:
    while key in into:
        key = into[key]
    return key


def _in_order(first: int, second: int) -> Pair:
    return (first, second) if first < second else (second, first)


def changed_people(since: datetime | None, key: int, most: int) -> QuerySet[Person]:
    """Return the entries that were made or changed behind a moment and key, in that order."""
    people = Person.objects.exclude(path="").order_by("changed_at", "pk")
    if since is not None:
        people = people.filter(Q(changed_at__gt=since) | Q(changed_at=since, pk__gt=key))
    return people[:most]


def people_of(area: Any) -> QuerySet[Person]:
    """Return the people of an area, as a check looks at them."""
    return Person.objects.filter(within([area.path]))
