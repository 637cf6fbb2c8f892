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
    entry, limit, window, left = _entry(name, key)
    count = int(cache.get(entry, 0)) + 1
    # Not ``incr``: it would keep the counter for five minutes only, however long the window is.
    cache.set(entry, count, timeout=window)
    return 0 if count <= limit else left


def waiting(name: str, key: str) -> int:
    """Return the seconds to wait when attempts beyond the limit were counted; 0 means go on. Counts nothing."""
    entry, limit, _window, left = _entry(name, key)
    return left if int(cache.get(entry, 0)) > limit else 0


def _entry(name: str, key: str) -> tuple[str, int, int, int]:
    """Return the name of the counter, the limit, the length of its window and the seconds left of it."""
    limit, window = parse_rate(settings.LINLI_RATES[name])
    slot, into = divmod(int(clock.now().timestamp()), window)
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    return f"rate:{name}:{slot}:{digest}", limit, window, window - into
