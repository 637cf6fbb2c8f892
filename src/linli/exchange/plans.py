"""What a workbook would write, as a ledger says it to exchange: new rows, and changes of known ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from django.db import models

from linli.core.sheets.checking import CheckedRow
from linli.exchange.choices import ChangeKind, DifferenceKind
from linli.exchange.snapshots import digest, snapshot

Figures = dict[str, int]


class Insert(NamedTuple):
    """New rows of one table; the first name is ``id``, and the ids were reserved."""

    model: type[models.Model]
    names: Sequence[str]
    rows: Sequence[Sequence[Any]]


@dataclass(slots=True)
class Change:
    """A row that changes, or that is made together with a change: its key is 0 until it is noted, or reserved."""

    model: type[models.Model]
    pk: int
    kind: ChangeKind
    before: str
    after: dict[str, Any]
    after_digest: str = ""


@dataclass(slots=True)
class Difference:
    """What somebody is to see before it is written: who or what, where, and field → before and after, masked."""

    kind: DifferenceKind
    name: str
    place: str
    lines: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Known:
    """Somebody or something that is known already: what changes together, and how that is shown."""

    changes: list[Change]
    difference: Difference | None = None


class Collector(Protocol):
    """Gathers the rows of a workbook, one by one."""

    def add(self, row: CheckedRow) -> None:
        """Take a row; held ones are passed over."""

    def figures(self) -> Figures:
        """Return what the rows so far would bring."""


class Plan(Protocol):
    """What a workbook would write into a ledger as that stands now."""

    size: int
    """How many rows are looked at or made, for the progress."""

    def figures(self) -> Figures:
        """Return what it brings, with ``updated``."""

    def changes(self) -> Iterator[list[Known]]:
        """Yield in steps what changes about what is known. Each step is made in one transaction."""

    def prepare(self) -> None:
        """Work out what takes long and needs no transaction; called once, before ``reserve``."""

    def reserve(self) -> None:
        """Take the keys of the new rows; called once, in a transaction that writes."""

    def inserts(self) -> Iterator[list[Insert]]:
        """Yield the new rows in parts that are written in one transaction each, what is pointed to first."""

    def mend(self) -> None:
        """Let the new rows follow what moved while they were written."""


def changed(row: models.Model, values: dict[str, Any]) -> Change:
    """Return the change of a row that is in the database; the object then has the new values."""
    before = snapshot(row)
    for name, value in values.items():
        setattr(row, name, value)
    return Change(type(row), int(row.pk), ChangeKind.UPDATED, before, values, digest(row))


def created(model: type[models.Model], values: dict[str, Any], pk: int = 0) -> Change:
    """Return a row that is to be made together with a change; ``pk`` is the key that was reserved for it, if any."""
    return Change(model, pk, ChangeKind.CREATED, "", values)
