from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BatchState(TextChoices):
    SENT = "sent", _("not read yet")
    UPLOADED = "uploaded", _("columns to be checked")
    CHECKED = "checked", _("ready to be taken over")
    APPLIED = "applied", _("taken over")
    UNDONE = "undone", _("undone")
    REFUSED = "refused", _("not readable")


class BatchWork(TextChoices):
    """What is done with a workbook in the background; the values are the kinds of the jobs."""

    READ = "exchange.read", _("reading the workbook")
    CHECK = "exchange.check", _("looking through the rows")
    APPLY = "exchange.apply", _("taking the rows over")
    UNDO = "exchange.undo", _("putting everything back")


class ChangeKind(TextChoices):
    CREATED = "created", _("created")
    UPDATED = "updated", _("changed")
