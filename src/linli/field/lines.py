"""Cases as the phone lists them: what to do next, where, and by when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from linli.cases.choices import Action
from linli.cases.deadlines import Deadline
from linli.cases.models import Case
from linli.cases.queries import can, deadline_of

# What comes first when several steps are open; the rest stands behind “More”.
NEXT = (
    Action.SOLVE_ON_SPOT,
    Action.ACCEPT,
    Action.REPORT_ORAL,
    Action.REPORT_WRITTEN,
    Action.DECIDE,
    Action.CHECK,
    Action.REPLY,
    Action.HANDLE,
    Action.SUBMIT,
    Action.HAND_UP,
    Action.DISPATCH,
)
OTHERS = (Action.RETURN, Action.RECLASSIFY, Action.NOTE)


@dataclass(frozen=True)
class Line:
    """One case in a list; ``step`` is the next step in words, empty where somebody else acts."""

    case: Case
    step: str
    deadline: Deadline


def lines_of(user: Any, cases: Iterable[Case]) -> list[Line]:
    """Return cases as rows, each once, in their order. Asks the database nothing for cases of ``cases_for``."""
    rows = {case.pk: case for case in cases}.values()
    return [Line(case, _words(steps_of(user, case)), deadline_of(case)) for case in rows]


def steps_of(user: Any, case: Case) -> list[Action]:
    """Return what the user can do with a case on the phone, the next step first."""
    possible = can(user, case)
    return [action for action in (*NEXT, *OTHERS) if action in possible]


def _words(steps: list[Action]) -> str:
    return str(steps[0].label) if steps and steps[0] in NEXT else ""
