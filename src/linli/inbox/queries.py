"""Reading messages."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from linli.inbox.models import Message


def unread_for(user: Any) -> QuerySet[Message]:
    """Return the messages that the user has not read, newest first."""
    return Message.objects.visible_to(user).filter(read_at=None)


def messages_for(user: Any) -> QuerySet[Message]:
    """Return all messages of the user, newest first."""
    return Message.objects.visible_to(user)
