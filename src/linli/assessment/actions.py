"""Every write of assessment: counting the ledgers, community by community."""

from __future__ import annotations

import time
from collections import Counter
from datetime import datetime, timedelta

from django.db import transaction

from linli.areas.choices import Level
from linli.areas.models import Area
from linli.assessment.models import LedgerCount
from linli.assessment.quality import counted_under
from linli.core.paths import within

# Every community is counted once a day, a few of them at a time, so that nobody waits for it.
COUNTED_EVERY = timedelta(hours=20)
SECONDS_AT_A_TIME = 0.3


def count_community(community: Area, now: datetime) -> None:
    """Count the ledgers of one community and keep the numbers in place of the last ones."""
    counted = counted_under(community.path, now)
    whole: Counter[str] = Counter()
    for counts in counted.values():
        whole.update(counts)
    with transaction.atomic():
        LedgerCount.objects.filter(within([community.path])).delete()
        LedgerCount.objects.bulk_create(
            LedgerCount(path=path, counts=counts, whole=dict(whole) if path == community.path else None, counted_at=now)
            for path, counts in sorted(counted.items())
        )


def count_ledgers(now: datetime, *, seconds: float = SECONDS_AT_A_TIME) -> int:
    """Count the communities whose numbers are older than a day, for so many seconds; return how many."""
    fresh = LedgerCount.objects.filter(counted_at__gt=now - COUNTED_EVERY).values("path")
    communities = Area.objects.current().filter(level=Level.COMMUNITY).exclude(path__in=fresh)
    until = time.monotonic() + seconds
    count = 0
    for community in communities.defer("geometry", "bounds").order_by("path"):
        if count and time.monotonic() > until:
            break
        count_community(community, now)
        count += 1
    return count
