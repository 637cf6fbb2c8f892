"""Writes of uploads: keep, re-draw, remove.

Who may keep a file is decided by the action that makes what it belongs to: a report, a batch. Here nothing is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import IO, TypeVar, cast
from uuid import UUID, uuid4

from django.db import transaction

from linli.core import clock
from linli.files import photos, storage
from linli.files.choices import FileKind, FileState
from linli.files.models import Upload
from linli.files.signals import upload_kept, upload_removed
from linli.journal import actions as journal

# A file without a row was written by a request that failed; a day leaves time for those that still run.
STRAY_AFTER = timedelta(days=1)

T = TypeVar("T")


@dataclass(frozen=True)
class Written:
    """A file that was written and that no row knows yet."""

    key: UUID
    size: int


def keep_upload(
    content: bytes, *, name: str, kind: FileKind | str, by: journal.Actor, days: int | None = None
) -> Upload:
    """Encrypt and keep a file, and announce it; a photo is re-drawn in the background before anybody sees it.

    Args:
        content: the whole file.
        name: what it was called; not part of the path it is kept under.
        kind: a ``FileKind``.
        by: whoever sends it.
        days: it is removed after so many days; None keeps it as long as what it belongs to.
    """
    with transaction.atomic():
        key = uuid4()
        storage.write(key, content)
        return _kept(len(content), name=name, kind=kind, by=by, days=days, key=key)


def keep_photos(contents: Sequence[bytes], *, by: journal.Actor) -> list[Upload]:
    """Keep the contents of photos, to be attached to something; names of files are not kept."""
    return [
        keep_upload(content, name=f"{number}", kind=FileKind.PHOTO, by=by) for number, content in enumerate(contents, 1)
    ]


def _kept(size: int, *, name: str, kind: FileKind | str, by: journal.Actor, days: int | None, key: UUID) -> Upload:
    now = clock.now()
    upload = Upload(
        key=key,
        kind=FileKind(kind),
        name=name[: Upload._meta.get_field("name").max_length],
        size=size,
        uploaded_by=by.username,
        uploaded_at=now,
        expires_at=None if days is None else now + timedelta(days=days),
    )
    upload.save(force_insert=True)
    journal.record(by, "files.keep", upload, detail={"kind": upload.kind, "size": upload.size})
    upload_kept.send(Upload, upload=upload)
    return upload


def write_content(write: Callable[[IO[bytes]], T]) -> tuple[Written, T]:
    """Let a large file be written, encrypted on its way and never whole in memory; return it, to be kept, and the rest.

    It is written before a transaction, which it would keep open for long. What is not kept is removed after a day.
    """
    key = uuid4()
    with storage.writing(key) as file:
        said = write(cast(IO[bytes], file))
    return Written(key, file.size), said


def keep_written(
    written: Written, *, name: str, kind: FileKind | str, by: journal.Actor, days: int | None = None
) -> Upload:
    """Keep a file that `write_content` wrote, as `keep_upload` does."""
    with transaction.atomic():
        return _kept(written.size, name=name, kind=kind, by=by, days=days, key=written.key)


def process_photo(key: UUID) -> Upload:
    """Put the re-drawn picture in the place of the photo as it came, or refuse it and remove its content.

    Does nothing when the photo was done before, so that it may be tried again.

    Raises:
        Upload.DoesNotExist: there is no such upload.
    """
    with transaction.atomic():
        upload = Upload.objects.select_for_update().get(pk=key)
        if upload.kind != FileKind.PHOTO or upload.state != FileState.RECEIVED:
            return upload
        try:
            drawn = photos.redraw(storage.read(upload.key))
        except photos.NoPhoto as refusal:
            upload.state, upload.problem, upload.size = FileState.REFUSED, str(refusal), 0
            transaction.on_commit(partial(storage.remove, upload.key))
        else:
            upload.state, upload.size = FileState.READY, len(drawn)
            storage.write(upload.key, drawn)
        upload.save(update_fields=["state", "problem", "size"])
        journal.record(journal.SYSTEM, "files.process_photo", upload, detail={"state": upload.state})
    return upload


def remove_upload(upload: Upload, *, by: journal.Actor | str) -> Upload:
    """Remove the content of an upload for good; its row stays and says that it is gone."""
    with transaction.atomic():
        kept = Upload.objects.select_for_update().get(pk=upload.pk)
        if kept.state == FileState.GONE:
            return kept
        transaction.on_commit(partial(storage.remove, kept.key))
        kept.state, kept.size = FileState.GONE, 0
        kept.save(update_fields=["state", "size"])
        journal.record(by, "files.remove", kept)
        upload_removed.send(Upload, upload=kept)
    return kept


def remove_expired(now: datetime) -> int:
    """Remove every upload whose time is over, and files that no row knows; return how many."""
    strays = _remove_strays(now)
    expired = list(Upload.objects.filter(expires_at__lte=now).exclude(state=FileState.GONE))
    for upload in expired:
        remove_upload(upload, by=journal.SYSTEM)
    return strays + len(expired)


def _remove_strays(now: datetime) -> int:
    stored = dict(storage.stored_before((now - STRAY_AFTER).timestamp()))
    known = set(Upload.objects.exclude(state=FileState.GONE).values_list("pk", flat=True)) if stored else set()
    strays = [key for key in stored if key not in known]
    for key in strays:
        stored[key].unlink(missing_ok=True)
    if strays:
        kind, detail = Upload._meta.label_lower, {"count": len(strays)}
        journal.record(journal.SYSTEM, "files.remove_strays", object_type=kind, detail=detail)
    return len(strays)
