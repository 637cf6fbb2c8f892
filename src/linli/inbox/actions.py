"""Every write about messages. A message is a row in the sender's transaction, so no alarm is lost in a crash."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from linli.accounts.models import User
from linli.core import clock
from linli.inbox.choices import Urgency
from linli.inbox.models import Message
from linli.inbox.texts import texts


def send(
    to: Iterable[User], kind: str, values: Mapping[str, Any], *, url: str = "", urgency: str = Urgency.NORMAL
) -> None:
    """Send one message to each of these people; ``kind`` must be registered in ``inbox.texts``."""
    texts.get(kind)
    now = clock.now()
    Message.objects.bulk_create(
        Message(to=user, kind=kind, values=dict(values), url=url, urgency=urgency, sent_at=now)
        for user in {user.pk: user for user in to}.values()
    )


def mark_read(user: User) -> None:
    """Mark every message of a user as read."""
    Message.objects.visible_to(user).filter(read_at=None).update(read_at=clock.now())
