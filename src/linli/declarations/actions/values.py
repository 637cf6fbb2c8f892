"""What is given to the actions on declarations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from linli.declarations.models import Declaration
from linli.housing.models import Building
from linli.people.models import Household, Person


@dataclass(frozen=True)
class NewDeclaration:
    """What somebody declares of a home.

    ``answers`` holds what was asked beside the home and the day, by ``Field``; ``declined`` names what the declarer
    preferred not to say.
    """

    declarer: str
    kind: str
    building: Building
    day: date
    entrance: str = ""
    room: str = ""
    answers: Mapping[str, str | int | None] = field(default_factory=dict)
    declined: tuple[str, ...] = ()


@dataclass(frozen=True)
class Declared:
    """A new declaration, and the token of its private link."""

    declaration: Declaration
    token: str


@dataclass(frozen=True)
class StepValues:
    """What a step is given: words for all that ask or explain, and what is to become of it in the ledger.

    ``choice`` is a ``Choice``, with ``person`` for somebody of the ledger. Whoever moves in joins ``household`` with a
    ``relation`` to its head, or begins one of their own. ``occupancy`` is how the home is used from now on; ``""``
    leaves it as it is.
    """

    words: str = ""
    choice: str = ""
    person: Person | None = None
    household: Household | None = None
    relation: str = ""
    occupancy: str = ""


NOTHING = StepValues()
