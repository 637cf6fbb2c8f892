"""Where the bytes of uploads lie: ``LINLI_DATA_DIR/files/ab/<key>``, AES-256-GCM, one file for each upload.

The key of the upload is part of what is sealed, so that a file put in the place of another does not open. What is large
is sealed in pieces while it is written, and opened in pieces while it is read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from uuid import UUID

from django.conf import settings

from linli.core.crypto import decrypt_bytes, encrypt_bytes
from linli.core.sealing import PREFIX, SealedWriter, is_sealed_in_pieces, opened

_PART_SUFFIX = ".part"


def folder() -> Path:
    """Return the folder that holds every upload."""
    return Path(settings.DATA_DIR) / "files"


def path_of(key: UUID) -> Path:
    """Return the file of an upload; it need not exist."""
    return folder() / key.hex[:2] / str(key)


def write(key: UUID, content: bytes) -> None:
    """Encrypt the content and put it in its place at once: a reader sees the former content or the new one."""
    with _new_file(key) as file:
        file.write(encrypt_bytes(content, key=settings.LINLI_DATA_KEY, context=_context(key)))


@contextmanager
def writing(key: UUID) -> Iterator[SealedWriter]:
    """Give a file that is encrypted while it is written to. It is in its place at the end, and gone after a fault."""
    with _new_file(key) as file:
        sealed = SealedWriter(file, key=settings.LINLI_DATA_KEY, context=_context(key))
        yield sealed
        sealed.finish()


@contextmanager
def _new_file(key: UUID) -> Iterator[IO[bytes]]:
    target = path_of(key)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = target.with_name(target.name + _PART_SUFFIX)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def read(key: UUID) -> bytes:
    """Return the content of an upload.

    Raises:
        FileNotFoundError: it was removed.
        linli.core.crypto.DecryptionError: the file was altered, or the data key is another one.
    """
    return b"".join(reading(key))


def reading(key: UUID) -> Iterator[bytes]:
    """Return the content of an upload in pieces; that it is there is looked at now.

    Raises:
        FileNotFoundError: it was removed.
        linli.core.crypto.DecryptionError: the file was altered, or the data key is another one.
    """
    path = path_of(key)
    path.stat()
    return _pieces(path, _context(key))


def _pieces(path: Path, context: str) -> Iterator[bytes]:
    with path.open("rb") as file:
        beginning = file.read(len(PREFIX))
        file.seek(0)
        if is_sealed_in_pieces(beginning):
            yield from opened(file, key=settings.LINLI_DATA_KEY, context=context)
        else:
            yield decrypt_bytes(file.read(), key=settings.LINLI_DATA_KEY, context=context)


def remove(key: UUID) -> None:
    """Remove the content of an upload; it may be gone already."""
    path_of(key).unlink(missing_ok=True)


def stored_before(moment: float) -> Iterator[tuple[UUID, Path]]:
    """Yield key and file of everything that was written before a moment (seconds since 1970), unfinished parts too."""
    for file in folder().glob("??/*"):
        try:
            key = UUID(file.name.removesuffix(_PART_SUFFIX))
        except ValueError:
            continue
        if file.stat().st_mtime < moment:
            yield key, file


def _context(key: UUID) -> str:
    return f"files.Upload/{key}"
