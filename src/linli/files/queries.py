"""Reading the content of uploads. Who may see one is decided by what it belongs to: a case, a batch."""

from __future__ import annotations

from collections.abc import Iterator

from linli.files import storage
from linli.files.choices import FileKind, FileState
from linli.files.models import Upload


def content_of(upload: Upload) -> bytes:
    """Return the content of an upload.

    Raises:
        FileNotFoundError: it was removed, or its time is over.
        linli.core.crypto.DecryptionError: the stored file was altered.
    """
    return storage.read(upload.key)


def pieces_of(upload: Upload) -> Iterator[bytes]:
    """Return the content of an upload in pieces, for files that are large.

    Raises:
        FileNotFoundError: it was removed, or its time is over.
        linli.core.crypto.DecryptionError: the stored file was altered.
    """
    return storage.reading(upload.key)


def readable_photo(upload: Upload) -> bytes | None:
    """Return a photo as JPEG once it has been re-drawn, None before that, when it was refused, and when it is gone."""
    if upload.kind != FileKind.PHOTO or upload.state != FileState.READY:
        return None
    try:
        return storage.read(upload.key)
    except FileNotFoundError:
        return None
