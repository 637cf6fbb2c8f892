"""Reading the content of uploads. Who may see one is decided by what it belongs to: a case, a batch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from django.utils.translation import ngettext

from linli.files import storage
from linli.files.choices import FileKind, FileState
from linli.files.models import Upload

P = TypeVar("P")


@dataclass
class ShownPhotos(Generic[P]):
    """The photos of something: those that can be shown, and how many can't be yet, or never will."""

    shown: list[P] = field(default_factory=list)
    coming: int = 0
    refused: int = 0

    def add(self, photo: P, upload: Upload) -> None:
        """Put a photo where its upload belongs; of one that is gone nothing is told."""
        if upload.state == FileState.READY:
            self.shown.append(photo)
        elif upload.state == FileState.RECEIVED:
            self.coming += 1
        elif upload.state == FileState.REFUSED:
            self.refused += 1

    @property
    def told(self) -> str:
        """What is to be said about those that are not shown; nothing where all are."""
        said = []
        if self.coming:
            text = ngettext(
                "%(count)d photo is being prepared; load the page again in a moment.",
                "%(count)d photos are being prepared; load the page again in a moment.",
                self.coming,
            )
            said.append(text % {"count": self.coming})
        if self.refused:
            text = ngettext(
                "%(count)d photo could not be opened and was not kept.",
                "%(count)d photos could not be opened and were not kept.",
                self.refused,
            )
            said.append(text % {"count": self.refused})
        return " ".join(said)


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
