"""Announcements of this app."""

from django.dispatch import Signal

# Sent by ``keep_upload`` inside its transaction; argument: ``upload``.
upload_kept = Signal()
# Sent by ``remove_upload`` inside its transaction; argument: ``upload``.
upload_removed = Signal()
