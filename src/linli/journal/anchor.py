"""A mark outside the database that tells how far the journal had come.

Whoever can rewrite the tables could cut off the newest entries and put back an older end of the chain. The mark lies in
``LINLI_DATA_DIR`` and only moves forward, so that a cut is found. It is written after commit; a crash between the two
leaves a mark that is a little behind, which is no error.
"""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class Mark:
    """The number and seal of the newest entry that was committed."""

    number: int
    seal: str


def _path() -> Path:
    return Path(settings.DATA_DIR) / "journal.mark"


def read() -> Mark | None:
    """Return the mark, or None when no entry was ever written from here."""
    try:
        text = _path().read_text(encoding="ascii")
    except FileNotFoundError:
        return None
    return _parse(text)


def advance(number: int, seal: str) -> None:
    """Move the mark to this entry, unless it already stands further on."""
    descriptor = os.open(_path(), os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        present = _parse(file.read())
        if present is None or present.number < number:
            file.seek(0)
            file.write(f"{number} {seal}\n")
            file.truncate()


def forget() -> None:
    """Remove the mark: only for a database that is made anew."""
    _path().unlink(missing_ok=True)


def _parse(text: str) -> Mark | None:
    number, _space, seal = text.strip().partition(" ")
    return Mark(int(number), seal) if number else None
