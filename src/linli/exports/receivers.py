"""What this app does when something happens."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from linli.exports import actions
from linli.files.models import Upload
from linli.files.signals import upload_removed


@receiver(upload_removed)
def note_gone(sender: type[Upload], upload: Upload, **kwargs: Any) -> None:
    """Note that a file is gone whose seven days are over."""
    actions.note_gone(upload)
