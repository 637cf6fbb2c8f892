"""Merging by hand: one case goes on, the other ends in it; both histories say so, and the residents follow along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linli.accounts.rules import Refused
from linli.cases.actions.checks import complete
from linli.cases.actions.engine import find_row, lock, write_step
from linli.cases.actions.photos import add_step_photos
from linli.cases.actions.values import StepValues
from linli.cases.choices import Action, Mechanism, State
from linli.cases.models import Case, FollowLink
from linli.cases.rules import may
from linli.cases.workflow import FINAL_STATES, rows_for


@transaction.atomic
def merge_into(case: Case, *, by: Any, version: int | None, values: StepValues, photos: Sequence[bytes] = ()) -> Case:
    """End the case in ``values.into``; whoever followed it follows the other from now on.

    Photos stay with the case that ends.

    Raises:
        Refused: the user may not merge one of the two.
        Conflict: the case has moved on meanwhile.
        ValidationError: the two can't be merged, and why.
    """
    if values.into is None:
        raise ValidationError({"into": _("Enter the number of the case that goes on.")})
    if values.into.pk == case.pk:
        raise ValidationError({"into": _("This is the same case. Enter the number of the other one.")})
    # Always in the same order, so that two merges at once can't wait for each other.
    locked_pair = {pk: lock(pk) for pk in sorted((case.pk, values.into.pk))}
    ending, lasting = locked_pair[case.pk], locked_pair[values.into.pk]
    row = find_row(ending, Action.MERGE, by=by, seen=case, version=version)
    _check_pair(ending, lasting, by)
    ends = complete(ending, row, replace(values, into=lasting))
    take_in = next(row for row in rows_for(lasting.mechanism, lasting.state) if row.action == Action.TAKE_IN)
    step = write_step(ending, row, by=by, values=ends)
    add_step_photos(step, photos, by=by)
    FollowLink.objects.filter(case=ending).update(case=lasting)
    write_step(lasting, take_in, by=by, values=replace(ends, into=ending))
    return ending


def _check_pair(ending: Case, lasting: Case, by: Any) -> None:
    rows = [row for row in rows_for(ending.mechanism, ending.state) if row.action == Action.MERGE]
    if not any(may(by, row, lasting) for row in rows):
        raise Refused(_("Case %(number)s lies outside your area. It can't be merged from here.") % _named(lasting))
    if lasting.state == State.MERGED:
        target = lasting.merged_into
        values = {"number": lasting.number, "target": target.number if target else ""}
        text = _("Case %(number)s was itself merged into %(target)s. Enter that number.") % values
        raise ValidationError({"into": text})
    if lasting.state in FINAL_STATES:
        raise ValidationError({"into": _("Case %(number)s is closed. Choose one that is open.") % _named(lasting)})
    unreported = ending.mechanism == Mechanism.EMERGENCY and ending.written_at is None
    if unreported and lasting.mechanism != Mechanism.EMERGENCY:
        text = _("An emergency needs its written report first, or has to go into another emergency.")
        raise ValidationError({"into": text})


def _named(case: Case) -> dict[str, str]:
    return {"number": case.number}
