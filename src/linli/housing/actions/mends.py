"""Safety checks, and what is to be mended: announced upwards, settled when the case of it closes."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linli.core import clock
from linli.housing.actions.checking import check_not_ahead
from linli.housing.choices import Condition, ListKind, MendState, Outcome
from linli.housing.models import CheckResult, Dwelling, Facility, Mend, SafetyCheck
from linli.housing.rules import require_keeper
from linli.housing.signals import mend_needed
from linli.housing.values import NewCheck
from linli.journal import actions as journal


@transaction.atomic
def write_check(dwelling: Dwelling, new: NewCheck, *, by: Any) -> SafetyCheck:
    """Write down a safety check; everything that is to be mended becomes a case.

    Whoever lives there may prefer not to be checked. That is written down as an answer: nothing is to be mended, no
    case is opened, nobody is told, and it counts as long as a check.

    Raises:
        ValidationError: a point is missing, one is answered though they declined, or a day is wrong.
    """
    related = ("building__grid", "building__community")
    home = Dwelling.objects.select_for_update(of=("self",)).select_related(*related).get(pk=dwelling.pk)
    require_keeper(by, home)
    check_not_ahead(new.on, "on")
    if not new.results and not new.declined:
        raise ValidationError(_("Say of every point whether it is fine."))
    if new.results and new.declined:
        raise ValidationError(
            _("Whoever prefers not to be checked answers no point. Leave out the points or the tick.")
        )
    check = SafetyCheck(
        dwelling=home, on=new.on, by=by.username, by_name=by.name, note=new.note.strip(), declined=new.declined
    )
    check.full_clean()
    check.save(force_insert=True)
    outcomes = {item: Outcome.FINE if wrong is None else Outcome.TO_MEND for item, wrong in new.results.items()}
    CheckResult.objects.bulk_create(
        CheckResult(check_row=check, item=item, outcome=outcome) for item, outcome in outcomes.items()
    )
    wrong = {item: found for item, found in new.results.items() if found is not None}
    detail = {"declined": True} if new.declined else {"points": len(outcomes), "to_mend": len(wrong)}
    journal.record(by, "housing.write_check", check, detail=detail)
    for item, found in wrong.items():
        if item.kind != ListKind.SAFETY:
            raise ValidationError(_("Say of every point whether it is fine."))
        if found.due_on < new.on:
            raise ValidationError({"due_on": _("Choose a day after the check.")})
        mend = Mend(dwelling=home, check_row=check, item=item, text=found.text.strip(), due_on=found.due_on)
        _announce(mend, by)
    return check


@transaction.atomic
def report_repair(facility: Facility, text: str, *, by: Any) -> Mend:
    """Say what is broken on a facility: its condition changes, and a case is opened."""
    locked = Facility.objects.select_for_update(of=("self",)).select_related("area", "kind").get(pk=facility.pk)
    require_keeper(by, locked)
    if not text.strip():
        raise ValidationError({"text": _("Write what is broken.")})
    if locked.condition == Condition.GOOD:
        locked.condition = Condition.NEEDS_REPAIR
        locked.save(update_fields=["condition"])
    journal.record(by, "housing.report_repair", locked)
    mend = Mend(facility=locked, item=locked.kind, text=text.strip())
    _announce(mend, by)
    return mend


def _announce(mend: Mend, by: Any) -> None:
    mend.opened_on = clock.today()
    mend.full_clean()
    mend.save(force_insert=True)
    mend_needed.send(Mend, mend=mend, by=by)


@transaction.atomic
def take_up_mend(mend: Mend, number: str, *, by: Any) -> Mend:
    """Say which case a mend became. Called by cases."""
    mend.case_number = number
    mend.save(update_fields=["case_number"])
    journal.record(by, "housing.take_up_mend", mend, detail={"case": number})
    return mend


@transaction.atomic
def settle_mends(number: str, answer: str, *, by: Any) -> int:
    """Settle what became the case of this number: it has closed. A facility without other mends is good again.

    Called by cases, with the rights of whoever closed the case.
    """
    mends = list(Mend.objects.select_for_update().filter(case_number=number, state=MendState.OPEN))
    for mend in mends:
        mend.state, mend.settled_on, mend.answer = MendState.DONE, clock.today(), answer
        mend.save(update_fields=["state", "settled_on", "answer"])
        if mend.facility_id is not None and answer.strip():
            _good_again(mend.facility_id)
        journal.record(by, "housing.settle_mend", mend, detail={"case": number})
    return len(mends)


@transaction.atomic
def reopen_mends(number: str, *, by: Any) -> int:
    """Open again what became the case of this number: it was reopened. Called by cases."""
    mends = list(Mend.objects.select_for_update().filter(case_number=number, state=MendState.DONE))
    for mend in mends:
        mend.state, mend.settled_on = MendState.OPEN, None
        mend.save(update_fields=["state", "settled_on"])
        if mend.facility_id is not None:
            _bad_again(mend.facility_id)
        journal.record(by, "housing.reopen_mend", mend, detail={"case": number})
    return len(mends)


@transaction.atomic
def hand_over_mends(number: str, into: str, *, by: Any) -> int:
    """Let what became one case follow it into the case that it was merged into. Called by cases."""
    mends = list(Mend.objects.select_for_update().filter(case_number=number, state=MendState.OPEN))
    for mend in mends:
        take_up_mend(mend, into, by=by)
    return len(mends)


def _good_again(facility: int) -> None:
    if not Mend.objects.filter(facility=facility, state=MendState.OPEN).exists():
        Facility.objects.filter(pk=facility, condition=Condition.NEEDS_REPAIR).update(condition=Condition.GOOD)


def _bad_again(facility: int) -> None:
    Facility.objects.filter(pk=facility, condition=Condition.GOOD).update(condition=Condition.NEEDS_REPAIR)
