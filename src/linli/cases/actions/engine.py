"""The write door of a case: lock, find the row of the workflow, change, and write history, journal and messages."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.accounts.rules import Refused
from linli.areas.models import Post
from linli.cases.actions.effects import MOVING_FIELDS, Change, apply
from linli.cases.actions.handlers import Turn, next_handler
from linli.cases.actions.messages import tell
from linli.cases.actions.values import Conflict, StepValues
from linli.cases.choices import Action, State
from linli.cases.deadlines import calendar
from linli.cases.models import Case, Step
from linli.cases.queries import last_move
from linli.cases.rules import REFUSALS, Resident, acting_post, may, stood_in_for, unmet
from linli.cases.signals import case_changed
from linli.cases.workflow import IN_PLACE, Row, doers_of, rows_for
from linli.core import clock
from linli.journal import actions as journal

NOT_YOURS = gettext_lazy("Your post does not allow this.")


def lock(pk: int) -> Case:
    """Return the case as it is now, locked until the end of the transaction."""
    return Case.objects.select_for_update(of=("self",)).select_related("category", "area").get(pk=pk)


def find_row(case: Case, action: str, *, by: Any, seen: Case, version: int | None = None) -> Row:
    """Return the row by which ``by`` takes the action from the present state.

    Args:
        case: the locked case.
        seen: the case as the caller read it; whoever might act then is told what happened since.
        version: the version that the caller saw; None does not ask.

    Raises:
        Refused: this is not for ``by`` to do, or a condition of the row does not hold.
        Conflict: the version is an older one, or the action does not start from the present state.
    """
    if not any(may(by, row, place) for row in doers_of(action) for place in (case, seen)):
        raise Refused(str(NOT_YOURS))
    stale = version is not None and version != case.version and action not in IN_PLACE
    rows = [row for row in rows_for(case.mechanism, case.state) if row.action == action]
    if stale or not rows:
        raise conflict(case, by)
    open_to = [row for row in rows if may(by, row, case)]
    if not open_to:
        raise Refused(str(NOT_YOURS))
    obstacles = [(row, unmet(by, row, case)) for row in open_to]
    for row, obstacle in obstacles:
        if obstacle is None:
            return row
    spoken = next((REFUSALS[name] for _row, name in obstacles if name in REFUSALS), NOT_YOURS)
    raise Refused(str(spoken))


def conflict(case: Case, by: Any) -> Conflict:
    """Return the refusal that tells where the case is now, and to staff who brought it there, and when."""
    move = last_move(case)
    at = move.at if move else case.reported_at
    state = State(case.state)
    if move is None or isinstance(by, Resident):
        text = _("It has moved on meanwhile and is now “%(state)s”. Look again, then decide.") % {"state": state.label}
        return Conflict(text, state=case.state, by="", at=at)
    text = _("%(by)s did “%(action)s” at %(at)s; it is now “%(state)s”. Look again, then decide.") % {
        "by": move.doer,
        "action": Action(move.action).label,
        "at": f"{clock.local(at):%m-%d %H:%M}",
        "state": state.label,
    }
    return Conflict(text, state=case.state, by=move.by, at=at)


def write_step(case: Case, row: Row, *, by: Any, values: StepValues) -> Step:
    """Take the step of a row on a locked or brand-new case: fields, history, journal, messages, announcement."""
    post = acting_post(by, row.who, case)
    handler = next_handler(Turn(case, row, post, values, by.username))
    change = Change(case, row, clock.now(), values, cache(calendar), handler)
    detail = apply(change)
    if post is not None and (absent := stood_in_for(by, post)):
        detail |= {"stood_in_for": absent, "post": post.pk}
    if row.source is None:
        case.save(force_insert=True)
    else:
        case.save(update_fields=MOVING_FIELDS)
    step = Step(case=case, **step_values(change, detail, by=by, post=post, number=_next_number(case, row)))
    step.save(force_insert=True)
    moved = {"number": case.number, "from": step.source, "to": step.target}
    journal.record(by, f"cases.{row.action}", case, detail=moved)
    tell(case, step)
    case_changed.send(Case, case=case, step=step)
    return step


def step_values(change: Change, detail: dict[str, Any], *, by: Any, post: Post | None, number: int) -> dict[str, Any]:
    """Return the columns of history for a change that was applied, but the case."""
    row = change.row
    return {
        "number": number,
        "at": change.at,
        "by": by.username,
        "by_name": by.name,
        "by_department_id": post.department_id if post else None,
        "mechanism": str(change.case.mechanism),
        "action": str(row.action),
        "source": str(row.source or ""),
        "target": str(row.target),
        "note": change.values.note,
        "detail": detail,
    }


def _next_number(case: Case, row: Row) -> int:
    if row.source is None:
        return 1
    last = Step.objects.filter(case=case).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1
