"""Keeps uploads in memory until they are encrypted, and stops one that is larger than any we take."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import MemoryFileUploadHandler, StopUpload


class BoundedUploadHandler(MemoryFileUploadHandler):
    """Takes files up to ``LINLI_UPLOAD_MAX_MB`` together; nothing is written to disk in clear.

    A larger upload is not read to its end; the request then carries ``upload_too_large``, which forms turn into words.
    """

    received = 0

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        self.activated = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.received += len(raw_data)
        if self.received > settings.LINLI_UPLOAD_MAX_MB * 1024 * 1024:
            if self.request is not None:
                self.request.upload_too_large = True  # type: ignore[attr-defined]
            raise StopUpload(connection_reset=False)
        return super().receive_data_chunk(raw_data, start)
