from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BuildingKind(TextChoices):
    RESIDENTIAL = "residential", _("residential building")
    SHOPS = "shops", _("shops")
    PUBLIC = "public", _("public building")
    OTHER = "other", _("other building")


class Occupancy(TextChoices):
    """How a dwelling is used; “declined” is an answer like any other."""

    UNKNOWN = "unknown", _("not yet registered")
    OWN = "own", _("lived in by the owner")
    RENTED = "rented", _("let")
    EMPTY = "empty", _("empty")
    DECLINED = "declined", _("prefers not to say")
