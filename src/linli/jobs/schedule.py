"""The schedule: duties that ``tick`` runs when they are due. Safe to repeat, and one at a time across processes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from linli.core.registry import Registry
from linli.jobs.models import ScheduleMark

logger = logging.getLogger(__name__)

NEVER = "1970-01-01T00:00:00+00:00"


@dataclass(frozen=True)
class Duty:
    """Something to do again and again: ``run(now)``, at most once in ``every``."""

    name: str
    every: timedelta
    run: Callable[[datetime], object]


duties: Registry[Duty] = Registry("duty")


def register(name: str, every: timedelta, run: Callable[[datetime], object]) -> None:
    """Add a duty at start-up."""
    duties.register(name, Duty(name, every, run))


def run_due(now: datetime) -> list[str]:
    """Run every duty that is due and return their names; a duty that fails is logged and does not stop the others."""
    return [duty.name for duty in duties if _run_if_due(duty, now)]


def _run_if_due(duty: Duty, now: datetime) -> bool:
    ScheduleMark.objects.get_or_create(name=duty.name, defaults={"ran_at": datetime.fromisoformat(NEVER)})
    try:
        with transaction.atomic():
            mark = ScheduleMark.objects.select_for_update().get(name=duty.name)
            if now - mark.ran_at < duty.every:
                return False
            duty.run(now)
            mark.ran_at = now
            mark.save(update_fields=["ran_at"])
    except Exception:
        logger.exception("the duty %s failed; it will be tried again at the next tick", duty.name)
        return False
    return True
