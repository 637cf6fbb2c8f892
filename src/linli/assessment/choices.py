from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Span(TextChoices):
    """The calendar periods that figures are given for."""

    DAY = "day", _("day")
    WEEK = "week", _("week")
    MONTH = "month", _("month")
    QUARTER = "quarter", _("quarter")
    YEAR = "year", _("year")


class Figure(TextChoices):
    """What is counted: each is a condition on cases, so that every number opens exactly its own rows."""

    NEW = "new", _("newly reported")
    OPEN = "open", _("open now")
    LATE = "late", _("late now")
    SOLVED = "solved", _("closed with an answer")
    CONFIRMED = "confirmed", _("confirmed by the resident")
    # What rates are made of.
    PROMISED = "promised", _("answered, with a promised time")
    ON_TIME = "on_time", _("answered in time")
    ASKED = "asked", _("closed, with a resident to ask")
    RATED = "rated", _("rated by the resident")
    SATISFIED = "satisfied", _("rated 4 or 5")


class Rate(TextChoices):
    """Shares of two figures; see ``queries.RATES`` for what is divided by what."""

    ON_TIME = "on_time", _("answered in time")
    CONFIRMED = "confirmed", _("confirmed as solved")
    SATISFIED = "satisfied", _("residents satisfied")
