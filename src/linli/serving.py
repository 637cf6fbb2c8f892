"""What ``linli work`` does beside the web server: background tasks, the schedule, a sign of life."""

from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta

from django.core.management import call_command
from django.db import close_old_connections

from linli.core import clock
from linli.jobs import actions as jobs
from linli.jobs import schedule
from linli.jobs.queries import TASKS
from linli.jobs.tasks import LONG

logger = logging.getLogger(__name__)

HEARTBEAT = timedelta(seconds=20)
# Somebody waits for most tasks: a workbook of usual size should be read before one wonders.
LOOK_FOR_TASKS = timedelta(seconds=0.25)

LOOK_FOR_LONG_TASKS = timedelta(seconds=1)


def work() -> None:
    """Run background tasks in this thread, the schedule and the sign of life in another."""
    threading.Thread(target=_keep_time, daemon=True).start()
    call_command("db_worker", queue_name="default", interval=LOOK_FOR_TASKS.total_seconds(), verbosity=0)


def work_long() -> None:
    """Run the tasks that may take minutes, so that photos and small workbooks need not wait for them."""
    call_command("db_worker", queue_name=LONG, interval=LOOK_FOR_LONG_TASKS.total_seconds(), verbosity=0)


def _keep_time() -> None:
    while True:
        try:
            jobs.beat(TASKS)
            schedule.run_due(clock.now())
        except Exception:
            # The database may be away for a moment; without a sign of life /healthz tells.
            logger.exception("the schedule could not run")
        finally:
            close_old_connections()
        time.sleep(HEARTBEAT.total_seconds())
