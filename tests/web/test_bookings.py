"""Bookings of facilities: written down, confirmed once, called off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from linli.accounts.rules import SYSTEM, Refused
from linli.core import clock
from linli.housing.actions import add_facility, book_facility, confirm_booking, forget_bookers, load_lists
from linli.housing.actions.bookings import WHO_KEPT_DAYS
from linli.housing.choices import BookingState, ListKind
from linli.housing.models import Booking, Facility, ListItem
from linli.housing.values import BookingValues, FacilityValues
from linli.jobs.schedule import run_due
from linli.journal.models import Entry
from tests.cast import Cast, middle
from tests.web.counting import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]
ClientFor = Callable[[object], Client]


@pytest.fixture
def hall(cast: Cast) -> Facility:
    load_lists(by=SYSTEM)
    kind = ListItem.objects.get(kind=ListKind.FACILITY, code="hall")
    return add_facility(FacilityValues(kind, "一号活动室", *middle(0), may_be_booked=True), by=SYSTEM)


@pytest.fixture
def leader(cast: Cast, client_for: ClientFor) -> Client:
    client = client_for(cast.leader)
    client.cookies["linli_language"] = "en"
    return client


def told(start: str = "14:00", end: str = "16:00", who: str = "舞蹈队") -> dict[str, str]:
    day = "2027-01-05"
    return {"who": who, "purpose": "排练", "since": f"{day}T{start}", "until": f"{day}T{end}"}


def book(client: Client, hall: Facility, **values: str) -> Any:
    return client.post(f"/facilities/{hall.pk}/book/", told(**values))


def test_a_booking_is_written_down_and_confirmed(leader: Client, hall: Facility) -> None:
    assert book(leader, hall).status_code == 302
    booking = Booking.objects.get()
    page = leader.get(f"/facilities/{hall.pk}/").content.decode()
    assert "2027-01-05 14:00" in page
    assert "asked for" in page
    leader.post(f"/facilities/{hall.pk}/bookings/{booking.pk}/confirm/")
    booking.refresh_from_db()
    assert booking.state == BookingState.CONFIRMED


def test_nobody_gets_it_twice(cast: Cast, leader: Client, hall: Facility) -> None:
    book(leader, hall)
    book(leader, hall, start="15:00", end="17:00", who="合唱队")
    first, second = Booking.objects.order_by("pk")
    confirm_booking(first, by=cast.leader)
    answer = leader.post(f"/facilities/{hall.pk}/bookings/{second.pk}/confirm/", follow=True)
    assert "Somebody has it then" in answer.content.decode()
    second.refresh_from_db()
    assert second.state == BookingState.ASKED
    refused = book(leader, hall, start="15:30", end="18:00")
    assert refused.status_code == 422
    assert "Choose another time" in refused.content.decode()
    assert book(leader, hall, start="16:00", end="18:00").status_code == 302


def test_wrong_hours_are_refused_in_words(leader: Client, hall: Facility) -> None:
    assert "Choose an end after" in book(leader, hall, start="16:00", end="15:00").content.decode()
    over = told() | {"since": "2020-01-05T10:00", "until": "2020-01-05T11:00"}
    assert "This time is over" in leader.post(f"/facilities/{hall.pk}/book/", over).content.decode()


def test_called_off_frees_the_time_and_forgets_who(leader: Client, hall: Facility) -> None:
    book(leader, hall)
    booking = Booking.objects.get()
    leader.post(f"/facilities/{hall.pk}/bookings/{booking.pk}/confirm/")
    leader.post(f"/facilities/{hall.pk}/bookings/{booking.pk}/cancel/")
    booking.refresh_from_db()
    assert (booking.state, booking.who) == (BookingState.CANCELLED, "—")
    assert book(leader, hall).status_code == 302
    assert leader.post(f"/facilities/{hall.pk}/bookings/{booking.pk}/nothing/").status_code == 404


def test_who_had_it_is_erased_in_time_and_the_booking_stays_to_be_counted(
    cast: Cast, leader: Client, hall: Facility
) -> None:
    start = clock.now() + timedelta(days=1)
    for hours, who in ((0, "舞蹈队"), (30, "合唱队")):
        since = start + timedelta(hours=hours)
        booking = book_facility(hall, BookingValues(who, "排练", since, since + timedelta(hours=1)), by=cast.leader)
        confirm_booking(booking, by=cast.leader)
    first = Booking.objects.order_by("since")[0]
    assert forget_bookers(first.until + timedelta(days=WHO_KEPT_DAYS)) == 0
    run = first.until + timedelta(days=WHO_KEPT_DAYS, minutes=1)
    with clock.frozen(run):
        assert "housing.forget_bookers" in run_due(run)
        assert forget_bookers(run) == 0
        page = leader.get(f"/facilities/{hall.pk}/").content.decode()
    assert list(Booking.objects.order_by("since").values_list("who", flat=True)) == ["—", "合唱队"]
    [entry] = Entry.objects.filter(action="housing.forget_bookers")
    assert entry.detail == {"count": 1}
    assert "Used 2 times in the last 12 months" in page


def test_the_form_tells_when_the_name_is_erased(leader: Client, hall: Facility) -> None:
    page = leader.get(f"/facilities/{hall.pk}/book/").content.decode()
    assert f"erased {WHO_KEPT_DAYS} days after" in page


def test_what_is_not_for_booking_is_not_booked(cast: Cast, leader: Client, hall: Facility) -> None:
    Facility.objects.update(may_be_booked=False)
    assert book(leader, hall).status_code == 422


def test_only_keepers_book_and_see_who_booked(cast: Cast, client_for: ClientFor, hall: Facility) -> None:
    values = BookingValues("舞蹈队", "排练", *_hours())
    with pytest.raises(Refused):
        book_facility(hall, values, by=cast.street)
    booking = book_facility(hall, values, by=cast.worker)
    with pytest.raises(Refused):
        confirm_booking(booking, by=cast.far_leader)
    street = client_for(cast.street)
    assert "舞蹈队" not in street.get(f"/facilities/{hall.pk}/").content.decode()
    assert street.post(f"/facilities/{hall.pk}/bookings/{booking.pk}/confirm/").status_code == 403
    assert "舞蹈队" in client_for(cast.worker).get(f"/facilities/{hall.pk}/").content.decode()


def test_the_page_costs_the_same_for_one_and_three(leader: Client, hall: Facility) -> None:
    book(leader, hall, start="08:00", end="09:00")
    once = queries_of(leader, f"/facilities/{hall.pk}/")
    book(leader, hall, start="09:00", end="10:00")
    book(leader, hall, start="10:00", end="11:00")
    assert queries_of(leader, f"/facilities/{hall.pk}/") == once


def _hours() -> Any:
    start = clock.now() + timedelta(days=1)
    return start, start + timedelta(hours=2)
