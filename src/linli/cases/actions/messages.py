"""The messages that steps send to staff. A message is a row of the same transaction, so a crash loses no alarm."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.accounts.models import User
from linli.areas.choices import COMMUNITY_SIDE, Role
from linli.areas.models import Post
from linli.areas.queries import doers_of, staff_of
from linli.cases.actions.handlers import accountable, checkers
from linli.cases.choices import Action, Mechanism
from linli.cases.models import Case, Step
from linli.cases.workflow import RESIDENT
from linli.core import clock
from linli.inbox.actions import send
from linli.inbox.choices import Urgency
from linli.inbox.texts import register

TEXTS = {
    "cases.reported": _("New: %(category)s, %(place)s (%(number)s)"),
    "cases.alarm": _("Emergency: %(category)s, %(place)s (%(number)s). Written report by %(due)s"),
    "cases.your_turn": _("%(by)s passed %(category)s, %(place)s (%(number)s) to you"),
    "cases.to_check": _("%(by)s answered %(category)s, %(place)s (%(number)s). Please check it"),
    "cases.reopened": _("The resident says it is not solved: %(category)s, %(place)s (%(number)s)"),
    "cases.confirmed": _("The resident confirmed: %(category)s, %(place)s (%(number)s)"),
    "cases.word": _("The resident added a word: %(category)s, %(place)s (%(number)s)"),
}

PASSED_ON = frozenset({Action.HAND_UP, Action.DISPATCH, Action.RETURN, Action.SUBMIT, Action.DECIDE, Action.RECLASSIFY})


def register_texts() -> None:
    """Add the texts to the register of the inbox, at start-up."""
    for kind, text in TEXTS.items():
        register(kind, text)


def tell(case: Case, step: Step) -> None:
    """Send what a step has to tell, to everybody but the person who took it."""
    if step.action in (Action.REPORT, Action.RECLASSIFY) and case.mechanism == Mechanism.EMERGENCY:
        _send(_alarmed(case), "cases.alarm", case, step, Urgency.ALARM)
    elif step.action == Action.REPORT:
        _send([case.owner], "cases.reported", case, step)
    elif step.action in PASSED_ON:
        _send([case.handler], "cases.your_turn", case, step)
    elif step.action == Action.REPLY:
        _send(checkers(case), "cases.to_check", case, step)
    elif step.by == RESIDENT:
        _tell_of_resident(case, step)


def _tell_of_resident(case: Case, step: Step) -> None:
    kinds = {Action.REOPEN: "cases.reopened", Action.CONFIRM: "cases.confirmed", Action.NOTE: "cases.word"}
    kind = kinds.get(Action(step.action))
    if kind is not None:
        _send([case.handler or accountable(case), accountable(case)], kind, case, step)


def _alarmed(case: Case) -> list[Post | None]:
    """Return the owner, the community side and the street: all of them at once."""
    community = staff_of(case.area, COMMUNITY_SIDE)
    street = staff_of(case.area, (Role.STREET,))
    return [case.owner, *community, *street]


def _send(posts: Iterable[Post | None], kind: str, case: Case, step: Step, urgency: str = Urgency.NORMAL) -> None:
    doers = doers_of(post for post in posts if post is not None)
    to: list[User] = [doer for doer in doers if doer.is_active and doer.username != step.by]
    if to:
        send(to, kind, _values(case, step), url=f"/cases/{case.number}/", urgency=urgency)


def _values(case: Case, step: Step) -> dict[str, Any]:
    due = clock.local(case.due_at) if case.due_at else None
    return {
        "number": case.number,
        "category": case.category.name,
        "place": case.place or case.area.name,
        "by": step.by_name,
        "due": f"{due:%m-%d %H:%M}" if due else "",
    }
