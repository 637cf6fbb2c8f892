from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RecordKind(TextChoices):
    """What a line of the register is about; each is written by the person."""

    QUALIFICATION = "qualification", _("certificate")
    SOCIAL_WORKER = "social_worker", _("social worker grade")
    TRAINING = "training", _("training")
    SKILL = "skill", _("language or skill")


class Grade(TextChoices):
    """The grades of the social worker examination."""

    ASSISTANT = "assistant", _("assistant social worker")
    SOCIAL_WORKER = "social_worker", _("social worker")
    SENIOR = "senior", _("senior social worker")
