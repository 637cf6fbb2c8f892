"""The journal proves that it was not altered, and names the first bad entry."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings

from linli.core import clock, progress
from linli.journal import actions, anchor
from linli.journal.models import Entry
from linli.journal.queries import seal_of, sealed_values, verify
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def five_entries() -> None:
    anchor.forget()
    for number in range(5):
        actions.record("worker", "people.reveal", object_type="people.person", object_id=str(number), reason="visit")


def run(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.mark.usefixtures("five_entries")
def test_an_untouched_journal_is_whole() -> None:
    verdict = verify()
    assert verdict.ok
    assert verdict.entries == 5


def test_an_empty_journal_is_whole() -> None:
    anchor.forget()
    assert verify().ok


@pytest.mark.usefixtures("five_entries")
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor", "somebody"),
        ("action", "people.view"),
        ("object_id", "77"),
        ("reason", ""),
        ("area_path", "1."),
        ("source", "10.0.0.1"),
    ],
)
def test_a_changed_entry_is_named(column: str, value: str) -> None:
    run(f"UPDATE journal_entry SET {column} = %s WHERE number = 3", value)
    verdict = verify()
    assert (verdict.ok, verdict.problem, verdict.number) == (False, "changed", 3)


@pytest.mark.usefixtures("five_entries")
def test_a_removed_entry_is_named() -> None:
    run("DELETE FROM journal_entry WHERE number = 2")
    verdict = verify()
    assert (verdict.ok, verdict.problem, verdict.number) == (False, "removed", 2)


@pytest.mark.usefixtures("five_entries")
def test_a_journal_that_was_cut_off_is_found_even_with_an_older_end() -> None:
    fourth = Entry.objects.get(number=4)
    run("DELETE FROM journal_entry WHERE number = 5")
    run("UPDATE journal_head SET number = 4, seal = %s", fourth.seal)
    verdict = verify()
    assert (verdict.ok, verdict.problem, verdict.number) == (False, "cut_off", 5)


@pytest.mark.usefixtures("five_entries")
def test_entries_sealed_again_with_another_key_are_named() -> None:
    with override_settings(LINLI_SEAL_KEY="another-key"):
        seal = ""
        for entry in Entry.objects.order_by("number"):
            entry.reason = "changed"
            seal = seal_of(seal, sealed_values(entry))
            run("UPDATE journal_entry SET reason = %s, seal = %s WHERE number = %s", "changed", seal, entry.number)
        run("UPDATE journal_head SET seal = %s", seal)
    verdict = verify()
    assert (verdict.ok, verdict.problem, verdict.number) == (False, "changed", 1)


@pytest.mark.usefixtures("five_entries")
def test_a_journal_that_was_emptied_is_found() -> None:
    run("DELETE FROM journal_entry")
    run("DELETE FROM journal_head")
    verdict = verify()
    assert (verdict.ok, verdict.problem, verdict.number) == (False, "cut_off", 1)


@pytest.mark.usefixtures("five_entries")
def test_what_is_written_while_it_is_proved_is_no_fault_and_is_proved_too() -> None:
    told: list[tuple[str, int, int]] = []

    def write_meanwhile(step: str, done: int, total: int) -> None:
        told.append((step, done, total))
        if len(told) < 3:
            actions.record("worker", "people.reveal")

    with progress.heard_by(write_meanwhile):
        verdict = verify()
    assert (verdict.ok, verdict.entries) == (True, 7)
    assert told[0] == ("verify", 0, 5)


@pytest.mark.usefixtures("five_entries")
def test_a_change_behind_the_first_piece_of_the_walk_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linli.journal.queries.CHUNK", 2)
    assert verify().ok
    run("UPDATE journal_entry SET reason = %s WHERE number = 4", "")
    verdict = verify()
    assert (verdict.ok, verdict.problem, verdict.number) == (False, "changed", 4)


@pytest.mark.usefixtures("five_entries")
def test_an_entry_put_behind_the_end_is_found() -> None:
    columns = "at, actor, action, object_type, object_id, area_path, reason, detail, source, seal"
    run(f"INSERT INTO journal_entry (number, {columns}) SELECT 6, {columns} FROM journal_entry WHERE number = 5")
    assert not verify().ok


@pytest.mark.usefixtures("five_entries")
def test_entries_can_not_be_changed_or_removed_through_the_project() -> None:
    with pytest.raises(TypeError):
        Entry.objects.update(reason="")
    with pytest.raises(TypeError):
        Entry.objects.all().delete()


@pytest.mark.usefixtures("five_entries")
def test_what_was_rolled_back_leaves_no_entry_and_no_mark() -> None:
    with transaction.atomic():
        actions.record("worker", "people.reveal")
        transaction.set_rollback(True)
    mark = anchor.read()
    assert mark is not None
    assert mark.number == 5
    assert verify().ok


def test_an_entry_says_who_what_when_why_from_where(cast: Cast) -> None:
    with actions.acting_from("203.0.113.9"):
        entry = actions.record(cast.worker, "areas.look", cast.grid, reason="visit", detail={"field": "phone"})
    stored = Entry.objects.get(number=entry.number)
    assert (stored.actor, stored.action, stored.object_type) == ("worker", "areas.look", "areas.area")
    assert (stored.object_id, stored.area_path) == (str(cast.grid.pk), cast.grid.path)
    assert (stored.reason, stored.detail, stored.source) == ("visit", {"field": "phone"}, "203.0.113.9")
    assert stored.at <= clock.now()
