from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Sex(TextChoices):
    UNKNOWN = "", _("not said")
    FEMALE = "female", _("female")
    MALE = "male", _("male")


class Relation(TextChoices):
    """Relation to the head of the household."""

    HEAD = "head", _("head of household")
    SPOUSE = "spouse", _("spouse")
    SON = "son", _("son")
    DAUGHTER = "daughter", _("daughter")
    FATHER = "father", _("father")
    MOTHER = "mother", _("mother")
    GRANDCHILD = "grandchild", _("grandchild")
    GRANDPARENT = "grandparent", _("grandparent")
    SIBLING = "sibling", _("brother or sister")
    CHILD_IN_LAW = "child_in_law", _("son- or daughter-in-law")
    PARENT_IN_LAW = "parent_in_law", _("parent-in-law")
    OTHER = "other", _("other")


class Registration(TextChoices):
    """Where the person is registered, seen from this dwelling."""

    HERE = "here", _("registered here")
    ELSEWHERE = "elsewhere", _("registered elsewhere")
    UNKNOWN = "unknown", _("not known where registered")


class Presence(TextChoices):
    """Where the person lives, seen from this dwelling."""

    HERE = "here", _("lives here")
    NEARBY = "nearby", _("lives elsewhere in the city")
    AWAY = "away", _("lives in another city")


class CorrectionState(TextChoices):
    OPEN = "open", _("to be corrected")
    DONE = "done", _("corrected")
    KEPT = "kept", _("checked, right as written")


class RevealPurpose(TextChoices):
    """What a hidden number is looked at for."""

    VISIT = "visit", _("to arrange a visit")
    CASE = "case", _("to handle a case")
    CHECK = "check", _("to check the record")
