"""Keeps uploads in memory until they are encrypted, and leaves out what is larger than we take."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import MemoryFileUploadHandler, SkipFile

MEGABYTE = 1024 * 1024


class BoundedUploadHandler(MemoryFileUploadHandler):
    """Takes files up to ``LINLI_UPLOAD_MAX_MB`` together; nothing is written to disk in clear.

    A file that goes beyond is read past without being kept, so that the fields behind it arrive and nothing that was
    typed is lost. The request then carries ``upload_too_large``, which forms turn into words.
    """

    received = 0

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        self.activated = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.received += len(raw_data)
        if self.received > settings.LINLI_UPLOAD_MAX_MB * MEGABYTE:
            if self.request is not None:
                self.request.upload_too_large = True  # type: ignore[attr-defined]
            raise SkipFile
        return super().receive_data_chunk(raw_data, start)
