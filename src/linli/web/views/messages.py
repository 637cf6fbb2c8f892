"""What one is told: one's own messages, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from linli.accounts.access import SIGNED_IN, allowed
from linli.core.paging import page_of
from linli.inbox.actions import mark_read
from linli.inbox.models import Message
from linli.inbox.queries import messages_for, unread_for
from linli.inbox.texts import text_of


@dataclass(frozen=True)
class MessageRow:
    """A message with its text in the language of the page."""

    message: Message
    text: str

    @property
    def new(self) -> bool:
        """Tell whether it has not been read."""
        return self.message.read_at is None


@allowed(SIGNED_IN)
def message_list(request: HttpRequest) -> HttpResponse:
    """List one's own messages."""
    page = page_of(request, messages_for(request.user))
    rows = [MessageRow(message, text_of(message.kind, message.values)) for message in page.object_list]
    context = {"page": page, "rows": rows, "unread": unread_for(request.user).exists()}
    return render(request, "web/messages/list.html", context)


@require_POST
@allowed(SIGNED_IN)
def messages_read(request: HttpRequest) -> HttpResponse:
    """Put away everything that one was told."""
    user: Any = request.user
    mark_read(user)
    return redirect("message-list")
