from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ExportState(TextChoices):
    WAITING = "waiting", _("waits for a second person")
    APPROVED = "approved", _("approved, the file is being made")
    READY = "ready", _("the file is ready")
    REFUSED = "refused", _("not approved")
    WITHDRAWN = "withdrawn", _("taken back")
    GONE = "gone", _("the file was removed")


class ExportFormat(TextChoices):
    XLSX = "xlsx", _("workbook (.xlsx)")
    CSV = "csv", _("plain table (.csv)")


# The kind of the job that makes the file.
MAKE_EXPORT = "exports.make"
