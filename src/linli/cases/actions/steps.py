"""Taking a step: one door for all of them, and one thin function for each that code calls by name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from linli.areas.models import Department
from linli.cases.actions.checks import complete, recipient
from linli.cases.actions.engine import find_row, lock, write_step
from linli.cases.actions.merging import merge_into
from linli.cases.actions.photos import add_step_photos
from linli.cases.actions.values import NOTHING, StepValues
from linli.cases.choices import Action
from linli.cases.models import Case


def take_step(
    case: Case,
    action: str,
    *,
    by: Any,
    version: int | None = None,
    values: StepValues = NOTHING,
    photos: Sequence[bytes] = (),
) -> Case:
    """Take one step of the workflow and return the case as it is afterwards.

    Args:
        case: the case as the caller read it.
        action: an ``Action``.
        by: a user, ``rules.THE_RESIDENT`` or ``accounts.rules.SYSTEM``.
        version: the version that the page showed; None where nothing was shown.
        values: what the step is given.
        photos: contents of photos that go with the step, checked by ``files.forms.PhotosField``.

    Raises:
        Conflict: the case has moved on; the message tells who did what, and when.
        Refused: this is not for ``by`` to do.
        ValidationError: something is missing or wrong, by field of ``values``.
    """
    if action == Action.MERGE:
        return merge_into(case, by=by, version=version, values=values, photos=photos)
    with transaction.atomic():
        locked = lock(case.pk)
        row = find_row(locked, action, by=by, seen=case, version=version)
        step = write_step(locked, row, by=by, values=complete(locked, row, values))
        add_step_photos(step, photos, by=by)
    return locked


def accept_case(case: Case, *, by: Any, note: str = "", version: int | None = None) -> Case:
    """Take up a case; the post that accepts handles it."""
    return take_step(case, Action.ACCEPT, by=by, version=version, values=StepValues(note=note))


def solve_on_spot(case: Case, *, by: Any, note: str, version: int | None = None) -> Case:
    """Record what was done on the spot about a case that was reported."""
    return take_step(case, Action.SOLVE_ON_SPOT, by=by, version=version, values=StepValues(note=note))


def reclassify_case(case: Case, *, by: Any, mechanism: str, note: str, version: int | None = None) -> Case:
    """Send a case another way, with the reason."""
    values = StepValues(note=note, mechanism=mechanism)
    return take_step(case, Action.RECLASSIFY, by=by, version=version, values=values)


def hand_up_case(case: Case, *, by: Any, note: str, version: int | None = None) -> Case:
    """Pass a case from the grid to the community."""
    return take_step(case, Action.HAND_UP, by=by, version=version, values=StepValues(note=note))


def dispatch_case(
    case: Case, *, by: Any, to: Department | str | None = None, note: str = "", version: int | None = None
) -> Case:
    """Give a case to a department: a department, its code, or the user name of one of its officers.

    Without ``to`` the route of the category that is nearest to the place counts.
    """
    if isinstance(to, str):
        department, officer = recipient(to)
        values = StepValues(note=note, department=department, officer=officer)
    else:
        values = StepValues(note=note, department=to)
    return take_step(case, Action.DISPATCH, by=by, version=version, values=values)


def handle_case(case: Case, *, by: Any, note: str, version: int | None = None) -> Case:
    """Record what was done about a case."""
    return take_step(case, Action.HANDLE, by=by, version=version, values=StepValues(note=note))


def reply_to_case(case: Case, *, by: Any, note: str, version: int | None = None) -> Case:
    """Give the resident the answer; ``note`` is what they read."""
    return take_step(case, Action.REPLY, by=by, version=version, values=StepValues(note=note))


def return_case(case: Case, *, by: Any, note: str, version: int | None = None) -> Case:
    """Send a case back to whoever passed it on, with the reason."""
    return take_step(case, Action.RETURN, by=by, version=version, values=StepValues(note=note))


def check_case(case: Case, *, by: Any, note: str = "", version: int | None = None) -> Case:
    """Find the answer good; somebody who neither handled nor answered the case does this."""
    return take_step(case, Action.CHECK, by=by, version=version, values=StepValues(note=note))


def merge_case(case: Case, *, by: Any, into: Case, note: str = "", version: int | None = None) -> Case:
    """End a case in another one that is about the same matter."""
    return take_step(case, Action.MERGE, by=by, version=version, values=StepValues(note=note, into=into))


def report_oral(
    case: Case,
    *,
    by: Any,
    told: str,
    told_at: datetime | None = None,
    note: str = "",
    version: int | None = None,
) -> Case:
    """Record that an emergency was reported by word of mouth: to whom, and when."""
    values = StepValues(note=note, told=told, told_at=told_at)
    return take_step(case, Action.REPORT_ORAL, by=by, version=version, values=values)


def report_written(case: Case, *, by: Any, note: str, report_kind: str = "", version: int | None = None) -> Case:
    """Write the first, a follow-up or the final report of an emergency."""
    values = StepValues(note=note, report_kind=report_kind)
    return take_step(case, Action.REPORT_WRITTEN, by=by, version=version, values=values)


def submit_case(case: Case, *, by: Any, note: str, version: int | None = None) -> Case:
    """Send the facts of an approval to the street for a decision."""
    return take_step(case, Action.SUBMIT, by=by, version=version, values=StepValues(note=note))


def decide_case(case: Case, *, by: Any, verdict: str, note: str, version: int | None = None) -> Case:
    """Approve or refuse, with the reason."""
    values = StepValues(note=note, verdict=verdict)
    return take_step(case, Action.DECIDE, by=by, version=version, values=values)


def write_note(case: Case, *, by: Any, note: str) -> Case:
    """Add an internal note; the resident does not see it, and nobody's open form grows stale."""
    return take_step(case, Action.NOTE, by=by, values=StepValues(note=note))
