"""``linli serve``: web, background tasks and schedule as one process group that lives and dies together."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from types import FrameType

from django.core.management import call_command
from django.db import close_old_connections

from linli.core import clock
from linli.jobs import actions as jobs
from linli.jobs import schedule
from linli.jobs.queries import TASKS

logger = logging.getLogger(__name__)

HEARTBEAT = timedelta(seconds=20)
GRACE_SECONDS = 10


def web_command(host: str, port: int, workers: int) -> list[str]:
    """Return the command line of the web server."""
    return [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        host,
        "--port",
        str(port),
        "--workers",
        str(workers),
        "--blocking-threads",
        "4",
        "--no-ws",
        "--log-level",
        "warning",
        "linli.wsgi:application",
    ]


def serve(host: str, port: int, workers: int) -> int:
    """Start the parts and wait; when one ends, the others are ended too. Returns the exit code."""
    commands = [web_command(host, port, workers), [sys.executable, "-m", "linli", "work"]]
    parts = [subprocess.Popen(command) for command in commands]  # noqa: S603
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    while not stopping.wait(0.5):
        if any(part.poll() is not None for part in parts):
            break
    failed = not stopping.is_set()
    _end(parts)
    return 1 if failed else 0


def _end(parts: list[subprocess.Popen[bytes]]) -> None:
    for part in parts:
        if part.poll() is None:
            part.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for part in parts:
        try:
            part.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            part.kill()


def work() -> None:
    """Run background tasks in this thread, the schedule and the sign of life in another."""
    threading.Thread(target=_keep_time, daemon=True).start()
    call_command("db_worker", queue_name="default", interval=1, verbosity=0)


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
