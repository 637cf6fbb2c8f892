from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BatchState(TextChoices):
    SENT = "sent", _("not read yet")
    UPLOADED = "uploaded", _("columns to be checked")
    CHECKED = "checked", _("ready to be taken over")
    STAGING = "staging", _("being taken over")
    FINISHING = "finishing", _("being brought to its end")
    APPLIED = "applied", _("taken over")
    UNDOING = "undoing", _("being taken back")
    UNDONE = "undone", _("undone")
    REFUSED = "refused", _("not readable")


# Nobody sees the rows of a batch in these states.
HIDDEN_STATES = (BatchState.STAGING, BatchState.UNDOING)
# What was begun and must come to its end, one way or the other.
UNFINISHED_STATES = (BatchState.STAGING, BatchState.FINISHING, BatchState.UNDOING)


class BatchWork(TextChoices):
    """What is done with a workbook in the background; the values are the kinds of the jobs."""

    READ = "exchange.read", _("reading the workbook")
    CHECK = "exchange.check", _("looking through the rows")
    APPLY = "exchange.apply", _("taking the rows over")
    UNDO = "exchange.undo", _("putting everything back")
    FINISH = "exchange.finish", _("bringing to its end what was interrupted")


class ChangeKind(TextChoices):
    CREATED = "created", _("created")
    UPDATED = "updated", _("changed")


class DifferenceKind(TextChoices):
    """What a workbook says otherwise about somebody or something that is known."""

    PERSON = "person", _("changed")
    MOVED = "moved", _("moves")
    HOME = "home", _("home is used otherwise")
    BUILDING = "building", _("building is described otherwise")
    RENTAL = "rental", _("owner or tenant is written otherwise")
    UNIT = "unit", _("unit is described otherwise")
    POST = "post", _("post is held or described otherwise")
