"""Bookings of facilities: who wants a hall, a square or a stall spot, from when until when."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.housing.choices import BookingState
from linli.housing.models.facilities import Facility


class Booking(models.Model):
    """Somebody, or a group, has a facility for some time; two confirmed ones never overlap."""

    facility = models.ForeignKey(
        Facility, on_delete=models.CASCADE, related_name="bookings", verbose_name=_("facility")
    )
    who = models.CharField(_("who"), max_length=60)
    purpose = models.CharField(_("what for"), max_length=100)
    since = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"))
    state = models.CharField(_("state"), max_length=9, choices=BookingState.choices, default=BookingState.ASKED)
    by_name = models.CharField(_("by"), max_length=120)

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering = ["since", "pk"]
        indexes = [models.Index(fields=["facility", "since"])]
        constraints = [
            models.CheckConstraint(condition=models.Q(until__gt=models.F("since")), name="booking_ends_after_it_begins")
        ]

    def __str__(self) -> str:
        return self.purpose

    @property
    def path(self) -> str:
        """The path of what is booked."""
        return self.facility.path
