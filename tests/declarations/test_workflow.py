"""Every cell of the table: which step starts where, for whom, and that nothing else is possible."""

from __future__ import annotations

import itertools

import pytest

from linli.accounts.rules import SYSTEM, Refused
from linli.declarations.actions.engine import find_row, lock, write_step
from linli.declarations.choices import Action, Declarer, Field, Kind, State
from linli.declarations.models import Declaration
from linli.declarations.rules import THE_DECLARER, Conflict, can
from linli.declarations.workflow import ASKED, OPEN_STATES, THEMSELVES, fields_of, row_of, table
from tests.cast import Cast
from tests.declarations.samples import building, declared

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

TARGETS: dict[tuple[State | None, Action], State] = {
    (None, Action.DECLARE): State.RECEIVED,
    (State.RECEIVED, Action.TAKE_UP): State.LOOKED_AT,
    (State.RECEIVED, Action.PREPARE): State.LOOKED_AT,
    (State.RECEIVED, Action.ASK): State.ASKED,
    (State.RECEIVED, Action.CONFIRM): State.CONFIRMED,
    (State.RECEIVED, Action.REFUSE): State.REFUSED,
    (State.RECEIVED, Action.WITHDRAW): State.WITHDRAWN,
    (State.LOOKED_AT, Action.PREPARE): State.LOOKED_AT,
    (State.LOOKED_AT, Action.ASK): State.ASKED,
    (State.LOOKED_AT, Action.CONFIRM): State.CONFIRMED,
    (State.LOOKED_AT, Action.REFUSE): State.REFUSED,
    (State.LOOKED_AT, Action.WITHDRAW): State.WITHDRAWN,
    (State.ASKED, Action.PREPARE): State.ASKED,
    (State.ASKED, Action.ANSWER): State.LOOKED_AT,
    (State.ASKED, Action.LAPSE): State.WITHDRAWN,
    (State.ASKED, Action.CONFIRM): State.CONFIRMED,
    (State.ASKED, Action.REFUSE): State.REFUSED,
    (State.ASKED, Action.WITHDRAW): State.WITHDRAWN,
    (State.CONFIRMED, Action.ERASE): State.CONFIRMED,
    (State.REFUSED, Action.ERASE): State.REFUSED,
    (State.WITHDRAWN, Action.ERASE): State.WITHDRAWN,
}
STAFF_STEPS = {Action.TAKE_UP, Action.PREPARE, Action.ASK}
DECIDING = {Action.CONFIRM, Action.REFUSE}
OWN = {Action.DECLARE, Action.ANSWER, Action.WITHDRAW}


def doer_of(cast: Cast, action: Action) -> object:
    """Return somebody who may take an action."""
    if action in OWN:
        return THE_DECLARER
    if action in DECIDING:
        return cast.leader
    return cast.worker if action in STAFF_STEPS else SYSTEM


@pytest.mark.parametrize(("state", "action"), list(itertools.product([None, *State], Action)))
def test_a_cell_of_the_table(cast: Cast, state: State | None, action: Action) -> None:
    row, target = row_of(state, action), TARGETS.get((state, action))
    assert (row.target if row else None) == target
    if state is None:
        return
    made = declared(building(cast)).declaration
    Declaration.objects.filter(pk=made.pk).update(state=state)
    locked, by = lock(made.pk), doer_of(cast, action)
    if row is None:
        with pytest.raises(Conflict):
            find_row(locked, action, by=by)
        return
    write_step(locked, find_row(locked, action, by=by), by=by, words="请看")
    assert Declaration.objects.get(pk=made.pk).state == target
    assert Declaration.objects.get(pk=made.pk).version == made.version + 1


def test_each_step_is_one_row() -> None:
    keys = [(row.source, row.action) for row in table()]
    assert len(keys) == len(set(keys)) == len(TARGETS)


def test_what_asks_or_explains_needs_words() -> None:
    assert {row.action for row in table() if row.words} == {Action.ASK, Action.ANSWER, Action.REFUSE}


@pytest.mark.parametrize(
    ("username", "steps"),
    [
        ("worker", STAFF_STEPS),
        ("partner", STAFF_STEPS),
        ("leader", STAFF_STEPS | DECIDING),
        ("community", STAFF_STEPS | DECIDING),
        ("street", set()),
        ("department", set()),
        ("district", set()),
        ("police", set()),
        ("volunteer", set()),
        ("administrator", set()),
        ("auditor", set()),
        ("far_worker", set()),
        ("far_leader", set()),
        ("outsider", set()),
    ],
)
def test_who_may_take_which_step(cast: Cast, username: str, steps: set[Action]) -> None:
    made = declared(building(cast)).declaration
    assert set(can(cast.users[username], made)) == steps
    for action in STAFF_STEPS | DECIDING | OWN | {Action.LAPSE, Action.ERASE}:
        if action not in steps:
            with pytest.raises(Refused):
                find_row(made, action, by=cast.users[username])


def test_nobody_is_made_to_report_on_another() -> None:
    """Owners and employers are asked for numbers at most; identities come from the person."""
    for declarer, kinds in ASKED.items():
        for kind, fields in kinds.items():
            personal = set(fields) - {Field.HEADCOUNT}
            assert not personal or declarer in THEMSELVES, f"{declarer} {kind} asks for {personal}"


def test_what_can_be_declared_by_whom() -> None:
    assert fields_of(Declarer.OWNER, Kind.LET) == (Field.HEADCOUNT,)
    assert fields_of(Declarer.OWNER, Kind.CONTACT) is None
    assert fields_of(Declarer.TENANT, Kind.LET) is None
    assert fields_of(Declarer.EMPLOYER, Kind.MOVE_IN) == (Field.HEADCOUNT,)


def test_the_open_states_are_those_that_can_be_decided() -> None:
    assert {row.source for row in table() if row.action == Action.CONFIRM} == set(OPEN_STATES)
