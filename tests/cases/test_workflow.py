"""Every cell of way × state × action × person: what the table allows is done, everything else changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from linli.accounts.rules import SYSTEM, Refused
from linli.areas.choices import Reach, Role
from linli.areas.roles import abilities, reach_of
from linli.cases.actions import RESIDENT, Conflict, StepValues, take_step
from linli.cases.choices import Action, Mechanism, State
from linli.cases.models import Case, FollowLink, Step
from linli.cases.replay import replay
from linli.cases.rules import CONDITIONS, can
from linli.cases.workflow import CLOCK, FINAL_STATES, STATES, Row, table
from linli.inbox.models import Message
from linli.journal.models import Entry
from tests.cases.stage import on_stage
from tests.cast import Cast

KINDS = ("worker", "leader", "street", "department", "district", "police", "auditor", "outsider", "far_leader")
PEOPLE = (*KINDS, "resident", "clock")
ROLES = {
    "worker": Role.WORKER,
    "leader": Role.LEADER,
    "street": Role.STREET,
    "department": Role.DEPARTMENT,
    "district": Role.DISTRICT,
    "police": Role.POLICE,
    "auditor": Role.AUDITOR,
}


def person(cast: Cast, kind: str) -> Any:
    return {"resident": RESIDENT, "clock": SYSTEM}.get(kind) or cast.users[kind]


def is_for(kind: str, row: Row) -> bool:
    """Say from the two tables alone whether a row is for a kind of person, for a case of their place or department."""
    if kind == "resident":
        return row.who == "resident"
    if kind == "clock":
        return row.who != "resident"
    if row.who in ("resident", CLOCK) or kind not in ROLES:
        return False
    return reach_of(ROLES[kind], row.who) in (Reach.AREA, Reach.DEPARTMENT)


def everything(cast: Cast, case: Case, into: Case) -> StepValues:
    """Return values that satisfy every row."""
    other_way = next(way for way in Mechanism if way != case.mechanism)
    return StepValues(
        note="写明了", department=cast.heating, told="街道值班室", verdict="approve", into=into, mechanism=other_way
    )


def picture(case: Case) -> tuple[Any, ...]:
    """Return everything that a refused step must leave as it was."""
    row = Case.objects.filter(pk=case.pk).values().get()
    return row, Step.objects.count(), Entry.objects.count(), Message.objects.count()


def attempt(case: Case, action: Action, by: Any, values: StepValues) -> Case | type[Exception]:
    """Take a step and undo it; return the case as it was then, or the kind of refusal."""
    try:
        with transaction.atomic():
            after = take_step(case, action, by=by, version=case.version, values=values)
            transaction.set_rollback(True)
            return after
    except (Conflict, Refused) as refusal:
        return type(refusal)


@pytest.mark.parametrize("mechanism", list(Mechanism))
def test_every_cell(scene: Cast, mechanism: Mechanism) -> None:
    done = refused = 0
    # What a worker may never do is not asked in vain in every state: each state asks for every action and person.
    for state in (*STATES[mechanism], State.MERGED):
        case = on_stage(scene, mechanism, state)
        into = on_stage(scene, Mechanism.EMERGENCY, State.REPORTED)
        values, before = everything(scene, case, into), picture(case)
        offered = {kind: can(person(scene, kind), case) for kind in PEOPLE}
        for action in Action:
            rows = [row for row in table() if (row.mechanism, row.source, row.action) == (mechanism, state, action)]
            # The case has a resident, and nobody handled it yet.
            open_rows = [row for row in rows if "has_no_resident" not in row.conditions]
            for kind in PEOPLE:
                expected = {row.target for row in open_rows if is_for(kind, row)}
                result = attempt(case, action, person(scene, kind), values)
                cell = f"{mechanism} {state} {action} {kind}: {result}"
                if expected:
                    assert isinstance(result, Case), cell
                    assert {State(result.state)} == expected, cell
                    done += 1
                else:
                    assert result in (Conflict, Refused), cell
                    refused += 1
                assert (action in offered[kind]) is bool(expected), cell
        assert picture(case) == before
    assert done >= 10
    assert refused > 10 * done


@pytest.mark.parametrize("mechanism", list(Mechanism))
def test_without_a_resident_the_check_is_the_end(scene: Cast, mechanism: Mechanism) -> None:
    state = State.REPORTED if mechanism == Mechanism.ON_SPOT else State.REPLIED
    action = Action.SOLVE_ON_SPOT if mechanism == Mechanism.ON_SPOT else Action.CHECK
    case = on_stage(scene, mechanism, state)
    FollowLink.objects.filter(case=case).delete()
    after = take_step(case, action, by=scene.leader, values=StepValues(note="看过了"))
    assert (after.state, after.closing) == (State.CLOSED, "checked")


def test_a_row_names_known_abilities_conditions_and_states() -> None:
    for row in table():
        assert row.who in abilities() | {"resident", CLOCK}
        assert set(row.conditions) <= set(CONDITIONS)
        known = {*STATES[row.mechanism], State.MERGED}
        assert row.source is None or row.source in known
        assert row.target in known


def test_no_row_stands_twice() -> None:
    keys = [(row.mechanism, row.action, row.source, row.target, row.who, row.conditions) for row in table()]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("mechanism", list(Mechanism))
def test_every_state_can_be_reached_and_left(mechanism: Mechanism) -> None:
    rows = [row for row in table() if row.mechanism == mechanism]
    reached = {row.target for row in rows if row.source != row.target}
    assert reached == {*STATES[mechanism], State.MERGED}
    left = {row.source for row in rows if row.source is not None and row.source != row.target}
    assert left == reached - {State.MERGED}
    assert State.CLOSED in FINAL_STATES


def test_no_answer_before_a_decision_and_no_end_without_a_written_report() -> None:
    """Without the rows of the decision, or of the written report, an ending can't be reached at all."""
    for mechanism, gate in ((Mechanism.APPROVAL, Action.DECIDE), (Mechanism.EMERGENCY, Action.REPORT_WRITTEN)):
        reached: set[State | None] = {None}
        rows = [row for row in table() if row.mechanism == mechanism and row.action != gate]
        while new := {row.target for row in rows if row.source in reached} - reached:
            reached |= new
        assert not reached & {State.REPLIED, State.CHECKED, State.CLOSED}, mechanism


def test_the_history_of_a_case_on_stage_is_found_out(scene: Cast) -> None:
    case = on_stage(scene, Mechanism.COORDINATION, State.HANDLED)
    problem = replay(case)
    assert problem is not None
    assert problem.step == 0
