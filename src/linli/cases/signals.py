"""Announcements of this app."""

from django.dispatch import Signal

# Sent by every step inside its transaction; arguments: ``case`` and the new ``step``.
case_changed = Signal()
