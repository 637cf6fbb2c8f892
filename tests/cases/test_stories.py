"""The four ways from the first report to the end, as people go them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from linli.accounts.rules import Refused
from linli.cases.actions import (
    Conflict,
    accept_case,
    check_case,
    decide_case,
    dispatch_case,
    hand_up_case,
    handle_case,
    reclassify_case,
    reply_to_case,
    report_oral,
    report_written,
    resident_reply,
    return_case,
    solve_on_spot,
    submit_case,
    write_note,
)
from linli.cases.choices import Closing, Mechanism, State
from linli.cases.models import Case
from linli.cases.queries import CaseFilters, cases_for, history_of
from linli.cases.replay import replay
from linli.core import clock
from linli.inbox.choices import Urgency
from linli.inbox.models import Message
from linli.journal.models import Entry
from tests.cases.stage import reported, to_checked
from tests.cast import Cast


def told(kind: str) -> set[str]:
    return set(Message.objects.filter(kind=kind).values_list("to__username", flat=True))


def test_on_the_spot_is_one_step(scene: Cast) -> None:
    made = reported(scene, "small-ads", by=scene.worker, mechanism=Mechanism.ON_SPOT, text="撕掉了楼道小广告")
    case = Case.objects.get(pk=made.case.pk)
    assert made.token is None
    assert (case.state, case.closing, case.answer) == (State.CLOSED, Closing.CHECKED, "撕掉了楼道小广告")
    assert (case.due_at, case.version, case.owner_id) == (None, 1, scene.posts["worker"].pk)
    assert [step.action for step in history_of(case)] == ["solve_on_spot"]
    assert replay(case) is None


def test_on_the_spot_with_a_phone_number_asks_the_resident(scene: Cast) -> None:
    made = reported(scene, "small-ads", by=scene.worker, done="清走了", contact="19000000131")
    assert made.case.state == State.CHECKED
    assert made.token is not None
    after = resident_reply(made.token, verdict="confirm", rating=5)
    assert (after.state, after.closing, after.rating) == (State.CLOSED, Closing.CONFIRMED, 5)
    assert replay(after) is None


def test_a_volunteer_reports_but_does_not_register_work_done(scene: Cast) -> None:
    made = reported(scene, "small-ads", by=scene.volunteer, mechanism=Mechanism.ON_SPOT)
    assert made.case.state == State.REPORTED
    after = solve_on_spot(made.case, by=scene.worker, note="清走了")
    assert (after.state, after.closing) == (State.CLOSED, Closing.CHECKED)


def test_coordination_from_the_resident_and_back(scene: Cast) -> None:
    made = reported(scene)
    case = made.case
    assert (case.state, case.handler, case.owner) == (State.REPORTED, scene.posts["worker"], scene.posts["worker"])
    assert told("cases.reported") == {"worker"}

    case = accept_case(case, by=scene.partner)
    assert case.handler == scene.posts["partner"]
    case = hand_up_case(case, by=scene.partner, note="归供热公司管")
    assert (case.state, case.handler) == (State.HANDED_UP, scene.posts["community"])
    case = dispatch_case(case, by=scene.leader, note="今天看一下")
    assert (case.department, case.handler) == (scene.heating, scene.posts["department"])
    assert "department" in told("cases.your_turn")

    case = return_case(case, by=scene.department, note="这栋楼归物业")
    assert (case.state, case.department, case.handler) == (State.ACCEPTED, None, scene.posts["leader"])
    case = dispatch_case(case, by=scene.leader, to="department", note="合同写明归供热公司")
    assert case.handler == scene.posts["department"]
    case = handle_case(case, by=scene.department, note="换了阀门")
    case = reply_to_case(case, by=scene.department, note="阀门已换，暖气已热")
    assert (case.state, case.answer, case.due_at) == (State.REPLIED, "阀门已换，暖气已热", None)
    assert told("cases.to_check") == {"leader", "community"}

    case = return_case(case, by=scene.leader, note="二楼还不热")
    assert (case.state, case.answered_at, case.handler) == (State.HANDLED, None, scene.posts["department"])
    assert case.due_at == case.answer_due_at
    case = reply_to_case(case, by=scene.department, note="二楼排了气，也热了")
    case = check_case(case, by=scene.community)
    assert case.state == State.CHECKED
    case = resident_reply(made.token or "", verdict="confirm", rating=4, text="热了")
    assert (case.state, case.closing, case.rating, case.owner) == (
        State.CLOSED,
        Closing.CONFIRMED,
        4,
        scene.posts["worker"],
    )
    assert replay(case) is None
    assert case.version == len(history_of(case))


def test_whoever_handled_it_does_not_check_it(scene: Cast) -> None:
    case = accept_case(reported(scene).case, by=scene.leader)
    case = handle_case(case, by=scene.leader, note="联系物业修好了")
    case = reply_to_case(case, by=scene.worker, note="修好了")
    assert case.handler == scene.posts["community"]
    with pytest.raises(Refused):
        check_case(case, by=scene.leader)
    with pytest.raises(Refused):
        return_case(case, by=scene.leader, note="再看看")
    assert check_case(case, by=scene.community).state == State.CHECKED


def test_where_everybody_of_the_community_had_a_hand_in_it_the_street_checks(scene: Cast) -> None:
    case = accept_case(reported(scene).case, by=scene.leader)
    case = handle_case(case, by=scene.leader, note="联系物业修好了")
    assert case not in cases_for(scene.street, CaseFilters(pile="waiting"))
    case = reply_to_case(case, by=scene.community, note="修好了")
    assert case.handler == scene.posts["street"]
    for username, is_theirs in (("street", True), ("leader", False), ("community", False)):
        waiting = cases_for(scene.users[username], CaseFilters(pile="waiting"))
        assert (case in waiting) is is_theirs
    with pytest.raises(Refused):
        check_case(case, by=scene.community)
    assert check_case(case, by=scene.street).state == State.CHECKED


def test_the_street_is_not_asked_to_check_what_the_community_can(scene: Cast) -> None:
    case = handle_case(accept_case(reported(scene).case, by=scene.leader), by=scene.leader, note="修好了")
    case = reply_to_case(case, by=scene.worker, note="修好了")
    assert case in cases_for(scene.community, CaseFilters(pile="waiting"))
    assert case not in cases_for(scene.street, CaseFilters(pile="waiting"))


def test_an_emergency_alarms_everybody_at_once_and_counts_from_its_discovery(scene: Cast) -> None:
    found = clock.now() - timedelta(minutes=20)
    case = reported(scene, "gas-leak", by=scene.worker, text="楼道有煤气味", discovered_at=found).case
    assert case.due_at == found + timedelta(minutes=60)
    assert told("cases.alarm") == {"leader", "community", "street"}
    assert not Message.objects.filter(kind="cases.alarm").exclude(urgency=Urgency.ALARM).exists()

    with pytest.raises(ValidationError) as early:
        report_oral(case, by=scene.worker, told="街道值班室", told_at=found - timedelta(minutes=1))
    with pytest.raises(ValidationError) as ahead:
        report_oral(case, by=scene.worker, told="街道值班室", told_at=clock.now() + timedelta(minutes=1))
    with pytest.raises(ValidationError) as nobody:
        report_oral(case, by=scene.worker, told=" ")
    assert [list(error.value.error_dict) for error in (early, ahead, nobody)] == [["told_at"], ["told_at"], ["told"]]

    case = report_oral(case, by=scene.worker, told="街道值班室 王主任", told_at=found + timedelta(minutes=5))
    detail = history_of(case)[-1].detail
    assert detail == {"told": "街道值班室 王主任", "told_at": (found + timedelta(minutes=5)).isoformat()}
    with pytest.raises(Conflict):
        handle_case(case, by=scene.leader, note="关了总阀")
    case = report_written(case, by=scene.leader, note="首报：已关阀疏散")
    assert (case.state, case.written_at, case.due_at) == (State.WRITTEN_REPORTED, clock.now(), case.answer_due_at)
    with pytest.raises(ValidationError):
        report_written(case, by=scene.leader, note="又一个首报", report_kind="first")
    case = dispatch_case(case, by=scene.street, to=scene.heating, note="派人检测")
    case = report_written(case, by=scene.leader, note="续报：检测中", report_kind="follow_up")
    assert (case.state, case.handler) == (State.DISPATCHED, scene.posts["department"])
    case = handle_case(case, by=scene.department, note="接头已换")
    case = report_written(case, by=scene.leader, note="终报", report_kind="final")
    case = reply_to_case(case, by=scene.department, note="可以回家了")
    case = check_case(case, by=scene.leader)
    assert (case.state, case.closing) == (State.CLOSED, Closing.CHECKED)
    assert replay(case) is None
    kinds = [step.detail["report_kind"] for step in history_of(case) if step.action == "report_written"]
    assert kinds == ["first", "follow_up", "final"]


def test_a_case_that_turns_out_to_be_an_emergency_alarms_then(scene: Cast) -> None:
    case = reported(scene).case
    assert not told("cases.alarm")
    case = reclassify_case(case, by=scene.worker, mechanism=Mechanism.EMERGENCY, note="管道爆裂")
    assert told("cases.alarm") == {"leader", "community", "street"}
    assert case.due_at == case.discovered_at + timedelta(hours=1)
    assert history_of(case)[-1].detail == {"from_mechanism": "coordination"}
    assert replay(case) is None
    with pytest.raises(ValidationError):
        reclassify_case(case, by=scene.worker, mechanism=Mechanism.EMERGENCY, note="同一种")


def test_approval_answers_after_the_decision_only(scene: Cast) -> None:
    made = reported(scene, "ramp", text="想在单元门口加坡道")
    case = accept_case(made.case, by=scene.worker)
    with pytest.raises(Conflict):
        reply_to_case(case, by=scene.worker, note="应该可以")
    case = submit_case(case, by=scene.worker, note="现场量过，宽度够")
    assert (case.state, case.handler) == (State.SUBMITTED, scene.posts["street"])
    case = return_case(case, by=scene.street, note="补邻居意见")
    assert (case.state, case.handler) == (State.ACCEPTED, scene.posts["worker"])
    case = submit_case(case, by=scene.worker, note="邻居都同意")
    with pytest.raises(ValidationError):
        decide_case(case, by=scene.street, verdict="", note="可以")
    with pytest.raises(ValidationError):
        decide_case(case, by=scene.street, verdict="approve", note="")
    with pytest.raises(Refused):
        decide_case(case, by=scene.leader, verdict="approve", note="可以")
    case = decide_case(case, by=scene.street, verdict="approve", note="符合规定")
    assert (case.state, case.handler) == (State.DECIDED, scene.posts["worker"])
    case = reply_to_case(case, by=scene.worker, note="同意加装，下周施工")
    case = check_case(case, by=scene.leader)
    case = resident_reply(made.token or "", verdict="confirm")
    assert (case.state, case.rating) == (State.CLOSED, None)
    assert replay(case) is None


def test_a_vacant_post_falls_to_the_next_level(scene: Cast) -> None:
    in_vacant_grid = reported(scene, area=scene.other_grid).case
    assert in_vacant_grid.owner == scene.posts["leader"]
    assert told("cases.reported") == {"leader"}
    beside = reported(scene, area=scene.beside_grid).case
    assert beside.owner == scene.posts["street"]
    handed_up = hand_up_case(accept_case(in_vacant_grid, by=scene.leader), by=scene.leader, note="要社区牵头")
    assert handed_up.handler == scene.posts["community"]


def test_every_step_leaves_a_row_an_entry_and_no_words_in_the_journal(scene: Cast) -> None:
    made = reported(scene, text="三单元王阿姨家暖气不热")
    case = to_checked(scene, made.case)
    entries = Entry.objects.filter(object_type="cases.case", object_id=str(case.pk)).order_by("number")
    steps = history_of(case)
    assert [entry.action for entry in entries] == [f"cases.{step.action}" for step in steps]
    assert [entry.actor for entry in entries] == [step.by for step in steps]
    assert "阿姨" not in "".join(f"{entry.detail}{entry.reason}" for entry in entries)
    department_step = steps[3]
    assert (department_step.by_name, department_step.by_department) == ("韩俊杰", scene.heating)


def test_history_is_never_changed_or_removed(scene: Cast) -> None:
    case = reported(scene).case
    for forbidden in (lambda: case.steps.update(note="改写"), lambda: case.steps.all().delete()):
        with pytest.raises(TypeError):
            forbidden()


def test_a_note_changes_nothing_but_the_history(scene: Cast) -> None:
    case = accept_case(reported(scene).case, by=scene.worker)
    write_note(case, by=scene.street, note="管井钥匙在物业")
    now = Case.objects.get(pk=case.pk)
    assert (now.state, now.version, now.handler, now.due_at) == (case.state, case.version, case.handler, case.due_at)
    last = history_of(now)[-1]
    assert (last.action, last.source, last.target) == ("note", "accepted", "accepted")
    assert hand_up_case(now, by=scene.worker, note="上交", version=case.version).state == State.HANDED_UP
    assert replay(Case.objects.get(pk=case.pk)) is None
