"""How cases are spoken of on staff pages: titles, the words on buttons, and which step comes next."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from linli.areas.cover import StandIn
from linli.areas.scope import stand_ins_known_to
from linli.cases.choices import Action, Mechanism, State
from linli.cases.deadlines import Deadline, DeadlineKind
from linli.cases.models import Case
from linli.cases.queries import can, deadline_of
from linli.core import widgets
from linli.web.links import link

TITLE_LETTERS = 32


@dataclass(frozen=True)
class StepLook:
    """A step as its button shows it; ``done`` is how the history tells it, behind the name of the doer."""

    label: str | Promise
    icon: str
    done: str | Promise


STEPS: dict[str, StepLook] = {
    Action.REPORT: StepLook(gettext_lazy("Report"), "flag", pgettext_lazy("history", "reported it")),
    Action.SOLVE_ON_SPOT: StepLook(
        gettext_lazy("Done on the spot"), "checks", pgettext_lazy("history", "solved it on the spot")
    ),
    Action.RECLASSIFY: StepLook(
        gettext_lazy("Choose another way"), "switch-horizontal", pgettext_lazy("history", "chose another way")
    ),
    Action.ACCEPT: StepLook(gettext_lazy("Accept"), "check", pgettext_lazy("history", "accepted it")),
    Action.HAND_UP: StepLook(
        gettext_lazy("Hand up to the community"), "arrow-up", pgettext_lazy("history", "handed it to the community")
    ),
    Action.DISPATCH: StepLook(
        gettext_lazy("Dispatch to a department"), "route", pgettext_lazy("history", "dispatched it")
    ),
    Action.HANDLE: StepLook(gettext_lazy("Write what was done"), "tool", pgettext_lazy("history", "handled it")),
    Action.REPLY: StepLook(
        gettext_lazy("Answer the resident"), "message", pgettext_lazy("history", "answered the resident")
    ),
    Action.RETURN: StepLook(
        gettext_lazy("Send back, with the reason"), "arrow-back-up", pgettext_lazy("history", "sent it back")
    ),
    Action.CHECK: StepLook(gettext_lazy("Checked, it is good"), "eye-check", pgettext_lazy("history", "checked it")),
    Action.MERGE: StepLook(
        gettext_lazy("Merge into another case"), "git-merge", pgettext_lazy("history", "merged it into another case")
    ),
    Action.TAKE_IN: StepLook(
        gettext_lazy("Take in another report"), "git-merge", pgettext_lazy("history", "took in another report")
    ),
    Action.REPORT_ORAL: StepLook(
        gettext_lazy("Reported by phone"), "phone", pgettext_lazy("history", "reported it by word of mouth")
    ),
    Action.REPORT_WRITTEN: StepLook(
        gettext_lazy("Write the report"), "file-text", pgettext_lazy("history", "reported it in writing")
    ),
    Action.SUBMIT: StepLook(
        gettext_lazy("Submit for a decision"), "send", pgettext_lazy("history", "submitted it for a decision")
    ),
    Action.DECIDE: StepLook(gettext_lazy("Decide"), "rubber-stamp", pgettext_lazy("history", "decided it")),
    Action.CONFIRM: StepLook(
        gettext_lazy("Solved"), "circle-check", pgettext_lazy("history", "confirmed it as solved")
    ),
    Action.REOPEN: StepLook(
        gettext_lazy("Not solved yet"), "rotate", pgettext_lazy("history", "says it is not solved")
    ),
    Action.LAPSE: StepLook(
        gettext_lazy("Close as answered"), "clock", pgettext_lazy("history", "closed it: no word from the resident")
    ),
    Action.NOTE: StepLook(gettext_lazy("Write a note"), "note", pgettext_lazy("history", "wrote a note")),
}

# What comes first when several steps are open to a person; steps that are not named here are never the next one.
_NEXT = (
    Action.SOLVE_ON_SPOT,
    Action.ACCEPT,
    Action.DECIDE,
    Action.CHECK,
    Action.REPLY,
    Action.DISPATCH,
    Action.HANDLE,
    Action.SUBMIT,
    Action.HAND_UP,
)
_NEXT_IN_THE_FIRST_HOUR = (Action.REPORT_ORAL, Action.REPORT_WRITTEN)
# The rest stands behind them in this order. Notes have a form of their own; reports are taken in by a merge.
_OTHERS = (Action.REPORT_WRITTEN, Action.RETURN, Action.RECLASSIFY, Action.MERGE)

_PROMISES: dict[DeadlineKind, str | Promise] = {
    DeadlineKind.ACCEPT: gettext_lazy("to be accepted"),
    DeadlineKind.ANSWER: gettext_lazy("answer promised"),
    DeadlineKind.WRITTEN: gettext_lazy("written report owed"),
}


@dataclass(frozen=True)
class CaseLine:
    """One row of a list of cases. ``step`` is the next step of this person, empty where somebody else acts."""

    case: Case
    title: str
    category: str
    deadline: Deadline
    promise: str | Promise
    doer: str
    url: str
    step: str
    step_label: str | Promise
    step_url: str


def title_of(case: Case) -> str:
    """Return the place and the beginning of what was reported."""
    first_line = case.text.strip().split("\n", 1)[0].rstrip("。. ")
    text = Truncator(first_line).chars(TITLE_LETTERS)
    return f"{case.place} {text}" if case.place and not text.startswith(case.place) else text


def doer_of(case: Case, away: Mapping[int, StandIn], *, named: bool) -> str:
    """Return who acts now: the department, else the person, else the post; ``named`` False leaves persons out.

    ``away`` tells who stands in for whom today, see ``areas.scope.stand_ins_known_to``.
    """
    if case.department is not None and case.state in (State.DISPATCHED, State.HANDLED):
        return case.department.name
    if case.handler is None:
        return ""
    if not named or case.handler.holder is None:
        return case.handler.title
    found = away.get(case.handler.pk)
    if found is None:
        return case.handler.holder.name
    return stand_in_words(found, case.handler.holder.name)


def stand_in_words(found: StandIn, absent: str) -> str:
    """Say who does the work of somebody who is away."""
    if found.user is None:
        return _("%(absent)s, away") % {"absent": absent}
    return _("%(name)s for %(absent)s") % {"name": found.user.name, "absent": absent}


def next_step(case: Case, actions: Collection[str]) -> str:
    """Return the step that comes next out of those a person can take, empty when there is none."""
    first_hour = case.mechanism == Mechanism.EMERGENCY and case.written_at is None
    order = _NEXT_IN_THE_FIRST_HOUR if first_hour else _NEXT
    return next((str(action) for action in order if action in actions), "")


def ordered_steps(case: Case, actions: Collection[str]) -> list[str]:
    """Return what a person can do with a case by a button, the next step first."""
    order = [next_step(case, actions), *_NEXT, *_OTHERS]
    return list(dict.fromkeys(str(action) for action in order if action in actions))


def is_turn_of(user: Any, case: Case, step: str, posts: set[int]) -> bool:
    """Tell whether the next step is this person's own: the handler's, a new case's, a check or a decision."""
    if not step:
        return False
    if step in (Action.ACCEPT, Action.CHECK, Action.DECIDE, Action.SOLVE_ON_SPOT):
        return True
    if case.mechanism == Mechanism.EMERGENCY and case.written_at is None:
        return True
    return case.handler_id in posts or case.state == State.HANDED_UP


def line_of(user: Any, case: Case, posts: set[int], *, named: bool) -> CaseLine:
    """Return a case as a row of a list. ``posts`` are the ids of the user's posts.

    Asks the database nothing for a case of ``cases.queries.cases_for``.
    """
    deadline = deadline_of(case)
    step = next_step(case, can(user, case))
    if not is_turn_of(user, case, step, posts):
        step = ""
    return CaseLine(
        case=case,
        title=title_of(case),
        category=case.category.label,
        deadline=deadline,
        promise=_PROMISES[deadline.kind],
        doer=doer_of(case, stand_ins_known_to(user), named=named),
        url=link("case", case.number),
        step=step,
        step_label=STEPS[step].label if step else "",
        step_url=link("case-step", case.number, step) if step else "",
    )


_STOPS: dict[str, tuple[tuple[State, str | Promise], ...]] = {
    Mechanism.ON_SPOT: (
        (State.REPORTED, pgettext_lazy("progress", "Reported")),
        (State.CHECKED, gettext_lazy("Done on the spot")),
        (State.CLOSED, pgettext_lazy("progress", "Closed")),
    ),
    Mechanism.COORDINATION: (
        (State.REPORTED, pgettext_lazy("progress", "Reported")),
        (State.ACCEPTED, gettext_lazy("Accepted")),
        (State.DISPATCHED, gettext_lazy("Dispatched")),
        (State.HANDLED, gettext_lazy("Handled")),
        (State.REPLIED, gettext_lazy("Answered")),
        (State.CHECKED, gettext_lazy("Checked")),
        (State.CLOSED, pgettext_lazy("progress", "Closed")),
    ),
    Mechanism.EMERGENCY: (
        (State.REPORTED, pgettext_lazy("progress", "Reported")),
        (State.ORAL_REPORTED, gettext_lazy("By phone")),
        (State.WRITTEN_REPORTED, gettext_lazy("In writing")),
        (State.HANDLED, gettext_lazy("Handled")),
        (State.REPLIED, gettext_lazy("Answered")),
        (State.CHECKED, gettext_lazy("Checked")),
        (State.CLOSED, pgettext_lazy("progress", "Closed")),
    ),
    Mechanism.APPROVAL: (
        (State.REPORTED, pgettext_lazy("progress", "Reported")),
        (State.ACCEPTED, gettext_lazy("Accepted")),
        (State.SUBMITTED, gettext_lazy("Submitted")),
        (State.DECIDED, gettext_lazy("Decided")),
        (State.REPLIED, gettext_lazy("Answered")),
        (State.CHECKED, gettext_lazy("Checked")),
        (State.CLOSED, pgettext_lazy("progress", "Closed")),
    ),
}
# States between two stops count as the stop before them.
_BETWEEN = {State.HANDED_UP: State.ACCEPTED}
_BETWEEN_IN_EMERGENCIES = {State.DISPATCHED: State.WRITTEN_REPORTED}


def progress_line(case: Case) -> list[widgets.Step]:
    """Return how far a case has come on its way; the stop that comes next is the current one."""
    stops = _STOPS[case.mechanism]
    states = [state for state, _label in stops]
    between = _BETWEEN | (_BETWEEN_IN_EMERGENCIES if case.mechanism == Mechanism.EMERGENCY else {})
    state = between.get(State(case.state), State(case.state))
    reached = states.index(state) if state in states else -1
    reported = widgets.spell_moment(case.reported_at)
    return [
        widgets.Step(
            str(label),
            state="done" if number <= reached else "current" if number == reached + 1 else "todo",
            note=reported if number == 0 else "",
        )
        for number, (_state, label) in enumerate(stops)
    ]


def way_words(case: Case) -> str:
    """Return category and group in words: municipal › drains."""
    parent = case.category.parent
    name = case.category.label
    return _("%(group)s › %(name)s") % {"group": parent.label, "name": name} if parent else name
