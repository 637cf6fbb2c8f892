"""Background work in words: what is done with what, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from linli.core import widgets
from linli.jobs.choices import JobState
from linli.jobs.models import Job
from linli.jobs.queries import TASKS, is_alive, is_stopping, progress_of

# Each step of a work as it tells itself: what it does, and what it counts.
STEPS: dict[str, tuple[str | Promise, str | Promise]] = {
    "open": (gettext_lazy("Opening the file"), ""),
    "read": (gettext_lazy("Reading and checking the rows"), gettext_lazy("rows")),
    "prepare": (gettext_lazy("Getting the rows ready"), ""),
    "compare": (gettext_lazy("Comparing with who is known already"), pgettext_lazy("count", "people")),
    "write": (gettext_lazy("Writing it down, so that it can be undone"), gettext_lazy("entries")),
    "undo": (gettext_lazy("Putting everything back"), gettext_lazy("entries")),
    "export": (gettext_lazy("Writing the table"), gettext_lazy("rows")),
    "duplicates": (gettext_lazy("Comparing people with each other"), pgettext_lazy("count", "people")),
    "change": (gettext_lazy("Bringing those who are known up to date"), ""),
    "clean": (gettext_lazy("Removing what was begun"), gettext_lazy("entries")),
    "verify": (gettext_lazy("Checking the seals of the journal"), gettext_lazy("entries")),
    "grids.read": (gettext_lazy("Reading buildings and households"), ""),
    "grids.ground": (gettext_lazy("Seeing which buildings lie beside each other"), ""),
    "grids.divide": (gettext_lazy("Drawing the grids"), gettext_lazy("communities")),
    "grids.apply": (gettext_lazy("Looking once more whether all is in order"), ""),
    "grids.move": (gettext_lazy("Putting buildings and homes into their grids"), gettext_lazy("communities")),
    "grids.follow": (gettext_lazy("Letting cases, units and facilities follow"), ""),
    "grids.revert": (gettext_lazy("Putting everything back"), ""),
}


@dataclass(frozen=True)
class Standing:
    """How far a piece of work is, as the page shows it. ``total`` is 0 where nothing is counted."""

    label: str
    done: int
    total: int
    unit: str
    text: str


@dataclass(frozen=True)
class Outcome:
    """How a piece of work ended: the tone of the notice, its title and its text."""

    tone: str
    title: str
    text: str


def outcome_of(job: Job) -> Outcome | None:
    """Return how a piece of work ended that did not get to its end."""
    if job.state == JobState.FAILED:
        return Outcome("late", _("It could not be done"), job.message)
    if job.state == JobState.CANCELLED:
        return Outcome("plain", _("It was stopped"), _("Nothing was written."))
    return None


def may_stop(job: Job, user: Any) -> bool:
    """Tell whether the page offers somebody to stop a piece of work."""
    return job.is_open and job.requested_by == user.username and not is_stopping(job)


def standing_of(job: Job) -> Standing:
    """Return how far a piece of work is at this moment, in words."""
    if job.state == JobState.WAITING:
        return Standing(_("It is about to begin"), 0, 0, "", _waiting_words())
    progress = progress_of(job)
    label, unit = STEPS.get(progress.step, (_("Working"), ""))
    done = min(progress.done, progress.total)
    if is_stopping(job):
        text = _("It stops at the next step, and nothing is written.")
    elif progress.total:
        text = _("%(share)s of this step is done.") % {"share": widgets.percentage(done, progress.total)}
    else:
        text = ""
    return Standing(str(label), done, progress.total, str(unit), text)


def _waiting_words() -> str:
    if is_alive(TASKS):
        return _("Other work may come first.")
    return _("Background work stands still. Tell the administrator.")
