"""Announcements of this app."""

from django.dispatch import Signal

# Sent inside the transaction by the actions about absences; argument: ``absence``, whose state tells what became of it.
absence_changed = Signal()
# Sent inside the transaction that leaves a post without a holder; argument: ``post``.
post_vacated = Signal()
