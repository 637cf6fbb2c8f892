"""The bulk door and the proof of histories: what is written in one go is what single steps would have written."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from linli.accounts.rules import SYSTEM, Refused
from linli.cases.actions import (
    RESIDENT,
    ImpossibleCase,
    NewCase,
    PlannedCase,
    PlannedStep,
    StepValues,
    accept_case,
    check_case,
    create_cases,
    dispatch_case,
    handle_case,
    reply_to_case,
    resident_reply,
)
from linli.cases.choices import Action, Mechanism
from linli.cases.models import Case, Step
from linli.cases.queries import case_by_token, history_of
from linli.cases.replay import Problem, replay, replay_all
from linli.core import clock
from linli.inbox.models import Message
from linli.journal.models import Entry
from tests.cases.stage import category, reported, to_checked
from tests.cast import Cast

COMPARED = sorted(
    {field.attname for field in Case._meta.concrete_fields} - {"id", "number", "search_terms", "contact", "text"}
)


def plan(cast: Cast, steps: Sequence[PlannedStep], **values: Any) -> PlannedCase:
    new = NewCase(category("heating"), "暖气不热", area=cast.grid)
    return PlannedCase(new, cast.grid, cast.posts["worker"], steps, **({"has_resident": True} | values))


def story(cast: Cast) -> list[PlannedStep]:
    """The way of a case to its confirmed end, one step every ten minutes."""
    posts, start = cast.posts, clock.now()
    moments = (start + timedelta(minutes=10 * number) for number in range(7))
    return [
        PlannedStep(Action.REPORT, RESIDENT, next(moments), handler=posts["worker"]),
        PlannedStep(Action.ACCEPT, cast.worker, next(moments), handler=posts["worker"]),
        PlannedStep(
            Action.DISPATCH, cast.leader, next(moments), StepValues(department=cast.heating), posts["department"]
        ),
        PlannedStep(Action.HANDLE, cast.department, next(moments), StepValues(note="换了"), posts["department"]),
        PlannedStep(Action.REPLY, cast.department, next(moments), StepValues(note="换好了"), posts["leader"]),
        PlannedStep(Action.CHECK, cast.leader, next(moments)),
        PlannedStep(Action.CONFIRM, RESIDENT, next(moments), StepValues(rating=5)),
    ]


def test_a_planned_case_equals_one_taken_step_by_step(scene: Cast) -> None:
    steps = story(scene)
    made = create_cases([plan(scene, steps)], by=SYSTEM)[0]
    with clock.frozen(steps[0].at):
        single = reported(scene)
    takes = (
        lambda case: accept_case(case, by=scene.worker),
        lambda case: dispatch_case(case, by=scene.leader, to="heating"),
        lambda case: handle_case(case, by=scene.department, note="换了"),
        lambda case: reply_to_case(case, by=scene.department, note="换好了"),
        lambda case: check_case(case, by=scene.leader),
        lambda case: resident_reply(single.token or "", verdict="confirm", rating=5),
    )
    case = single.case
    for step, take in zip(steps[1:], takes, strict=True):
        with clock.frozen(step.at):
            case = take(case)
    planned = Case.objects.get(pk=made.case.pk)
    assert {name: getattr(planned, name) for name in COMPARED} == {name: getattr(case, name) for name in COMPARED}
    rows = [
        [
            (s.number, s.at, s.by, s.by_name, s.by_department_id, s.action, s.source, s.target, s.note, s.detail)
            for s in told
        ]
        for told in (history_of(planned), history_of(case))
    ]
    assert rows[0] == rows[1]
    assert case_by_token(made.token or "") == planned


def test_many_cases_leave_one_entry_and_no_message(scene: Cast) -> None:
    messages, entries = Message.objects.count(), Entry.objects.count()
    create_cases((plan(scene, story(scene)[: 1 + number % 7]) for number in range(30)), by=SYSTEM, rng=random.Random(7))
    assert Message.objects.count() == messages
    assert Entry.objects.count() == entries + 1
    detail = Entry.objects.get(action="cases.create_cases").detail
    assert (detail["cases"], detail["steps"]) == (30, Step.objects.count())
    assert len(detail["digest"]) == 64
    assert list(replay_all(Case.objects.all())) == []


def test_the_same_chance_gives_the_same_numbers(scene: Cast) -> None:
    steps = story(scene)[:1]
    first = create_cases([plan(scene, steps)], by=SYSTEM, rng=random.Random(7))[0].case.number
    # The same number is taken now, and the next is drawn.
    again = create_cases([plan(scene, steps)], by=SYSTEM, rng=random.Random(7))[0].case.number
    assert first != again
    Step.objects.all()._raw_delete("default")
    Case.objects.get(number=first).links.all().delete()
    Case.objects.filter(number=first).delete()
    assert create_cases([plan(scene, steps)], by=SYSTEM, rng=random.Random(7))[0].case.number == first


def test_without_a_resident_there_is_no_link(scene: Cast) -> None:
    steps = [PlannedStep(Action.SOLVE_ON_SPOT, scene.worker, clock.now(), StepValues(note="扶好了"))]
    new = NewCase(category("small-ads"), "撕掉了", mechanism=Mechanism.ON_SPOT, area=scene.grid)
    made = create_cases([PlannedCase(new, scene.grid, scene.posts["worker"], steps)], by=SYSTEM)[0]
    assert made.token is None
    assert (made.case.closing, made.case.source, made.case.reporter) == ("checked", "staff", scene.worker)


def test_what_the_workflow_does_not_allow_is_not_written(scene: Cast) -> None:
    steps = story(scene)
    self_checked = [*steps[:5], PlannedStep(Action.CHECK, scene.department, steps[5].at)]
    backwards = [steps[0], PlannedStep(Action.ACCEPT, scene.worker, steps[0].at - timedelta(minutes=1))]
    wrong_doer = [PlannedStep(Action.REPORT, RESIDENT, steps[0].at), PlannedStep(Action.ACCEPT, RESIDENT, steps[1].at)]
    for impossible in ([steps[0], steps[3]], [steps[1]], self_checked, backwards, wrong_doer):
        with pytest.raises(ImpossibleCase):
            create_cases([plan(scene, impossible)], by=SYSTEM)
    assert not Case.objects.exists()


def test_only_those_who_set_up_the_place_fill_it(scene: Cast) -> None:
    for person in (scene.worker, scene.leader, scene.street, scene.auditor, scene.outsider):
        with pytest.raises(Refused):
            create_cases([plan(scene, story(scene))], by=person)


def spoil(case: Case, position: int, **fields: Any) -> Problem | None:
    """Replay the history of a case with one step altered in memory."""
    steps = history_of(case)
    for name, value in fields.items():
        setattr(steps[position - 1], name, value)
    return replay(case, steps)


def test_altered_histories_are_found_out(scene: Cast) -> None:
    case = to_checked(scene, reported(scene).case)
    assert replay(case) is None
    assert spoil(case, 2, by="resident") == Problem(case.number, 2, "accept is not for resident")
    for number, fields in (
        (1, {"action": Action.ACCEPT}),
        (2, {"number": 3}),
        (2, {"target": "handed_up"}),
        (2, {"at": clock.now() - timedelta(days=1)}),
        (3, {"mechanism": Mechanism.APPROVAL}),
        (3, {"mechanism": Mechanism.APPROVAL, "detail": {"from_mechanism": "coordination"}}),
        (4, {"source": "accepted"}),
        (6, {"by": "department"}),
    ):
        problem = spoil(case, number, **fields)
        assert problem is not None, fields
        assert problem.step == fields.get("number", number), fields
    steps = history_of(case)
    assert replay(case, steps[:-1]) is not None
    assert replay(case, []) == Problem(case.number, 0, "there is no history")
    Case.objects.filter(pk=case.pk).update(closing="confirmed")
    assert [problem.case for problem in replay_all(Case.objects.all())] == [case.number]
