"""The way of a declaration as a table: every step that it can take is one row, and nothing else is possible.

Beside it stands what each sort of declarer can declare, and what is asked for it: the least that is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from linli.declarations.choices import Action, Declarer, Field, Kind, State

DECLARER = "declarer"
CLOCK = "clock"
PREPARES, DECIDES = "people.edit", "declarations.decide"

OPEN_STATES = (State.RECEIVED, State.LOOKED_AT, State.ASKED)
FINAL_STATES = (State.CONFIRMED, State.REFUSED, State.WITHDRAWN)

# These two declare for themselves. Nobody is made to report on another: the other two name no person at all.
THEMSELVES = (Declarer.RESIDENT, Declarer.TENANT)

_OWN = (Field.NAME, Field.PHONE)
_OWN_AND_NUMBER = (Field.NAME, Field.PHONE, Field.ID_NUMBER)
_OF_ONESELF: dict[Kind, tuple[Field, ...]] = {
    Kind.MOVE_IN: _OWN_AND_NUMBER,
    Kind.MOVE_OUT: _OWN,
    Kind.ADDRESS: _OWN_AND_NUMBER,
    Kind.CONTACT: _OWN,
}
_COUNTED = (Field.HEADCOUNT,)

# Who may declare what, and what is asked for it beside the home and the day.
ASKED: dict[Declarer, dict[Kind, tuple[Field, ...]]] = {
    Declarer.RESIDENT: _OF_ONESELF,
    Declarer.TENANT: _OF_ONESELF,
    Declarer.OWNER: {
        Kind.LET: _COUNTED,
        Kind.LET_ENDED: (),
        Kind.EMPTY: (),
        Kind.MOVE_IN: _COUNTED,
        Kind.MOVE_OUT: _COUNTED,
    },
    Declarer.EMPLOYER: {Kind.MOVE_IN: _COUNTED, Kind.MOVE_OUT: _COUNTED, Kind.LET_ENDED: ()},
}


@dataclass(frozen=True)
class Row:
    """One possible step. ``source`` is None for the step that makes the declaration; ``words`` must be given or not."""

    action: Action
    source: State | None
    target: State
    who: str
    words: bool = False


# The step that makes a declaration.
FIRST_ROW = Row(Action.DECLARE, None, State.RECEIVED, DECLARER)


@cache
def table() -> tuple[Row, ...]:
    """Return every row of the workflow."""
    rows = [
        FIRST_ROW,
        Row(Action.TAKE_UP, State.RECEIVED, State.LOOKED_AT, PREPARES),
        Row(Action.PREPARE, State.RECEIVED, State.LOOKED_AT, PREPARES),
        Row(Action.PREPARE, State.LOOKED_AT, State.LOOKED_AT, PREPARES),
        Row(Action.PREPARE, State.ASKED, State.ASKED, PREPARES),
        Row(Action.ASK, State.RECEIVED, State.ASKED, PREPARES, words=True),
        Row(Action.ASK, State.LOOKED_AT, State.ASKED, PREPARES, words=True),
        Row(Action.ANSWER, State.ASKED, State.LOOKED_AT, DECLARER, words=True),
        # Nobody answered for so long: it ends without any consequence.
        Row(Action.LAPSE, State.ASKED, State.WITHDRAWN, CLOCK),
    ]
    for state in OPEN_STATES:
        rows += [
            Row(Action.CONFIRM, state, State.CONFIRMED, DECIDES),
            Row(Action.REFUSE, state, State.REFUSED, DECIDES, words=True),
            Row(Action.WITHDRAW, state, State.WITHDRAWN, DECLARER),
        ]
    rows += [Row(Action.ERASE, state, state, CLOCK) for state in FINAL_STATES]
    return tuple(rows)


@cache
def rows_for(state: str | None) -> tuple[Row, ...]:
    """Return the rows that start from a state."""
    return tuple(row for row in table() if row.source == state)


def row_of(state: str | None, action: str) -> Row | None:
    """Return the row by which an action starts from a state, or None where it can't."""
    return next((row for row in rows_for(state) if row.action == action), None)


def fields_of(declarer: str, kind: str) -> tuple[Field, ...] | None:
    """Return what is asked of a declarer for a kind, beside the home and the day; None where they can't declare it."""
    return ASKED.get(Declarer(declarer), {}).get(Kind(kind))


def speaks_for_oneself(declarer: str) -> bool:
    """Tell whether the declarer declares for themselves, and so may be named."""
    return declarer in THEMSELVES
