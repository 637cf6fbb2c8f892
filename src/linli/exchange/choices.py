from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BatchState(TextChoices):
    UPLOADED = "uploaded", _("columns to be checked")
    CHECKED = "checked", _("ready to be taken over")
    APPLIED = "applied", _("taken over")
    UNDONE = "undone", _("undone")
    REFUSED = "refused", _("not readable")


class ChangeKind(TextChoices):
    CREATED = "created", _("created")
    UPDATED = "updated", _("changed")
