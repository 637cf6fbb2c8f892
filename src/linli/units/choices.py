"""What kinds of units there are."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class UnitKind(TextChoices):
    COMPANY = "company", _("company")
    SHOP = "shop", _("shop")
    SCHOOL = "school", _("school")
    CLINIC = "clinic", _("clinic")
    HOTEL = "hotel", _("hotel")
    RESTAURANT = "restaurant", _("restaurant")
    INSTITUTION = "institution", _("public institution")
    SOCIAL = "social", _("social organisation")
    ASSOCIATION = "association", _("association")
    COMMITTEE = "committee", _("owners' committee")
    MANAGER = "manager", _("property manager")
    OTHER = "other", _("other unit")


class UnitChangeKind(TextChoices):
    ADDED = "added", _("written down")
    CHANGED = "changed", pgettext_lazy("unit", "changed")
    MOVED = "moved", _("moved")
    CLOSED = "closed", _("closed down")
    REOPENED = "reopened", _("opened again")


# Those that have members and a term; of others nobody asks for them.
WITH_MEMBERS = (UnitKind.SOCIAL, UnitKind.ASSOCIATION, UnitKind.COMMITTEE)
