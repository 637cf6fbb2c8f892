"""What this app does when something happens."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from linli.files import tasks
from linli.files.choices import FileKind
from linli.files.models import Upload
from linli.files.signals import upload_kept


@receiver(upload_kept)
def redraw_photo(sender: type[Upload], upload: Upload, **kwargs: Any) -> None:
    """Put a photo in the queue, inside the transaction that keeps it: a crash loses neither or both."""
    if upload.kind == FileKind.PHOTO:
        tasks.process_photo.enqueue(str(upload.pk))
