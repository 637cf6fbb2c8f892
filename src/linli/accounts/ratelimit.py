"""Limits on how often one address or one link may ask; the figures are settings (``LINLI_RATE_*``)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from linli.accounts.models import Attempts
from linli.core import clock
from linli.core.requests import client_address

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
# One statement, so that of two requests at one moment none goes uncounted.
COUNT = """
INSERT INTO {table} (counter, count, ends_at) VALUES {rows}
ON CONFLICT (counter) DO UPDATE SET count = {table}.count + 1
RETURNING count
"""


@cache
def parse_rate(text: str) -> tuple[int, int]:
    """Return (how many, in how many seconds) of a rate such as ``20/h``; raises ``ValueError`` for another form."""
    count, _slash, unit = text.partition("/")
    if unit not in SECONDS:
        raise ValueError(f"a rate looks like 20/h, not {text!r}")
    return int(count), SECONDS[unit]


def keys_of(request: HttpRequest, arguments: Mapping[str, Any]) -> list[str]:
    """Return what a request to a public page or call is counted for: its address, and the link that it opens."""
    return [client_address(request), *(str(arguments[name]) for name in ("token",) if name in arguments)]


def check(name: str, *keys: str) -> int:
    """Count one attempt for each key and return the seconds to wait before the next is answered; 0 means go on.

    The keys (an address, a link) are kept as digests only. One that is beyond its limit is enough to wait.
    """
    limit, window = parse_rate(settings.LINLI_RATES[name])
    slot, into = divmod(int(clock.now().timestamp()), window)
    end = datetime.fromtimestamp((slot + 1) * window, UTC)
    ends_at = Attempts._meta.get_field("ends_at").get_db_prep_value(end, connection)
    values = [value for counter in _counters(name, keys, slot) for value in (counter, 1, ends_at)]
    rows = ", ".join(["(%s, %s, %s)"] * len(keys))
    with connection.cursor() as cursor:
        cursor.execute(COUNT.format(table=Attempts._meta.db_table, rows=rows), values)
        highest: int = max(count for (count,) in cursor.fetchall())
    return window - into if highest > limit else 0


def waiting(name: str, key: str) -> int:
    """Return the seconds to wait when attempts beyond the limit were counted; 0 means go on. Counts nothing."""
    limit, window = parse_rate(settings.LINLI_RATES[name])
    slot, into = divmod(int(clock.now().timestamp()), window)
    beyond = Attempts.objects.filter(counter__in=_counters(name, [key], slot), count__gt=limit).exists()
    return window - into if beyond else 0


def remove_ended(now: datetime) -> int:
    """Remove the counters whose window is over and return how many they were."""
    return Attempts.objects.filter(ends_at__lte=now).delete()[0]


def _counters(name: str, keys: Sequence[str], slot: int) -> list[str]:
    """Return the names of a window's counters; in one order for all, so that no two requests wait for each other."""
    return sorted({f"{name}:{slot}:{hashlib.sha256(key.encode()).hexdigest()[:32]}" for key in keys})
