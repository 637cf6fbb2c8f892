from datetime import UTC, date, datetime, timedelta, timezone
from threading import Thread

import pytest

from linli.core import clock

NEW_YEARS_EVE_LATE_UTC = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _real_time_afterwards():
    yield
    clock.set_now(None)


def test_now_is_aware_utc_and_moves_with_the_real_time():
    before = datetime.now(UTC)
    moment = clock.now()
    assert moment.tzinfo is UTC
    assert before <= moment <= datetime.now(UTC)


def test_today_is_the_day_in_shanghai():
    with clock.frozen(NEW_YEARS_EVE_LATE_UTC):
        assert clock.today() == date(2027, 1, 1)
    with clock.frozen(NEW_YEARS_EVE_LATE_UTC - timedelta(hours=1)):
        assert clock.today() == date(2026, 12, 31)


def test_frozen_nests_and_ends():
    inner = datetime(2020, 1, 1, tzinfo=UTC)
    with clock.frozen(NEW_YEARS_EVE_LATE_UTC) as outer:
        with clock.frozen(inner):
            assert clock.now() == inner
        assert clock.now() == outer == NEW_YEARS_EVE_LATE_UTC
    assert clock.now() not in {inner, outer}


def test_frozen_ends_after_an_error():
    with pytest.raises(RuntimeError), clock.frozen(NEW_YEARS_EVE_LATE_UTC):
        raise RuntimeError
    assert clock.now() != NEW_YEARS_EVE_LATE_UTC


def test_set_now_reaches_other_threads_and_frozen_outranks_it():
    clock.set_now(NEW_YEARS_EVE_LATE_UTC)
    seen: list[datetime] = []
    thread = Thread(target=lambda: seen.append(clock.now()))
    with clock.frozen(datetime(2020, 1, 1, tzinfo=UTC)):
        thread.start()
        thread.join()
        assert clock.now().year == 2020
    assert seen == [NEW_YEARS_EVE_LATE_UTC]


def test_set_now_converts_to_utc():
    clock.set_now(datetime(2026, 5, 1, 8, tzinfo=timezone(timedelta(hours=8))))
    assert clock.now() == datetime(2026, 5, 1, tzinfo=UTC)
    assert clock.now().tzinfo is UTC


def test_local_shows_shanghai():
    assert f"{clock.local(NEW_YEARS_EVE_LATE_UTC):%Y-%m-%d %H:%M}" == "2027-01-01 00:30"


@pytest.mark.parametrize("call", [clock.local, clock.set_now, lambda at: clock.frozen(at).__enter__()])
def test_a_moment_without_time_zone_is_refused(call):
    with pytest.raises(ValueError, match="time zone"):
        call(datetime.fromisoformat("2026-01-01T00:00"))
