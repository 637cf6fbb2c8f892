from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Urgency(TextChoices):
    NORMAL = "normal", _("normal")
    ALARM = "alarm", _("alarm")
