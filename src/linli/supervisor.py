"""Keeps web server and background tasks together: they start, live and end as one process group.

Imports nothing of Linli or Django, because it stays in memory as long as the service runs.

    python -m linli.supervisor HOST PORT WORKERS
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType

GRACE_SECONDS = 10
# Less than the grace, so that the web server is there to end a process that hangs.
HANGS_AFTER_SECONDS = 5


def commands(host: str, port: str, workers: str) -> list[list[str]]:
    """Return the command lines of the parts: the web server, background tasks with the schedule, and long tasks.

    A process answers one page at a time: two at once would take the interpreter from each other at every query, and
    both answers would come at twice the time.
    """
    web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", port]
    web += ["--workers", workers, "--blocking-threads", "1", "--no-ws", "--log-level", "warning"]
    web += ["--workers-kill-timeout", str(HANGS_AFTER_SECONDS)]
    work = [sys.executable, "-m", "linli", "work"]
    return [[*web, "linli.wsgi:application"], work, [*work, "--long"]]


def supervise(lines: list[list[str]]) -> int:
    """Start the parts and wait; when one ends, the others are ended too. Returns the exit code."""
    # Ctrl+C reaches the whole group; the parts are ended by us, since a web process that is told twice hangs.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    parts = [subprocess.Popen(line) for line in lines]  # noqa: S603
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    while not stopping.wait(0.5):
        if any(part.poll() is not None for part in parts):
            break
    failed = not stopping.is_set()
    _end(parts)
    return 1 if failed else 0


def _end(parts: list[subprocess.Popen[bytes]]) -> None:
    offspring = [child for part in parts for child in _children(part.pid)]
    for part in parts:
        if part.poll() is None:
            part.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for part in parts:
        try:
            part.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            part.kill()
    # A web server that was told twice, or was killed, leaves its processes behind.
    for child in offspring:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def _children(pid: int) -> list[int]:
    """Return the processes that a part has started; none where the machine does not tell."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    except OSError:
        return []


if __name__ == "__main__":
    sys.exit(supervise(commands(*sys.argv[1:4])))
