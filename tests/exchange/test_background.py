"""What is done with a workbook in the background: rights, stopping, breaking down, and what others see meanwhile."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import translation

from linli.accounts.rules import SYSTEM, Refused
from linli.areas.actions import end_post
from linli.core import clock
from linli.core.sheets.safety import WorkbookRefused
from linli.exchange.actions import apply_batch, applying, ask_for, finish_interrupted, send_workbook
from linli.exchange.choices import BatchState, BatchWork
from linli.exchange.models import Batch, BatchChange, BatchPreview
from linli.exchange.queries import batch_for, preview, read_batch
from linli.exchange.rules import NotPossible
from linli.files.choices import FileState
from linli.files.models import Upload
from linli.jobs import actions as jobs
from linli.jobs import board
from linli.jobs.choices import JobState
from linli.jobs.models import Job
from linli.journal.models import Entry
from linli.people.models import Person
from tests.cast import Cast
from tests.exchange.samples import applied, received, resident, workbook
from tests.jobs.queue import WAITING

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

ONE = workbook([resident("李桂香", id_number="149999196108257324")])
NO_ARGUMENTS: dict[str, Any] = {"corrections": {}}


def sent(cast: Cast, content: bytes = ONE) -> Batch:
    """Return a workbook as it is once its reading in the background is over."""
    batch = send_workbook(content, name="台账.xlsx", area=cast.community_area, kind="people", by=cast.leader)
    return batch_for(cast.leader, batch.number)


def asked(batch: Batch, work: BatchWork, by: Any) -> Job:
    """Return a job that waits."""
    with WAITING:
        return ask_for(batch, work, by=by)


def run(job: Job) -> Job:
    jobs.run(job.pk, NO_ARGUMENTS)
    return Job.objects.get(pk=job.pk)


def test_a_workbook_goes_all_the_way_and_back_in_the_background(cast: Cast) -> None:
    batch = sent(cast)
    assert (batch.state, batch.report["rows"], batch.job.state) == (BatchState.UPLOADED, 1, JobState.DONE)
    steps = ((BatchWork.CHECK, BatchState.CHECKED, 0), (BatchWork.APPLY, BatchState.APPLIED, 1))
    for work, state, people_then in (*steps, (BatchWork.UNDO, BatchState.UNDONE, 0)):
        ask_for(batch, work, by=cast.leader)
        batch = batch_for(cast.leader, batch.number)
        assert (batch.state, Person.objects.count()) == (state, people_then)
        assert batch.job.state == JobState.DONE
    written = list(Entry.objects.filter(action__startswith="exchange.").order_by("number"))
    assert [entry.action for entry in written] == [
        "exchange.receive",
        "exchange.read",
        "exchange.check",
        "exchange.apply",
        "exchange.undo",
    ]
    assert {entry.actor for entry in written} == {"leader"}


def test_before_it_is_read_a_workbook_can_only_be_read(cast: Cast) -> None:
    with WAITING:
        batch = sent(cast)
    assert (batch.state, batch.report, preview(batch).sheets) == (BatchState.SENT, {}, [])
    jobs.request_cancel(batch.job, by=cast.leader)
    for work in (BatchWork.CHECK, BatchWork.APPLY, BatchWork.UNDO):
        with pytest.raises(NotPossible):
            ask_for(batch, work, by=cast.leader)
    ask_for(batch, BatchWork.READ, by=cast.leader)
    assert batch_for(cast.leader, batch.number).state == BatchState.UPLOADED
    with pytest.raises(NotPossible):
        ask_for(batch, BatchWork.READ, by=cast.leader)


def test_a_file_that_turns_out_to_be_damaged_is_refused_and_removed(cast: Cast) -> None:
    batch = sent(cast, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le") + b"\0" * 600)
    assert (batch.state, batch.job.state) == (BatchState.REFUSED, JobState.FAILED)
    assert "文件坏了" in batch.job.message
    assert Upload.objects.get().state == FileState.GONE
    with pytest.raises(NotPossible):
        ask_for(batch, BatchWork.READ, by=cast.leader)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 but no workbook", "姓名,房号\n李桂香,501\n".encode()])
def test_what_is_no_workbook_at_a_glance_is_refused_at_once(cast: Cast, content: bytes) -> None:
    with pytest.raises(WorkbookRefused):
        sent(cast, content)
    assert not Upload.objects.exists()
    assert not Job.objects.exists()


@pytest.mark.parametrize("who", ["worker", "far_leader", "district", "administrator", "auditor", "outsider"])
def test_nobody_without_the_right_asks_for_anything(cast: Cast, who: str) -> None:
    user = cast.users[who]
    with pytest.raises(Refused):
        send_workbook(ONE, name="台账.xlsx", area=cast.community_area, kind="people", by=user)
    batch = received(ONE, cast.community_area, cast.leader)
    for work in (BatchWork.CHECK, BatchWork.APPLY):
        with pytest.raises(Refused):
            ask_for(batch, work, by=user)
    assert not Job.objects.exists()


@pytest.mark.parametrize("work", [BatchWork.CHECK, BatchWork.APPLY])
def test_who_lost_the_right_before_it_is_their_turn_does_nothing(
    cast: Cast, tuesday: datetime, work: BatchWork
) -> None:
    batch = received(ONE, cast.community_area, cast.leader)
    job = asked(batch, work, cast.leader)
    end_post(cast.posts["leader"], clock.today(), by=SYSTEM)
    with clock.frozen(tuesday + timedelta(days=1)):
        failed = run(job)
    assert (failed.state, failed.message) == (JobState.FAILED, "您的岗位不能做这件事。")
    assert Batch.objects.get().state == BatchState.CHECKED
    assert not Person.objects.exists()


def test_one_thing_at_a_time_is_done_with_a_workbook(cast: Cast) -> None:
    batch = received(ONE, cast.community_area, cast.leader)
    job = asked(batch, BatchWork.APPLY, cast.leader)
    for work in (BatchWork.APPLY, BatchWork.CHECK):
        with pytest.raises(NotPossible):
            ask_for(batch, work, by=cast.community)
    run(job)
    assert Batch.objects.get().state == BatchState.APPLIED


def test_it_is_never_applied_twice(cast: Cast) -> None:
    batch = received(ONE, cast.community_area, cast.leader)
    job = asked(batch, BatchWork.APPLY, cast.leader)
    apply_batch(batch, by=cast.community)
    failed = run(job)
    assert failed.state == JobState.FAILED
    assert "已导入" in failed.message
    assert Person.objects.count() == 1
    assert run(job).state == JobState.FAILED


@pytest.mark.parametrize("work", [BatchWork.CHECK, BatchWork.APPLY, BatchWork.UNDO])
def test_what_is_stopped_in_the_middle_writes_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, work: BatchWork
) -> None:
    make = applied if work == BatchWork.UNDO else received
    batch = make(ONE, cast.community_area, cast.leader)
    before = state_of_everything()
    job = asked(batch, work, cast.leader)
    last_step = {BatchWork.CHECK: "read", BatchWork.APPLY: "write", BatchWork.UNDO: "undo"}[work]
    # What is compared before an undo can be stopped; once it vanishes, it vanishes as a whole.
    share = {BatchWork.CHECK: 0.8, BatchWork.APPLY: 0.99, BatchWork.UNDO: 0.2}[work]
    note = board.write

    def note_and_stop(key: int, progress: board.Progress) -> None:
        note(key, progress)
        if progress.step == last_step and progress.done > share * progress.total:
            assert work != BatchWork.APPLY or Person.everything.count() == 1
            board.ask_to_stop(key)

    with monkeypatch.context() as patch:
        patch.setattr(board, "write", note_and_stop)
        assert run(job).state == JobState.CANCELLED
    assert state_of_everything() == before
    again = ask_for(Batch.objects.get(), work, by=cast.leader)
    again.refresh_from_db()
    assert again.state == JobState.DONE


def state_of_everything() -> tuple[Any, ...]:
    batch = Batch.objects.get()
    return batch.state, batch.report, Person.objects.count(), BatchChange.objects.count(), BatchPreview.objects.count()


def test_what_breaks_down_in_the_middle_writes_nothing_and_can_be_done_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = received(ONE, cast.community_area, cast.leader)
    job = asked(batch, BatchWork.APPLY, cast.leader)

    def end_of_the_process(*_values: object, **_names: object) -> None:
        raise SystemExit(1)

    with monkeypatch.context() as patch:
        patch.setattr(applying, "_show", end_of_the_process)
        with pytest.raises(SystemExit):
            run(job)
    assert Job.objects.get().state == JobState.RUNNING
    assert (Batch.objects.get().state, Person.objects.count()) == (BatchState.STAGING, 0)
    assert Person.everything.count() == 1
    # What the queue still knows of it does nothing, and the schedule finds it and removes what was begun.
    assert run(job).state == JobState.RUNNING
    jobs.close_abandoned(clock.now())
    assert "请再开始一次" in Job.objects.get().message
    assert finish_interrupted(clock.now()) == 1
    assert (Batch.objects.get().state, Person.everything.count()) == (BatchState.CHECKED, 0)
    ask_for(batch, BatchWork.APPLY, by=cast.leader)
    assert (Batch.objects.get().state, Person.objects.count()) == (BatchState.APPLIED, 1)


def test_columns_that_were_changed_while_it_was_read_stop_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = received(ONE, cast.community_area, cast.leader)

    def change(seen: Batch, **values: Any) -> Any:
        Batch.objects.update(mapping={"居民台账": {"9": None}})
        return read_batch(seen, **values)

    monkeypatch.setattr(applying, "read_batch", change)
    with pytest.raises(NotPossible):
        apply_batch(batch, by=cast.leader)
    assert not Person.objects.exists()


def test_corrections_are_kept_only_when_the_rows_were_checked_with_them(cast: Cast) -> None:
    batch = received(ONE, cast.community_area, cast.leader)
    corrections = {"居民台账": {9: None}}
    with WAITING:
        job = ask_for(batch, BatchWork.CHECK, by=cast.leader, corrections=corrections)
    jobs.request_cancel(job, by=cast.leader)
    assert Batch.objects.get().mapping == {}
    ask_for(batch, BatchWork.CHECK, by=cast.leader, corrections=corrections)
    assert Batch.objects.get().mapping == {"居民台账": {"9": None}}


def test_a_preview_speaks_the_language_of_its_reader(cast: Cast) -> None:
    batch = received(workbook([resident("", phone="15005569934")]), cast.community_area, cast.leader)
    with translation.override("en"):
        assert "The name is missing" in preview(batch).report["problems"][0]["message"]
    with translation.override("zh-hans"):
        assert "姓名" in preview(batch).report["problems"][0]["message"]


@pytest.mark.django_db(transaction=True)
def test_others_see_how_far_it_is_and_nothing_of_what_is_written(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looks has a connection of their own and sees neither a person nor a lock."""
    batch = received(ONE, cast.community_area, cast.leader)
    job = asked(batch, BatchWork.APPLY, cast.leader)
    seen: list[tuple[str, int, str]] = []
    note = board.write

    def look() -> tuple[str, int, str]:
        try:
            step = board.read(job.pk).step
            return step, Person.objects.count(), Batch.objects.get().state
        finally:
            connection.close()

    def write(key: int, progress: board.Progress) -> None:
        note(key, progress)
        if progress.step == "write" and progress.done:
            with ThreadPoolExecutor(1) as other:
                seen.append(other.submit(look).result())

    monkeypatch.setattr(board, "write", write)
    assert run(job).state == JobState.DONE
    assert set(seen) == {("write", 0, BatchState.STAGING)}
    assert Person.objects.count() == 1
