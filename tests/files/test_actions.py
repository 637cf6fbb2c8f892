from __future__ import annotations

import os
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from linli.core import clock
from linli.core.crypto import DecryptionError
from linli.files import storage
from linli.files.actions import keep_upload, process_photo, remove_expired, remove_upload
from linli.files.choices import FileKind, FileState
from linli.files.models import Upload
from linli.files.queries import content_of, readable_photo
from linli.jobs import schedule
from linli.journal.models import Entry
from tests.files.pictures import CAMERA, picture, with_position

SECRET = b"name and number of Zhang San, 13900001111"

pytestmark = pytest.mark.django_db


class Sender:
    username = "resident"


BY = Sender()


def keep_workbook(days: int | None = 30) -> Upload:
    return keep_upload(SECRET, name="people.xlsx", kind=FileKind.WORKBOOK, by=BY, days=days)


def stored_files(data_dir: Path) -> list[Path]:
    return [file for file in (data_dir / "files").rglob("*") if file.is_file()]


def test_a_kept_file_lies_encrypted_and_comes_back_whole(data_dir: Path) -> None:
    upload = keep_workbook()

    assert content_of(upload) == SECRET
    (file,) = stored_files(data_dir)
    assert file == data_dir / "files" / upload.key.hex[:2] / str(upload.key)
    assert b"Zhang" not in file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (upload.size, upload.state, upload.uploaded_by) == (len(SECRET), FileState.RECEIVED, "resident")


def test_a_file_that_was_altered_or_swapped_does_not_open() -> None:
    first, second = keep_workbook(), keep_workbook()
    storage.path_of(first.key).write_bytes(storage.path_of(second.key).read_bytes())
    with pytest.raises(DecryptionError):
        content_of(first)
    assert content_of(second) == SECRET


def test_every_write_is_in_the_journal_without_the_name_of_the_file() -> None:
    upload = keep_workbook()
    remove_upload(upload, by=BY)
    entries = Entry.objects.order_by("number")
    assert [(entry.action, entry.object_id) for entry in entries] == [
        ("files.keep", str(upload.pk)),
        ("files.remove", str(upload.pk)),
    ]
    assert entries[0].detail == {"kind": "workbook", "size": len(SECRET)}


def test_a_photo_is_redrawn_by_the_background_task_before_anybody_sees_it(data_dir: Path) -> None:
    upload = keep_upload(with_position(), name="photo.jpg", kind=FileKind.PHOTO, by=BY)
    assert readable_photo(upload) is None, "the copy in hand is not redrawn yet"

    upload.refresh_from_db()

    assert upload.state == FileState.READY
    shown = readable_photo(upload)
    assert shown is not None
    assert CAMERA.encode() not in shown
    assert upload.size == len(shown)
    assert len(stored_files(data_dir)) == 1, "the photo as it came is gone"


def test_a_photo_that_cannot_be_drawn_is_refused_and_its_content_removed(
    data_dir: Path, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        upload = keep_upload(picture()[:900], name="photo.jpg", kind=FileKind.PHOTO, by=BY)
    upload.refresh_from_db()
    assert upload.state == FileState.REFUSED
    assert upload.problem
    assert readable_photo(upload) is None
    assert stored_files(data_dir) == []


def test_a_photo_is_processed_once() -> None:
    upload = keep_upload(picture(), name="photo.jpg", kind=FileKind.PHOTO, by=BY)
    before = storage.path_of(upload.key).read_bytes()
    assert process_photo(upload.key).state == FileState.READY
    assert storage.path_of(upload.key).read_bytes() == before


def test_a_workbook_is_never_shown_as_a_photo() -> None:
    upload = keep_workbook()
    assert process_photo(upload.key).state == FileState.RECEIVED
    assert readable_photo(upload) is None


def test_what_is_over_is_removed_and_the_rest_stays(data_dir: Path, django_capture_on_commit_callbacks: Any) -> None:
    over, later, kept = keep_workbook(30), keep_workbook(31), keep_workbook(None)
    now = clock.now() + timedelta(days=30, minutes=1)

    with django_capture_on_commit_callbacks(execute=True):
        assert remove_expired(now) == 1
    with django_capture_on_commit_callbacks(execute=True):
        assert remove_expired(now) == 0, "safe to repeat"

    over.refresh_from_db()
    assert (over.state, over.size) == (FileState.GONE, 0)
    with pytest.raises(FileNotFoundError):
        content_of(over)
    assert content_of(later) == content_of(kept) == SECRET


def test_a_file_whose_request_failed_is_removed_after_a_day(data_dir: Path) -> None:
    with transaction.atomic():
        keep_workbook()
        transaction.set_rollback(True)
    (stray,) = stored_files(data_dir)
    (data_dir / "files" / "ab").mkdir(exist_ok=True)
    (data_dir / "files" / "ab" / "notes.txt").write_text("not ours")

    assert remove_expired(clock.now()) == 0, "the request may still run"
    two_days_ago = (clock.now() - timedelta(days=2)).timestamp()
    os.utime(stray, (two_days_ago, two_days_ago))
    assert remove_expired(clock.now()) == 1
    assert [file.name for file in stored_files(data_dir)] == ["notes.txt"]


def test_removal_is_on_the_schedule() -> None:
    assert schedule.duties.get("files.remove_expired").run is remove_expired
