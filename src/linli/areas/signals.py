"""Announcements of this app."""

from django.dispatch import Signal

# Sent inside the transaction by the actions about absences; argument: ``absence``, whose state tells what became of it.
absence_changed = Signal()
# Sent inside the transaction that leaves a post without a holder; argument: ``post``.
post_vacated = Signal()
# Sent inside the transaction that changed places or who serves them: boundaries, kinds, sizes, posts. Argument:
# ``paths`` (list of str), the subtrees that it concerns, and ``drawn``, whether boundaries are among it. Whoever keeps
# figures of places counts these anew.
places_changed = Signal()
