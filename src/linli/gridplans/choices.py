from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PlanState(TextChoices):
    """Where a draft of grids stands. What its background work does tells its job; see `queries.state_of`."""

    WAITING = "waiting", pgettext_lazy("grid plan", "about to be worked out")
    RUNNING = "running", pgettext_lazy("grid plan", "being worked on")
    READY = "ready", pgettext_lazy("grid plan", "draft, not in force")
    FAILED = "failed", pgettext_lazy("grid plan", "could not be worked out")
    CANCELLED = "cancelled", pgettext_lazy("grid plan", "stopped")
    APPLIED = "applied", pgettext_lazy("grid plan", "in force")
    REVERTED = "reverted", pgettext_lazy("grid plan", "taken back")
    DISCARDED = "discarded", pgettext_lazy("grid plan", "thrown away")


class StepKind(TextChoices):
    """What a person does to a draft."""

    MOVE = "move", _("move buildings to another grid")
    MERGE = "merge", _("join two grids")
    SPLIT = "split", _("divide a grid")
    LOCK = "lock", _("lock a grid")
    UNLOCK = "unlock", _("unlock a grid")
    RENAME = "rename", _("rename a grid")
    EXPLAIN = "explain", _("give the reason for a grid")


class CheckLevel(TextChoices):
    """How much a remark about a draft weighs: it must be mended, needs a reason, or is only to know."""

    MUST = "must", _("must be mended")
    EXPLAIN = "explain", _("needs a reason")
    FINE = "fine", _("to know")


class Basis(TextChoices):
    """What a draft starts from."""

    PRESENT = "present", _("the present grids: move as few households as possible")
    AFRESH = "afresh", _("afresh: the best division, whoever moves")


# The states in which nothing more comes of a draft; it may be copied.
ENDED = (PlanState.APPLIED, PlanState.REVERTED, PlanState.DISCARDED)
# The kinds of background work.
MAKE, APPLY, REVERT = "gridplans.make", "gridplans.apply", "gridplans.revert"
