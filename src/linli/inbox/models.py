"""Messages to staff. A message is a row, written in the same transaction as what it tells."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.inbox.choices import Urgency


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: object) -> MessageQuerySet:
        """Everybody reads their own messages and no others."""
        identity = getattr(user, "pk", None)
        return self.filter(to=identity) if identity else self.none()


class Message(models.Model):
    """One message to one member of staff; ``kind`` and ``values`` make its text in the reader's language."""

    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="messages", verbose_name=_("to")
    )
    kind = models.CharField(_("kind"), max_length=60)
    values = models.JSONField(_("values"), default=dict)
    urgency = models.CharField(_("urgency"), max_length=8, choices=Urgency.choices, default=Urgency.NORMAL)
    url = models.CharField(_("address"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("sent at"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-id"]
        indexes = [models.Index(fields=["to", "read_at"])]

    def __str__(self) -> str:
        return self.kind
