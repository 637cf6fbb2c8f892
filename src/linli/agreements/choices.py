"""With whom papers are agreed, how far they are, and what a check finds."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PartyKind(TextChoices):
    UNIT = "unit", _("a unit")
    OWNER = "owner", _("an owner of a home")
    EMPLOYER = "employer", _("an employer")


class Standing(TextChoices):
    """How far an agreement is; derived from its days, never typed."""

    DRAFT = "draft", _("not signed yet")
    RUNNING = "running", _("in force")
    ENDING = "ending", _("ends soon")
    OVER = "over", _("term is over")
    ENDED = "ended", _("ended")
    DECLINED = "declined", _("preferred not to sign")


class Finding(TextChoices):
    KEPT = "kept", _("kept")
    TO_MEND = "to_mend", _("to be put right")
    NOT_SEEN = "not_seen", _("not looked at")
