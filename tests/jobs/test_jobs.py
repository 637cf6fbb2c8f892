"""Background work: done once, as whoever asked, to its end or not at all, and told from outside while it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from linli.core import clock, progress
from linli.jobs import actions, board, works
from linli.jobs.choices import JobState
from linli.jobs.models import Job
from linli.jobs.queries import is_stopping, progress_of
from linli.journal import actions as journal
from linli.journal.models import Entry
from tests.cast import Cast
from tests.jobs.queue import WAITING

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

KIND = "tests.work"
Do = Callable[[Job, Any], None]


@pytest.fixture
def doing() -> Iterator[Callable[[Do], None]]:
    """Return a function that says what the work of the tests does."""
    told: list[Do] = []
    works.register(KIND, lambda job, by: told[-1](job, by))
    yield told.append
    works.works._items.pop(KIND)


def opened(cast: Cast) -> Job:
    return actions.start(KIND, by=cast.leader)


def run(job: Job) -> Job:
    actions.run(job.pk, {})
    return Job.objects.get(pk=job.pk)


def test_work_is_done_once_as_whoever_asked_for_it(cast: Cast, doing: Callable[[Do], None]) -> None:
    seen: list[str] = []

    def work(job: Job, by: Any) -> None:
        seen.append(f"{by.username} {job.state} {board.is_held(job.pk)}")
        journal.record(by, "areas.rename", cast.grid)
        actions.finish(job, result={"found": 3})

    doing(work)
    job = opened(cast)
    assert job.state == JobState.WAITING
    done = run(job)
    assert (done.state, done.result, done.finished_at) == (JobState.DONE, {"found": 3}, clock.now())
    assert run(job).state == JobState.DONE
    assert seen == ["leader running True"]
    assert Entry.objects.get(action="areas.rename").source == "tasks"
    assert not board.is_held(job.pk)


def test_queued_work_is_done_with_its_arguments(cast: Cast) -> None:
    given: list[dict[str, Any]] = []

    def work(job: Job, by: Any, **arguments: Any) -> None:
        given.append(arguments)
        actions.finish(job)

    works.register(KIND, work)
    try:
        job = opened(cast)
        actions.queue(job, {"sheets": ["居民台账"]})
    finally:
        works.works._items.pop(KIND)
    assert given == [{"sheets": ["居民台账"]}]
    job.refresh_from_db()
    assert job.state == JobState.DONE


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (actions.Failed("李桂香搬走了。"), "李桂香搬走了。"),
        (PermissionDenied("不行。"), "不行。"),
        (RuntimeError("13938001234"), "什么都没写"),
    ],
)
def test_work_that_fails_tells_in_words(cast: Cast, doing: Callable[[Do], None], error: Exception, words: str) -> None:
    def work(job: Job, by: Any) -> None:
        raise error

    doing(work)
    with translation.override("zh-hans"):
        job = opened(cast)
    with translation.override("en"):
        failed = run(job)
    assert failed.state == JobState.FAILED
    assert words in failed.message
    assert "13938001234" not in failed.message


def test_work_of_somebody_without_an_account_is_not_done(cast: Cast, doing: Callable[[Do], None]) -> None:
    doing(lambda job, by: pytest.fail("it was done"))
    job = opened(cast)
    cast.leader.is_active = False
    cast.leader.save(update_fields=["is_active"])
    assert run(job).state == JobState.FAILED


def test_progress_is_read_from_outside_while_the_work_goes_on(cast: Cast, doing: Callable[[Do], None]) -> None:
    seen: list[board.Progress] = []

    def work(job: Job, by: Any) -> None:
        progress.begin("read", 40)
        progress.advance(15)
        seen.append(progress_of(job))
        actions.finish(job)

    doing(work)
    job = run(opened(cast))
    assert seen == [board.Progress("read", 15, 40)]
    assert progress_of(job) == board.Progress()


def test_progress_without_a_listener_says_nothing() -> None:
    progress.begin("read", 40)
    progress.advance(15)


def test_running_work_stops_at_its_next_step(cast: Cast, doing: Callable[[Do], None]) -> None:
    def work(job: Job, by: Any) -> None:
        progress.begin("read", 40)
        actions.request_cancel(job, by=by)
        assert is_stopping(job)
        progress.advance(1)
        pytest.fail("it went on")

    doing(work)
    stopped = run(opened(cast))
    assert (stopped.state, stopped.message) == (JobState.CANCELLED, "")
    assert not is_stopping(stopped)


def test_waiting_work_is_stopped_at_once(cast: Cast, doing: Callable[[Do], None]) -> None:
    doing(lambda job, by: pytest.fail("it was done"))
    job = opened(cast)
    actions.request_cancel(job, by=cast.leader)
    assert Job.objects.get().state == JobState.CANCELLED
    assert run(job).state == JobState.CANCELLED


def test_work_that_is_over_is_not_stopped_any_more(cast: Cast, doing: Callable[[Do], None]) -> None:
    doing(lambda job, by: actions.finish(job))
    done = run(opened(cast))
    actions.request_cancel(done, by=cast.leader)
    assert Job.objects.get().state == JobState.DONE
    assert not board.is_asked_to_stop(done.pk)


def test_only_whoever_asked_for_work_can_stop_it(cast: Cast) -> None:
    job = opened(cast)
    with pytest.raises(PermissionDenied):
        actions.request_cancel(job, by=cast.community)
    assert Job.objects.get().state == JobState.WAITING
    assert not board.is_asked_to_stop(job.pk)


def test_work_that_nobody_is_at_any_more_is_closed_in_the_language_of_whoever_asked(cast: Cast) -> None:
    with translation.override("zh-hans"):
        job = opened(cast)
    Job.objects.update(state=JobState.RUNNING)
    with board.held(job.pk):
        pass
    board.write(job.pk, board.Progress("write", 3, 4))
    with translation.override("en"):
        assert actions.close_abandoned(clock.now()) == 1
    closed = Job.objects.get()
    assert (closed.state, "不会留下做了一半" in closed.message) == (JobState.FAILED, True)
    assert progress_of(closed) == board.Progress()


def test_work_that_waits_or_that_somebody_is_at_is_left_alone(cast: Cast) -> None:
    waiting, running = opened(cast), opened(cast)
    Job.objects.filter(pk=running.pk).update(state=JobState.RUNNING)
    with board.held(running.pk) as is_ours:
        assert is_ours
        assert actions.close_abandoned(clock.now()) == 0
    assert Job.objects.get(pk=waiting.pk).state == JobState.WAITING
    assert actions.close_abandoned(clock.now()) == 1


def test_work_that_somebody_else_holds_is_not_taken_up(cast: Cast, doing: Callable[[Do], None]) -> None:
    doing(lambda job, by: pytest.fail("it was done"))
    job = opened(cast)
    with board.held(job.pk):
        assert run(job).state == JobState.WAITING


def test_what_was_noted_about_a_former_job_of_the_same_number_does_not_count(
    cast: Cast, doing: Callable[[Do], None]
) -> None:
    def work(job: Job, by: Any) -> None:
        progress.begin("read", 1)
        actions.finish(job)

    doing(work)
    job = opened(cast)
    board.ask_to_stop(job.pk)
    assert run(job).state == JobState.DONE


def test_the_proof_of_the_journal_tells_what_it_found(cast: Cast) -> None:
    job = actions.ask_to_verify(by=cast.auditor)
    job.refresh_from_db()
    assert (job.state, job.result["ok"]) == (JobState.DONE, True)
    assert job.result["entries"] == Entry.objects.count() - 1
    Entry.objects.filter(number=3)._raw_delete("default")
    broken = actions.ask_to_verify(by=cast.auditor)
    broken.refresh_from_db()
    assert (broken.result["ok"], broken.result["problem"], broken.result["number"]) == (False, "removed", 3)


def test_a_proof_that_goes_on_is_not_begun_again(cast: Cast) -> None:
    with WAITING:
        first = actions.ask_to_verify(by=cast.auditor)
        assert actions.ask_to_verify(by=cast.auditor) == first
        actions.request_cancel(first, by=cast.auditor)
        assert actions.ask_to_verify(by=cast.auditor) != first


@pytest.mark.parametrize("who", ["worker", "leader", "street", "administrator", "outsider"])
def test_nobody_but_auditors_asks_for_the_proof(cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        actions.ask_to_verify(by=cast.users[who])
    job = actions.start("journal.verify", by=cast.users[who])
    assert run(job).state == JobState.FAILED
