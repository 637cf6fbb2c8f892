"""Limits on how often one address or one link may ask; the figures are settings (``LINLI_RATE_*``)."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.core.cache import cache

from linli.core import clock

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def parse_rate(text: str) -> tuple[int, int]:
    """Return (how many, in how many seconds) of a rate such as ``20/h``; raises ``ValueError`` for another form."""
    count, _slash, unit = text.partition("/")
    if unit not in SECONDS:
        raise ValueError(f"a rate looks like 20/h, not {text!r}")
    return int(count), SECONDS[unit]


def check(name: str, key: str) -> int:
    """Count one attempt and return the seconds to wait before the next is answered; 0 means go on.

    ``key`` (an address, a link) is kept as a digest only.
    """
    limit, window = parse_rate(settings.LINLI_RATES[name])
    now = int(clock.now().timestamp())
    slot, into = divmod(now, window)
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    entry = f"rate:{name}:{slot}:{digest}"
    cache.add(entry, 0, timeout=window)
    try:
        count = cache.incr(entry)
    except ValueError:
        # The window ended between the two calls.
        return 0
    return 0 if count <= limit else window - into
