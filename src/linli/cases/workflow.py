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
        Row(mechanism, action, source, target, who, conditions, needs)
        for mechanism in mechanisms
        for source in sources
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


def _common() -> list[Row]:
    """Return what every way ends with: answer, independent check, the resident's word; and what may happen on the way."""
    answered = (COORDINATION, EMERGENCY)
    three = (COORDINATION, EMERGENCY, APPROVAL)
    open_states = tuple(
        state for state in State if state not in (State.CLOSED, State.MERGED, State.CHECKED, State.REPLIED)
    )
    return [
        *_rows(EVERY, Action.REPORT, (None,), State.REPORTED, "cases.report"),
        *_rows(EVERY, Action.REPORT, (None,), State.REPORTED, RESIDENT),
        *_rows(answered, Action.REPLY, (State.HANDLED,), State.REPLIED, "cases.reply"),
        *_rows((APPROVAL,), Action.REPLY, (State.DECIDED,), State.REPLIED, "cases.reply"),
        *_rows(answered, Action.RETURN, (State.REPLIED,), State.HANDLED, "cases.return", ("not_handler",)),
        *_rows((APPROVAL,), Action.RETURN, (State.REPLIED,), State.DECIDED, "cases.return", ("not_handler",)),
        *_rows(
            three, Action.CHECK, (State.REPLIED,), State.CHECKED, "cases.check", ("not_handler", "has_resident"), ()
        ),
        *_rows(
            three, Action.CHECK, (State.REPLIED,), State.CLOSED, "cases.check", ("not_handler", "has_no_resident"), ()
        ),
        *_rows(EVERY, Action.CONFIRM, (State.CHECKED,), State.CLOSED, RESIDENT, (), ()),
        *_rows(EVERY, Action.LAPSE, (State.CHECKED,), State.CLOSED, CLOCK, (), ()),
        # An emergency that comes back was reported in writing already; the others start where they are taken up.
        *_rows(
            (COORDINATION, APPROVAL), Action.REOPEN, (State.REPLIED, State.CHECKED, State.CLOSED), State.ACCEPTED, RESIDENT
        ),
        *_rows(
            (EMERGENCY,), Action.REOPEN, (State.REPLIED, State.CHECKED, State.CLOSED), State.WRITTEN_REPORTED, RESIDENT
        ),
        *_rows((ON_SPOT,), Action.REOPEN, (State.CHECKED, State.CLOSED), State.REPORTED, RESIDENT),
        # Another way can be chosen until somebody has started on the present one.
        *_rows(EVERY, Action.RECLASSIFY, (State.REPORTED,), State.REPORTED, "cases.reclassify", (), ("mechanism", "note")),
        *_rows(
            (COORDINATION, APPROVAL),
            Action.RECLASSIFY,
            (State.ACCEPTED,),
            State.REPORTED,
            "cases.reclassify",
            (),
            ("mechanism", "note"),
        ),
        *_rows(EVERY, Action.MERGE, open_states, State.MERGED, "cases.merge", (), ("into",)),
    ]


@cache
def table() -> tuple[Row, ...]:
    """Return every row of the workflow."""
    return (*_on_spot(), *_coordination(), *_emergency(), *_approval(), *_common())


@cache
def rows_for(mechanism: str, state: str | None) -> tuple[Row, ...]:
    """Return the rows that start from a state on one of the four ways."""
    return tuple(row for row in table() if row.mechanism == mechanism and row.source == state)


FINAL_STATES = frozenset({State.CLOSED, State.MERGED})
OPEN_STATES = frozenset(State) - FINAL_STATES
# States in which the resident has been given an answer.
ANSWERED_STATES = frozenset({State.REPLIED, State.CHECKED, State.CLOSED})
