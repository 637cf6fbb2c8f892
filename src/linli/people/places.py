"""How a person belongs to a household, as plain values; and replaying events to where everybody lives now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from linli.people.choices import Presence, Registration, Relation


@dataclass(frozen=True)
class Tie:
    """How somebody belongs to a household: the relation to its head, where registered, where living."""

    relation: str = Relation.OTHER
    registration: str = Registration.UNKNOWN
    presence: str = Presence.HERE

    @classmethod
    def of(cls, row: Any) -> Tie:
        """Return the tie that a residence holds."""
        return cls(row.relation, row.registration, row.presence)

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Tie:
        """Return the tie that was written down as plain values."""
        return cls(values["relation"], values["registration"], values["presence"])

    def plain(self) -> dict[str, str]:
        """Return the tie as plain values."""
        return {
            "relation": str(self.relation),
            "registration": str(self.registration),
            "presence": str(self.presence),
        }


@dataclass(frozen=True)
class Place:
    """A household, by its key, and the tie to it."""

    household: int
    tie: Tie


@dataclass(frozen=True)
class Step:
    """What one event did to one person; None means nowhere."""

    person: int
    before: Place | None
    after: Place | None


class BrokenHistory(Exception):
    """An event begins elsewhere than where the one before it ended."""

    def __init__(self, person: int) -> None:
        super().__init__(f"the history of person {person} does not fit together")
        self.person = person


def replay(steps: Iterable[Step]) -> dict[int, Place | None]:
    """Return where everybody of these steps is in the end; the first step of a person tells where they stood before.

    Raises:
        BrokenHistory: a step begins elsewhere than where the one before it ended.
    """
    now: dict[int, Place | None] = {}
    for step in steps:
        if now.get(step.person, step.before) != step.before:
            raise BrokenHistory(step.person)
        now[step.person] = step.after
    return now
