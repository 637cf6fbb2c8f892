from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Level(TextChoices):
    """The levels of the area tree, from the top down."""

    PROVINCE = "province", _("province")
    CITY = "city", _("city")
    DISTRICT = "district", _("district")
    STREET = "street", _("street")
    COMMUNITY = "community", _("community")
    NETWORK = "network", _("network")
    GRID = "grid", _("grid")
    MICROGRID = "microgrid", _("small grid")


class AreaKind(TextChoices):
    """What sort of place a node is; only grids and communities have more than one sort."""

    ORDINARY = "ordinary", _("ordinary")
    VILLAGE = "village", _("village")
    RESIDENTIAL = "residential", _("residential grid")
    SPECIAL = "special", _("special grid")
    SHOPFRONT = "shopfront", _("shopfront grid")


class Measure(TextChoices):
    """By what the size of the grids of a kind is told."""

    HOUSEHOLDS = "households", _("number of households")
    BUILDINGS = "buildings", _("number of buildings")
    NONE = "none", _("no size is asked")


class Side(TextChoices):
    """On which side of its band a grid lies."""

    BELOW = "below", _("smaller than its band")
    ABOVE = "above", _("larger than its band")


class Role(TextChoices):
    """What a post is for; what it may do is in ``roles.toml``."""

    SUPERVISOR = "supervisor", _("grid supervisor")
    LEADER = "leader", _("grid leader")
    WORKER = "worker", _("grid worker")
    ASSISTANT = "assistant", _("grid assistant")
    POLICE = "police", _("police liaison")
    VOLUNTEER = "volunteer", _("volunteer")
    BUILDING_HEAD = "building_head", _("building head")
    COMMUNITY = "community", _("community staff")
    STREET = "street", _("street officer")
    DEPARTMENT = "department", _("department officer")
    DISTRICT = "district", _("district leader")
    ADMINISTRATOR = "administrator", _("administrator")
    AUDITOR = "auditor", _("auditor")


class Reach(TextChoices):
    """How far an ability of a post reaches."""

    AREA = "area", _("the area of the post")
    DEPARTMENT = "department", _("what was given to the department")
    OWN = "own", _("what the person reported")


class AbsenceReason(TextChoices):
    """Why somebody is away, and nothing more: no detail is asked."""

    LEAVE = "leave", _("leave")
    SICK = "sick", _("sick leave")
    TRAINING = "training", _("training")
    OTHER_DUTY = "other_duty", _("other duty")
    OTHER = "other", _("other")


class AbsenceState(TextChoices):
    """What became of an absence that somebody asked for."""

    ASKED = "asked", _("waits for an answer")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("not approved")
    WITHDRAWN = "withdrawn", _("taken back")


# What a grid may be; each has a size of its own.
GRID_KINDS = (AreaKind.RESIDENTIAL, AreaKind.SPECIAL, AreaKind.SHOPFRONT)
# The two posts of a grid that are each other's cover, A before B.
PAIR = (Role.WORKER, Role.ASSISTANT)
COMMUNITY_SIDE = (Role.LEADER, Role.COMMUNITY)
# A vacant post falls to the next in this order; the area is asked first, then its ancestors.
ACCOUNTABLE = (*PAIR, *COMMUNITY_SIDE, Role.STREET)
# Posts with a queue of their own, which somebody must see to while the holder is away.
COVERED = (*ACCOUNTABLE, Role.DEPARTMENT)
