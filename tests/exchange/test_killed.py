"""A process that is killed in the middle: what it brought is there as a whole, or not at all."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connections

from linli.core import clock
from linli.exchange.actions import apply_batch, common, finish_interrupted, removing, undo_batch, undoing
from linli.exchange.choices import BatchState
from linli.exchange.models import Batch, BatchChange, BatchMade
from linli.exchange.snapshots import snapshot
from linli.housing import importing
from linli.housing.models import Building, Compound, Dwelling
from linli.people import plans
from linli.people.models import Correction, Household, Person, Residence
from tests.cast import Cast
from tests.exchange.samples import applied, received, resident, workbook

pytestmark = pytest.mark.django_db(transaction=True)

TABLES = (Compound, Building, Dwelling, Household, Person, Residence, Correction)
MOVES = "149999196108257324"
KNOWN = [
    resident("李桂香", room="101", id_number=MOVES),
    resident("李桂芳", room="201", birth_date="1961-08-25"),
    resident("李桂英", room="301", birth_date="1961-08-25"),
]
LATER = [
    # Two who are known: one moves, one has a phone now; the home of the third is let.
    resident("李桂香", room="901", id_number=MOVES),
    resident("李桂芳", room="201", birth_date="1961-08-25", phone="15005569934"),
    resident("李桂英", room="301", birth_date="1961-08-25", is_rented="是"),
    *(
        resident(f"王翠{name}", building=f"{number}号楼", birth_date="1961-02-30")
        for number, name in enumerate("萍兰霞", 5)
    ),
]
MOST_TURNS = 60


def visible() -> list[str]:
    return [snapshot(row) for model in TABLES for row in model._default_manager.order_by("pk")]


def hidden() -> list[int]:
    return [model.everything.count() - model.objects.count() for model in TABLES]  # type: ignore[attr-defined]


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let even a small workbook be written in many transactions."""
    for module, name in (
        (plans, "PEOPLE_AT_ONCE"),
        (plans, "HOUSEHOLDS_AT_ONCE"),
        (plans, "COMPARED_AT_ONCE"),
        (importing, "CHUNK"),
        (importing, "COMPARED_AT_ONCE"),
        (removing, "CHUNK"),
        (undoing, "CHUNK"),
    ):
        monkeypatch.setattr(module, name, 1)


def dies(work: Callable[[], object], turn: int, *, committed: bool) -> bool:
    """Do work in a process that is killed around the end of one of its transactions; False if it got through."""
    connections.close_all()
    child = os.fork()
    if not child:
        try:
            _die_at(turn, committed=committed)
            work()
            os._exit(0)
        finally:
            os._exit(1)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def _die_at(turn: int, *, committed: bool) -> None:
    real, count = common.Turns.turn, [0]

    @contextmanager
    def turning(self: common.Turns) -> Iterator[None]:
        with real(self):
            yield
            count[0] += 1
            if count[0] == turn and not committed:
                os.kill(os.getpid(), signal.SIGKILL)
        if count[0] == turn:
            os.kill(os.getpid(), signal.SIGKILL)

    common.Turns.turn = turning  # type: ignore[method-assign]


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.usefixtures("small_steps")
def test_killed_while_it_is_taken_over(cast: Cast, *, committed: bool) -> None:
    applied(workbook(KNOWN), cast.community_area, cast.leader)
    before = visible()
    batch = received(workbook(LATER), cast.community_area, cast.leader)
    ends = set()
    for turn in range(1, MOST_TURNS):
        died = dies(lambda: apply_batch(batch, by=cast.leader), turn, committed=committed)
        state = Batch.objects.get(pk=batch.pk).state
        if state in (BatchState.STAGING, BatchState.CHECKED):
            assert visible() == before
        assert finish_interrupted(clock.now()) == (state in (BatchState.STAGING, BatchState.FINISHING))
        batch.refresh_from_db()
        ends.add((state, batch.state))
        assert not any(hidden())
        if batch.state == BatchState.APPLIED:
            assert batch.report["applied"]["updated"] == 3
            assert Person.objects.count() == 6
            assert Person.objects.get(name="李桂香").residences.get(until=None).household.dwelling.room == "901"
            undo_batch(batch, by=cast.leader)
            assert not BatchChange.objects.filter(batch=batch).exists()
            Batch.objects.filter(pk=batch.pk).update(state=BatchState.CHECKED)
        assert not BatchMade.objects.filter(batch=batch).exists()
        assert visible() == before
        if not died:
            break
    assert not died
    assert {(BatchState.STAGING, BatchState.CHECKED), (BatchState.FINISHING, BatchState.APPLIED)} <= ends


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.usefixtures("small_steps")
def test_killed_while_it_is_taken_back(cast: Cast, *, committed: bool) -> None:
    applied(workbook(KNOWN), cast.community_area, cast.leader)
    before = visible()
    batch = applied(workbook(LATER), cast.community_area, cast.leader)
    for turn in range(1, MOST_TURNS):
        after = visible()
        died = dies(lambda: undo_batch(batch, by=cast.leader), turn, committed=committed)
        state = Batch.objects.get(pk=batch.pk).state
        assert finish_interrupted(clock.now()) == (state == BatchState.UNDOING)
        assert not any(hidden())
        batch.refresh_from_db()
        if batch.state == BatchState.APPLIED:
            assert visible() == after
            continue
        assert batch.state == BatchState.UNDONE
        assert visible() == before
        if not died:
            break
        Batch.objects.filter(pk=batch.pk).update(state=BatchState.CHECKED)
        apply_batch(batch, by=cast.leader)
    assert not died
