from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Declarer(TextChoices):
    """Who declares. The first two speak for themselves, the others of homes, days and numbers only."""

    RESIDENT = "resident", _("resident")
    TENANT = "tenant", _("tenant")
    OWNER = "owner", _("owner")
    EMPLOYER = "employer", _("employer")


class Kind(TextChoices):
    """What is declared."""

    MOVE_IN = "move_in", _("moved in")
    MOVE_OUT = "move_out", _("moved out")
    ADDRESS = "address", _("moved to another home")
    CONTACT = "contact", _("new phone number")
    LET = "let", _("let to tenants")
    LET_ENDED = "let_ended", _("no longer let")
    EMPTY = "empty", _("stands empty")


class State(TextChoices):
    RECEIVED = "received", _("received")
    LOOKED_AT = "looked_at", _("being looked at")
    ASKED = "asked", _("asked back")
    CONFIRMED = "confirmed", _("confirmed")
    REFUSED = "refused", _("not confirmed")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Action(TextChoices):
    """What can be done with a declaration; each is one or more rows of the workflow table."""

    DECLARE = "declare", _("declare")
    TAKE_UP = "take_up", _("look into it")
    PREPARE = "prepare", _("prepare")
    ASK = "ask", _("ask back")
    ANSWER = "answer", _("answer the question")
    CONFIRM = "confirm", _("confirm")
    REFUSE = "refuse", _("refuse")
    WITHDRAW = "withdraw", _("withdraw")
    LAPSE = "lapse", _("let it lapse")
    ERASE = "erase", _("erase what is personal")


class Field(TextChoices):
    """What may be asked beside the home and the day."""

    NAME = "name", _("Your name")
    PHONE = "phone", _("Your phone")
    ID_NUMBER = "id_number", _("Your ID number")
    HEADCOUNT = "headcount", _("How many people")


class Choice(TextChoices):
    """Whom of the ledger a declaration is about, as staff see it."""

    NOBODY = "nobody", _("nobody is written down")
    NEW = "new", _("a new person")
    PERSON = "person", _("this person of the ledger")
