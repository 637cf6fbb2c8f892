from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Mechanism(TextChoices):
    """The four ways in which a case is handled."""

    ON_SPOT = "on_spot", _("on the spot")
    COORDINATION = "coordination", _("co-ordination")
    EMERGENCY = "emergency", _("emergency")
    APPROVAL = "approval", _("approval")


class State(TextChoices):
    REPORTED = "reported", _("reported")
    ACCEPTED = "accepted", _("accepted")
    HANDED_UP = "handed_up", _("with the community")
    DISPATCHED = "dispatched", _("dispatched")
    ORAL_REPORTED = "oral_reported", _("reported by word of mouth")
    WRITTEN_REPORTED = "written_reported", _("reported in writing")
    SUBMITTED = "submitted", _("waiting for a decision")
    DECIDED = "decided", _("decided")
    HANDLED = "handled", _("handled, answer due")
    REPLIED = "replied", _("answered, check due")
    CHECKED = "checked", _("checked, resident to confirm")
    CLOSED = "closed", _("closed")
    MERGED = "merged", _("merged into another case")


class Action(TextChoices):
    """What can be done with a case; each is a row, or several, of the workflow table."""

    REPORT = "report", _("report")
    SOLVE_ON_SPOT = "solve_on_spot", _("solve on the spot")
    RECLASSIFY = "reclassify", _("choose another way")
    ACCEPT = "accept", _("accept")
    HAND_UP = "hand_up", _("hand up to the community")
    DISPATCH = "dispatch", _("dispatch")
    HANDLE = "handle", _("handle")
    REPLY = "reply", _("answer the resident")
    RETURN = "return", _("return")
    CHECK = "check", _("check")
    MERGE = "merge", _("merge")
    TAKE_IN = "take_in", _("take in a report of the same matter")
    REPORT_ORAL = "report_oral", _("report by word of mouth")
    REPORT_WRITTEN = "report_written", _("report in writing")
    SUBMIT = "submit", _("submit for a decision")
    DECIDE = "decide", _("decide")
    CONFIRM = "confirm", _("confirm as solved")
    REOPEN = "reopen", _("reopen")
    LAPSE = "lapse", _("close as answered")
    NOTE = "note", _("write a note")


class Closing(TextChoices):
    """How a closed case ended; silence is “answered”, never “confirmed”."""

    OPEN = "", _("not closed")
    CONFIRMED = "confirmed", _("confirmed by the resident")
    ANSWERED = "answered", _("answered, the resident said nothing")
    CHECKED = "checked", _("checked, no resident to ask")
    MERGED = "merged", _("merged")


class Source(TextChoices):
    RESIDENT = "resident", _("reported by a resident")
    STAFF = "staff", _("found by staff")
    PROGRAM = "program", _("handed over by a program")


class Severity(TextChoices):
    ORDINARY = "ordinary", _("ordinary")
    SERIOUS = "serious", _("serious")


class Verdict(TextChoices):
    APPROVE = "approve", _("approved")
    REFUSE = "refuse", _("not approved")


class WrittenReport(TextChoices):
    FIRST = "first", _("first report")
    FOLLOW_UP = "follow_up", _("follow-up report")
    FINAL = "final", _("final report")
