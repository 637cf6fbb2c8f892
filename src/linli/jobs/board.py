"""What is known about a job while it runs: that it runs, how far it is, and the wish that it stop.

These lie in small files in ``LINLI_DATA_DIR/jobs``, not in the database: the work is one transaction, what is written
inside it is seen by nobody else before its end, and on SQLite nobody else can write as long as it lasts.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

_HELD, _PROGRESS, _STOP = "held", "progress", "stop"


@dataclass(frozen=True)
class Progress:
    """The present step of a job, and how much of it is done of how much; both 0 where nothing is counted."""

    step: str = ""
    done: int = 0
    total: int = 0


@contextmanager
def held(key: int | str) -> Iterator[bool]:
    """Hold a job while it runs; gives False when somebody else holds it.

    The system lets go when the process ends, however it ends.
    """
    _folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    with _opened(key, os.O_RDWR | os.O_CREAT) as descriptor:
        if not _locked(descriptor):
            yield False
            return
        _remove(key, _PROGRESS, _STOP)
        try:
            yield True
        finally:
            _remove(key, _PROGRESS, _STOP, _HELD)


def is_held(key: int | str) -> bool:
    """Tell whether a process is at work on a job."""
    try:
        with _opened(key, os.O_RDWR) as descriptor:
            return not _locked(descriptor)
    except FileNotFoundError:
        return False


def write(key: int, progress: Progress) -> None:
    """Note how far a job is: a reader sees the former note or the new one."""
    part = _file(key, f"{_PROGRESS}.part")
    part.write_text(json.dumps(asdict(progress)), encoding="ascii")
    part.replace(_file(key, _PROGRESS))


def read(key: int) -> Progress:
    """Return how far a job is."""
    try:
        return Progress(**json.loads(_file(key, _PROGRESS).read_text(encoding="ascii")))
    except FileNotFoundError:
        return Progress()


def ask_to_stop(key: int) -> None:
    """Note that a job is to stop."""
    _folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    _file(key, _STOP).touch(mode=0o600)


def is_asked_to_stop(key: int) -> bool:
    """Tell whether a job is to stop."""
    return _file(key, _STOP).exists()


def forget(key: int) -> None:
    """Remove what was noted about a job that nobody holds."""
    _remove(key, _PROGRESS, _STOP, _HELD)


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "jobs"


def _file(key: int | str, kind: str) -> Path:
    return _folder() / f"{key}.{kind}"


@contextmanager
def _opened(key: int | str, flags: int) -> Iterator[int]:
    descriptor = os.open(_file(key, _HELD), flags, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _remove(key: int | str, *kinds: str) -> None:
    for kind in kinds:
        _file(key, kind).unlink(missing_ok=True)
