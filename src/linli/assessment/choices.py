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


class HomeState(TextChoices):
    """How far the ledger knows a home; “declined” is an answer like any other."""

    COLLECTED = "collected", _("people written down")
    EMPTY = "empty", _("known to be empty")
    DECLINED = "declined", _("prefer not to say")
    NOT_YET = "not_yet", _("not yet written down")


class Fact(TextChoices):
    """What the ledger may know of a person or a home, and may lack."""

    ID_NUMBER = "id_number", _("ID number")
    BIRTH_DATE = "birth_date", _("date of birth")
    PHONE = "phone", _("phone")
    REGISTERED_ADDRESS = "registered_address", _("registered address")
    REGISTRATION = "registration", _("registered here or elsewhere")
    SINCE = "since", _("living here since")
    EMERGENCY_CONTACT = "emergency_contact", _("emergency contact")
    USE = "use", _("use of the home")


class FactState(TextChoices):
    KNOWN = "known", _("known")
    DECLINED = "declined", _("prefer not to say")
    MISSING = "missing", _("missing")


class Change(TextChoices):
    """What happened to people and homes, and is written down some days later."""

    MOVE_IN = "move_in", _("moving in")
    MOVE_OUT = "move_out", _("moving away")
    MOVE_HOME = "move_home", _("moving to another home of the grid")
    TRANSFER = "transfer", _("moving to another grid")
    BIRTH = "birth", _("a birth")
    DEATH = "death", _("a death")
    SPLIT = "split", _("dividing a household")
    LET = "let", _("a tenancy begun")
    LET_NO_MORE = "let_no_more", _("a tenancy ended")


class ToReview(TextChoices):
    """What is looked at in the ledger of a grid once a quarter."""

    STALE = "stale", _("households not confirmed for a year")
    CORRECTION = "correction", _("values to put right")
    DUPLICATE = "duplicate", _("entries that may be one person")
    LEASE = "lease", _("tenancies past their agreed end")
    NOBODY = "nobody", _("homes with nobody written down")


class Age(TextChoices):
    """How long ago a person's data were written, changed or confirmed last."""

    QUARTER = "quarter", _("within three months")
    HALF = "half", _("three to six months ago")
    YEAR = "year", _("half a year to a year ago")
    OLDER = "older", _("more than a year ago")


class CoverageKind(TextChoices):
    """What may be wrong with how grids cover a place; the first group must not be, the second waits for somebody."""

    GAP = "gap", _("ground in no grid")
    OVERLAP = "overlap", _("ground in two grids")
    OUTSIDE = "outside", _("grid beyond the boundary")
    NO_GRID = "no_grid", _("buildings in no grid")
    TWO_GRIDS = "two_grids", _("buildings in two grids")
    ASTRAY = "astray", _("homes or households elsewhere than their building")
    NO_WORKER = "no_worker", _("grids without a worker")
    SIZE = "size", _("grids outside their band, without a reason")
    NOT_DRAWN = "not_drawn", _("grids without a boundary")
    UNDIVIDED = "undivided", _("communities without grids")
    FORECAST = "forecast", _("grids that will leave their band")
    EXPLAINED = "explained", _("grids outside their band, with a reason")
