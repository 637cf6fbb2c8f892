"""Whether people who move agreed that what is known of them goes along, and what does without."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from linli.accounts.rules import require
from linli.core import clock
from linli.journal import actions as journal
from linli.people.actions.facts import settle_corrections, write_facts
from linli.people.choices import Consent
from linli.people.models import AskedFirst, Departure, Event, Household, Person
from linli.people.rules import NotPossible

# What stays behind where they did not agree: whoever takes them over needs to know who they are, and no more.
STAYS_BEHIND = ("phone", "employer", "note", "emergency_name", "emergency_relation", "emergency_phone", "skills")


@dataclass(frozen=True)
class Said:
    """What people said when they were asked; who asked and when are the user and today unless they are given."""

    consent: str = Consent.NOT_ASKED
    asked_by: str = ""
    on: date | None = None


@dataclass(frozen=True)
class Handover:
    """To whom a transfer file goes and on which legal basis; ``in_full`` prints numbers that lists keep hidden."""

    recipient: str
    basis: str
    in_full: bool = False


def put_answer(row: AskedFirst, said: Said, *, by: Any) -> None:
    """Write into a row what people said. Raises ``NotPossible`` for a day that has not come yet."""
    row.consent = Consent(said.consent)
    if row.consent == Consent.NOT_ASKED:
        row.consent_asked_by, row.consent_on = "", None
        return
    row.consent_asked_by, row.consent_on = said.asked_by.strip() or by.name, said.on or clock.today()
    if row.consent_on > clock.today():
        raise NotPossible(_("This day has not come yet. Choose today or a day before."), "consent_on")


def note_departure(event: Event, household: Household, said: Said, *, by: Any) -> Departure:
    """Write down that an event led people away; part of the action that wrote the event."""
    departure = Departure(event=event, household=household)
    put_answer(departure, said, by=by)
    departure.save(force_insert=True)
    return departure


@transaction.atomic
def change_answer(departure: Departure, said: Said, *, by: Any) -> Departure:
    """Write down what people say later: they agree after all, or take it back.

    Raises:
        Refused: the household is out of reach.
        NotPossible: the day has not come yet.
    """
    locked = _locked(departure)
    require(by, "people.edit", locked.household)
    put_answer(locked, said, by=by)
    locked.save(update_fields=["consent", "consent_asked_by", "consent_on"])
    detail = {"event": locked.event_id, "consent": str(locked.consent)}
    journal.record(by, "people.change_answer", locked.household, detail=detail)
    return locked


@transaction.atomic
def print_transfer_file(departure: Departure, handover: Handover, *, by: Any) -> Departure:
    """Note that the file of people who moved away was printed for somebody: to whom and on which basis.

    Raises:
        Refused: the household is out of reach, or numbers are wanted in full and the post may not reveal them.
        NotPossible: they did not agree, or the recipient or the basis is missing.
    """
    locked = _locked(departure)
    require(by, "people.edit", locked.household)
    if handover.in_full:
        require(by, "people.reveal", locked.household)
    if not locked.agreed:
        raise NotPossible(
            _("They did not agree that anything goes along. Ask them first, and write their answer down.")
        )
    recipient, basis = handover.recipient.strip(), handover.basis.strip()
    if not recipient:
        raise NotPossible(_("Write which office gets the file."), "recipient")
    if not basis:
        raise NotPossible(_("Write on which legal basis the file is handed over."), "basis")
    detail = {"event": locked.event_id, "recipient": recipient, "basis": basis, "in_full": handover.in_full}
    journal.record(by, "people.print_transfer_file", locked.household, detail=detail)
    return locked


def leave_behind(people: Iterable[Person], day: date, *, by: Any) -> None:
    """Empty what does not go along with people who did not agree; their former home still shows it for the days before.

    It counts as changed at the beginning of the day of the move, so that no day in the new home shows it.
    """
    at = datetime.combine(day, time.min, clock.SHANGHAI)
    for person in Person.objects.select_for_update().filter(pk__in=[person.pk for person in people]).order_by("pk"):
        changed = write_facts(person, dict.fromkeys(STAYS_BEHIND, ""), by=by, at=at)
        settle_corrections(person, changed)


def _locked(departure: Departure) -> Departure:
    rows = Departure.objects.select_for_update(of=("self",)).select_related("household", "event")
    return rows.get(pk=departure.pk)
