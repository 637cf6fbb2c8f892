"""Bookings of facilities, and forgetting in time who had them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linli.core import clock
from linli.housing.choices import BookingState, Condition
from linli.housing.models import Booking, Facility
from linli.housing.rules import NotPossible, require_keeper
from linli.housing.values import BookingValues
from linli.journal import actions as journal

# So many days after a booking is over nobody knows any more who had it.
WHO_KEPT_DAYS = 30
FORGOTTEN = "—"


@transaction.atomic
def book_facility(facility: Facility, values: BookingValues, *, by: Any) -> Booking:
    """Write down who wants a facility; it holds once it is confirmed.

    Raises:
        ValidationError: the hours are over or turned round, or somebody has it confirmed then.
    """
    locked = _locked(facility.pk, by)
    if not locked.may_be_booked or locked.condition == Condition.OUT_OF_USE:
        raise NotPossible(_("This can't be booked. Change the facility first if that is wrong."))
    if values.until <= values.since:
        raise ValidationError({"until": _("Choose an end after the beginning.")})
    if values.until <= clock.now():
        raise ValidationError({"until": _("This time is over. Choose a later one.")})
    booking = Booking(facility=locked, since=values.since, until=values.until, by_name=by.name)
    booking.who, booking.purpose = values.who.strip(), values.purpose.strip()
    if _is_taken(booking):
        raise ValidationError({"since": _("Somebody has it then. Choose another time.")})
    booking.full_clean()
    booking.save(force_insert=True)
    journal.record(by, "housing.book_facility", booking)
    return booking


@transaction.atomic
def confirm_booking(booking: Booking, *, by: Any) -> Booking:
    """Confirm a booking; two confirmed ones never overlap."""
    facility = _locked(booking.facility_id, by)
    current = Booking.objects.select_for_update(of=("self",)).select_related("facility").get(pk=booking.pk)
    if current.state != BookingState.ASKED or facility.condition == Condition.OUT_OF_USE:
        raise NotPossible(_("This booking can't be confirmed any more."))
    if _is_taken(current):
        raise NotPossible(_("Somebody has it then. Call this one off, or agree on another time."))
    current.state = BookingState.CONFIRMED
    current.save(update_fields=["state"])
    journal.record(by, "housing.confirm_booking", current)
    return current


@transaction.atomic
def cancel_booking(booking: Booking, *, by: Any) -> Booking:
    """Call off a booking; the name of who wanted it is forgotten."""
    _locked(booking.facility_id, by)
    current = Booking.objects.select_for_update(of=("self",)).select_related("facility").get(pk=booking.pk)
    if current.state == BookingState.CANCELLED:
        raise NotPossible(_("This booking was called off already."))
    current.state, current.who = BookingState.CANCELLED, FORGOTTEN
    current.save(update_fields=["state", "who"])
    journal.record(by, "housing.cancel_booking", current)
    return current


@transaction.atomic
def forget_bookers(now: datetime) -> int:
    """Empty the names in bookings that have been over for so long; return how many. The bookings stay to be counted."""
    over = Booking.objects.filter(until__lt=now - timedelta(days=WHO_KEPT_DAYS)).exclude(who=FORGOTTEN)
    count = over.update(who=FORGOTTEN)
    if count:
        kind = Booking._meta.label_lower
        journal.record(journal.SYSTEM, "housing.forget_bookers", object_type=kind, detail={"count": count})
    return count


def _locked(pk: int, by: Any) -> Facility:
    """Lock the facility, so that bookings of it come one after the other."""
    facility = Facility.objects.select_for_update().get(pk=pk)
    require_keeper(by, facility)
    return facility


def _is_taken(booking: Booking) -> bool:
    others = Booking.objects.filter(facility=booking.facility, state=BookingState.CONFIRMED)
    overlap = others.filter(since__lt=booking.until, until__gt=booking.since)
    return overlap.exclude(pk=booking.pk).exists()
