from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class JobState(TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("stopped")


# The kind of job that proves that the journal was not altered.
VERIFY_JOURNAL = "journal.verify"

OPEN_STATES = (JobState.WAITING, JobState.RUNNING)
