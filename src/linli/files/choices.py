from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FileKind(TextChoices):
    PHOTO = "photo", _("photo")
    WORKBOOK = "workbook", _("workbook")


class FileState(TextChoices):
    RECEIVED = "received", _("received, not yet checked")
    READY = "ready", _("ready")
    REFUSED = "refused", _("refused")
    GONE = "gone", _("removed")
