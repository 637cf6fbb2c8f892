"""Announcements of this app."""

from django.dispatch import Signal

# Sent by ``queue`` inside its transaction; arguments: ``job``, and ``arguments`` of the work as JSON takes them.
job_queued = Signal()
