"""Limits count what one address asks, for as long as their window lasts."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import override_settings

from linli.core import clock, ratelimit

pytestmark = pytest.mark.django_db

BEGIN = datetime(2026, 3, 2, 1, 0, tzinfo=clock.SHANGHAI)


def ends_of_counters() -> list[datetime]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT expires FROM linli_cache WHERE cache_key LIKE %s", ["%rate:report%"])
        rows = [row[0] for row in cursor.fetchall()]
    return [datetime.fromisoformat(str(end)).replace(tzinfo=None) for end in rows]


@override_settings(LINLI_RATES={"report": "3/h"})
def test_the_fourth_of_three_waits_until_the_hour_is_over() -> None:
    with clock.frozen(BEGIN + timedelta(minutes=20)):
        assert [ratelimit.check("report", "198.51.100.7") for _ in range(5)] == [0, 0, 0, 40 * 60, 40 * 60]
        assert ratelimit.check("report", "198.51.100.8") == 0
        assert ratelimit.waiting("report", "198.51.100.7") == 40 * 60
    with clock.frozen(BEGIN + timedelta(minutes=60)):
        assert ratelimit.waiting("report", "198.51.100.7") == 0
        assert ratelimit.check("report", "198.51.100.7") == 0


@override_settings(LINLI_RATES={"report": "3/h"})
def test_a_counter_is_kept_for_its_whole_window() -> None:
    cache.clear()
    before = clock.now().replace(tzinfo=None)
    for _ in range(2):
        ratelimit.check("report", "198.51.100.7")
    (end,) = ends_of_counters()
    assert end - before > timedelta(minutes=59)


def test_a_rate_is_a_number_and_a_unit() -> None:
    assert ratelimit.parse_rate("20/h") == (20, 3600)
    with pytest.raises(ValueError, match="20/h"):
        ratelimit.parse_rate("20 an hour")
