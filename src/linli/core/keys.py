"""Secret keys: taken from the environment, else from files that only the owner can read.

A missing key is made once, so that the first start needs nothing.
"""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

KEY_BYTES = 32


def load_key(variable: str, folder: Path) -> str:
    """Return the key named by an environment variable, as base64 text of 32 random bytes.

    Without the variable the key is read from ``folder/<variable>``; a missing file is created with mode 600.
    """
    given = os.environ.get(variable)
    if given:
        return given
    path = folder / variable.removeprefix("LINLI_").lower().replace("_", "-")
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return _create_key(path)


def _create_key(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii")
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        # Two first starts at one moment: the one that came first has made the key.
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key)
    return key
