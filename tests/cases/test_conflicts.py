"""Two people at the same case: one wins, the other is told who did what, and nothing of theirs is half written."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from linli.accounts.models import User
from linli.accounts.rules import Refused
from linli.cases.actions import (
    Conflict,
    accept_case,
    dispatch_case,
    hand_up_case,
    handle_case,
    resident_reply,
    return_case,
    write_note,
)
from linli.cases.choices import State
from linli.cases.models import Case, Step
from linli.core import clock
from linli.journal.models import Entry
from tests.cases.stage import reported
from tests.cast import Cast


def test_the_second_at_the_same_version_is_told_who_did_what(scene: Cast) -> None:
    case = reported(scene).case
    accept_case(case, by=scene.partner, version=1)
    before = Step.objects.count(), Entry.objects.count()
    with pytest.raises(Conflict) as told:
        hand_up_case(case, by=scene.worker, note="上交", version=1)
    assert (told.value.state, told.value.by, told.value.at) == (State.ACCEPTED, "partner", clock.now())
    assert "申海波" in told.value.message
    assert "11-24 10:18" in told.value.message
    assert (Step.objects.count(), Entry.objects.count()) == before


def test_a_step_that_does_not_start_here_is_a_conflict_without_a_version_too(scene: Cast) -> None:
    case = reported(scene).case
    with pytest.raises(Conflict) as told:
        hand_up_case(case, by=scene.worker, note="上交")
    assert told.value.state == State.REPORTED


def test_a_note_makes_no_open_form_stale(scene: Cast) -> None:
    case = reported(scene).case
    write_note(case, by=scene.leader, note="问过物业")
    assert accept_case(case, by=scene.worker, version=1).version == 2


def test_somebody_without_the_right_learns_nothing(scene: Cast) -> None:
    case = accept_case(reported(scene).case, by=scene.partner)
    for person in (scene.outsider, scene.far_leader, scene.auditor):
        with pytest.raises(Refused) as refusal:
            accept_case(case, by=person, version=1)
        assert "申海波" not in str(refusal.value)


def test_a_department_that_was_overtaken_is_told_although_it_lost_the_case(scene: Cast) -> None:
    case = dispatch_case(accept_case(reported(scene).case, by=scene.leader), by=scene.leader)
    seen = Case.objects.get(pk=case.pk)
    return_case(case, by=scene.street, note="派错了")
    with pytest.raises(Conflict) as told:
        handle_case(seen, by=scene.department, note="修好了", version=seen.version)
    assert told.value.by == "street"


def test_a_resident_is_told_without_a_name(scene: Cast) -> None:
    made = reported(scene)
    accept_case(made.case, by=scene.worker)
    with pytest.raises(Conflict) as told:
        resident_reply(made.token or "", verdict="confirm")
    assert told.value.by == ""
    assert "李文静" not in told.value.message


@pytest.mark.django_db(transaction=True)
def test_at_the_same_moment_one_wins(scene: Cast) -> None:
    """Both have the page open. PostgreSQL lets two threads in and locks the row; SQLite lets in one after the other."""
    case = reported(scene).case
    results: dict[str, Any] = {}
    together = threading.Barrier(2 if connection.vendor == "postgresql" else 1)

    def act(username: str) -> None:
        user = User.objects.get(username=username)
        together.wait()
        try:
            results[username] = accept_case(case, by=user, version=1)
        except Conflict as told:
            results[username] = told

    def act_on_own_connection(username: str) -> None:
        try:
            act(username)
        finally:
            connection.close()

    if connection.vendor == "postgresql":
        threads = [threading.Thread(target=act_on_own_connection, args=(name,)) for name in ("worker", "partner")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    else:
        act("worker")
        act("partner")
    won = [name for name, result in results.items() if isinstance(result, Case)]
    lost = [result for result in results.values() if isinstance(result, Conflict)]
    assert len(won) == len(lost) == 1
    assert lost[0].by == won[0]
    assert Case.objects.get(pk=case.pk).version == 2
    assert list(Step.objects.filter(case=case).values_list("number", flat=True)) == [1, 2]
