"""What is given to the actions on cases, and how they say no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from linli.accounts.models import User
from linli.areas.models import Area, Department, Post
from linli.cases.models import Case, Category
from linli.files.models import Upload
from linli.housing.models import Building


@dataclass(frozen=True)
class NewCase:
    """What somebody reports.

    Without ``mechanism`` the usual way of the category is taken. The place is ``area``, or the grid of ``building``, or
    the grid that longitude and latitude (WGS-84 degrees) lie in. ``done`` tells what was done on the spot; staff who
    choose the way “on the spot” and leave it empty have told it in ``text``.
    """

    category: Category
    text: str
    mechanism: str | None = None
    area: Area | None = None
    longitude: float | None = None
    latitude: float | None = None
    building: Building | None = None
    place: str = ""
    discovered_at: datetime | None = None
    contact: str = ""
    photos: Sequence[Upload] = ()
    source: str = ""
    done: str = ""


@dataclass(frozen=True)
class Reported:
    """A new case, and the token of the resident's private link; None where no resident can be asked."""

    case: Case
    token: str | None


@dataclass(frozen=True)
class StepValues:
    """What a step is given. Which of it a step needs stands in the workflow table.

    ``department`` and ``officer`` name who is to handle a dispatched case; ``told`` and ``told_at`` whom an emergency
    was reported to by word of mouth, and when; ``into`` the case that goes on after a merge.
    """

    note: str = ""
    department: Department | None = None
    officer: Post | None = None
    told: str = ""
    told_at: datetime | None = None
    verdict: str = ""
    into: Case | None = None
    mechanism: str = ""
    report_kind: str = ""
    rating: int | None = None


NOTHING = StepValues()


class Conflict(Exception):
    """The case has moved on: the step does not start from its state, or the reader saw an older version.

    ``state`` is where the case is now, ``by`` who brought it there (empty towards a resident), ``at`` when. The message
    says it in words.
    """

    def __init__(self, message: str, *, state: str, by: str, at: datetime) -> None:
        super().__init__(message)
        self.message = message
        self.state = state
        self.by = by
        self.at = at


@dataclass(frozen=True)
class PlannedStep:
    """One step of a case that is written as a whole: who took it and when, and who acts afterwards.

    ``by`` is a user, or ``rules.THE_RESIDENT``, or ``accounts.rules.SYSTEM`` for the clock.
    """

    action: str
    by: User | object
    at: datetime
    values: StepValues = NOTHING
    handler: Post | None = None


@dataclass(frozen=True)
class PlannedCase:
    """A whole case for the bulk door: what was reported, who answers for it, and its steps from the first on."""

    new: NewCase
    area: Area
    owner: Post | None
    steps: Sequence[PlannedStep]
    has_resident: bool = False
