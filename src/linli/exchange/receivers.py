"""What this app does when something happens."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from linli.exchange import actions
from linli.files.models import Upload
from linli.files.signals import upload_removed


@receiver(upload_removed)
def forget_previews(sender: type[Upload], upload: Upload, **kwargs: Any) -> None:
    """Forget what was in a workbook that was removed."""
    actions.forget_previews(upload)
