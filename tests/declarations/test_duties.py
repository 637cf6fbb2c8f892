"""What happens by itself: reminders, the end of what nobody answers, and erasing what is personal."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from linli.core import clock
from linli.declarations.actions import StepValues, answer, ask, confirm, refuse, withdraw
from linli.declarations.actions.duties import erase_due, lapse_unanswered, remind_waiting
from linli.declarations.choices import Action, Choice, State
from linli.declarations.models import Declaration, DeclarationStep, Words
from linli.declarations.periods import periods
from linli.declarations.queries import link_by_token
from linli.inbox.models import Message
from linli.jobs.schedule import run_due
from linli.people.models import Person
from tests.cast import Cast
from tests.declarations.samples import NEWCOMER, building, declared, fresh, home
from tests.web.ledgers import ID_NUMBER

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


def reminders() -> int:
    return Message.objects.filter(kind="declarations.waits").count()


def test_who_keeps_the_ledger_is_reminded_when_the_promise_is_over_and_again_later(cast: Cast) -> None:
    declared(building(cast))
    begin = clock.now()
    # The promise ends on Friday evening; looked at on Saturday, the next reminder comes two working days later.
    for days, expected in ((3, 0), (4, 4), (5, 4), (7, 4), (8, 8)):
        remind_waiting(begin + timedelta(days=days))
        assert reminders() == expected, f"after {days} days"


def test_nobody_is_reminded_of_what_waits_for_an_answer_or_is_decided(cast: Cast) -> None:
    house = building(cast)
    asked, decided = declared(house).declaration, declared(house).declaration
    ask(asked, "几单元?", by=cast.worker)
    refuse(decided, "地址不对", by=cast.leader)
    remind_waiting(clock.now() + timedelta(days=30))
    assert reminders() == 0


def test_what_nobody_answers_ends_without_consequence(cast: Cast) -> None:
    made = declared(building(cast))
    ask(made.declaration, "几单元?", by=cast.worker)
    assert lapse_unanswered(clock.now() + timedelta(days=29)) == 0
    assert lapse_unanswered(clock.now() + timedelta(days=30)) == 1
    found = fresh(made.declaration)
    assert found.state == State.WITHDRAWN
    assert found.lapses_at is None
    assert not Person.objects.exists()


def test_an_answer_stops_the_wait(cast: Cast) -> None:
    made = declared(building(cast))
    ask(made.declaration, "几单元?", by=cast.worker)
    answer(made.token, "2单元")
    assert lapse_unanswered(clock.now() + timedelta(days=60)) == 0


@pytest.mark.parametrize(("end", "days"), [("refuse", 30), ("withdraw", 30), ("confirm", 180)])
def test_what_is_personal_is_erased_when_its_time_is_over(cast: Cast, end: str, days: int) -> None:
    made = declared(home(cast).building, id_number=ID_NUMBER)
    ask(made.declaration, "几单元?", by=cast.worker)
    answer(made.token, "2单元")
    if end == "refuse":
        refuse(made.declaration, "地址不对", by=cast.leader)
    elif end == "withdraw":
        withdraw(made.token)
    else:
        confirm(made.declaration, StepValues(choice=Choice.NEW), by=cast.leader)
    assert erase_due(clock.now() + timedelta(days=days) - timedelta(seconds=1)) == 0
    assert fresh(made.declaration).name == NEWCOMER
    assert erase_due(clock.now() + timedelta(days=days)) == 1
    found = fresh(made.declaration)
    assert (found.name, found.phone, found.id_number, found.room, found.person) == ("", "", "", "", None)
    assert found.erased_at is not None
    assert found.place == "黎花园3号楼"
    assert not Words.objects.exists()
    assert link_by_token(made.token) is None
    assert DeclarationStep.objects.filter(declaration=found, action=Action.ERASE).count() == 1
    assert erase_due(clock.now() + timedelta(days=days + 1)) == 0, "it is erased once"
    assert Person.objects.filter(name=NEWCOMER).exists() == (end == "confirm"), "the ledger keeps what was confirmed"


def test_what_waits_is_never_erased(cast: Cast) -> None:
    made = declared(building(cast)).declaration
    assert erase_due(clock.now() + timedelta(days=1000)) == 0
    assert fresh(made).name == NEWCOMER


def test_the_duties_run_on_tick(cast: Cast) -> None:
    made = declared(building(cast)).declaration
    refuse(made, "地址不对", by=cast.leader)
    later = clock.now() + timedelta(days=31)
    with clock.frozen(later):
        done = run_due(later)
    assert {"declarations.remind_waiting", "declarations.lapse_unanswered", "declarations.erase_due"} <= set(done)
    assert fresh(made).erased_at == later


def test_the_place_may_name_other_periods(cast: Cast) -> None:
    assert (periods().promise, periods().ended, periods().confirmed) == (3, 30, 180)
    own = Path(settings.DATA_DIR) / "declarations.toml"
    own.write_text("promise = 1\nended = 7\n", encoding="utf-8")
    assert (periods().promise, periods().ended, periods().confirmed) == (1, 7, 180)
    made = declared(building(cast)).declaration
    assert made.due_at is not None
    assert f"{clock.local(made.due_at):%m-%d}" == "11-25"
    for wrong in ("promise = 0\n", 'promise = "three"\n', "promised = 3\n", "promise = true\n"):
        own.write_text(wrong, encoding="utf-8")
        with pytest.raises(ValueError, match="no periods"):
            periods()


def test_declarations_of_places_without_staff_reach_the_community(cast: Cast) -> None:
    house = building(cast, "9号楼", grid=cast.other_grid)
    declared(house)
    assert {message.to.username for message in Message.objects.all()} == {"leader", "community"}
    assert Declaration.objects.visible_to(cast.leader).count() == 1
