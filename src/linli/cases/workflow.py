"""The workflow as a table: every step that a case can take is one row, and nothing else is possible.

A row says: on which of the four ways, by which action, from which state to which, who may (an ability of
``areas/roles.toml``, or the resident, or the clock), and under which conditions. Conditions are named predicates of
``cases.rules``; what a step must be given is named in ``needs``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from linli.cases.choices import Action, Mechanism, State

RESIDENT = "resident"
CLOCK = "clock"

ON_SPOT, COORDINATION = Mechanism.ON_SPOT, Mechanism.COORDINATION
EMERGENCY, APPROVAL = Mechanism.EMERGENCY, Mechanism.APPROVAL
EVERY = tuple(Mechanism)

# The states that each way passes through.
STATES: dict[Mechanism, tuple[State, ...]] = {
    ON_SPOT: (State.REPORTED, State.CHECKED, State.CLOSED),
    COORDINATION: (
        State.REPORTED,
        State.ACCEPTED,
        State.HANDED_UP,
        State.DISPATCHED,
        State.HANDLED,
        State.REPLIED,
        State.CHECKED,
        State.CLOSED,
    ),
    EMERGENCY: (
        State.REPORTED,
        State.ORAL_REPORTED,
        State.WRITTEN_REPORTED,
        State.DISPATCHED,
        State.HANDLED,
        State.REPLIED,
        State.CHECKED,
        State.CLOSED,
    ),
    APPROVAL: (
        State.REPORTED,
        State.ACCEPTED,
        State.SUBMITTED,
        State.DECIDED,
        State.REPLIED,
        State.CHECKED,
        State.CLOSED,
    ),
}
FINAL_STATES = frozenset({State.CLOSED, State.MERGED})
OPEN_STATES = frozenset(State) - FINAL_STATES
# States in which the resident has been given an answer.
ANSWERED_STATES = frozenset({State.REPLIED, State.CHECKED, State.CLOSED})
# Steps that leave the case where it is: they are history, but make no open form stale.
IN_PLACE = frozenset({Action.NOTE, Action.TAKE_IN})
# Steps whose words, and the photos with them, are meant for the resident; those of all other steps are for staff.
ANSWERING = frozenset({Action.REPLY, Action.SOLVE_ON_SPOT})
# Whoever took one of these steps may not check the case.
HANDLING = frozenset({Action.HANDLE, Action.REPLY, Action.DECIDE, Action.SOLVE_ON_SPOT})


@dataclass(frozen=True)
class Row:
    """One possible step. ``source`` is None for the step that makes the case."""

    mechanism: Mechanism
    action: Action
    source: State | None
    target: State
    who: str
    conditions: tuple[str, ...] = ()
    needs: tuple[str, ...] = ("note",)


def _rows(
    mechanisms: tuple[Mechanism, ...],
    action: Action,
    sources: tuple[State | None, ...],
    target: State,
    who: str,
    conditions: tuple[str, ...] = (),
    needs: tuple[str, ...] = ("note",),
) -> list[Row]:
    return [
        Row(mechanism, action, source, target, who, conditions, needs) for mechanism in mechanisms for source in sources
    ]


def _on_spot() -> list[Row]:
    spot = (ON_SPOT,)
    solve, who = Action.SOLVE_ON_SPOT, "cases.solve_on_spot"
    return [
        # Done and registered in one step; a resident who can be asked is asked, otherwise the case is over.
        *_rows(spot, solve, (None, State.REPORTED), State.CHECKED, who, ("has_resident",)),
        *_rows(spot, solve, (None, State.REPORTED), State.CLOSED, who, ("has_no_resident",)),
    ]


def _coordination() -> list[Row]:
    way = (COORDINATION,)
    return [
        *_rows(way, Action.ACCEPT, (State.REPORTED,), State.ACCEPTED, "cases.accept", (), ()),
        *_rows(way, Action.HAND_UP, (State.ACCEPTED,), State.HANDED_UP, "cases.hand_up"),
        *_rows(
            way,
            Action.DISPATCH,
            (State.ACCEPTED, State.HANDED_UP, State.HANDLED),
            State.DISPATCHED,
            "cases.dispatch",
            (),
            ("department",),
        ),
        *_rows(way, Action.HANDLE, (State.ACCEPTED, State.HANDED_UP, State.DISPATCHED), State.HANDLED, "cases.handle"),
        *_rows(way, Action.RETURN, (State.DISPATCHED,), State.ACCEPTED, "cases.return"),
        *_rows(way, Action.RETURN, (State.HANDED_UP,), State.ACCEPTED, "cases.return"),
    ]


def _emergency() -> list[Row]:
    way, who = (EMERGENCY,), "cases.report_emergency"
    before = (State.REPORTED, State.ORAL_REPORTED)
    return [
        *_rows(way, Action.REPORT_ORAL, (State.REPORTED,), State.ORAL_REPORTED, who, (), ("told",)),
        *_rows(way, Action.REPORT_WRITTEN, before, State.WRITTEN_REPORTED, who, (), ("note",)),
        # Follow-up and final reports; each is a step of its own, and also while a department is at work.
        *_rows(way, Action.REPORT_WRITTEN, (State.WRITTEN_REPORTED,), State.WRITTEN_REPORTED, who),
        *_rows(way, Action.REPORT_WRITTEN, (State.DISPATCHED,), State.DISPATCHED, who),
        *_rows(way, Action.REPORT_WRITTEN, (State.HANDLED,), State.HANDLED, who),
        *_rows(
            way,
            Action.DISPATCH,
            (State.WRITTEN_REPORTED, State.HANDLED),
            State.DISPATCHED,
            "cases.dispatch",
            (),
            ("department",),
        ),
        *_rows(way, Action.HANDLE, (State.WRITTEN_REPORTED, State.DISPATCHED), State.HANDLED, "cases.handle"),
        *_rows(way, Action.RETURN, (State.DISPATCHED,), State.WRITTEN_REPORTED, "cases.return"),
    ]


def _approval() -> list[Row]:
    way = (APPROVAL,)
    return [
        *_rows(way, Action.ACCEPT, (State.REPORTED,), State.ACCEPTED, "cases.accept", (), ()),
        *_rows(way, Action.SUBMIT, (State.ACCEPTED,), State.SUBMITTED, "cases.submit"),
        *_rows(way, Action.RETURN, (State.SUBMITTED,), State.ACCEPTED, "cases.return"),
        *_rows(way, Action.DECIDE, (State.SUBMITTED,), State.DECIDED, "cases.decide", (), ("verdict", "note")),
    ]


def _ending() -> list[Row]:
    """Return what every way ends with: answer, independent check, the resident's word."""
    answered = (COORDINATION, EMERGENCY)
    three = (COORDINATION, EMERGENCY, APPROVAL)
    back = (State.REPLIED, State.CHECKED, State.CLOSED)
    check, again = "cases.check", ("recently_closed",)
    with_resident, without_resident = ("not_handler", "has_resident"), ("not_handler", "has_no_resident")
    return [
        *_rows(answered, Action.REPLY, (State.HANDLED,), State.REPLIED, "cases.reply"),
        *_rows((APPROVAL,), Action.REPLY, (State.DECIDED,), State.REPLIED, "cases.reply"),
        *_rows(answered, Action.RETURN, (State.REPLIED,), State.HANDLED, "cases.return", ("not_handler",)),
        *_rows((APPROVAL,), Action.RETURN, (State.REPLIED,), State.DECIDED, "cases.return", ("not_handler",)),
        *_rows(three, Action.CHECK, (State.REPLIED,), State.CHECKED, check, with_resident, ()),
        *_rows(three, Action.CHECK, (State.REPLIED,), State.CLOSED, check, without_resident, ()),
        *_rows(EVERY, Action.CONFIRM, (State.CHECKED,), State.CLOSED, RESIDENT, (), ()),
        *_rows(EVERY, Action.LAPSE, (State.CHECKED,), State.CLOSED, CLOCK, (), ()),
        # An emergency that comes back was reported in writing already; the others start where they are taken up.
        *_rows((COORDINATION, APPROVAL), Action.REOPEN, back, State.ACCEPTED, RESIDENT, again, ()),
        *_rows((EMERGENCY,), Action.REOPEN, back, State.WRITTEN_REPORTED, RESIDENT, again, ()),
        *_rows((ON_SPOT,), Action.REOPEN, (State.CHECKED, State.CLOSED), State.REPORTED, RESIDENT, again, ()),
    ]


def _on_the_way() -> list[Row]:
    """Return what may happen on every way: the report itself, another way, a merge, a note."""
    reclassify, other_way = "cases.reclassify", ("mechanism", "note")
    rows = [
        *_rows(EVERY, Action.REPORT, (None,), State.REPORTED, "cases.report", (), ()),
        *_rows(EVERY, Action.REPORT, (None,), State.REPORTED, RESIDENT, (), ()),
        # Another way can be chosen until somebody has started on the present one.
        *_rows(EVERY, Action.RECLASSIFY, (State.REPORTED,), State.REPORTED, reclassify, (), other_way),
        *_rows(
            (COORDINATION, APPROVAL), Action.RECLASSIFY, (State.ACCEPTED,), State.REPORTED, reclassify, (), other_way
        ),
    ]
    for mechanism, states in STATES.items():
        for state in (*states, State.MERGED):
            rows += _in_place((mechanism,), state)
    return rows


def _in_place(way: tuple[Mechanism, ...], state: State) -> list[Row]:
    """Return the rows by which a state can be merged away, or written to without a change of state."""
    rows = _rows(way, Action.NOTE, (state,), state, "cases.note")
    if state in FINAL_STATES:
        return rows
    rows += _rows(way, Action.NOTE, (state,), state, RESIDENT)
    rows += _rows(way, Action.TAKE_IN, (state,), state, "cases.merge", (), ())
    if state not in ANSWERED_STATES:
        rows += _rows(way, Action.MERGE, (state,), State.MERGED, "cases.merge", (), ("into",))
    return rows


@cache
def table() -> tuple[Row, ...]:
    """Return every row of the workflow."""
    return (*_on_spot(), *_coordination(), *_emergency(), *_approval(), *_ending(), *_on_the_way())


@cache
def rows_for(mechanism: str, state: str | None) -> tuple[Row, ...]:
    """Return the rows that start from a state on one of the four ways."""
    return tuple(row for row in table() if row.mechanism == mechanism and row.source == state)


@cache
def doers_of(action: str) -> tuple[Row, ...]:
    """Return one row for each sort of person that an action is for, whatever the way and the state."""
    return tuple({row.who: row for row in table() if row.action == action}.values())
