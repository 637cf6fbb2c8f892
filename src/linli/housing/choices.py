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


class Lift(TextChoices):
    UNKNOWN = "unknown", _("not known")
    YES = "yes", _("has a lift")
    NO = "no", _("no lift")


class DwellingKind(TextChoices):
    """What a room behind an entrance is."""

    HOME = "home", _("home")
    SHOP = "shop", _("shop")
    DORMITORY = "dormitory", _("dormitory")
    OTHER = "other", _("other room")


class SiteState(TextChoices):
    """What became of a planned building."""

    COMING = "coming", _("being built")
    FINISHED = "finished", _("built")
    GIVEN_UP = "given_up", _("given up")


class OwnerKind(TextChoices):
    PERSON = "person", _("a person")
    UNIT = "unit", _("a unit")


class ListKind(TextChoices):
    """The lists that a new installation begins with and an administrator edits."""

    FOUR_ONES = "four_ones", _("four ones of a let home")
    SAFETY = "safety", _("points of a safety check")
    FACILITY = "facility", _("kinds of facilities")
    SIX_CLEARS = "six_clears", _("six clears of a community")
    STANDARD = "standard", _("standards")


class MarkState(TextChoices):
    """How far one of the four ones is; “declined” is an answer like any other."""

    NOT_YET = "not_yet", _("not yet")
    DONE = "done", _("done")
    DECLINED = "declined", _("prefers not to")


class Outcome(TextChoices):
    FINE = "fine", _("fine")
    TO_MEND = "to_mend", _("to mend")


class MendState(TextChoices):
    OPEN = "open", _("being mended")
    DONE = "done", _("mended")


class Condition(TextChoices):
    GOOD = "good", _("good")
    NEEDS_REPAIR = "needs_repair", _("needs repair")
    OUT_OF_USE = "out_of_use", _("out of use")


class BookingState(TextChoices):
    ASKED = "asked", _("asked for")
    CONFIRMED = "confirmed", _("confirmed")
    CANCELLED = "cancelled", _("called off")


class BudgetKind(TextChoices):
    BUDGET = "budget", _("planned")
    EXPENSE = "expense", _("spent")


class PhonePurpose(TextChoices):
    """What the hidden phone of an owner, a tenant or a manager is looked at for."""

    VISIT = "visit", _("to arrange a visit")
    CASE = "case", _("to handle a case")
    CHECK = "check", _("to check the record")
