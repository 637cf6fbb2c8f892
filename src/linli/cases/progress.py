"""What the holder of a private link reads: how far the case is, in sentences, with no name and no internal note."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cases.choices import Action, State, Verdict
from linli.cases.models import Case, Step
from linli.cases.workflow import RESIDENT


@dataclass(frozen=True)
class ProgressStep:
    """One thing that happened, as the resident reads it."""

    at: datetime
    text: str


SENTENCES: dict[str, Promise] = {
    Action.REPORT: gettext_lazy("Your report has arrived."),
    Action.RECLASSIFY: gettext_lazy("It is handled another way now."),
    Action.ACCEPT: gettext_lazy("Somebody has taken it up."),
    Action.HAND_UP: gettext_lazy("It was passed on to the community."),
    Action.DISPATCH: gettext_lazy("It was given to those in charge of this."),
    Action.HANDLE: gettext_lazy("The work is done, the answer follows."),
    Action.RETURN: gettext_lazy("It was sent back, because something is still missing."),
    Action.CHECK: gettext_lazy("Somebody who did not do the work has checked it. Please have a look yourself."),
    Action.MERGE: gettext_lazy("It was put together with another report of the same matter."),
    Action.TAKE_IN: gettext_lazy("Another report of the same matter was put together with it."),
    Action.REPORT_ORAL: gettext_lazy("Those in charge were told at once."),
    Action.REPORT_WRITTEN: gettext_lazy("It was reported in writing to those in charge."),
    Action.SUBMIT: gettext_lazy("The facts are gathered, the decision is asked for."),
    Action.DECIDE: gettext_lazy("A decision was made, the answer follows."),
    Action.CONFIRM: gettext_lazy("You said that it is solved. Thank you."),
    Action.REOPEN: gettext_lazy("You said that it is not solved yet. It goes on."),
    Action.LAPSE: gettext_lazy("We heard nothing more from you and count it as answered."),
}

VERDICTS: dict[str, Promise] = {
    Verdict.APPROVE: gettext_lazy("It was approved."),
    Verdict.REFUSE: gettext_lazy("It was not approved."),
}


def progress_of(case: Case) -> list[ProgressStep]:
    """Return what happened from the first step on: answers in full, no names, no notes among staff."""
    verdict = ""
    told: list[ProgressStep] = []
    for step in Step.objects.filter(case=case).order_by("number"):
        verdict = str(step.detail.get("verdict", verdict))
        text = _sentence(step, verdict)
        if text:
            told.append(ProgressStep(step.at, text))
    return told


def headline_of(case: Case) -> str:
    """Return the one sentence that a resident reads first: where the case is now."""
    return str(HEADLINES[State(case.state)])


HEADLINES: dict[State, Promise] = {
    State.REPORTED: gettext_lazy("We have your report, and somebody will take it up."),
    State.ACCEPTED: gettext_lazy("Somebody is seeing to it."),
    State.HANDED_UP: gettext_lazy("The community is seeing to it."),
    State.DISPATCHED: gettext_lazy("Those in charge are working on it."),
    State.ORAL_REPORTED: gettext_lazy("Those in charge know, and are on it."),
    State.WRITTEN_REPORTED: gettext_lazy("Those in charge know, and are on it."),
    State.SUBMITTED: gettext_lazy("It is waiting for a decision."),
    State.DECIDED: gettext_lazy("It is decided, the answer follows."),
    State.HANDLED: gettext_lazy("The work is done, the answer follows."),
    State.REPLIED: gettext_lazy("Here is the answer. Somebody who did not do the work is checking it."),
    State.CHECKED: gettext_lazy("It is done. Please have a look: is it solved?"),
    State.CLOSED: gettext_lazy("This matter is closed."),
    State.MERGED: gettext_lazy("It was put together with another report of the same matter."),
}


def _sentence(step: Step, verdict: str) -> str:
    match step.action:
        case Action.NOTE:
            return _("You added a word.") if step.by == RESIDENT else ""
        case Action.REPLY:
            decided = f"{VERDICTS[verdict]} " if verdict in VERDICTS else ""
            return decided + _("The answer: %(answer)s") % {"answer": step.note}
        case Action.SOLVE_ON_SPOT:
            return _("It was solved on the spot: %(answer)s") % {"answer": step.note}
        case Action.REPORT if step.by != RESIDENT:
            return _("It was recorded.")
        case _:
            return str(SENTENCES[step.action])
