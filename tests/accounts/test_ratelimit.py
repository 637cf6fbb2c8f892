"""Limits count what one address or one link asks, for as long as their window lasts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import override_settings

from linli.accounts import ratelimit
from linli.accounts.models import Attempts
from linli.core import clock
from linli.jobs.schedule import duties

pytestmark = pytest.mark.django_db

BEGIN = datetime(2026, 3, 2, 1, 0, tzinfo=clock.SHANGHAI)
THREE_AN_HOUR = override_settings(LINLI_RATES={"report": "3/h", "reply": "3/h"})


@THREE_AN_HOUR
def test_the_fourth_of_three_waits_until_the_hour_is_over() -> None:
    with clock.frozen(BEGIN + timedelta(minutes=20)):
        assert [ratelimit.check("report", "198.51.100.7") for _ in range(5)] == [0, 0, 0, 40 * 60, 40 * 60]
        assert ratelimit.check("report", "198.51.100.8") == 0
        assert ratelimit.waiting("report", "198.51.100.7") == 40 * 60
    with clock.frozen(BEGIN + timedelta(minutes=60)):
        assert ratelimit.waiting("report", "198.51.100.7") == 0
        assert ratelimit.check("report", "198.51.100.7") == 0


@THREE_AN_HOUR
def test_one_key_beyond_its_limit_is_enough_to_wait() -> None:
    with clock.frozen(BEGIN + timedelta(minutes=20)):
        from_many_addresses = [ratelimit.check("reply", f"198.51.100.{number}", "link") for number in range(5)]
        assert from_many_addresses == [0, 0, 0, 40 * 60, 40 * 60]
        assert ratelimit.check("reply", "198.51.100.0", "other link") == 0


@THREE_AN_HOUR
def test_the_limits_of_two_names_are_counted_apart() -> None:
    with clock.frozen(BEGIN):
        assert [ratelimit.check("report", "198.51.100.7") for _ in range(3)] == [0, 0, 0]
        assert ratelimit.check("reply", "198.51.100.7") == 0


@THREE_AN_HOUR
def test_a_counter_is_kept_for_its_whole_window_and_no_longer() -> None:
    with clock.frozen(BEGIN + timedelta(minutes=20)):
        ratelimit.check("report", "198.51.100.7")
    duty = duties.get("accounts.remove_ended_attempts")
    duty.run(BEGIN + timedelta(minutes=59))
    assert [row.ends_at for row in Attempts.objects.all()] == [BEGIN + timedelta(minutes=60)]
    duty.run(BEGIN + timedelta(minutes=60))
    assert not Attempts.objects.exists()


@THREE_AN_HOUR
def test_no_address_is_kept() -> None:
    ratelimit.check("report", "198.51.100.7")
    assert "198.51" not in Attempts.objects.get().counter


@pytest.mark.django_db(transaction=True)
@override_settings(LINLI_RATES={"report": "100/h"})
def test_of_requests_at_one_moment_none_goes_uncounted() -> None:
    def ask(_number: int) -> None:
        try:
            ratelimit.check("report", "198.51.100.7", "link")
        finally:
            connection.close()

    with clock.frozen(BEGIN), ThreadPoolExecutor(4) as pool:
        list(pool.map(ask, range(20)))
    assert [row.count for row in Attempts.objects.all()] == [20, 20]


def test_a_rate_is_a_number_and_a_unit() -> None:
    assert ratelimit.parse_rate("20/h") == (20, 3600)
    with pytest.raises(ValueError, match="20/h"):
        ratelimit.parse_rate("20 an hour")
