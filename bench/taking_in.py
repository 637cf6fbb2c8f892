"""Takes a workbook in through the service that runs, beside somebody who writes and somebody who looks at pages.

    python -m bench.taking_in WORKBOOK URL HEAD

The variables of the service are those of this process; HEAD is the process at the head of it. Prints the figures as
JSON: seconds of each step, the longest that a write of somebody else waited, server time of the pages, memory.
"""

from __future__ import annotations

import json
import os
import re
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
import psutil
import requests

WRITES_EVERY = 0.1
LOOKS_EVERY = 0.5
ASKS_EVERY = 0.2
PAGES = ("/", "/cases/", "/households/", "/search/?q=王")
DURATION = re.compile(r"app;dur=([\d.]+)")
LEADER = "leader"


def main() -> None:
    """Send, check, apply and undo, and print what was seen."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
    django.setup()
    workbook, url, head = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    stop = threading.Event()
    waits: dict[str, list[float]] = {}
    pages: dict[str, list[float]] = {}
    step = [""]
    beside = [
        threading.Thread(target=_write_beside, args=(stop, step, waits)),
        threading.Thread(target=_look_beside, args=(stop, step, pages, url)),
    ]
    for thread in beside:
        thread.start()
    try:
        figures = _take_in(workbook, step, head)
    finally:
        stop.set()
        for thread in beside:
            thread.join()
    print(json.dumps(figures | {"waits": waits, "pages": pages, "memory_mb": _peak_memory(head)}))


def _take_in(workbook: Path, step: list[str], head: int) -> dict[str, Any]:
    from linli.exchange import actions
    from linli.exchange.choices import BatchWork

    leader, area = _leader()
    seconds: dict[str, float] = {}
    processor: dict[str, float] = {}

    def timed(name: str, begin: Callable[[], Any]) -> Any:
        step[0], started, used = name, time.monotonic(), _processor_time(head)
        batch = begin()
        _wait(batch)
        seconds[name] = time.monotonic() - started
        processor[name] = _processor_time(head) - used
        return batch

    content = workbook.read_bytes()
    batch = timed(
        "read", lambda: actions.send_workbook(content, name=workbook.name, area=area, kind="people", by=leader)
    )

    def ask(work: BatchWork) -> Any:
        actions.ask_for(batch, work, by=leader)
        return batch

    for name, work in (("check", BatchWork.CHECK), ("apply", BatchWork.APPLY)):
        timed(name, lambda work=work: ask(work))
    batch.refresh_from_db()
    applied = dict(batch.report["applied"])
    timed("undo", lambda: ask(BatchWork.UNDO))
    return {
        "seconds": seconds,
        "processor": processor,
        "applied": applied,
        "rows": batch.report["rows"],
        "held": batch.report["held"],
    }


def _leader() -> tuple[Any, Any]:
    from linli.areas.models import Post

    post = Post.objects.filter(role=LEADER, holder__isnull=False).select_related("holder", "area").order_by("pk")[0]
    return post.holder, post.area


def _wait(batch: Any) -> None:
    """Wait until the background work of a batch is done. Raises ``RuntimeError`` when it went wrong."""
    from linli.exchange.models import Batch
    from linli.jobs.choices import JobState

    while True:
        job = Batch.objects.select_related("job").get(pk=batch.pk).job
        assert job is not None
        if not job.is_open:
            break
        time.sleep(ASKS_EVERY)
    if job.state != JobState.DONE:
        raise RuntimeError(f"{job.kind}: {job.state} {job.message}")


def _write_beside(stop: threading.Event, step: list[str], waits: dict[str, list[float]]) -> None:
    """Write one row ten times a second, and note how long each write took."""
    from linli.jobs.actions import beat

    while not stop.wait(WRITES_EVERY):
        started = time.monotonic()
        beat("bench")
        waits.setdefault(step[0], []).append((time.monotonic() - started) * 1000)


def _look_beside(stop: threading.Event, step: list[str], pages: dict[str, list[float]], url: str) -> None:
    """Open one page after the other as the leader of the community does, and note the server's time of each."""
    from linli.demo.staff import PASSWORD

    username = _leader()[0].username
    client = requests.Session()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get(f"{url}/sign-in/").text)
    values = {"username": username, "password": PASSWORD, "csrfmiddlewaretoken": token[1] if token else ""}
    client.post(f"{url}/sign-in/", values, headers={"Referer": url})
    count = 0
    while not stop.wait(LOOKS_EVERY):
        answer = client.get(url + PAGES[count % len(PAGES)])
        count += 1
        found = DURATION.search(answer.headers.get("Server-Timing", ""))
        if answer.status_code != requests.codes.ok or found is None or "/sign-in/" in answer.url:
            raise RuntimeError(f"{answer.url}: {answer.status_code}")
        pages.setdefault(step[0], []).append(float(found[1]))


def _peak_memory(head: int) -> float:
    """Return the most memory that a process of background work ever had, in MB."""
    found = [Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8") for process in _workers(head)]
    return max(int(re.findall(r"VmHWM:\s*(\d+)", status)[0]) / 1024 for status in found)


def _processor_time(head: int) -> float:
    """Return the seconds that the processes of background work have had a core."""
    return sum(sum(process.cpu_times()[:2]) for process in _workers(head))


def _workers(head: int) -> list[psutil.Process]:
    return [process for process in psutil.Process(head).children(recursive=True) if "work" in process.cmdline()]


if __name__ == "__main__":
    main()
